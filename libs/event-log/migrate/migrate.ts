import { MAX_APPEND_FACTS, OutcomeUnknown, WrongRevision } from '../port.ts';
import type { EventLog, LogReader, NewFact, Position, RecordedFact } from '../port.ts';
import { carrying } from './carried-time.ts';

export interface MigrationProgress {
  /** Facts that are in both logs, in the same order. */
  readonly facts: number;
  /** How far the first log was read, of where it ended when it began. */
  readonly position: Position;
  readonly end: Position;
}

export interface MigrationOptions {
  readonly from: LogReader;
  readonly to: LogReader;
  /** Every 1,000 facts or so, and at the end. */
  readonly onProgress?: (progress: MigrationProgress) => void;
  readonly signal?: AbortSignal;
}

/** The log that is copied to holds something else already. */
export class HoldsOtherFacts extends Error {
  override readonly name = 'HoldsOtherFacts';
}

/** So much goes into one append: lanes do the same. */
const BATCH_BYTES = 512 * 1024;
const PROGRESS_EVERY = 1000;
/** An append whose outcome is unknown is done again so often; it is the identical one. */
const ATTEMPTS = 10;
const PAUSE_MS = 500;

/**
 * Copies every fact of a log behind what the other one has of it: ids, order over the whole log, revisions, texts, and,
 * where the other is an EventStoreDB, the time of recording. It needs no marker: what is there is compared first, so it
 * can be ended at any moment and begun again. Nobody else may append to either log meanwhile.
 * @returns how many facts both hold now, and how many of them this run copied.
 * @throws {HoldsOtherFacts} the other log holds facts that this one doesn't have at their place.
 * @throws {LogUnavailable | OutcomeUnknown} begin again when it can be reached.
 * @throws the signal's reason.
 */
export async function migrateLog(
  options: MigrationOptions & { readonly to: EventLog },
): Promise<{ readonly facts: number; readonly copied: number }> {
  const { from, to, signal } = options;
  const progress = await progressOf(options);
  const there = to.readAll()[Symbol.asyncIterator]();
  let isThere = true;
  let batch: RecordedFact[] = [];
  let bytes = 0;
  let copied = 0;

  const flush = async () => {
    if (batch.length === 0) return;
    await copy(to, batch, signal);
    copied += batch.length;
    for (const fact of batch) progress.step(fact);
    batch = [];
    bytes = 0;
  };

  try {
    for await (const fact of from.readAll()) {
      signal?.throwIfAborted();
      const found: IteratorResult<RecordedFact> | undefined = isThere ? await there.next() : undefined;
      isThere = found?.done === false;
      if (found?.done === false) {
        const difference = differenceOf(fact, found.value, progress.facts);
        if (difference !== undefined) throw new HoldsOtherFacts(difference);
        progress.step(fact);
        continue;
      }
      const size = Buffer.byteLength(fact.data) + Buffer.byteLength(fact.metadata) + fact.type.length;
      const isOther = batch.length > 0 && batch[0]!.stream !== fact.stream;
      if (isOther || batch.length >= MAX_APPEND_FACTS || bytes + size > BATCH_BYTES) await flush();
      batch.push(fact);
      bytes += size;
    }
    await flush();
    const found = isThere ? await there.next() : undefined;
    if (found?.done === false) throw new HoldsOtherFacts(surplus(found.value, progress.facts));
    progress.end();
    return { facts: progress.facts, copied };
  } finally {
    await there.return?.();
  }
}

/**
 * Compares two logs fact by fact, in order.
 * @returns how many facts are the same, and the first difference as a sentence, when there is one.
 */
export async function checkMigration(
  options: MigrationOptions,
): Promise<{ readonly facts: number; readonly difference?: string }> {
  const { from, to, signal } = options;
  const progress = await progressOf(options);
  const there = to.readAll()[Symbol.asyncIterator]();
  try {
    for await (const fact of from.readAll()) {
      signal?.throwIfAborted();
      const found = await there.next();
      const difference = found.done
        ? `The second log ends after ${progress.facts} facts; ${named(fact)} is missing.`
        : differenceOf(fact, found.value, progress.facts);
      if (difference !== undefined) return { facts: progress.facts, difference };
      progress.step(fact);
    }
    const found = await there.next();
    if (!found.done) return { facts: progress.facts, difference: surplus(found.value, progress.facts) };
    progress.end();
    return { facts: progress.facts };
  } finally {
    await there.return?.();
  }
}

async function copy(to: EventLog, batch: readonly RecordedFact[], signal: AbortSignal | undefined): Promise<void> {
  const [{ stream, revision }] = batch as readonly [RecordedFact];
  const facts: NewFact[] = batch.map(carrying);
  for (let attempt = 1; ; attempt++) {
    try {
      await to.append(stream, revision === 0 ? 'none' : revision - 1, facts);
      return;
    } catch (error) {
      if (error instanceof WrongRevision) {
        throw new HoldsOtherFacts(`Somebody else appends to the second log. ${error.message}`, { cause: error });
      }
      if (!(error instanceof OutcomeUnknown) || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      signal?.throwIfAborted();
    }
  }
}

async function progressOf({ from, onProgress }: MigrationOptions) {
  const end = await from.head();
  let facts = 0;
  let position = '0'.repeat(end.length);
  const tell = () => onProgress?.({ facts, position, end });
  return {
    get facts() {
      return facts;
    },
    step(fact: RecordedFact) {
      facts++;
      position = fact.position;
      if (facts % PROGRESS_EVERY === 0) tell();
    },
    end: tell,
  };
}

const PARTS = ['id', 'stream', 'revision', 'type', 'data', 'metadata', 'recordedAt'] as const;

function differenceOf(wanted: RecordedFact, found: RecordedFact, before: number): string | undefined {
  const part = PARTS.find((each) => wanted[each] !== found[each] && !(each === 'recordedAt' && goesWithout(wanted)));
  if (part === undefined) return undefined;
  const what = part === 'id' ? `there stands ${named(found)}` : `its ${part} is another`;
  return `After ${before} facts that are the same comes ${named(wanted)}: in the second log ${what}.`;
}

/** Too large for its time to be carried with it. */
const goesWithout = (fact: RecordedFact) => carrying(fact).metadata === fact.metadata;

const surplus = (fact: RecordedFact, before: number) =>
  `The first log ends after ${before} facts; the second goes on with ${named(fact)}.`;

const named = ({ type, id, stream, revision }: RecordedFact) => `${type} ${id} (${stream}, revision ${revision})`;
