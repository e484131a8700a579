import { join } from 'node:path';
import { BOOK_FOLD_VERSION, packBook, unpackBook } from '#domain/book/snapshot';
import type { Book } from '#domain/book/book';
import { OUTSIDE_FOLD_VERSION, packOutside, unpackOutside } from '#domain/outside-snapshot';
import type { Envelope } from '#event-log/envelope';
import type { EventLog } from '#event-log/port';
import { openSnapshots, SNAPSHOTS_FOLDER, type Snapshots } from '#event-log/snapshots/snapshots';
import { openSqliteLog } from '#event-log/sqlite/log';
import { someLine, openPostgresTables, openTables, rebuild, type Tables } from '#projections/index';
import type { Logger } from 'pino';
import { ConfigInvalid, type Config } from './config/config.ts';
import type { Clock } from './desk/clock.ts';
import type { SeenMark } from './seen-mark.ts';
import type { Anchor, KeptStandings, OutsideKeeping } from './desk/surroundings.ts';

export interface LogSurroundings {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How many times as long as usual an EventStoreDB is waited for; default 1. */
  readonly patience?: number | undefined;
  readonly onFatal: (error: unknown) => void;
}

/** How long an EventStoreDB is waited for: for an append's outcome, and for the next item of a read. */
const [APPEND_MS, READ_MS] = [2000, 5000];

/**
 * The log, as configured: an EventStoreDB, or the embedded one in the data directory.
 * @throws {ConfigInvalid} in production, naming what is unsafe about the EventStoreDB.
 */
export async function openLog(
  { logUrl, dataDirectory, production }: Config,
  { clock, logger, patience = 1, onFatal }: LogSurroundings,
): Promise<EventLog> {
  const now = () => clock.now();
  if (logUrl !== undefined) {
    await audit(logUrl, production, logger);
    // Only where it is used: the client with all that it brings takes time and memory to load.
    const { openEventStoreLog } = await import('#event-log/eventstoredb/log');
    const [appendTimeoutMs, readTimeoutMs] = [APPEND_MS * patience, READ_MS * patience];
    return openEventStoreLog({ connectionString: logUrl, now, appendTimeoutMs, readTimeoutMs });
  }
  return openSqliteLog({ directory: join(dataDirectory, 'log'), now, onFatal });
}

/** Looks at the server's rights and settings: in production nothing starts on a log that anybody could change (T47). */
async function audit(connectionString: string, production: boolean, logger: Logger): Promise<void> {
  const { auditEventStore } = await import('#event-log/eventstoredb/audit');
  const findings = await auditEventStore({ connectionString, production });
  if (production && findings.length > 0) throw new ConfigInvalid(findings.map((finding) => `EventStoreDB: ${finding}`));
  for (const finding of findings) logger.warn({ finding }, 'EventStoreDB is not set up as production needs it');
}

/** The tables, as configured: in PostgreSQL for any number of instances, or in a file of the data directory. */
export async function openConfiguredTables(
  { tablesUrl, dataDirectory }: Config,
  onError: (error: unknown) => void,
): Promise<Tables> {
  if (tablesUrl !== undefined) return openPostgresTables({ url: tablesUrl, onError });
  return openTables({ directory: join(dataDirectory, 'tables') });
}

/** Workspaces' folded states, kept in the data directory by each instance for itself. */
export function openBookSnapshots({ dataDirectory }: Config, key: Uint8Array): Snapshots {
  return openSnapshots({ directory: join(dataDirectory, SNAPSHOTS_FOLDER), key, foldVersion: BOOK_FOLD_VERSION });
}

export function keptBooks(snapshots: Snapshots): KeptStandings<Book> {
  return {
    load(stream) {
      const snapshot = snapshots.load(stream);
      const state = snapshot && unpackBook(snapshot.state);
      return snapshot && state ? { ...snapshot, state } : undefined;
    },
    keep: (stream, standing) => snapshots.save({ ...standing, stream, state: packBook(standing.state) }),
  };
}

/** Beside the books' snapshots, for its fold has a version of its own. */
const OUTSIDE_FOLDER = 'outside';
const OUTSIDE = 'outside';

export function openOutsideSnapshots({ dataDirectory }: Pick<Config, 'dataDirectory'>, key: Uint8Array): Snapshots {
  const directory = join(dataDirectory, SNAPSHOTS_FOLDER, OUTSIDE_FOLDER);
  return openSnapshots({ directory, key, foldVersion: OUTSIDE_FOLD_VERSION });
}

/** The states that decisions about workspaces read, kept as one; their MAC covers the fact that they are known by. */
export function keptOutside(snapshots: Snapshots): OutsideKeeping {
  return {
    load() {
      const snapshot = snapshots.load(OUTSIDE);
      if (!snapshot) return undefined;
      const { anchor, states } = snapshot.state as { anchor: Anchor; states: unknown };
      const outside = unpackOutside(states);
      return outside && { ...outside, anchor, heardTo: snapshot.position };
    },
    keep({ anchor, heardTo, ...states }) {
      const { revision, id } = anchor;
      const state = { anchor, states: packOutside(states) };
      snapshots.save({ stream: OUTSIDE, revision, position: heardTo, lastFactId: id, newest: 0, state });
    },
  };
}

/** The log ends before what was seen of it here: an older copy was put in its place. */
export class LogWasPutBack extends Error {
  override readonly name = 'LogWasPutBack';

  constructor(head: string, seen: string) {
    super(
      `The log ends at ${head}, and it was seen up to ${seen} here: an older copy was put in its place, or the ` +
        'settings name another log. What people and products were told since is not in it. If that is what you want, ' +
        'start once with GATEBOOK_RESTORED_LOG=accept: tables and snapshots are then made anew from the log as it is.',
    );
  }
}

interface Kept {
  readonly log: EventLog;
  readonly tables: Tables;
  readonly envelope: Envelope;
  readonly snapshots: Snapshots;
  readonly mark: SeenMark;
  /** Hears how many facts are in tables that have to be made anew. */
  readonly onFilling: (facts: number) => void;
}

/**
 * Holds the log to what this instance and the tables have seen of it.
 * @throws {LogWasPutBack} unless the configuration accepts a restored log.
 */
export async function ensureNothingIsMissing(
  { restoredLog }: Config,
  { log, tables, envelope, snapshots, mark, onFilling }: Kept,
): Promise<void> {
  const { position } = await tables.stand();
  const marked = mark.read();
  // Last: other instances write meanwhile, and what they wrote since the tables were asked is no sign of a loss.
  const head = await log.head();
  const seen = marked > position ? marked : position;
  const tablesAre = seen > head ? 'ahead' : await standingOf(tables, log, position);
  if (tablesAre === 'of this log') return;
  if (tablesAre === 'ahead' && restoredLog === 'refuse') throw new LogWasPutBack(head, seen);
  for (const stream of [...snapshots.streams(), ...snapshots.outdated()]) snapshots.remove(stream);
  await rebuild({ log, envelope, tables, onProgress: onFilling });
}

/**
 * Whether the tables were filled from this log: a line of theirs must be the very fact at the very place. A log that was
 * moved elsewhere holds the same facts at other places, and positions of the one mean nothing in the other.
 */
async function standingOf(
  tables: Tables,
  log: EventLog,
  position: string,
): Promise<'of this log' | 'of another' | 'ahead'> {
  // Tables that are to be rebuilt anyway, or that hold nothing yet.
  if (tables.stale || position === '') return 'of this log';
  const line = await someLine(tables);
  if (!line) return 'of another';
  for await (const fact of log.readStream(line.stream, { from: line.revision, limit: 1 })) {
    if (fact.id !== line.id) return 'ahead';
    return fact.position === line.position ? 'of this log' : 'of another';
  }
  return 'ahead';
}
