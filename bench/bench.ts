/** `npm run -s bench -- NAME`: runs one bench, prints what it found, and fails under a bar. */
import { parseArgs } from 'node:util';
import { check } from './check.ts';
import { graphql } from './graphql.ts';
import { lanes } from './lanes.ts';
import { overhead } from './overhead.ts';
import { log } from './log.ts';
import { machine } from './processor.ts';
import { rebuild } from './rebuild.ts';
import { passes, render, type Bench, type Report } from './report.ts';
import { revoke } from './revoke.ts';
import { scale } from './scale.ts';

const BENCHES: readonly Bench[] = [check, graphql, lanes, overhead, rebuild, revoke, scale, log];

const listOf = (benches: readonly Bench[]) =>
  benches.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}\n`).join('');

const helpFor = (
  benches: readonly Bench[],
) => `Usage: npm run -s bench -- NAME [--json] [--rounds N] [--facts N] [--short]

Benches:
${listOf(benches)}
Options:
  --json      one object on standard output: name, machine, rounds, figures, ratios, bars, pass
  --rounds N  how often everything is measured; subjects take turns within a round
  --facts N   how many facts a log holds, for benches that make one
  --short     one short round: enough to see that everything works
  --help      this text

Exit code: 0 when every bar is held, 1 when one is not, 2 when the command makes no sense.
`;

/** Runs the command line; the exit code. `benches` and the two outputs are told so that a test can bring its own. */
export async function main(
  args: readonly string[],
  {
    benches = BENCHES,
    print = (text: string): unknown => process.stdout.write(text),
    tell = (line: string): unknown => process.stderr.write(`${line}\n`),
  } = {},
): Promise<number> {
  let asked;
  try {
    asked = readArguments(args);
  } catch (error) {
    tell(`${(error as Error).message}\nTry --help.`);
    return 2;
  }
  if (asked.help) {
    print(helpFor(benches));
    return 0;
  }
  if (asked.name === undefined) {
    print(`Benches (npm run -s bench -- NAME):\n${listOf(benches)}`);
    return 0;
  }
  const bench = benches.find(({ name }) => name === asked.name);
  if (!bench) {
    const known = benches.map(({ name }) => name).join(', ');
    tell(`There is no bench "${asked.name}". Known: ${known}.`);
    return 2;
  }
  const where = machine();
  if (!where.pinned) tell('not pinned: no taskset, or a single core; servers and load generator share what there is');
  const found = await bench.run({ rounds: asked.rounds, facts: asked.facts, short: asked.short, tell });
  const report: Report = { name: bench.name, machine: where, ...found, pass: passes(found.bars) };
  print(`${asked.json ? JSON.stringify(report) : render(report)}\n`);
  return report.pass ? 0 : 1;
}

function readArguments(args: readonly string[]): {
  name: string | undefined;
  rounds: number | undefined;
  facts: number | undefined;
  json: boolean;
  short: boolean;
  help: boolean;
} {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      facts: { type: 'string' },
      short: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (positionals.length > 1) throw new Error('One bench at a time.');
  return {
    name: positionals[0],
    rounds: wholeNumber('rounds', values.rounds),
    facts: wholeNumber('facts', values.facts),
    json: values.json,
    short: values.short,
    help: values.help,
  };
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new Error(`--${option} takes a whole number from 1, not "${text}".`);
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
