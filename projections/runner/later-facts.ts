import { availableParallelism } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { envelopeWith, plainCodec, type Envelope } from '#event-log/envelope';
import { openPlace } from '#event-log/place';
import type { LogPlace, LogReader, Position } from '#event-log/port';
import { batchesOf } from './batches.ts';
import { REBUILT_TABLES } from './control.ts';
import { removeTables } from './files.ts';
import { foldEach } from './folding.ts';
import { GrowingTables, UNFLUSHED } from './growing-tables.ts';
import { HeldRows } from './held-rows.ts';
import { put, type Change } from './table.ts';

/** Fewer facts than these are folded before another thread has loaded its code. */
const LEAST_FACTS = 100_000;
/** So many are folded by both threads, then what the later ones did is taken over: it is held in memory. */
const MOST_FACTS = 1_000_000;
/** The other thread has its code to load, and its rows are copied. */
const LATER_SHARE = 0.45;

/** What the later facts do, beside the rows in the file. */
export interface Later {
  readonly facts: number;
  /** The last of them. */
  readonly position: Position;
  /** Which revisions of each stream they are. */
  readonly streams: readonly (readonly [stream: string, first: number, last: number])[];
  readonly changes: readonly Change[];
}

export interface LaterPart {
  /** Where the earlier facts end. */
  readonly after: Position;
  readonly done: Promise<Later>;
  /** Ends the work, and takes its file away. */
  close(): Promise<void>;
}

/** Its table by name. */
type WrittenChange = Omit<Change, 'table'> & { readonly table: string };

const ORDER = 'gatebook: fold the later facts';

interface Order {
  readonly kind: typeof ORDER;
  readonly place: LogPlace;
  readonly after: Position;
  readonly upTo: Position;
  readonly file: string;
}

export interface LaterOptions {
  readonly log: LogReader;
  readonly envelope: Envelope;
  readonly after: Position | undefined;
  readonly upTo: Position;
  /** Gets the rows of the tables that only grow. */
  readonly file: string;
  /** Default: {@link LEAST_FACTS}. */
  readonly twoThreadsFrom?: number;
}

/** Begins to fold the later of these facts in another thread, where there is one to spare and enough to fold. */
export function beginLater(options: LaterOptions): LaterPart | undefined {
  const { log, envelope, after, upTo, file, twoThreadsFrom = LEAST_FACTS } = options;
  const { beside } = log;
  // Another thread makes its own envelope, and has no other codec's keys.
  const isPlain = envelope.codecs.every((name) => name === plainCodec.name);
  if (!beside || !isPlain || availableParallelism() < 2) return undefined;
  const facts = Math.min(beside.countBetween(after, upTo), MOST_FACTS);
  if (facts < twoThreadsFrom) return undefined;
  const from = beside.behind(after, Math.floor(facts * (1 - LATER_SHARE)));
  const order: Order = {
    kind: ORDER,
    place: beside.place,
    after: from,
    upTo: beside.behind(after, facts),
    file,
  };
  return started(order);
}

function started(order: Order): LaterPart {
  const { url } = import.meta;
  const worker = new Worker(new URL(url), {
    workerData: order,
    // Where the sources run as they are, they need what names their rooms.
    execArgv: url.endsWith('.ts') ? ['--conditions=gatebook', '--no-warnings'] : [],
  });
  const { promise, resolve, reject } = Promise.withResolvers<Later>();
  worker.once('message', (text: string) => resolve(read(text)));
  worker.once('error', reject);
  worker.once('exit', () => reject(new Error('The thread that folds the later facts ended early.')));
  // Whoever closes it early hears no more of it.
  promise.catch(() => undefined);
  return {
    after: order.after,
    done: promise,
    async close() {
      await worker.terminate();
      removeTables(order.file);
    },
  };
}

async function fold({ place, after, upTo, file }: Order): Promise<Later> {
  const log = openPlace(place);
  removeTables(file);
  const database = new DatabaseSync(file);
  try {
    database.exec(UNFLUSHED);
    const growing = new GrowingTables(database);
    const rows = new HeldRows(Infinity, { behindOthers: true });
    const envelope = envelopeWith();
    const heads = new Map<string, number>();
    const firsts = new Map<string, number>();
    const changes: Change[] = [];
    let facts = 0;
    for await (const batch of batchesOf(log, { after, upTo })) {
      for (const { stream, revision } of batch) {
        if (heads.has(stream)) continue;
        firsts.set(stream, revision);
        heads.set(stream, revision - 1);
      }
      foldEach(batch, heads, envelope, rows.take);
      const due = rows.due();
      database.exec('BEGIN');
      for (const [table, added] of due.added) growing.append(table, added);
      database.exec('COMMIT');
      for (const change of due.changes) changes.push(change);
      facts += batch.length;
    }
    const { rows: left } = rows.due({ all: true });
    for (const [table, its] of left) for (const row of its) changes.push(put(table, row));
    const streams = [...firsts].map(([stream, first]) => [stream, first, heads.get(stream) ?? first] as const);
    return { facts, position: upTo, streams, changes };
  } finally {
    database.close();
    await log.close();
  }
}

const TABLES = new Map(REBUILT_TABLES.map((table) => [table.name, table]));

/** Between threads text is copied in a tenth of the time that objects take. */
function written(later: Later): string {
  const changes = later.changes.map((change) => ({ ...change, table: change.table.name }));
  return JSON.stringify({ ...later, changes });
}

function read(text: string): Later {
  const later = JSON.parse(text) as Omit<Later, 'changes'> & { readonly changes: readonly WrittenChange[] };
  return {
    ...later,
    changes: later.changes.map((change) => ({ ...change, table: TABLES.get(change.table) }) as Change),
  };
}

// In the thread that `started` starts, this file is the whole program.
if (!isMainThread && (workerData as Partial<Order> | null)?.kind === ORDER) {
  parentPort?.postMessage(written(await fold(workerData as Order)));
}
