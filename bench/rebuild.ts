/**
 * All tables made anew from a log of many facts, against nothing but reading the same log and parsing it: what folding
 * and writing cost beyond what nobody can spare. Reading takes one thread and a rebuild on SQLite two, so the ratio means
 * little while other work has a core; the processor time of a fact says how far it is then.
 */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openSqliteLog } from '#event-log/sqlite/log';
import { machineSeconds, settleDisk } from './processor.ts';
import { startPostgres } from './rebuild/postgres.ts';
import type { Run, What } from './rebuild/run.ts';
import { longStory } from './rebuild/story.ts';
import { bar, ratio, spread, type Bench, type BenchOptions, type Findings } from './report.ts';

const FULL = { facts: 500_000, rounds: 5 };
const SHORT = { facts: 20_000, rounds: 1 };
const TOGETHER = 1000;
/** As the service is started. */
const FLAGS = ['--conditions=gatebook', '--max-semi-space-size=32'];

/** One measurement, with what the other processes took meanwhile. */
export interface Sample extends Run {
  readonly elsewhere: number;
}

/** One sample a round. */
export type Samples = Readonly<Record<What, readonly Sample[]>>;

const SUBJECTS: readonly (readonly [What, string])[] = [
  ['scan', 'scan and parse'],
  ['sqlite', 'rebuild on SQLite'],
  ['postgres', 'rebuild on PostgreSQL'],
];

const MEASURES: readonly (readonly [string, (sample: Sample) => number])[] = [
  ['facts per second', speedOf],
  ['own processor µs per fact', (it) => (it.processorSeconds / it.facts) * 1e6],
  ['own peak memory, MiB', (it) => it.peakMiB],
  ['cores busy elsewhere', (it) => it.elsewhere],
];

export const rebuild: Bench = {
  name: 'rebuild',
  summary: 'all tables made anew from the log, against reading and parsing it; uses two cores (--facts N, 500,000)',
  run: async (options) => {
    const folder = mkdtempSync(join(tmpdir(), 'gatebook-bench-'));
    // PostgreSQL runs as a user of its own and must be able to walk through.
    chmodSync(folder, 0o711);
    const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
    try {
      return await measure(folder, closing, options);
    } finally {
      for (const close of closing.reverse()) await close();
    }
  },
};

async function measure(folder: string, closing: (() => unknown)[], options: BenchOptions): Promise<Findings> {
  const { tell } = options;
  const standard = options.short ? SHORT : FULL;
  const facts = options.facts ?? standard.facts;
  const rounds = options.rounds ?? standard.rounds;

  tell(`writing a log of ${facts.toLocaleString('en')} facts`);
  const directory = join(folder, 'log');
  await writeLog(directory, facts);
  const postgres = await startPostgres(join(folder, 'postgres'));
  closing.push(() => postgres.stop());

  const samples = { scan: [] as Sample[], sqlite: [] as Sample[], postgres: [] as Sample[] };
  for (let round = 1; round <= rounds; round++) {
    for (const [what, subject] of SUBJECTS) {
      const tables = join(folder, 'tables');
      mkdirSync(tables);
      settleDisk();
      const where = what === 'postgres' ? await postgres.freshUrl() : tables;
      const sample = await sampleOf([what, directory, where], join(folder, 'compiled'));
      samples[what].push(sample);
      rmSync(tables, { recursive: true });
      tell(
        `round ${round} of ${rounds}, ${subject}: ${Math.round(speedOf(sample)).toLocaleString('en')} facts per second` +
          `, ${sample.elsewhere.toFixed(2)} cores busy elsewhere`,
      );
    }
  }
  return judge(samples, facts, rounds);
}

async function writeLog(directory: string, facts: number): Promise<void> {
  const log = openSqliteLog({ directory, synchronous: 'off' });
  let appends: Promise<unknown>[] = [];
  for (const { stream, fact } of longStory(facts)) {
    appends.push(log.append(stream, 'any', [fact]));
    if (appends.length < TOGETHER) continue;
    await Promise.all(appends);
    appends = [];
  }
  await Promise.all(appends);
  await log.close();
}

/** `compiled`: what Node has made of the sources stays there, as a service has no types to take out of its code. */
async function sampleOf(task: readonly [What, log: string, where: string], compiled: string): Promise<Sample> {
  const file = fileURLToPath(new URL('rebuild/run.ts', import.meta.url));
  const before = { at: performance.now(), busy: machineSeconds() };
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
  const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, file, ...task], { env });
  const run = JSON.parse(stdout) as Run;
  const seconds = (performance.now() - before.at) / 1000;
  const elsewhere = (machineSeconds() - before.busy - run.processorSeconds) / seconds;
  return { ...run, elsewhere };
}

function speedOf({ facts, seconds }: Run): number {
  return facts / seconds;
}

/** Figures, ratios and bars of what was measured. A ratio is taken within each round; a bar asks for the median. */
export function judge(samples: Samples, facts: number, rounds: number): Findings {
  const at = `${facts.toLocaleString('en')} facts`;
  const figures = SUBJECTS.flatMap(([what, subject]) =>
    MEASURES.map(([measure, of]) => ({ subject, at, measure, ...spread(samples[what].map(of)) })),
  );
  const speeds = (what: What) => samples[what].map(speedOf);
  const ratios = [
    ratio('rebuild on SQLite over scan and parse', speeds('sqlite'), speeds('scan')),
    ratio('rebuild on PostgreSQL over scan and parse', speeds('postgres'), speeds('scan')),
  ];
  const missed = SUBJECTS.flatMap(([what]) => samples[what].map((it) => Math.abs(it.facts - facts)));
  const bars = [
    bar('rebuild on SQLite over scan and parse', ratios[0]!.median, { atLeast: 0.5 }),
    bar('facts that one run or other missed or had twice', spread(missed).max, { atMost: 0 }),
  ];
  return { rounds, figures, ratios, bars, pinned: false };
}
