/**
 * What validation, logging, metrics and snapshots cost where a page is asked for. Two processes of one configuration
 * differ by a fifth for as long as they live, by where their code and data came to lie; so a part is switched on and off
 * within one process, turn by turn, under load that never pauses. The same is done with nothing switched at all, and
 * what that shows is how precise a run is.
 */
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUSIEST, Driver, type Sample } from './load/drive.ts';
import { saveTemplates } from './load/requests.ts';
import { ensureOff, prepare, savedBetween, startSwitched, type Prepared, type Running } from './overhead/running.ts';
import { MEANING, SWITCHES, type Switch } from './overhead/switches.ts';
import { GENERATOR_CORE, stayOn } from './processor.ts';
import { bar, ratio, spread, type Bench, type BenchOptions, type Findings } from './report.ts';

export const NOTHING = 'nothing';
export const ALL = 'all of them';
export type Part = Switch | typeof ALL | typeof NOTHING;
export const PARTS: readonly Part[] = [NOTHING, ...SWITCHES, ALL];

/** How much of everything; a test brings smaller ones. */
export interface OverheadSizes {
  readonly rounds: number;
  /** So often a round goes through the turns of all parts, there and back. */
  readonly passes: number;
  /** The rounds are spread over so many processes, one behind the other. */
  readonly processes: number;
  /** Each switch is tried under load for so long before a process's first round, and code is compiled meanwhile. */
  readonly trySeconds: number;
  /** From a switch to the beginning of the turn. */
  readonly settleSeconds: number;
  readonly turnSeconds: number;
  readonly visits: number;
  readonly connections: number;
  readonly parts: readonly Part[];
}

/**
 * Short turns: how fast the machine is changes from second to second, and two turns that lie close together are hit
 * alike. Whatever a turn has left when it ends, questions on their way (3 ms) and young garbage (35 ms), is done with
 * before the next begins.
 */
const FULL: OverheadSizes = {
  rounds: 21,
  passes: 4,
  processes: 3,
  trySeconds: 0.8,
  settleSeconds: 0.035,
  turnSeconds: 0.1,
  visits: 200,
  connections: 64,
  parts: PARTS,
};
const SHORT: OverheadSizes = { ...FULL, rounds: 1, passes: 1, processes: 1, trySeconds: 0.3 };
/** Cores busy elsewhere from which a figure is worth a second look. */
const DISTURBED = 0.1;
/** The load of a process ends when its turns are over; were it not told, then here. */
const MOST_SECONDS = 3600;

/** What the turns of one kind in a round showed, all together. */
export interface Turn {
  readonly serverMicros: number;
  readonly requestsPerSecond: number;
}

/** The part on and off, one each a round; the turns with all parts on are the same ones for every part. */
export interface Pair {
  readonly part: Part;
  readonly on: Turn[];
  readonly off: Turn[];
}

/** What must be so for the figures to mean anything. */
export interface Controls {
  /** Answers that are no yes, unanswered requests and broken connections included, over all runs. */
  readonly notYes: number;
  /** Snapshots saved in the turns of snapshots: in those with them and in those without. */
  readonly kept: number;
  readonly keptWithout: number;
}

/** Of the load as a whole, one each a process. */
export type Load = Pick<Sample, 'p50' | 'p99' | 'generatorBusy' | 'elsewhere'>;

const TURN_MEASURES: readonly (readonly [string, (turn: Turn) => number])[] = [
  ['requests per second', (it) => it.requestsPerSecond],
  ['server µs per request', (it) => it.serverMicros],
];
const LOAD_MEASURES: readonly (readonly [string, (load: Load) => number])[] = [
  ['p50, ms', (it) => it.p50],
  ['p99, ms', (it) => it.p99],
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
      const home = homeOfData();
      const folder = mkdtempSync(join(home, 'gatebook-overhead-'));
      const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
      try {
        const found = await measure(folder, closing, given ?? (options.short ? SHORT : FULL), options);
        return { ...found, notes: [...(found.notes ?? []), IN_HOME[home === MEMORY ? 'memory' : 'files']] };
      } finally {
        for (const close of closing.reverse()) await close();
      }
    },
  };
}

/** In memory where there is room: a disk makes some turns wait and others not, and what is waited for is no part's. */
function homeOfData(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize >= ROOM_BYTES ? MEMORY : tmpdir();
}
const MEMORY = '/dev/shm';
const ROOM_BYTES = 4 * 2 ** 30;

async function measure(
  folder: string,
  closing: (() => unknown)[],
  sizes: OverheadSizes,
  { rounds = sizes.rounds, tell }: BenchOptions,
): Promise<Findings> {
  stayOn(GENERATOR_CORE);
  const prepared = await prepare(join(folder, 'prepared'), sizes.visits);
  const templatesFile = join(folder, 'requests');
  saveTemplates(templatesFile, prepared.requests);
  const driver = await Driver.start(templatesFile);
  closing.push(() => driver.stop());
  const controls = { notYes: 0, kept: 0, keptWithout: 0 };
  const pairs = sizes.parts.map((part): Pair => ({ part, on: [], off: [] }));
  const loads: Load[] = [];
  const processes = Math.min(sizes.processes, rounds);
  for (let number = 1; number <= processes; number++) {
    const measured = pairs[0]?.on.length ?? 0;
    const until = Math.round((rounds * number) / processes);
    const load = await inOneProcess(join(folder, 'service'), closing, prepared, driver, sizes, async (running) => {
      for (const off of TRIED) await ensureOff(running, off, sizes.trySeconds);
      for (let round = measured + 1; round <= until; round++) {
        const { kept, keptWithout } = await inTurns(running, pairs, sizes);
        controls.kept += kept;
        controls.keptWithout += keptWithout;
        const ratios = pairs.map(({ part, on, off }) => {
          const over = on.at(-1)!.serverMicros / off.at(-1)!.serverMicros;
          return `${part} ${over.toFixed(3)}`;
        });
        const micros = pairs[0]?.on.at(-1)?.serverMicros.toFixed(1);
        tell(`process ${number} of ${processes}, round ${round} of ${rounds}: ${micros} µs on; ${ratios.join(', ')}`);
      }
    });
    const { whole } = load.tally;
    controls.notYes += whole.ok + whole.other - whole.yes + whole.broken + whole.unanswered;
    if (load.elsewhere > DISTURBED)
      tell(`disturbed: ${load.elsewhere.toFixed(2)} cores busy elsewhere, this bench’s own process included`);
    loads.push(load);
  }
  return judge(pairs, loads, controls, sizes.connections, rounds);
}

const TRIED: readonly (readonly Switch[])[] = [[], ...SWITCHES.map((part) => [part]), SWITCHES];

/** A fresh process under load for as long as the work takes. */
async function inOneProcess(
  dataDirectory: string,
  closing: (() => unknown)[],
  prepared: Prepared,
  driver: Driver,
  { connections }: OverheadSizes,
  work: (running: Running) => Promise<void>,
): Promise<Sample> {
  const running = await startSwitched(prepared, dataDirectory);
  closing.push(() => running.stop());
  const load = driver.run(running, { connections, warmSeconds: 0, seconds: MOST_SECONDS });
  const [sample] = await Promise.all([load, work(running).finally(() => driver.enough())]);
  await running.stop();
  rmSync(dataDirectory, { recursive: true });
  return sample;
}

/**
 * There and back: what grows steadily, as the log does, falls on all alike. Turns with all parts on lie in between, and
 * there are more of them, for every part is held against them. The tables fall behind all the while, for at the limit of
 * its processor the service gives them a fiftieth of it, in turns of any kind: nothing is left for the next turn to make
 * up for.
 */
async function inTurns(running: Running, pairs: readonly Pair[], sizes: OverheadSizes): Promise<Kept> {
  const spent = new Map<Part | undefined, Spent[]>([undefined, ...pairs.map(({ part }) => part)].map((it) => [it, []]));
  const there = pairs.flatMap(({ part }, i) => (i % 2 === 0 ? [undefined, part] : [part]));
  const back = there.toReversed();
  const order = Array.from({ length: sizes.passes }, () => [...there, ...back]).flat();
  let kept = 0;
  let keptWithout = 0;
  for (const part of order) {
    const off = part === undefined ? [] : offIn(part);
    await running.switchOff(off);
    await sleep(sizes.settleSeconds);
    const before = running.snapshots();
    // As often as about once a second of each kind, where a turn takes a tenth of one.
    const scraped = spent.get(part)!.length % SCRAPED_IN === 0 && !off.includes('metrics');
    const begun = await running.edge();
    await Promise.all([sleep(sizes.turnSeconds), scraped && running.scrape()]);
    let ended = await running.edge();
    // On a machine that stood still a turn goes on until something was answered in it.
    for (
      const giveUp = performance.now() + GIVE_UP_MS;
      ended.answers === begun.answers && performance.now() < giveUp;
    ) {
      await sleep(sizes.turnSeconds);
      ended = await running.edge();
    }
    const saved = savedBetween(before, running.snapshots());
    if (off.includes('snapshots')) keptWithout += saved;
    else kept += saved;
    spent.get(part)!.push({
      ms: ended.at - begun.at,
      micros: ended.micros - begun.micros,
      answers: ended.answers - begun.answers,
    });
  }
  for (const { part, on, off } of pairs) {
    on.push(together(spent.get(undefined)!));
    off.push(together(spent.get(part)!));
  }
  return { kept, keptWithout };
}

const SCRAPED_IN = 8;
const GIVE_UP_MS = 60_000;
const offIn = (part: Part): readonly Switch[] => (part === ALL ? SWITCHES : part === NOTHING ? [] : [part]);

type Kept = Pick<Controls, 'kept' | 'keptWithout'>;

interface Spent {
  readonly ms: number;
  readonly micros: number;
  readonly answers: number;
}

function together(turns: readonly Spent[]): Turn {
  const sum = (of: (turn: Spent) => number) => turns.reduce((so, turn) => so + of(turn), 0);
  const answers = sum((it) => it.answers);
  return { serverMicros: sum((it) => it.micros) / answers, requestsPerSecond: (answers * 1000) / sum((it) => it.ms) };
}

const sleep = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

/** Figures, ratios and bars of what was measured. A ratio is taken within each round; a bar asks for the median of the rounds. */
export function judge(
  pairs: readonly Pair[],
  loads: readonly Load[],
  controls: Controls,
  connections: number,
  rounds: number,
): Findings {
  const at = `${connections} connections`;
  const kinds = [
    { subject: 'all on', turns: pairs[0]?.on ?? [] },
    ...pairs.map(({ part, off }) => ({ subject: `${part} off`, turns: off })),
  ];
  const figures = [
    ...kinds.flatMap(({ subject, turns }) =>
      TURN_MEASURES.map(([measure, of]) => ({ subject, at, measure, ...spread(turns.map(of)) })),
    ),
    ...LOAD_MEASURES.map(([measure, of]) => ({ subject: 'all turns', at, measure, ...spread(loads.map(of)) })),
  ];
  const over = (what: string, of: (turn: Turn) => number) =>
    pairs.map(({ part, on, off }) => ratio(`${what}, ${part} on over off`, on.map(of), off.map(of)));
  const speeds = over('requests per second', (it) => it.requestsPerSecond);
  const times = over('server µs per request', (it) => it.serverMicros);
  const bars = [
    ...pairs.map(({ part }, i) => bar(times[i]!.what, times[i]!.median, limitsOf(part))),
    bar('answers that are no yes, broken connections', controls.notYes, { atMost: 0 }),
    bar('snapshots saved in turns with them', controls.kept, { atLeast: 1 }),
    bar('snapshots saved in turns without them', controls.keptWithout, { atMost: 0 }),
    bar('busiest run of the load generator', spread(loads.map(({ generatorBusy }) => generatorBusy)).max, {
      atMost: BUSIEST,
    }),
  ];
  const notes = [...SWITCHES.map((name) => MEANING[name]), PRECISE, MEASURED];
  return { rounds, figures, ratios: [...times, ...speeds], bars, notes };
}

/** Of the processor time that an answer takes without it. */
const EACH_AT_MOST = 0.08;
const TOGETHER_AT_MOST = 0.25;
/** A run that finds nothing to cost more or less than this is not precise enough to say what the parts cost. */
const PRECISE_WITHIN = 0.03;

function limitsOf(part: Part): { atLeast?: number; atMost: number } {
  if (part === NOTHING) return { atLeast: 1 - PRECISE_WITHIN, atMost: 1 + PRECISE_WITHIN };
  return { atMost: 1 + (part === ALL ? TOGETHER_AT_MOST : EACH_AT_MOST) };
}

const PRECISE = 'nothing: turns of both kinds with all parts on; what this ratio is away from 1 the others may be too.';
const MEASURED =
  'Every part is held against the turns with all parts on. The bars are on processor time, which others on the machine disturb less than requests per second. All turns are at ' +
  'the limit of one core, where the tables get a fiftieth of it and fall behind: filling them is not in these figures, ' +
  'nor is collecting old garbage, which the service is made to do seldom.';
const IN_HOME = {
  memory: 'The data is in memory (/dev/shm): nobody waits for a disk, and what a part costs is a larger share.',
  files: 'The data is in the folder for temporary files: with a disk under it turns wait for it more or less long.',
} as const;
