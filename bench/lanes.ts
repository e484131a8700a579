/**
 * Views of busy workspaces on an EventStoreDB: through lanes, which put all that waits into one append, against one append
 * for each view. `EVENTSTOREDB_URL` names the server; without it the stand-in shows that everything works, and no more.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkspaceId } from '@gatebook/protocol';
import { envelopeWith } from '#event-log/envelope';
import { openEventStoreLog } from '#event-log/eventstoredb/log';
import type { EventLog } from '#event-log/port';
import { startStandInProcess } from '#event-log/stand-in/process';
import { catalogueFrom } from '#server/config/declarations';
import { systemClock } from '#server/desk/clock';
import { Desk, WORKSPACE_PREFIX, type BookOutcome } from '#server/desk/desk';
import { setApart, type LogApart } from './lanes/apart.ts';
import { OneByOne } from './lanes/one-by-one.ts';
import { Latencies } from './load/latencies.ts';
import { machineSeconds, processorSeconds, settleDisk } from './processor.ts';
import { bar, ratio, spread, type Bench, type BenchOptions, type Findings } from './report.ts';
import {
  encoded,
  enter,
  Filling,
  MINUTE,
  opening,
  sessionIdOf,
  staffIdOf,
  start,
  workspaceIdOf,
} from './scale/facts.ts';

/** How much of everything; a test brings smaller ones. */
export interface LanesSizes {
  readonly rounds: number;
  readonly warmSeconds: number;
  readonly seconds: number;
  /** A measurement goes on beyond its seconds until it has so many views with a yes, on a machine that stands still. */
  readonly leastViews: number;
  readonly workspaces: readonly number[];
  /** In each workspace, each with a visit of their own and one page asked for at a time. */
  readonly viewers: number;
}

const FULL: LanesSizes = {
  rounds: 5,
  warmSeconds: 0.5,
  seconds: 3,
  leastViews: 100,
  workspaces: [4, 100],
  viewers: 25,
};
const SHORT: LanesSizes = { ...FULL, rounds: 1, warmSeconds: 0.2, seconds: 0.5 };
const CATALOGUE = 'apps/demo/gatebook.catalogue.yaml';

export const LANES = 'lanes';
export const ONE_BY_ONE = 'one append a view';
type Name = typeof LANES | typeof ONE_BY_ONE;
const NAMES: readonly Name[] = [LANES, ONE_BY_ONE];

/** One run of one subject. */
export interface LanesSample {
  readonly viewsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of 100 appends, those that the log refused for their revision. */
  readonly refusedOf100: number;
  readonly viewsPerAppend: number;
  /** Cores kept busy by neither this process nor the stand-in. */
  readonly elsewhere: number;
}

/** A subject in one setting, with all that was measured of it so far. */
export interface LanesSubject {
  readonly name: Name;
  readonly workspaces: number;
  readonly viewers: number;
  readonly samples: LanesSample[];
  /** Views with a yes, their facts, and views without one: refused, put off, failed. Warm-up included. */
  readonly total: { yes: number; facts: number; notYes: number };
  /** Appends that the log refused for their revision, warm-up included. */
  refusedByLog: number;
  /** Facts that stand in the log since the subject began. */
  inLog: number;
}

type Handle = (workspace: number, viewer: number, record: string) => Promise<BookOutcome>;

interface Running extends LanesSubject {
  readonly handle: Handle;
  readonly streams: readonly string[];
  /** Facts of each stream before the first view. */
  readonly begunWith: number;
}

const MEASURES: readonly (readonly [string, (sample: LanesSample) => number])[] = [
  ['views per second', (it) => it.viewsPerSecond],
  ['p50, ms', (it) => it.p50],
  ['p99, ms', (it) => it.p99],
  ['appends refused by the log, of 100', (it) => it.refusedOf100],
  ['views an append', (it) => it.viewsPerAppend],
  ['cores busy elsewhere', (it) => it.elsewhere],
];

export const lanes: Bench = lanesOf();

/**
 * The bench at its own sizes, or at those given; on the server at `url`, or on the stand-in. A test may put something
 * between the bench and the log.
 */
export function lanesOf(
  given?: LanesSizes,
  url = process.env['EVENTSTOREDB_URL'],
  between: (log: EventLog) => EventLog = (log) => log,
): Bench {
  return {
    name: 'lanes',
    summary: 'views of 4 and 100 busy workspaces, lanes against one append a view (EVENTSTOREDB_URL, or a stand-in)',
    run: async (options) => {
      const sizes = given ?? (options.short ? SHORT : FULL);
      if (url !== undefined && url !== '')
        return measure(between(await openPatientLog(url)), undefined, sizes, options);
      const folder = mkdtempSync(join(tmpdir(), 'gatebook-lanes-'));
      const standIn = await startStandInProcess({ directory: folder });
      try {
        options.tell('on the stand-in: not a bar (EVENTSTOREDB_URL names no server)');
        const log = await openPatientLog(standIn.connectionString);
        return await measure(between(log), standIn.pid, sizes, options);
      } finally {
        await standIn.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** A machine that is short of breath must not have appends sent twice: that would be measured too. */
const openPatientLog = (connectionString: string) => openEventStoreLog({ connectionString, appendTimeoutMs: 10_000 });

async function measure(
  shared: EventLog,
  standIn: number | undefined,
  sizes: LanesSizes,
  { rounds = sizes.rounds, tell }: BenchOptions,
): Promise<Findings> {
  // Streams of this run alone, on a server that may have others.
  const prefix = `bench-${randomBytes(6).toString('hex')}-`;
  const log = setApart(shared, prefix);
  const desk = new Desk({ log, envelope: envelopeWith(), clock: systemClock });
  const subjects: Running[] = [];
  try {
    await desk.start();
    await declare(desk, sizes.viewers);
    // Each subject has workspaces of its own: nobody's appends are news to the other.
    let from = 0;
    for (const workspaces of sizes.workspaces) {
      for (const name of NAMES) {
        subjects.push(await opened(name, { from, workspaces, viewers: sizes.viewers }, log, desk));
        from += workspaces;
      }
    }
    for (let round = 1; round <= rounds; round++) {
      for (const subject of subjects) {
        const sample = await run(subject, sizes, log, standIn);
        subject.samples.push(sample);
        tell(
          `round ${round} of ${rounds}, ${at(subject)}, ${subject.name}: ${Math.round(sample.viewsPerSecond)} views per second, ` +
            `p99 ${sample.p99.toFixed(2)} ms, ${sample.refusedOf100.toFixed(1)} of 100 appends refused` +
            (standIn === undefined ? '' : `, ${sample.elsewhere.toFixed(2)} cores busy elsewhere`),
        );
      }
    }
    for (const subject of subjects) subject.inLog = await factsIn(log, subject);
  } finally {
    await desk.stop();
    await log.close();
  }
  return judge(subjects, rounds, standIn === undefined ? 'server' : 'stand-in');
}

/** What decisions read beside the workspace: staff, policy, catalogue. */
async function declare(desk: Desk, viewers: number): Promise<void> {
  const operator = { actor: { kind: 'operator' as const, id: 'bench' } };
  await desk.handleInstallation({ type: 'ChangeCatalogue', catalogue: catalogueFrom(CATALOGUE) }, operator);
  for (let number = 0; number < viewers; number++) {
    const staff = { issuer: 'https://staff.example.test', subject: `staff-${number}`, name: `Staff ${number}` };
    await desk.handleStaff(
      {
        type: 'EnableStaff',
        staffId: staffIdOf(number, EPOCH),
        ...staff,
        email: 'staff@vendor.example',
        roles: ['agent'],
      },
      operator,
    );
  }
}

const EPOCH = Date.now() - MINUTE;

interface Crowd {
  /** Number of the first workspace. */
  readonly from: number;
  readonly workspaces: number;
  readonly viewers: number;
}

async function opened(name: Name, { from, workspaces, viewers }: Crowd, log: LogApart, desk: Desk): Promise<Running> {
  const numbers = Array.from({ length: workspaces }, (_, i) => from + i);
  const ids = numbers.map((number): WorkspaceId => workspaceIdOf(number, EPOCH));
  const streams = ids.map((id) => WORKSPACE_PREFIX + id);
  const filling = new Filling(log);
  for (const [i, number] of numbers.entries()) {
    const facts = opening(number, EPOCH).map((fact) => encoded(fact, EPOCH, 'product', 'bench'));
    for (let viewer = 0; viewer < viewers; viewer++) {
      const staffId = staffIdOf(viewer, EPOCH);
      const session = number * viewers + viewer;
      facts.push(encoded(start(number, session, viewer, EPOCH), EPOCH, staffId, staffId));
      facts.push(encoded(enter(session, EPOCH), EPOCH, staffId, staffId));
    }
    await filling.add(streams[i]!, facts);
  }
  await filling.done();

  const asked = (workspace: number, viewer: number, record: string) => {
    const staffId = staffIdOf(viewer, EPOCH);
    const sessionId = sessionIdOf((from + workspace) * viewers + viewer, EPOCH);
    const page = { page: 'billing', record, title: null, input: true, partOf: null };
    const caller = { actor: { kind: 'staff' as const, id: staffId }, correlationId: sessionId };
    return { command: { type: 'ViewPage' as const, sessionId, staffId, ...page }, caller };
  };
  let handle: Handle;
  if (name === LANES) {
    for (const id of ids) await desk.look(id);
    handle = (workspace, viewer, record) => {
      const { command, caller } = asked(workspace, viewer, record);
      return desk.handle(ids[workspace]!, command, caller);
    };
  } else {
    const each = streams.map((stream) => new OneByOne(stream, log, desk));
    for (const one of each) await one.load();
    handle = (workspace, viewer, record) => {
      const { command, caller } = asked(workspace, viewer, record);
      return each[workspace]!.handle(command, caller);
    };
  }
  const total = { yes: 0, facts: 0, notYes: 0 };
  const begunWith = filling.revisionOf(streams[0]!) + 1;
  return { name, workspaces, viewers, samples: [], total, refusedByLog: 0, inLog: NaN, handle, streams, begunWith };
}

let records = 0;
const GIVE_UP_MS = 60_000;

async function run(
  subject: Running,
  { warmSeconds, seconds, leastViews }: LanesSizes,
  { counts }: LogApart,
  standIn: number | undefined,
): Promise<LanesSample> {
  const { handle, workspaces, viewers, total } = subject;
  settleDisk();
  let latencies = new Latencies();
  let running = true;
  const browse = async (workspace: number, viewer: number): Promise<void> => {
    while (running) {
      const began = performance.now();
      const outcome = await handle(workspace, viewer, `INV-${records++}`).catch(() => undefined);
      latencies.add(performance.now() - began);
      if (outcome?.kind === 'accepted') {
        total.yes++;
        total.facts += outcome.facts.length;
      } else {
        total.notYes++;
        // Whoever is put off must not turn the bench into a loop.
        await pause(0.01);
      }
    }
  };
  const read = () => ({
    at: performance.now(),
    yes: total.yes,
    ...counts,
    busy: machineSeconds(),
    known: ownSeconds() + (standIn === undefined ? 0 : processorSeconds(standIn)),
  });

  const refusedBefore = counts.refused;
  const browsing = Array.from({ length: workspaces * viewers }, (_, i) =>
    browse(i % workspaces, Math.floor(i / workspaces)),
  );
  await pause(warmSeconds);
  latencies = new Latencies();
  const before = read();
  await pause(seconds);
  const giveUp = performance.now() + GIVE_UP_MS;
  while (total.yes - before.yes < leastViews && performance.now() < giveUp) await pause(0.01);
  const after = read();
  const inTime = latencies;
  latencies = new Latencies();
  running = false;
  await Promise.all(browsing);
  subject.refusedByLog += counts.refused - refusedBefore;

  const passed = (after.at - before.at) / 1000;
  const appends = after.appends - before.appends;
  return {
    viewsPerSecond: (after.yes - before.yes) / passed,
    p50: inTime.quantile(0.5),
    p99: inTime.quantile(0.99),
    refusedOf100: (100 * (after.refused - before.refused)) / appends,
    viewsPerAppend: (after.yes - before.yes) / appends,
    elsewhere: (after.busy - before.busy - (after.known - before.known)) / passed,
  };
}

/** Facts that a subject's streams hold beyond what they began with. */
async function factsIn(log: LogApart, { streams, begunWith }: Running): Promise<number> {
  let facts = 0;
  for (const stream of streams) {
    for await (const { revision } of log.readStream(stream, { direction: 'backwards', limit: 1 }))
      facts += revision + 1 - begunWith;
  }
  return facts;
}

/** Figures, ratios and bars of what was measured. A ratio is taken within each round; a bar asks for the median. */
export function judge(subjects: readonly LanesSubject[], rounds: number, on: 'server' | 'stand-in'): Findings {
  const isBar = on === 'server';
  const figures = subjects.flatMap((subject) =>
    MEASURES.map(([measure, of]) => ({
      subject: subject.name,
      at: at(subject),
      measure,
      ...spread(subject.samples.map(of)),
    })),
  );
  const settings = [...Map.groupBy(subjects, at)];
  const speeds = (some: readonly LanesSubject[], name: Name) =>
    some.find((it) => it.name === name)?.samples.map((it) => it.viewsPerSecond) ?? [];
  const ratios = settings.map(([setting, some]) =>
    ratio(
      `views per second, ${LANES} over ${ONE_BY_ONE}, ${setting}${isBar ? '' : ' (on the stand-in: not a bar)'}`,
      speeds(some, LANES),
      speeds(some, ONE_BY_ONE),
    ),
  );
  const bars = [
    ...(isBar ? ratios.map(({ what, median }) => bar(what, median, { atLeast: 2 })) : []),
    ...subjects.flatMap((subject) => {
      const { name, total, refusedByLog, inLog } = subject;
      const what = `${name}, ${at(subject)}: `;
      const held = bar(`${what}facts in the log beyond those acknowledged`, inLog - total.facts, {
        atLeast: 0,
        atMost: total.notYes,
      });
      if (name !== LANES) return [held];
      return [
        bar(`${what}views refused or put off`, total.notYes, { atMost: 0 }),
        bar(`${what}appends refused by the log`, refusedByLog, { atMost: 0 }),
        held,
      ];
    }),
  ];
  const notes = [
    `${LANES}: the desk of the service, one append in flight a workspace, which takes all that waits.`,
    `${ONE_BY_ONE}: decided by the same rules on the state behind the view before it, sent at once with the exact ` +
      'revision; where the log refuses one, the stream is read on and it is decided anew.',
    isBar
      ? 'Cores busy elsewhere: the server is among them.'
      : 'On the stand-in: not a bar. The stand-in keeps the order of appends and flushes to SQLite; set EVENTSTOREDB_URL.',
  ];
  return { rounds, figures, ratios, bars, notes, pinned: false };
}

function at({ workspaces, viewers }: Pick<LanesSubject, 'workspaces' | 'viewers'>): string {
  return `${workspaces} workspaces, ${viewers} viewers each`;
}

function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
