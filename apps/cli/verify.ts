import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packBook, BOOK_FOLD_VERSION } from '#domain/book/snapshot';
import { emptyBook, type Book } from '#domain/book/book';
import { fromInstant, type Written } from '#domain/fact';
import { foldBook } from '#domain/facts';
import { envelopeWith } from '#event-log/envelope';
import { LogUnavailable, type LogReader } from '#event-log/port';
import { readSealedRows } from '#event-log/snapshots/reader';
import { checked, type SealedRow } from '#event-log/snapshots/seal';
import { SNAPSHOTS_FOLDER } from '#event-log/snapshots/snapshots';
import { openSqliteLogReader } from '#event-log/sqlite/reader';
import { derived, KEYS_FILE } from '#server/config/installation-keys';
import { CommandFailed, EXIT } from './exit.ts';
import { say, sayJson } from './printed.ts';

interface Options {
  readonly dataDir: string;
  readonly json: boolean;
}

/** What is wrong with one stream's snapshot, each a sentence. */
interface Different {
  readonly stream: string;
  readonly revision: number;
  readonly because: readonly string[];
}

interface Verdict {
  readonly snapshots: number;
  readonly facts: number;
  readonly equal: number;
  /** Made by another fold version: the service doesn't use them, so nothing is said of them. */
  readonly otherVersion: number;
  readonly different: readonly Different[];
}

/** Folds every stream that has a snapshot from its start, and says where the snapshot isn't what comes of it. */
export async function verifySnapshots({ dataDir, json }: Options): Promise<void> {
  const key = snapshotKey(dataDir);
  const log = await openLog(dataDir);
  const different: Different[] = [];
  const counts = { snapshots: 0, facts: 0, equal: 0, otherVersion: 0 };
  try {
    for (const row of readSealedRows(join(dataDir, SNAPSHOTS_FOLDER))) {
      counts.snapshots++;
      const snapshot = checked(row, key, BOOK_FOLD_VERSION);
      if (snapshot === 'otherVersion') {
        counts.otherVersion++;
        continue;
      }
      const because =
        snapshot === 'wrongMac'
          ? ['its MAC is wrong: it was changed, or made with another key']
          : snapshot === 'broken'
            ? ['its state is no JSON']
            : differences(row, await foldUpTo(log, row, counts), snapshot.state);
      if (because.length === 0) counts.equal++;
      else different.push({ stream: row.stream, revision: row.revision, because });
      if (process.stderr.isTTY) process.stderr.write(`\r${counts.snapshots} snapshots, ${counts.facts} facts`);
    }
  } finally {
    if (process.stderr.isTTY) process.stderr.write('\r');
    await log.close();
  }
  print({ ...counts, different }, json);
  if (different.length > 0) {
    throw new CommandFailed(
      EXIT.failed,
      'Snapshots are not what the log says. They are a cache: stop the service and remove the folder to have them made anew.',
    );
  }
}

function print(verdict: Verdict, json: boolean): void {
  if (json) {
    sayJson(verdict);
    return;
  }
  for (const { stream, revision, because } of verdict.different)
    for (const why of because) say(`${stream} at revision ${revision}: ${why}`);
  const { snapshots, equal, otherVersion, facts, different } = verdict;
  say(
    `${count(snapshots, 'snapshot')}: ${equal} equal to what ${count(facts, 'fact')} fold to, ${different.length} different` +
      (otherVersion > 0 ? `, ${otherVersion} of another fold version, which are not used.` : '.'),
  );
}

interface Folded {
  readonly book: Book;
  readonly revision: number;
  readonly position: string;
  readonly lastFactId: string;
  readonly newest: number;
}

const envelope = envelopeWith();

async function foldUpTo(log: LogReader, { stream, revision: last }: SealedRow, counts: { facts: number }) {
  let folded: Folded = { book: emptyBook, revision: -1, position: '', lastFactId: '', newest: 0 };
  for await (const recorded of log.readStream(stream, { limit: last + 1 })) {
    const { id, revision, position } = recorded;
    const standing = { revision, position, lastFactId: id };
    counts.facts++;
    try {
      const fact = envelope.decode(recorded);
      const { actor, commandId, commandDigest, time: at } = fact.metadata;
      const time = fromInstant(at);
      const written: Written = { id, revision, time, actor, commandId, commandDigest };
      folded = {
        ...standing,
        book: foldBook(folded.book, fact, written),
        newest: Math.max(folded.newest, time),
      };
    } catch {
      folded = { ...standing, book: { ...folded.book, readable: false }, newest: folded.newest };
    }
  }
  return folded;
}

function differences(row: SealedRow, folded: Folded, state: unknown): string[] {
  if (folded.revision !== row.revision) {
    return [`the log's stream ends at revision ${folded.revision}`];
  }
  const because: string[] = [];
  if (folded.lastFactId !== row.last_fact_id) because.push('the log holds another fact at that revision');
  if (folded.position !== row.position) because.push('that fact stands at another position in the log');
  if (folded.newest !== row.newest) because.push('the newest fact has another time');
  const [kept, right] = [state, packBook(folded.book)] as Record<string, unknown>[];
  for (const part of new Set([...Object.keys(kept ?? {}), ...Object.keys(right ?? {})])) {
    if (JSON.stringify(kept?.[part]) !== JSON.stringify(right?.[part]))
      because.push(`its ${part} are not what the facts fold to`);
  }
  return because;
}

/** @throws {CommandFailed} */
async function openLog(dataDir: string): Promise<LogReader> {
  const url = process.env['GATEBOOK_LOG_URL'];
  try {
    if (url) {
      const { openEventStoreLog } = await import('#event-log/eventstoredb/log');
      return await openEventStoreLog({ connectionString: url });
    }
    return openSqliteLogReader({ directory: join(dataDir, 'log') });
  } catch (error) {
    if (error instanceof LogUnavailable)
      throw new CommandFailed(EXIT.unreachable, `${error.message} (--data-dir names the folder)`);
    throw error;
  }
}

/** @throws {CommandFailed} */
function snapshotKey(dataDir: string): Uint8Array {
  const given = process.env['GATEBOOK_SECRET'];
  if (given) return derived(Buffer.from(given, 'base64'), 'snapshots');
  const file = join(dataDir, KEYS_FILE);
  try {
    const { secret } = JSON.parse(readFileSync(file, 'utf8')) as { secret: string };
    return derived(Buffer.from(secret, 'base64'), 'snapshots');
  } catch {
    throw new CommandFailed(
      EXIT.usage,
      `This needs the installation's secret: GATEBOOK_SECRET, or ${file} of an embedded service.`,
    );
  }
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
