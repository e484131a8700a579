/** The embedded log at several sizes: appending one fact at a time, and reading a page of a stream's newest facts. */
import { join } from 'node:path';
import type { EventLog } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import { settleDisk } from '../processor.ts';
import { encoded, Filling, sessionIdOf, view } from './facts.ts';

/** Appends on their way at the same time, each to another stream. */
const AT_ONCE = 64;
export const PAGE = 20;
/**
 * A visit's facts: a stream has those of one visit at least, for a stream that is shorter than a page would make the
 * page cheaper in the small log than in the large one.
 */
const FACTS_A_VISIT = 25;
/** Visits that go on at the same time: a stream's facts stand so far apart. */
const VISITS_AT_ONCE = 64;

export interface FilledLog {
  readonly facts: number;
  readonly streams: number;
  readonly appendsPerSecond: number[];
  readonly pagesPerSecond: number[];
  measure(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/** A log of so many facts over at most so many streams, visit by visit, many visits at the same time. */
export async function fillLog(directory: string, facts: number, mostStreams: number): Promise<FilledLog> {
  const streams = Math.max(1, Math.min(mostStreams, Math.floor(facts / FACTS_A_VISIT)));
  const path = join(directory, `log-${mostStreams}-${facts}`);
  const epoch = Date.now() - 60_000;
  const filling = openSqliteLog({ directory: path, synchronous: 'off' });
  const writing = new Filling(filling);
  const name = (stream: number) => `workspace-ws_${stream}`;
  const fact = (stream: number, number: number) =>
    encoded(view(stream, number, epoch), epoch, 'stf_bench', sessionIdOf(stream, epoch));
  for (let visits = 0; writing.count < facts;) {
    const left = Math.ceil((facts - writing.count) / FACTS_A_VISIT);
    const atOnce = Math.min(VISITS_AT_ONCE, streams, left);
    for (let number = 0; number < FACTS_A_VISIT; number++) {
      for (let i = 0; i < atOnce && writing.count < facts; i++) {
        const stream = (visits + i) % streams;
        await writing.add(name(stream), [fact(stream, number)]);
      }
    }
    visits += atOnce;
  }
  await writing.done();
  await filling.close();

  const log: EventLog = openSqliteLog({ directory: path });
  // As in a service that has been up for a while: where each stream stands is known.
  for (let stream = 0; stream < streams; stream++)
    for await (const _ of log.readStream(name(stream), { direction: 'backwards', limit: 1 })) break;
  const revisions = Array.from({ length: streams }, (_, stream) => writing.revisionOf(name(stream)));
  const random = randomBelow(streams);
  const appendsPerSecond: number[] = [];
  const pagesPerSecond: number[] = [];

  async function append(seconds: number): Promise<number> {
    const began = performance.now();
    let count = 0;
    while (performance.now() - began < seconds * 1000) {
      const chosen = new Set<number>();
      while (chosen.size < Math.min(AT_ONCE, streams)) chosen.add(random());
      await Promise.all(
        [...chosen].map(async (stream) => {
          await log.append(name(stream), revisions[stream]!, [fact(stream, count)]);
          revisions[stream]!++;
        }),
      );
      count += chosen.size;
    }
    return count / ((performance.now() - began) / 1000);
  }

  async function read(seconds: number): Promise<number> {
    const began = performance.now();
    let count = 0;
    while (performance.now() - began < seconds * 1000) {
      let got = 0;
      for await (const _ of log.readStream(name(random()), { direction: 'backwards', limit: PAGE })) got++;
      if (got !== PAGE) throw new Error(`A page of ${PAGE} had ${got} facts.`);
      count++;
    }
    return count / ((performance.now() - began) / 1000);
  }

  return {
    facts,
    streams,
    appendsPerSecond,
    pagesPerSecond,
    async measure(seconds) {
      settleDisk();
      appendsPerSecond.push(await append(seconds));
      pagesPerSecond.push(await read(seconds));
    },
    close: () => log.close(),
  };
}

/** The same sequence in every run (a linear congruential generator, Numerical Recipes' constants). */
export function randomBelow(limit: number): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
