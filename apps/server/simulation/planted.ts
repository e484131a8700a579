import { plannedEnding } from '#domain/book/settle';
import { OutcomeUnknown, WrongRevision, type EventLog, type NewFact, type ReadStreamOptions } from '#event-log/port';
import { WORKSPACE_PREFIX, type Desk } from '../desk/desk.ts';
import type { InstanceOptions } from './instance.ts';
import type { Judge } from './judge.ts';
import type { Server } from './server.ts';
import type { World } from './world.ts';

/** Faults of the gate or of its log that the judges must find. */
export const PLANTED = [
  /** What may have landed is appended again under new ids. */
  'fresh ids',
  /** Nobody looks at the clock. */
  'no clock guard',
  /** Appends are answered as done and thrown away. */
  'forgetful log',
  /** What takes away races like anything else, for ever. */
  'off not forced',
  /** An instance trusts what it read a while ago. */
  'old state',
  /** A page is opened at the instant of the end, as by `<=` for `<`. */
  'late by one',
  /** Denials that can't be written are dropped. */
  'denials dropped',
  /** An instance doesn't hear what others say of staff members, and doesn't notice. */
  'deaf',
] as const;
export type Planted = (typeof PLANTED)[number];

type Seams = Pick<InstanceOptions, 'wrapLog' | 'spoil'>;

/** The seams of an instance, with the fault in them; the judge is told how each append was answered. */
export function plantedIn(planted: Planted | undefined, judge: Judge, world: World): Seams {
  return {
    wrapLog: (log, server) => faulty(planted, watched(log, judge), server, world),
    spoil: (desk, clock, log) => spoil(planted, desk, clock, log, world),
  };
}

type Changes = Partial<Pick<EventLog, 'append' | 'readStream' | 'isShared'>>;

function changed(log: EventLog, changes: Changes): EventLog {
  return {
    isShared: log.isShared,
    append: (stream, expected, facts) => log.append(stream, expected, facts),
    readStream: (stream, options) => log.readStream(stream, options),
    readAll: (options) => log.readAll(options),
    head: () => log.head(),
    follow: (options) => log.follow(options),
    health: () => log.health(),
    close: () => log.close(),
    ...changes,
  };
}

function watched(log: EventLog, judge: Judge): EventLog {
  const races = judge.countRaces();
  return changed(log, {
    append: async (stream, expected, facts) => {
      try {
        const appended = await log.append(stream, expected, facts);
        judge.acknowledged(stream, facts, appended);
        races.through(facts);
        return appended;
      } catch (error) {
        if (error instanceof WrongRevision) races.lost(facts);
        throw error;
      }
    },
  });
}

const isBook = (stream: string) => stream.startsWith(WORKSPACE_PREFIX);

function faulty(planted: Planted | undefined, log: EventLog, server: Server, world: World): EventLog {
  switch (planted) {
    case 'fresh ids':
      return changed(log, {
        append: async (stream, expected, facts) => {
          try {
            return await log.append(stream, expected, facts);
          } catch (error) {
            if (!(error instanceof OutcomeUnknown) || !isBook(stream)) throw error;
            const stands = server.store.stream(stream).length - 1;
            const fresh: NewFact[] = facts.map((fact) => ({ ...fact, id: world.random.uuid(world.time) }));
            return log.append(stream, stands < 0 ? 'none' : stands, fresh);
          }
        },
      });
    case 'off not forced':
      return notForced(log);
    case 'old state':
      return changed(log, { isShared: false });
    case 'denials dropped':
      return changed(log, {
        append: async (stream, expected, facts) => {
          if (!stream.startsWith('denials-')) return log.append(stream, expected, facts);
          return log.append(stream, expected, facts).catch(() => ({ revision: 0, position: '' }));
        },
      });
    default:
      return log;
  }
}

/** What would be appended without a revision is appended behind what was read last. */
function notForced(log: EventLog): EventLog {
  const known = new Map<string, number>();
  return changed(log, {
    append: async (stream, expected, facts) => {
      const exact = expected === 'any' && isBook(stream) ? (known.get(stream) ?? 'none') : expected;
      const appended = await log.append(stream, exact, facts);
      known.set(stream, appended.revision);
      return appended;
    },
    async *readStream(stream: string, options?: ReadStreamOptions) {
      for await (const fact of log.readStream(stream, options)) {
        known.set(stream, fact.revision);
        yield fact;
      }
    },
  });
}

function spoil(planted: Planted | undefined, desk: Desk, clock: () => number, log: EventLog, world: World): void {
  const guard = desk.clockGuard;
  if (planted === 'no clock guard') Object.assign(guard, { now: clock, problem: () => undefined });
  // Its clock is right; the guard holds a clock to the log of others only.
  if (planted === 'old state') Object.assign(guard, { now: () => world.time, problem: () => undefined });
  if (planted === 'deaf') {
    const fold = desk.outside.fold.bind(desk.outside);
    desk.outside.fold = (fact) => {
      if (fact.type !== 'StaffDisabled') fold(fact);
    };
  }
  if (planted !== 'late by one') return;

  const handle = desk.handle.bind(desk);
  desk.handle = async (workspaceId, command, caller) => {
    const { book } = desk.bookNow(workspaceId);
    const session = command.type === 'ViewPage' && book.sessions.get(command.sessionId);
    const now = desk.clock.now();
    if (!session || session.phase !== 'live' || plannedEnding(book, session).at !== now)
      return handle(workspaceId, command, caller);
    const { page, record, input, sessionId } = command;
    const data = { sessionId, page, label: page, area: null, record, masked: [], input, catalogueRevision: 1 };
    const metadata = { time: new Date(now).toISOString(), actor: caller.actor, codec: 'plain', schemaVersion: 1 };
    const fact: NewFact = {
      id: world.random.uuid(now),
      type: 'PageViewed',
      data: JSON.stringify(data),
      metadata: JSON.stringify({ ...metadata, $correlationId: sessionId }),
    };
    const stream = WORKSPACE_PREFIX + workspaceId;
    const { revision } = await desk.look(workspaceId);
    await log.append(stream, revision, [fact]).catch(() => undefined);
    return handle(workspaceId, command, caller);
  };
}
