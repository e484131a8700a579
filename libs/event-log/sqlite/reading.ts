import type { Followed, FollowOptions, ReadAllOptions, ReadStreamOptions, RecordedFact, StreamName } from '../port.ts';
import type { FactTable } from './fact-table.ts';
import { placeOf, positionText } from './position.ts';

/** What reading needs of a log, be it the writer's or another process's. */
export interface ReadableLog {
  readonly facts: FactTable;
  /** Place of the last durable fact. */
  lastPlace(): number;
  lastRevision(stream: StreamName): number;
  /** The stream's facts between two revisions that exist. */
  streamFacts(stream: StreamName, first: number, last: number): RecordedFact[];
  /** Resolves when there may be news, at the latest after `ms`. */
  news(ms: number, signal: AbortSignal): Promise<void>;
  /** @throws {LogUnavailable} closed, or broken. */
  ensureReadable(): void;
}

/** So many places are looked through in one go: half a millisecond when all of them match. */
const WINDOW = 256;

/** The port promises a checkpoint every 500 ms; the rest is for a busy event loop. */
const CHECKPOINT_MS = 400;

/** Many small commits are read together: the first at once, what follows after so long. */
const GATHER_MS = 5;

/** Lets the event loop do other work between two windows. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

export async function* readStream(
  log: ReadableLog,
  stream: StreamName,
  { direction = 'forwards', from, limit = Infinity }: ReadStreamOptions = {},
): AsyncGenerator<RecordedFact, void, undefined> {
  log.ensureReadable();
  const end = log.lastRevision(stream);
  const forwards = direction === 'forwards';
  const start = Math.max(from ?? 0, 0);
  const first = forwards ? start : Math.max(Math.min(from ?? end, end) - limit + 1, 0);
  const last = forwards ? Math.min(start + limit - 1, end) : Math.min(from ?? end, end);

  for (let done = 0, count = last - first + 1; done < count; done += WINDOW) {
    if (done > 0) {
      await turn();
      log.ensureReadable();
    }
    const size = Math.min(WINDOW, count - done);
    const low = forwards ? first + done : last - done - size + 1;
    const facts = log.streamFacts(stream, low, low + size - 1);
    if (!forwards) facts.reverse();
    for (const fact of facts) yield fact;
  }
}

export async function* readAll(
  log: ReadableLog,
  options?: ReadAllOptions,
): AsyncGenerator<RecordedFact, void, undefined> {
  for await (const facts of readBatches(log, options)) for (const fact of facts) yield fact;
}

/** A window at a time: what is spent on each step of a loop that waits is spent once for all of its facts. */
export async function* readBatches(
  log: ReadableLog,
  { after, streamPrefixes, limit = Infinity }: ReadAllOptions = {},
): AsyncGenerator<readonly RecordedFact[], void, undefined> {
  let looked = after === undefined ? 0 : placeOf(after);
  let left = limit;
  log.ensureReadable();
  const end = log.lastPlace();
  while (looked < end && left > 0) {
    const upTo = Math.min(looked + WINDOW, end);
    const facts = log.facts.between(looked, upTo, streamPrefixes);
    if (facts.length > 0) yield facts.length > left ? facts.slice(0, left) : facts;
    left -= facts.length;
    looked = upTo;
    if (looked < end && left > 0) {
      await turn();
      log.ensureReadable();
    }
  }
}

export async function* follow(
  log: ReadableLog,
  { after, streamPrefixes, signal }: FollowOptions,
): AsyncGenerator<Followed, void, undefined> {
  let looked = after === undefined ? 0 : placeOf(after);
  if (signal.aborted) return;
  log.ensureReadable();
  const standing = log.lastPlace();
  if (looked > standing) throw new RangeError(`The log ends at ${positionText(standing)}, before position ${after}.`);
  let caughtUp = false;
  let toldAt = performance.now();

  while (!signal.aborted) {
    log.ensureReadable();
    const readAt = performance.now();
    const upTo = Math.min(looked + WINDOW, log.lastPlace());
    if (looked < upTo) {
      for (const fact of log.facts.between(looked, upTo, streamPrefixes)) {
        yield { kind: 'fact', fact };
        if (signal.aborted) return;
      }
      looked = upTo;
    }
    if (!caughtUp && looked >= standing) {
      caughtUp = true;
      yield { kind: 'caughtUp', position: positionText(looked) };
    }
    if (performance.now() - toldAt >= CHECKPOINT_MS) {
      toldAt = performance.now();
      yield { kind: 'checkpoint', position: positionText(looked) };
    }
    // Asked anew before waiting: what came while the consumer was at work rang for nobody.
    if (looked < log.lastPlace()) {
      await turn();
    } else {
      await log.news(Math.max(toldAt + CHECKPOINT_MS - performance.now(), 1), signal);
      const early = readAt + GATHER_MS - performance.now();
      if (early > 0 && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, early));
    }
  }
}
