/**
 * What validation, logging, metrics and snapshots cost where a page is asked for: the built service with all of them on
 * against the built service without one of them, and without all. Of each pair both are up at once and take turns.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSealedRows } from '#event-log/snapshots/reader';
import { SNAPSHOTS_FOLDER } from '#event-log/snapshots/snapshots';
import { BUSIEST, Driver, type Sample } from './load/drive.ts';
import { saveTemplates } from './load/requests.ts';
import { prepare, startWithout, type RunningWithout } from './overhead/running.ts';
import { MEANING, SWITCHES, type Switch } from './overhead/without.ts';
import { settleDisk } from './processor.ts';
import { bar, ratio, spread, type Bench, type BenchOptions, type Findings } from './report.ts';

export const ALL = 'all of them';
type Part = Switch | typeof ALL;
export const PARTS: readonly Part[] = [...SWITCHES, ALL];

/** How much of everything; a test brings smaller ones. */
export interface OverheadSizes {
  readonly rounds: number;
  /** Each service is under load for so long before the first round. */
  readonly compileSeconds: number;
  readonly warmSeconds: number;
  readonly seconds: number;
  readonly visits: number;
  readonly connections: number;
  readonly parts: readonly Part[];
}

const FULL: OverheadSizes = {
  rounds: 15,
  compileSeconds: 4,
  warmSeconds: 0.25,
  seconds: 1,
  visits: 200,
  connections: 64,
  parts: PARTS,
};
const SHORT: OverheadSizes = { ...FULL, rounds: 1, compileSeconds: 1, warmSeconds: 0.2, seconds: 0.5 };
/** Cores busy elsewhere from which a figure is worth a second look. */
const DISTURBED = 0.1;
const SCRAPE_MS = 1000;

/** The part on and off, one sample a round each, the one right behind the other. */
export interface Pair {
  readonly part: Part;
  readonly on: Sample[];
  readonly off: Sample[];
}

/** What must be so for the figures to mean anything. */
export interface Controls {
  /** Answers that are no yes, unanswered requests and broken connections included, over all runs. */
  readonly notYes: number;
  /** Workspaces with a snapshot, where they are saved and where they are not. */
  readonly kept: number;
  readonly keptWithout: number;
}

const MEASURES: readonly (readonly [string, (sample: Sample) => number])[] = [
  ['requests per second', (it) => it.requestsPerSecond],
  ['p50, ms', (it) => it.p50],
  ['p99, ms', (it) => it.p99],
  ['server µs per request', (it) => it.serverMicros],
  ['generator busy', (it) => it.generatorBusy],
  ['cores busy elsewhere', (it) => it.elsewhere],
];

export const overhead: Bench = overheadOf();

/** The bench at its own sizes, or at those given. */
export function overheadOf(given?: OverheadSizes): Bench {
  return {
    name: 'overhead',
    summary: 'what validation, logging, metrics and snapshots cost where a page is asked for, each on and off',
    run: async (options) => {
      const folder = mkdtempSync(join(tmpdir(), 'gatebook-overhead-'));
      const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
      try {
        return await measure(folder, closing, given ?? (options.short ? SHORT : FULL), options);
      } finally {
        for (const close of closing.reverse()) await close();
      }
    },
  };
}

async function measure(
  folder: string,
  closing: (() => unknown)[],
  sizes: OverheadSizes,
  { rounds = sizes.rounds, tell }: BenchOptions,
): Promise<Findings> {
  const prepared = await prepare(join(folder, 'prepared'), sizes.visits);
  const templatesFile = join(folder, 'requests');
  saveTemplates(templatesFile, prepared.requests);
  const driver = await Driver.start(templatesFile);
  closing.push(() => driver.stop());
  const controls = { notYes: 0, kept: 0, keptWithout: 0 };
  const run = async (running: RunningWithout, plan: typeof sizes): Promise<Sample> => {
    settleDisk();
    const scraping = setInterval(() => running.scrape(), SCRAPE_MS);
    const sample = await driver.run(running, plan).finally(() => clearInterval(scraping));
    const { whole } = sample.tally;
    controls.notYes += whole.ok + whole.other - whole.yes + whole.broken;
    await running.calm();
    return sample;
  };

  const pairs: Pair[] = [];
  for (const part of sizes.parts) {
    const pair: Pair = { part, on: [], off: [] };
    pairs.push(pair);
    const on = await startWithout([], prepared, join(folder, 'on'));
    closing.push(() => on.stop());
    const off = await startWithout(part === ALL ? SWITCHES : [part], prepared, join(folder, 'off'));
    closing.push(() => off.stop());
    const both = [on, off];
    // What was just compiled is slow, and that is not what is asked for.
    for (const each of both) await run(each, { ...sizes, warmSeconds: 0, seconds: sizes.compileSeconds });
    for (let round = 1; round <= rounds; round++) {
      const order = [
        { running: on, samples: pair.on, name: 'on' },
        { running: off, samples: pair.off, name: 'off' },
      ];
      // In turn the one and the other goes first.
      if (round % 2 === 0) order.reverse();
      for (const { running, samples, name } of order) {
        const sample = await run(running, sizes);
        samples.push(sample);
        tell(
          `round ${round} of ${rounds}, ${part} ${name}: ${Math.round(sample.requestsPerSecond)} requests per second, ` +
            `${sample.serverMicros.toFixed(1)} µs of the server each` +
            (sample.elsewhere > DISTURBED ? ` (disturbed: ${sample.elsewhere.toFixed(2)} cores busy elsewhere)` : ''),
        );
      }
    }
    for (const each of both) await each.stop();
    if (off.off.includes('snapshots')) {
      controls.kept += keptIn(on);
      controls.keptWithout += keptIn(off);
    }
    for (const { dataDirectory } of both) rmSync(dataDirectory, { recursive: true });
  }
  return judge(pairs, controls, sizes.connections, rounds);
}

function keptIn({ dataDirectory }: RunningWithout): number {
  return [...readSealedRows(join(dataDirectory, SNAPSHOTS_FOLDER))].length;
}

/** Figures, ratios and bars of what was measured. A ratio is taken within each round; a bar asks for the median of the rounds. */
export function judge(pairs: readonly Pair[], controls: Controls, connections: number, rounds: number): Findings {
  const figures = pairs.flatMap(({ part, on, off }) =>
    [
      { name: 'on', samples: on },
      { name: 'off', samples: off },
    ].flatMap(({ name, samples }) =>
      MEASURES.map(([measure, of]) => ({
        subject: `${part} ${name}`,
        at: `${connections} connections`,
        measure,
        ...spread(samples.map(of)),
      })),
    ),
  );
  const over = (what: string, of: (sample: Sample) => number) =>
    pairs.map(({ part, on, off }) => ratio(`${what}, ${part} on over off`, on.map(of), off.map(of)));
  const speeds = over('requests per second', (it) => it.requestsPerSecond);
  const times = over('server µs per request', (it) => it.serverMicros);
  const generators = pairs.flatMap(({ on, off }) => [...on, ...off].map(({ generatorBusy }) => generatorBusy));
  const bars = [
    ...pairs.map(({ part }, i) =>
      bar(times[i]!.what, times[i]!.median, { atMost: 1 + (part === ALL ? TOGETHER_AT_MOST : EACH_AT_MOST) }),
    ),
    bar('answers that are no yes, broken connections', controls.notYes, { atMost: 0 }),
    bar('workspaces with a snapshot where they are saved', controls.kept, { atLeast: 1 }),
    bar('workspaces with a snapshot where they are not', controls.keptWithout, { atMost: 0 }),
    bar('busiest run of the load generator', spread(generators).max, { atMost: BUSIEST }),
  ];
  const notes = [...SWITCHES.map((name) => MEANING[name]), MEASURED];
  return { rounds, figures, ratios: [...times, ...speeds], bars, notes };
}

/** Of the processor time that an answer takes without it. */
const EACH_AT_MOST = 0.08;
const TOGETHER_AT_MOST = 0.25;
const MEASURED =
  'The bars are on processor time, which others on the machine disturb less than requests per second; those show ' +
  'waiting for the disk too, and on a busy machine mostly what the others leave over.';
