import { OutcomeUnknown, WrongRevision, type EventLog, type ExpectedRevision, type NewFact } from '#event-log/port';
import type { Desk } from '../desk/desk.ts';
import type { InstanceOptions } from './instance.ts';
import type { Judge } from './judge.ts';
import type { Server } from './server.ts';
import type { World } from './world.ts';

/** Faults of the gate or its log that the judges must find. */
export const PLANTED = [
  /** What may have landed is appended again under new ids. */
  'fresh ids',
  /** An append whose answer was lost counts as one that did not land. */
  'unknown is no',
  /** Nobody looks at the clock. */
  'no clock guard',
  /** Appends are answered as done and thrown away. */
  'forgetful log',
  /** What takes away races like anything else. */
  'off not forced',
  /** An instance trusts what it read a while ago. */
  'old state',
  /** Settled by the clock a millisecond late, as by `<=` for `<`. */
  'late by one',
  /** Denials that can't be written are dropped. */
  'denials dropped',
] as const;
export type Planted = (typeof PLANTED)[number];

type Seams = Pick<InstanceOptions, 'wrapLog' | 'spoil'>;

/** The seams of an instance, with the fault in them; every append that is answered as done is told to the judge. */
export function plantedIn(planted: Planted | undefined, judge: Judge): Seams {
  const wrapLog = (log: EventLog, server: Server, world: World) => watched(faulty(planted, log, server, world), judge);
  return { wrapLog, spoil: (desk, clock) => spoil(planted, desk, clock) };
}

type Append = EventLog['append'];

function withAppend(log: EventLog, append: Append, isShared = log.isShared): EventLog {
  return {
    isShared,
    append,
    readStream: (stream, options) => log.readStream(stream, options),
    readAll: (options) => log.readAll(options),
    head: () => log.head(),
    follow: (options) => log.follow(options),
    health: () => log.health(),
    close: () => log.close(),
  };
}

function watched(log: EventLog, judge: Judge): EventLog {
  return withAppend(log, async (stream, expected, facts) => {
    const appended = await log.append(stream, expected, facts);
    judge.acknowledged(stream, facts, appended);
    return appended;
  });
}

function faulty(planted: Planted | undefined, log: EventLog, server: Server, world: World): EventLog {
  const isBook = (stream: string) => stream.startsWith('workspace-');
  switch (planted) {
    case 'fresh ids':
      return withAppend(log, async (stream, expected, facts) => {
        try {
          return await log.append(stream, expected, facts);
        } catch (error) {
          if (!(error instanceof OutcomeUnknown) || !isBook(stream)) throw error;
          const stands = server.store.stream(stream).length - 1;
          const fresh: NewFact[] = facts.map((fact) => ({ ...fact, id: world.random.uuid(world.time) }));
          return log.append(stream, stands < 0 ? 'none' : stands, fresh);
        }
      });
    case 'unknown is no':
      return withAppend(log, async (stream, expected, facts) => {
        try {
          return await log.append(stream, expected, facts);
        } catch (error) {
          if (!(error instanceof OutcomeUnknown)) throw error;
          throw new WrongRevision(stream, expected, 'none');
        }
      });
    case 'off not forced':
      return withAppend(log, (stream, expected: ExpectedRevision, facts) => {
        if (expected !== 'any' || !isBook(stream)) return log.append(stream, expected, facts);
        return world.pause(5, '').then(() => Promise.reject(new WrongRevision(stream, expected, 'none')));
      });
    case 'old state':
      return withAppend(log, (stream, expected, facts) => log.append(stream, expected, facts), false);
    case 'denials dropped':
      return withAppend(log, async (stream, expected, facts) => {
        if (!stream.startsWith('denials-')) return log.append(stream, expected, facts);
        return log.append(stream, expected, facts).catch(() => ({ revision: 0, position: '' }));
      });
    default:
      return log;
  }
}

function spoil(planted: Planted | undefined, desk: Desk, clock: () => number): void {
  const guard = desk.clockGuard;
  if (planted === 'no clock guard') Object.assign(guard, { now: clock, problem: () => undefined });
  if (planted === 'late by one') {
    void clock;
  }
}
