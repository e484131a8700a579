import type { LogReader } from '#event-log/port';
import type { Snapshots } from '#event-log/snapshots/snapshots';
import type { Runner } from '#projections/index';
import type { Desk } from '../../desk/desk.ts';
import { SILENCE_MS } from '../../desk/outside.ts';
import type { LiveDoor } from '../graphql/live/live-door.ts';
import type { HealthDoorOptions } from './health-door.ts';

interface Measured {
  readonly desk: Pick<Desk, 'denials' | 'clockGuard' | 'books' | 'outside' | 'problem'>;
  readonly runner: Pick<Runner, 'lag' | 'state'>;
  readonly log: Pick<LogReader, 'health'>;
  readonly snapshots: Pick<Snapshots, 'stats'>;
  readonly liveDoor: () => Pick<LiveDoor, 'sockets' | 'subscriptions' | 'counts'>;
  /** Calls of the GraphQL door without a valid token, since the start. */
  readonly anonymous: () => number;
}

/** What an instance measures of itself, beside what Node does. */
export function gaugesOf(of: Omit<Measured, 'log'>): HealthDoorOptions['gauges'] {
  const { desk, runner, snapshots, liveDoor, anonymous } = of;
  return {
    graphql_unauthenticated: {
      help: 'Calls of the GraphQL door without a valid token, since the start.',
      read: anonymous,
    },
    live_sockets: { help: 'WebSockets open.', read: () => liveDoor().sockets },
    live_subscriptions: { help: 'Subscriptions open, of all WebSockets.', read: () => liveDoor().subscriptions },
    live_deliveries: {
      help: 'Events sent to subscribers, since the start.',
      read: () => liveDoor().counts.deliveries,
    },
    live_slow_readers_cut: {
      help: 'WebSockets that were let go because they read too slowly, since the start.',
      read: () => liveDoor().counts.slowCut,
    },
    live_silent_cut: {
      help: 'WebSockets that were let go because they answered no ping, since the start.',
      read: () => liveDoor().counts.silentCut,
    },
    denials_dropped: {
      help: 'Denials that found no room while the log was away, since the start.',
      read: () => desk.denials.dropped,
    },
    clock_skew_seconds: {
      help: 'How far the log’s clock is ahead of this instance’s.',
      read: () => desk.clockGuard.skewMs / 1000,
    },
    snapshots_refused: {
      help: 'Snapshots with a wrong MAC or broken text, since the start: somebody changed the file.',
      read: () => snapshots.stats().wrongMac + snapshots.stats().broken,
    },
    books_in_memory: { help: 'Workspaces whose state is in memory.', read: () => desk.books },
    tables_behind_facts: { help: 'Facts that are not in the tables yet.', read: () => runner.lag().facts },
    tables_runner: {
      help: '1 where this instance works on the tables, 0 where it stands by.',
      read: () => Number(runner.state === 'following'),
    },
    denials_waiting: { help: 'Denials that wait for the log to come back.', read: () => desk.denials.waiting },
    tables_behind_seconds: { help: 'How far the tables are behind the log.', read: () => runner.lag().ms / 1000 },
    log_silent_seconds: {
      help: 'Seconds since the log was last heard of.',
      read: () => desk.outside.silentFor() / 1000,
    },
  };
}

/** What must hold before an instance is asked anything. */
export function conditionsOf({
  desk,
  runner,
  log,
}: Pick<Measured, 'desk' | 'runner' | 'log'>): HealthDoorOptions['conditions'] {
  return {
    log: async () => {
      const health = await log.health();
      return health.writable && health.readable ? undefined : (health.problem ?? 'The log can’t be written.');
    },
    tables: () =>
      runner.state === 'following' || runner.state === 'standing by'
        ? undefined
        : `The tables are not up to date: ${runner.state}.`,
    clock: () => desk.problem(),
    following: () =>
      desk.outside.silentFor() < SILENCE_MS ? undefined : 'The log has been silent for more than two seconds.',
  };
}
