/**
 * The question before every page, asked of the built service over HTTP, against what one could have written instead.
 * All subjects are up at once on the server's core and take turns under the same load, the same bytes for each.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBaseline, type BaselineName } from './baselines/start.ts';
import { BUSIEST, Driver, type Sample, type Target } from './load/drive.ts';
import { evaluationTemplate, madeUpVisits, saveTemplates, type RequestTemplate } from './load/requests.ts';
import { NotBuilt, startOurs, type Ours } from './ours.ts';
import { SERVER_CORE, settleDisk } from './processor.ts';
import {
  bar,
  ratio,
  spread,
  type Bar,
  type Bench,
  type BenchOptions,
  type Figure,
  type Findings,
  type Ratio,
} from './report.ts';

const CONNECTIONS = [1, 16, 64, 256];
/** Where the bars for throughput and slowest answers stand, and where pools are tuned. */
const BARS_AT = 64;
const POOL_SIZES = [8, 16, 32];
const MADE_UP_VISITS = 2000;
/** Cores busy elsewhere from which a figure is worth a second look. */
const DISTURBED = 0.1;

const OURS = 'gatebook';
const ECHO = 'echo';
const POSTGRES = 'express-postgres';
const SQLITE = 'fastify-sqlite';

const FULL = { rounds: 3, warmSeconds: 0.5, seconds: 3 };
const SHORT = { rounds: 1, warmSeconds: 0.3, seconds: 1 };

const MEASURES: readonly (readonly [string, (sample: Sample) => number])[] = [
  ['requests per second', (it) => it.requestsPerSecond],
  ['p50, ms', (it) => it.p50],
  ['p99, ms', (it) => it.p99],
  ['server µs per request', (it) => it.serverMicros],
  ['generator busy', (it) => it.generatorBusy],
  ['cores busy elsewhere', (it) => it.elsewhere],
];

/** A server under measurement, with all that was measured of it so far. */
export interface Subject {
  readonly name: string;
  /** Of several variants the best. */
  target: Target;
  readonly countViews: () => Promise<number>;
  readonly viewsBefore: number;
  /** Samples by number of connections, one a round. */
  readonly samples: Map<number, Sample[]>;
  /** Every answer counts here, those of tuning and warm-up too. */
  readonly total: { yes: number; notYes: number; unanswered: number };
}

export const check: Bench = {
  name: 'check',
  summary: 'asking before a page: the service against an echo, PostgreSQL and SQLite',
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
  const { warmSeconds, seconds, ...standard } = options.short ? SHORT : FULL;
  const rounds = options.rounds ?? standard.rounds;

  const subjects: Subject[] = [];
  const ours = await startedOurs(join(folder, OURS), tell);
  if (ours) {
    closing.push(() => ours.stop());
    subjects.push(await newSubject(OURS, ours, () => ours.countViews()));
  }
  const templatesFile = join(folder, 'requests');
  saveTemplates(templatesFile, ours?.requests() ?? requestsOfNobody());

  const driver = await Driver.start(templatesFile);
  closing.push(() => driver.stop());
  const run = async (subject: Subject, target: Target, connections: number): Promise<Sample> => {
    settleDisk();
    const sample = await driver.run(target, { connections, warmSeconds, seconds });
    const { whole } = sample.tally;
    subject.total.yes += whole.yes;
    subject.total.notYes += whole.ok + whole.other - whole.yes + whole.broken;
    subject.total.unanswered += whole.unanswered;
    return sample;
  };

  for (const name of [ECHO, POSTGRES, SQLITE] satisfies BaselineName[]) {
    const variants = name === POSTGRES ? POOL_SIZES : [];
    const baseline = await startBaseline(name, { templatesFile, folder, variants });
    closing.push(() => baseline.stop());
    const { pid, urls } = baseline;
    const subject = await newSubject(name, { pid, url: urls[0]! }, () => baseline.countViews());
    subjects.push(subject);
    if (urls.length === 1) continue;

    const speeds: number[] = [];
    for (const [index, url] of urls.entries()) {
      speeds.push((await run(subject, { pid, url }, BARS_AT)).requestsPerSecond);
      tell(`${name}: pool of ${variants[index]}: ${Math.round(speeds[index]!)} requests per second`);
    }
    subject.target = { pid, url: urls[speeds.indexOf(Math.max(...speeds))]! };
  }

  for (let round = 1; round <= rounds; round += 1) {
    for (const connections of CONNECTIONS) {
      for (const subject of subjects) {
        const sample = await run(subject, subject.target, connections);
        subject.samples.get(connections)!.push(sample);
        tell(
          `round ${round} of ${rounds}, ${atConnections(connections)}, ${subject.name}: ` +
            `${Math.round(sample.requestsPerSecond)} requests per second, p99 ${sample.p99.toFixed(2)} ms` +
            (sample.elsewhere > DISTURBED ? ` (disturbed: ${sample.elsewhere.toFixed(2)} cores busy elsewhere)` : '') +
            (sample.valid ? '' : ` (invalid: the generator was busy ${sample.generatorBusy.toFixed(2)})`),
        );
      }
    }
  }
  const rows = new Map<string, number>();
  for (const subject of subjects) rows.set(subject.name, (await subject.countViews()) - subject.viewsBefore);
  return judge(subjects, rows, rounds);
}

/** The service where it can be measured; the baselines alone say nothing, but they say it in full. */
async function startedOurs(dataDir: string, tell: (line: string) => void): Promise<Ours | undefined> {
  mkdirSync(dataDir);
  try {
    return await startOurs({ core: SERVER_CORE, dataDir });
  } catch (error) {
    if (!(error instanceof NotBuilt)) throw error;
    tell(`${OURS}: ${error.message}; measuring the baselines alone, no bar can be held`);
    return undefined;
  }
}

function requestsOfNobody(): RequestTemplate[] {
  const productKey = 'k'.repeat(43);
  return madeUpVisits(MADE_UP_VISITS).map((visit) => evaluationTemplate(productKey, visit));
}

async function newSubject(name: string, target: Target, countViews: () => Promise<number>): Promise<Subject> {
  return {
    name,
    target: { url: target.url, pid: target.pid },
    countViews,
    viewsBefore: await countViews(),
    samples: new Map(CONNECTIONS.map((connections) => [connections, []])),
    total: { yes: 0, notYes: 0, unanswered: 0 },
  };
}

/**
 * Figures, ratios and bars of what was measured. `rows` are the views that each subject's store gained. A ratio is
 * taken within each round; a bar asks for the median of the rounds.
 */
export function judge(
  subjects: readonly Pick<Subject, 'name' | 'samples' | 'total'>[],
  rows: ReadonlyMap<string, number>,
  rounds: number,
): Findings {
  const figures = CONNECTIONS.flatMap((connections) =>
    subjects.flatMap(({ name, samples }) =>
      MEASURES.map(([measure, of]): Figure => {
        const values = samples.get(connections)!.map(of);
        return { subject: name, at: atConnections(connections), measure, ...spread(values) };
      }),
    ),
  );

  const values = (name: string, connections: number, of: (sample: Sample) => number): number[] =>
    (subjects.find((it) => it.name === name)?.samples.get(connections) ?? []).map(of);
  const ratios: Ratio[] = [];
  const over = (
    measure: string,
    of: (sample: Sample) => number,
    under: string,
    limits: readonly { connections: number; atLeast?: number; atMost?: number }[],
  ): Bar[] =>
    CONNECTIONS.flatMap((connections) => {
      const what = `${measure} over ${under}'s, ${atConnections(connections)}`;
      const found = ratio(what, values(OURS, connections, of), values(under, connections, of));
      if (subjects.some((it) => it.name === OURS)) ratios.push(found);
      return limits
        .filter((it) => it.connections === connections)
        .map(({ connections: _, ...limit }) => bar(what, found.median, limit));
    });

  const speed = (it: Sample): number => it.requestsPerSecond;
  const bars = [
    ...over('requests per second', speed, ECHO, [{ connections: BARS_AT, atLeast: 0.3 }]),
    ...over('requests per second', speed, POSTGRES, [{ connections: BARS_AT, atLeast: 5 }]),
    ...over('requests per second', speed, SQLITE, [{ connections: BARS_AT, atLeast: 4 }]),
    ...over('p99', (it) => it.p99, POSTGRES, [{ connections: BARS_AT, atMost: 1 / 3 }]),
    ...over('p50', (it) => it.p50, SQLITE, [{ connections: 1, atMost: 1.3 }]),
    ...[OURS, ECHO, POSTGRES, SQLITE].flatMap((name) => {
      const subject = subjects.find((it) => it.name === name);
      const { yes, notYes, unanswered } = subject?.total ?? { yes: NaN, notYes: NaN, unanswered: 0 };
      const surplus = (rows.get(name) ?? NaN) - yes;
      return [
        bar(`${name}: answers that are no yes, broken connections`, notYes, { atMost: 0 }),
        bar(`${name}: rows beyond the views answered yes`, surplus, { atLeast: 0, atMost: unanswered }),
      ];
    }),
    bar('busiest run of the load generator', busiest(subjects), { atMost: BUSIEST }),
  ];
  return { rounds, figures, ratios, bars };
}

function busiest(subjects: readonly Pick<Subject, 'samples'>[]): number {
  const runs = subjects.flatMap(({ samples }) => [...samples.values()].flat());
  return spread(runs.map(({ generatorBusy }) => generatorBusy)).max;
}

function atConnections(connections: number): string {
  return connections === 1 ? '1 connection' : `${connections} connections`;
}
