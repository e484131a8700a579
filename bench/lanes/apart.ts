import { WrongRevision, type EventLog, type Followed, type RecordedFact } from '#event-log/port';

/** A log of which everything stands apart, under names that begin with `prefix`: on a server that others use too. */
export interface LogApart extends EventLog {
  /** Appends sent, and of them those that the log refused for their revision. */
  readonly counts: { appends: number; refused: number };
}

export function setApart(log: EventLog, prefix: string): LogApart {
  const named = <Fact extends RecordedFact>(fact: Fact): Fact => ({
    ...fact,
    stream: fact.stream.slice(prefix.length),
  });
  const prefixesOf = (streamPrefixes: readonly string[] = ['']) => streamPrefixes.map((each) => prefix + each);
  const counts = { appends: 0, refused: 0 };
  return {
    counts,
    isShared: log.isShared,
    append(stream, expected, facts) {
      counts.appends++;
      const appended = log.append(prefix + stream, expected, facts);
      appended.catch((error: unknown) => {
        if (error instanceof WrongRevision) counts.refused++;
      });
      return appended;
    },
    async *readStream(stream, options) {
      for await (const fact of log.readStream(prefix + stream, options)) yield named(fact);
    },
    async *readAll(options) {
      const streamPrefixes = prefixesOf(options?.streamPrefixes);
      for await (const fact of log.readAll({ ...options, streamPrefixes })) yield named(fact);
    },
    async *follow(options) {
      const streamPrefixes = prefixesOf(options.streamPrefixes);
      for await (const heard of log.follow({ ...options, streamPrefixes }))
        yield heard.kind === 'fact' ? ({ kind: 'fact', fact: named(heard.fact) } satisfies Followed) : heard;
    },
    head: () => log.head(),
    health: () => log.health(),
    close: () => log.close(),
  };
}
