/** `npm run -s simulate`: runs simulated instances seed after seed, and fails at the first seed that breaks a rule. */
import { parseArgs } from 'node:util';
import { PLANTED, type Planted } from './planted.ts';
import { simulateFor, told, type Seeds } from './seeds.ts';

const HELP = `Usage: npm run -s simulate -- [--seed N] [--seconds N | --seeds N] [--steps N] [--planted FAULT] [--lines N] [--trace]

Instances, their log, clocks, crashes and lost answers in virtual time, each step judged. The same seed is the same run.

Options:
  --seed N         the first seed; the next ones follow (without it: another one each time, which is printed)
  --seconds N      goes on for that many seconds (60)
  --seeds N        runs exactly that many seeds instead, whatever time it takes
  --steps N        steps of each seed (20000)
  --planted FAULT  with a fault that must be found: ${PLANTED.join(', ')}
  --lines N        how much is told of what happened before a failure (30)
  --trace          prints everything that happens
  --help           this text

Prints counts as one object of JSON. Exit code: 0 when no rule was broken, 1 when one was, 2 when the command makes no
sense.
`;

/** Runs the command line; the exit code. The runner and the two outputs are told so that a test can bring its own. */
export async function main(
  args: readonly string[],
  {
    run = simulateFor,
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
    print(HELP);
    return 0;
  }
  const { failed, counts } = await run({
    ...asked.seeds,
    onLine: asked.trace ? (line) => print(`${line}\n`) : undefined,
  });
  for (const each of failed) tell(told(each, asked.lines));
  print(`${JSON.stringify(counts)}\n`);
  return failed.length === 0 ? 0 : 1;
}

function readArguments(args: readonly string[]): {
  help: boolean;
  trace: boolean;
  lines: number;
  seeds: Omit<Seeds, 'onLine'>;
} {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      seconds: { type: 'string' },
      seeds: { type: 'string' },
      steps: { type: 'string' },
      planted: { type: 'string' },
      lines: { type: 'string' },
      trace: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.seconds !== undefined && values.seeds !== undefined)
    throw new Error('Either --seconds or --seeds: one of the two says when it is over.');
  return {
    help: values.help,
    trace: values.trace,
    lines: wholeNumber('lines', values.lines) ?? 30,
    seeds: {
      seed: wholeNumber('seed', values.seed) ?? Date.now() % 1_000_000,
      steps: wholeNumber('steps', values.steps) ?? 20_000,
      seconds: wholeNumber('seconds', values.seconds) ?? 60,
      seeds: wholeNumber('seeds', values.seeds),
      planted: plantedFault(values.planted),
    },
  };
}

function plantedFault(text: string | undefined): Planted | undefined {
  if (text === undefined) return undefined;
  const planted = PLANTED.find((each) => each === text);
  if (planted !== undefined) return planted;
  throw new Error(`--planted takes one of ${PLANTED.join(', ')}, not "${text}".`);
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= (option === 'seed' ? 0 : 1)) return number;
  throw new Error(`--${option} takes a whole number from ${option === 'seed' ? 0 : 1}, not "${text}".`);
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
