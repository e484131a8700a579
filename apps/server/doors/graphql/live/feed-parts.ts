import type { Envelope } from '#event-log/envelope';
import type { EventLog } from '#event-log/port';
import type { TablesReader } from '#projections/index';
import type { Clock } from '../../../desk/clock.ts';
import type { Desk } from '../../../desk/desk.ts';
import type { LogFollowing } from './log-following.ts';
import type { RequestNews } from './request-news.ts';

/** What feeds are made from. */
export interface FeedParts {
  readonly log: EventLog;
  readonly envelope: Envelope;
  readonly desk: Desk;
  readonly tables: TablesReader;
  readonly clock: Clock;
  readonly following: LogFollowing;
  readonly requests: RequestNews;
  /** How many times as long as usual is waited for what is on its way; default 1. */
  readonly patience?: number;
  readonly onError: (error: unknown) => void;
}
