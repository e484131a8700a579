/**
 * A process that holds the books of a log's workspaces in memory and decides for them; `scale.ts` starts one for each
 * number of sessions. It says when it is ready, and measures whenever it is asked to.
 */
import { join } from 'node:path';
import type { WorkspaceId } from '@gatebook/protocol';
import { BOOK_FOLD_VERSION, packBook } from '#domain/book/snapshot';
import { envelopeWith } from '#event-log/envelope';
import { openSnapshots } from '#event-log/snapshots/snapshots';
import { openSqliteLog } from '#event-log/sqlite/log';
import { systemClock } from '#server/desk/clock';
import { NotNow } from '#server/desk/not-now';
import { Desk, WORKSPACE_PREFIX } from '#server/desk/desk';
import { keptBooks, keptOutside, openOutsideSnapshots } from '#server/stores';
import { sessionIdOf, staffIdOf, workspaceIdOf } from './facts.ts';
import { randomBelow } from './logs.ts';

/** What such a process is told on its command line, as JSON. */
export interface BooksTask {
  readonly directory: string;
  readonly epoch: number;
  readonly workspaces: number;
  readonly sessionsEach: number;
  readonly staff: number;
  /** `hold`: read all books, then measure. `keep`: fold the one book and save it. `ready`: decide once from what was saved. */
  readonly what: 'hold' | 'keep' | 'ready';
}

export type BooksSaid =
  | { readonly kind: 'ready'; readonly rss: number; readonly heap: number; readonly live: number }
  | {
      readonly kind: 'measured';
      /** May a visit go on: decided on the newest state, nothing written. */
      readonly decisionsPerSecond: number;
      /** Processor time of the thread that decides, for each of them: what other work on the machine leaves alone. */
      readonly decisionMicroseconds: number;
      /** Stay, pressed in a visit: decided, appended, flushed. */
      readonly linesPerSecond: number;
      readonly notAccepted: number;
    }
  | { readonly kind: 'kept'; readonly seconds: number; readonly stateBytes: number }
  | {
      readonly kind: 'decided';
      /** Opening the log and reading on the outside states, for all workspaces together. */
      readonly startSeconds: number;
      /** From the first question about the workspace to its durable answer. */
      readonly seconds: number;
      readonly accepted: boolean;
      readonly fromSnapshot: boolean;
    };

/** Commands on their way at the same time. */
const AT_ONCE = 64;
/** Workspaces whose books are read at the same time. */
const READ_AT_ONCE = 32;

/** A desk tells who waits too long to come again; the reading itself goes on. */
async function onceRead<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NotNow && error.why === 'loading')) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function main(task: BooksTask): Promise<void> {
  const began = performance.now();
  const log = openSqliteLog({ directory: join(task.directory, 'log') });
  const snapshots = openSnapshots({
    directory: join(task.directory, 'snapshots'),
    key: new Uint8Array(32),
    foldVersion: BOOK_FOLD_VERSION,
  });
  const kept = keptBooks(snapshots);
  const outside = openOutsideSnapshots({ dataDirectory: task.directory }, new Uint8Array(32));
  const keeping = task.what !== 'hold' && { kept, keptOutside: keptOutside(outside) };
  const desk = new Desk({ log, envelope: envelopeWith(), clock: systemClock, ...keeping });
  await desk.start();
  const workspaceOf = (number: number): WorkspaceId => workspaceIdOf(number, task.epoch);

  /** Stay, pressed in a visit: decided on the newest state, appended, flushed. */
  const decide = async (workspace: number, session: number): Promise<boolean> => {
    const staffId = staffIdOf(session % task.staff, task.epoch);
    const sessionId = sessionIdOf(session, task.epoch);
    const outcome = await desk.handle(
      workspaceOf(workspace),
      { type: 'ConfirmPresence', sessionId, staffId },
      { actor: { kind: 'staff', id: staffId }, correlationId: sessionId },
    );
    return outcome.kind === 'accepted';
  };
  /** Whether a visit may go on: decided on the newest state by the rules of every page, and nothing is written. */
  const decideOnly = async (workspace: number, session: number): Promise<boolean> => {
    const staffId = staffIdOf(session % task.staff, task.epoch);
    const sessionId = sessionIdOf(session, task.epoch);
    const outcome = await desk.handle(
      workspaceOf(workspace),
      { type: 'ContinueVisit', sessionId, staffId },
      { actor: { kind: 'staff', id: staffId }, correlationId: sessionId },
    );
    return outcome.kind === 'accepted';
  };
  const say = (said: BooksSaid) => process.send?.(said);
  const end = async () => {
    await desk.stop();
    snapshots.close();
    outside.close();
    await log.close();
    process.disconnect?.();
  };

  switch (task.what) {
    case 'ready': {
      const started = performance.now();
      const accepted = await decide(0, task.sessionsEach - 1);
      const seconds = (performance.now() - started) / 1000;
      say({
        kind: 'decided',
        startSeconds: (started - began) / 1000,
        seconds,
        accepted,
        fromSnapshot: snapshots.stats().loaded === 1,
      });
      await end();
      return;
    }
    case 'keep': {
      const { state, revision, position } = await onceRead(() => desk.look(workspaceOf(0)));
      const stream = WORKSPACE_PREFIX + workspaceOf(0);
      let last = { id: '', time: 0 };
      for await (const { id, metadata } of log.readStream(stream, { from: revision, limit: 1 }))
        last = { id, time: Date.parse((JSON.parse(metadata) as { time: string }).time) };
      kept.keep(stream, { state, revision, position, lastFactId: last.id, newest: last.time });
      const stateBytes = JSON.stringify(packBook(state)).length;
      const seconds = (performance.now() - began) / 1000;
      // A service that has run on this log has written to it, and knows the log by what it wrote.
      const accepted = await decide(0, task.sessionsEach - 1);
      if (!accepted) throw new Error('The last visit is not live.');
      while (desk.outside.heardTo < desk.seen) await new Promise((resolve) => setTimeout(resolve, 10));
      say({ kind: 'kept', seconds, stateBytes });
      await end();
      return;
    }
    case 'hold': {
      let live = 0;
      for (let from = 0; from < task.workspaces; from += READ_AT_ONCE) {
        const some = Array.from({ length: Math.min(READ_AT_ONCE, task.workspaces - from) }, async (_, i) => {
          const { book } = await onceRead(() => desk.settled(workspaceOf(from + i)));
          live += book.sessions.live().length;
        });
        await Promise.all(some);
      }
      for (let i = 0; i < 5; i++) {
        // What is garbage by now goes back to the system, as it does in a service after a quiet minute.
        await globalThis.gc?.({ type: 'major', execution: 'async', flavor: 'last-resort' });
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const { rss, heapUsed } = process.memoryUsage();
      say({ kind: 'ready', rss, heap: heapUsed, live });

      const random = randomBelow(task.workspaces * task.sessionsEach);
      // Each to another workspace, as far as there are enough: what few visits gain by meeting in one append is no
      // matter of how many are live.
      const busy = new Set<number>();
      const apart = task.workspaces > AT_ONCE;
      const free = (): number => {
        for (;;) {
          const session = random();
          if (!apart || !busy.has(Math.floor(session / task.sessionsEach))) return session;
        }
      };
      for await (const seconds of asked()) {
        if (seconds === 0) break;
        let notAccepted = 0;
        const measured = async (one: typeof decide) => {
          const began = performance.now();
          const spentBefore = process.threadCpuUsage();
          const until = began + seconds * 1000;
          let count = 0;
          const worker = async () => {
            while (performance.now() < until) {
              const session = free();
              const workspace = Math.floor(session / task.sessionsEach);
              busy.add(workspace);
              if (!(await one(workspace, session))) notAccepted++;
              busy.delete(workspace);
              count++;
            }
          };
          await Promise.all(Array.from({ length: AT_ONCE }, worker));
          const { user, system } = process.threadCpuUsage(spentBefore);
          return { perSecond: count / ((performance.now() - began) / 1000), microseconds: (user + system) / count };
        };
        const { perSecond: decisionsPerSecond, microseconds: decisionMicroseconds } = await measured(decideOnly);
        const { perSecond: linesPerSecond } = await measured(decide);
        say({ kind: 'measured', decisionsPerSecond, decisionMicroseconds, linesPerSecond, notAccepted });
      }
      await end();
    }
  }
}

/** Seconds to measure for, each time the parent asks; 0: no more. */
async function* asked(): AsyncGenerator<number, void, undefined> {
  for (;;)
    yield await new Promise<number>((resolve) => process.once('message', (seconds) => resolve(seconds as number)));
}

if (import.meta.main) await main(JSON.parse(process.argv[2]!) as BooksTask);
