import type { LogReader, Position, RecordedFact } from '#event-log/port';
import { STREAM_PREFIXES } from './streams.ts';

export interface Stretch {
  /** Undefined: from the log's first fact. */
  readonly after: Position | undefined;
  readonly upTo: Position;
}

/** Facts and what is made of them are let go after so many, while they are young. */
const TOGETHER = 256;

/** The facts that projections read, in batches. */
export async function* batchesOf(
  log: LogReader,
  { after, upTo }: Stretch,
): AsyncGenerator<readonly RecordedFact[], void, undefined> {
  const options = { ...(after !== undefined && { after }), streamPrefixes: STREAM_PREFIXES };
  for await (const facts of log.readBatches?.(options) ?? together(log.readAll(options))) {
    const last = facts.at(-1);
    if (!last || last.position <= upTo) {
      yield facts;
      continue;
    }
    yield facts.filter(({ position }) => position <= upTo);
    return;
  }
}

async function* together(facts: AsyncIterable<RecordedFact>): AsyncGenerator<readonly RecordedFact[], void, undefined> {
  let batch: RecordedFact[] = [];
  for await (const fact of facts) {
    batch.push(fact);
    if (batch.length < TOGETHER) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
