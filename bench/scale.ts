/** What grows with an installation: the log, the visits that are live at once, the age of one workspace. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { envelopeWith } from '#event-log/envelope';
import { openSqliteLog } from '#event-log/sqlite/log';
import { systemClock } from '#server/desk/clock';
import { Desk, WORKSPACE_PREFIX } from '#server/desk/desk';
import { SERVER_CORE, settleDisk, spawnNode } from './processor.ts';
import { bar, ratio, spread, type Bench, type BenchOptions, type Figure, type Findings } from './report.ts';
import type { BooksSaid, BooksTask } from './scale/books.ts';
import {
  encoded,
  enter,
  exit,
  Filling,
  MINUTE,
  opening,
  staffIdOf,
  start,
  view,
  workspaceIdOf,
} from './scale/facts.ts';
import { fillLog, PAGE, type FilledLog } from './scale/logs.ts';

/** How much of everything; a test brings smaller ones. */
export interface Sizes {
  readonly rounds: number;
  readonly seconds: number;
  /** Facts in the log, smallest first. */
  readonly facts: readonly number[];
  /** Over so many streams at most. */
  readonly streams: readonly number[];
  /** Live visits in memory: few, and many. */
  readonly live: readonly [number, number];
  readonly livePerWorkspace: number;
  readonly staff: number;
  /** Facts of one workspace that has been visited for years. */
  readonly old: number;
}

const FULL: Sizes = {
  rounds: 3,
  seconds: 2,
  facts: [10_000, 1_000_000, 3_000_000],
  streams: [100, 100_000],
  live: [1000, 1_000_000],
  livePerWorkspace: 10,
  staff: 1000,
  old: 5_000_000,
};
const SHORT: Sizes = {
  ...FULL,
  rounds: 1,
  seconds: 0.5,
  facts: [10_000, 50_000],
  streams: [100, 1000],
  live: [1000, 20_000],
  old: 50_000,
};

const VIEWS_A_VISIT = 47;

export const scale: Bench = scaleOf();

/** The bench at its own sizes, or at those given. */
export function scaleOf(given?: Sizes): Bench {
  return {
    name: 'scale',
    summary: 'what grows: a log of 3 million facts, 1 million live visits, a workspace of 5 million facts',
    run: async (options) => {
      const folder = mkdtempSync(join(tmpdir(), 'gatebook-scale-'));
      try {
        return await measure(folder, given ?? (options.short ? SHORT : FULL), options);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

async function measure(folder: string, sizes: Sizes, { rounds = sizes.rounds, tell }: BenchOptions): Promise<Findings> {
  const found: Findings[] = [];
  for (const streams of sizes.streams) {
    const directory = join(folder, `logs-${streams}`);
    found.push(await measureLogs(directory, streams, sizes, rounds, tell));
    rmSync(directory, { recursive: true, force: true });
  }
  found.push(await measureLive(join(folder, 'live'), sizes, rounds, tell));
  rmSync(join(folder, 'live'), { recursive: true, force: true });
  found.push(await measureOld(join(folder, 'old'), sizes, rounds, tell));
  return {
    rounds,
    figures: found.flatMap(({ figures }) => figures),
    ratios: found.flatMap(({ ratios }) => ratios),
    bars: found.flatMap(({ bars }) => bars),
  };
}

type Tell = (line: string) => void;

async function measureLogs(
  directory: string,
  streams: number,
  { facts, seconds }: Sizes,
  rounds: number,
  tell: Tell,
): Promise<Findings> {
  mkdirSync(directory, { recursive: true });
  const logs: FilledLog[] = [];
  try {
    for (const count of facts) {
      logs.push(await fillLog(directory, count, streams));
      tell(`log of ${count} facts over ${logs.at(-1)!.streams} streams: written`);
    }
    for (let round = 1; round <= rounds; round++) {
      for (const log of logs) {
        await log.measure(seconds);
        const [appends, pages] = [log.appendsPerSecond.at(-1)!, log.pagesPerSecond.at(-1)!];
        tell(
          `round ${round} of ${rounds}, ${log.facts} facts, ${log.streams} streams: ` +
            `${Math.round(appends)} appends and ${Math.round(pages)} pages per second`,
        );
      }
    }
  } finally {
    for (const log of logs) await log.close();
  }

  const at = `${streams} streams`;
  const [least, most] = [logs[0]!, logs.at(-1)!];
  const appends = ratio(
    `appends at ${most.facts} over ${least.facts} facts, ${at}`,
    most.appendsPerSecond,
    least.appendsPerSecond,
  );
  const pages = ratio(
    `pages at ${most.facts} over ${least.facts} facts, ${at}`,
    most.pagesPerSecond,
    least.pagesPerSecond,
  );
  return {
    rounds,
    figures: logs.flatMap((log): Figure[] => [
      { subject: `${log.facts} facts`, at, measure: 'appends per second', ...spread(log.appendsPerSecond) },
      { subject: `${log.facts} facts`, at, measure: `pages of ${PAGE} per second`, ...spread(log.pagesPerSecond) },
    ]),
    ratios: [appends, pages],
    bars: [bar(appends.what, appends.median, { atLeast: 0.7 }), bar(pages.what, pages.median, { atLeast: 0.4 })],
  };
}

async function measureLive(
  directory: string,
  { live, livePerWorkspace, staff, seconds }: Sizes,
  rounds: number,
  tell: Tell,
): Promise<Findings> {
  const held: {
    readonly sessions: number;
    readonly books: Books;
    readonly rss: number;
    readonly speeds: number[];
    readonly costs: number[];
    readonly lines: number[];
  }[] = [];
  let notAccepted = 0;
  try {
    for (const sessions of live) {
      const workspaces = Math.ceil(sessions / livePerWorkspace);
      const epoch = Date.now() - MINUTE;
      const task = {
        directory: join(directory, `live-${sessions}`),
        epoch,
        workspaces,
        sessionsEach: livePerWorkspace,
        staff,
      };
      const facts = await writeLive(task);
      tell(`${sessions} live visits in ${workspaces} workspaces: ${facts} facts written`);
      const books = new Books({ ...task, what: 'hold' });
      const ready = await books.hear('ready');
      if (ready.live !== sessions) throw new Error(`${ready.live} visits are live, not ${sessions}.`);
      tell(
        `${sessions} live visits: ${mebibytes(ready.rss)} MiB resident, ${mebibytes(ready.heap)} MiB of it heap in use`,
      );
      held.push({ sessions, books, rss: ready.rss, speeds: [], costs: [], lines: [] });
    }
    // Round 0 is for the compiler, and isn't counted.
    for (let round = 0; round <= rounds; round++) {
      for (const { books, sessions, speeds, costs, lines } of held) {
        settleDisk();
        books.ask(seconds);
        const measured = await books.hear('measured');
        notAccepted += measured.notAccepted;
        if (round === 0) continue;
        speeds.push(measured.decisionsPerSecond);
        costs.push(measured.decisionMicroseconds);
        lines.push(measured.linesPerSecond);
        tell(
          `round ${round} of ${rounds}, ${sessions} live visits: ${Math.round(speeds.at(-1)!)} decisions per second, ` +
            `${Math.round(lines.at(-1)!)} with a line each`,
        );
      }
    }
  } finally {
    for (const { books } of held) await books.stop();
  }

  const [few, many] = [held[0]!, held[1]!];
  const speed = ratio(`decisions with ${many.sessions} over ${few.sessions} live visits`, many.speeds, few.speeds);
  // With its line each to a stream of its own, of a hundred thousand: the log's part of it has bars of its own above.
  const written = ratio(`the same with a line each`, many.lines, few.lines);
  // What a process needs in any case is in both, so the difference is what the visits need.
  const each = (many.rss - few.rss) / (many.sessions - few.sessions);
  const at = `${livePerWorkspace} visits a workspace`;
  return {
    rounds,
    figures: held.flatMap(({ sessions, rss, speeds, costs, lines }): Figure[] => [
      { subject: `${sessions} live visits`, at, measure: 'decisions per second', ...spread(speeds) },
      { subject: `${sessions} live visits`, at, measure: 'own processor µs per decision', ...spread(costs) },
      { subject: `${sessions} live visits`, at, measure: 'decisions with a line each per second', ...spread(lines) },
      { subject: `${sessions} live visits`, at, measure: 'MiB resident', ...spread([mebibytes(rss)]) },
    ]),
    ratios: [speed, written],
    bars: [
      bar(speed.what, speed.median, { atLeast: 0.7 }),
      bar('resident bytes for each live visit more', each, { atMost: 600 }),
      bar('decisions that were not accepted', notAccepted, { atMost: 0 }),
    ],
  };
}

async function measureOld(directory: string, { old, staff }: Sizes, rounds: number, tell: Tell): Promise<Findings> {
  const epoch = Date.now() - MINUTE;
  const visits = Math.max(1, Math.floor(old / (VIEWS_A_VISIT + 3)));
  const task = { directory, epoch, workspaces: 1, sessionsEach: visits, staff };
  const facts = await writeOld(task);
  tell(`a workspace of ${facts} facts: written`);
  const keeping = new Books({ ...task, what: 'keep' });
  const kept = await keeping.hear('kept');
  await keeping.stop();
  tell(`folded from the start in ${kept.seconds.toFixed(1)} s; its state is ${kept.stateBytes} bytes`);

  const seconds: number[] = [];
  const starts: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const books = new Books({ ...task, what: 'ready' });
    const decided = await books.hear('decided');
    await books.stop();
    if (!decided.accepted || !decided.fromSnapshot) throw new Error('It did not decide from its snapshot.');
    seconds.push(decided.seconds);
    starts.push(decided.startSeconds);
    tell(
      `round ${round} of ${rounds}: decided after ${decided.seconds.toFixed(3)} s, the service having started in ${decided.startSeconds.toFixed(3)} s`,
    );
  }
  const at = `one workspace, ${facts} facts`;
  const first = spread(seconds);
  return {
    rounds,
    figures: [
      { subject: 'from its snapshot', at, measure: 'seconds to the first decision', ...first },
      { subject: 'from its snapshot', at, measure: 'seconds to start the service', ...spread(starts) },
      { subject: 'from its first fact', at, measure: 'seconds to fold', ...spread([kept.seconds]) },
      { subject: 'its snapshot', at, measure: 'bytes of state', ...spread([kept.stateBytes]) },
    ],
    ratios: [],
    bars: [bar(`seconds until a workspace of ${facts} facts decides`, first.median, { atMost: 1 })],
  };
}

type Written = Omit<BooksTask, 'what'>;

/** Workspaces with visits in the middle of a page: each started, entered, one page opened. The number of facts. */
async function writeLive({ directory, epoch, workspaces, sessionsEach, staff }: Written): Promise<number> {
  const log = await logWithStaff(directory, epoch, staff);
  const writing = new Filling(log);
  for (let workspace = 0; workspace < workspaces; workspace++) {
    const stream = WORKSPACE_PREFIX + workspaceIdOf(workspace, epoch);
    const facts = opening(workspace, epoch).map((fact) => encoded(fact, epoch, 'product', stream));
    for (let i = 0; i < sessionsEach; i++) {
      const session = workspace * sessionsEach + i;
      const by = staffIdOf(session % staff, epoch);
      const visit = [
        start(workspace, session, session % staff, epoch),
        enter(session, epoch),
        view(session, session, epoch),
      ];
      for (const fact of visit) facts.push(encoded(fact, epoch, by, by));
    }
    await writing.add(stream, facts);
  }
  await writing.done();
  await log.close();
  return writing.count;
}

/** A workspace that was visited again and again, the last visit still open. The number of facts. */
async function writeOld({ directory, epoch, sessionsEach, staff }: Written): Promise<number> {
  const log = await logWithStaff(directory, epoch, staff);
  const writing = new Filling(log);
  const stream = WORKSPACE_PREFIX + workspaceIdOf(0, epoch);
  // Two years of visits, the last of them now.
  const stepMs = Math.floor((2 * 365 * 24 * 60 * MINUTE) / sessionsEach);
  const first = epoch - stepMs * (sessionsEach - 1);
  await writing.add(
    stream,
    opening(0, epoch).map((fact) => encoded(fact, first, 'product', stream)),
  );
  for (let session = 0; session < sessionsEach; session++) {
    const at = first + session * stepMs;
    const by = staffIdOf(session % staff, epoch);
    const visit = [start(0, session, session % staff, epoch, at), enter(session, epoch)];
    for (let number = 0; number < VIEWS_A_VISIT; number++) visit.push(view(session, number, epoch));
    if (session < sessionsEach - 1) visit.push(exit(session, epoch, at));
    await writing.add(
      stream,
      visit.map((fact) => encoded(fact, at, by, by)),
    );
  }
  await writing.done();
  await log.close();
  return writing.count;
}

async function logWithStaff(directory: string, epoch: number, staff: number) {
  const log = openSqliteLog({ directory: join(directory, 'log'), synchronous: 'off' });
  const desk = new Desk({ log, envelope: envelopeWith(), clock: systemClock });
  await desk.start();
  const operator = { actor: { kind: 'operator' as const, id: 'bench' } };
  const enabled = Array.from({ length: staff }, (_, number) =>
    desk.handleStaff(
      {
        type: 'EnableStaff',
        staffId: staffIdOf(number, epoch),
        issuer: 'https://staff.example.test',
        subject: `staff-${number}`,
        name: `Staff ${number}`,
        email: `staff-${number}@vendor.example`,
        roles: ['agent'],
      },
      operator,
    ),
  );
  await Promise.all(enabled);
  await desk.stop();
  return log;
}

/** A process of its own with books in memory. */
class Books {
  readonly #process;

  constructor(task: BooksTask) {
    const file = join(import.meta.dirname, 'scale', 'books.ts');
    // As the service is started, and with a hand on the garbage collector.
    const options = ['--conditions=gatebook', '--max-semi-space-size=32', '--expose-gc', '--no-warnings'];
    this.#process = spawnNode(SERVER_CORE, [...options, file, JSON.stringify(task)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  ask(seconds: number): void {
    this.#process.send(seconds);
  }

  async hear<Kind extends BooksSaid['kind']>(kind: Kind): Promise<Extract<BooksSaid, { kind: Kind }>> {
    const said = await Promise.race([
      once(this.#process, 'message'),
      once(this.#process, 'exit').then(() => undefined),
    ]);
    const [message] = (said ?? []) as [BooksSaid?];
    if (message?.kind !== kind) throw new Error('The process with the books ended early.');
    return message as Extract<BooksSaid, { kind: Kind }>;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    if (this.#process.connected) this.#process.send(0);
    await ended;
  }
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
