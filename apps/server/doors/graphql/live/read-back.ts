import { GraphQLError } from 'graphql';
import type { EventLog, Position, RecordedFact, StreamName } from '#event-log/port';
import { DENIALS_PREFIX, WORKSPACE_PREFIX } from '#projections/runner/streams';

/** Further back than so many lines nobody catches up over a socket. */
export const BACK_MAX = 10_000;

/** A fact of a workspace's book with its number in it: facts and denials counted in the log's order, from 1. */
export interface Numbered {
  readonly fact: RecordedFact;
  readonly number: number;
}

/** How far the two streams of a workspace's book have come: revisions, -1 before the first. */
export interface Reach {
  own: number;
  denials: number;
}

export function isDenial({ stream }: RecordedFact): boolean {
  return stream.startsWith(DENIALS_PREFIX);
}

/**
 * The next fact of the book with its number; `undefined` where it was counted already. `reach` is moved on.
 * @throws {Gap} facts of its stream are missing before it.
 */
export function count(reach: Reach, fact: RecordedFact): Numbered | undefined {
  const stream = isDenial(fact) ? 'denials' : 'own';
  if (fact.revision <= reach[stream]) return undefined;
  if (fact.revision !== reach[stream] + 1) throw new Gap(fact);
  reach[stream] = fact.revision;
  return { fact, number: reach.own + 1 + reach.denials + 1 };
}

/** A stream's revisions have no gap: where one shows, something was not heard, and nothing may be told behind it. */
export class Gap extends Error {
  override readonly name = 'Gap';
  constructor({ stream, revision }: RecordedFact) {
    super(`Facts of ${stream} before revision ${revision} were not heard.`);
  }
}

/** How far the book's streams had come at a position. */
export async function reachAt(log: EventLog, workspaceId: string, position: Position): Promise<Reach> {
  const [own, denials] = await Promise.all([
    lastUpTo(log, WORKSPACE_PREFIX + workspaceId, position),
    lastUpTo(log, DENIALS_PREFIX + workspaceId, position),
  ]);
  return { own, denials };
}

/** How far a book had come at a position that lies near enough behind it. @throws {GraphQLError} TOO_FAR_BACK */
export async function reachWithin(log: EventLog, workspaceId: string, position: string, upTo: Reach): Promise<Reach> {
  const after = await reachAt(log, workspaceId, position);
  if (upTo.own - after.own + (upTo.denials - after.denials) > BACK_MAX) throw tooFarBack();
  return after;
}

function tooFarBack(): GraphQLError {
  const message = `More than ${BACK_MAX.toLocaleString('en')} lines stand behind afterPosition. Read the visit log instead.`;
  return new GraphQLError(message, { extensions: { code: 'TOO_FAR_BACK' } });
}

/** Revision of the stream's last fact up to a position, by halves: a place far back costs a few reads; -1: none. */
async function lastUpTo(log: EventLog, stream: StreamName, position: Position): Promise<number> {
  const newest = await only(log, stream);
  if (!newest || newest.position <= position) return newest?.revision ?? -1;
  let low = -1;
  let high = newest.revision;
  // The fact at `low` stands up to the position, that at `high` behind it. Most ask for what is near the end.
  for (let step = 1; high - low > 1; step *= 2) {
    const middle = Math.max(high - step, Math.floor((low + high) / 2));
    const fact = await only(log, stream, middle);
    if (fact && fact.position <= position) low = middle;
    else high = middle;
  }
  return low;
}

async function only(log: EventLog, stream: StreamName, from?: number): Promise<RecordedFact | undefined> {
  for await (const fact of log.readStream(stream, {
    direction: 'backwards',
    limit: 1,
    ...(from !== undefined && { from }),
  }))
    return fact;
  return undefined;
}

/** The facts of a book from behind one reach up to another, in the log's order, each with its number. */
export async function* between(
  log: EventLog,
  workspaceId: string,
  after: Reach,
  upTo: Reach,
): AsyncGenerator<Numbered, void, undefined> {
  const reach = { ...after };
  const part = (prefix: string, from: number, to: number) =>
    (to > from ? log.readStream(prefix + workspaceId, { from: from + 1, limit: to - from }) : nothing())[
      Symbol.asyncIterator
    ]();
  const own = part(WORKSPACE_PREFIX, after.own, upTo.own);
  const denials = part(DENIALS_PREFIX, after.denials, upTo.denials);
  try {
    let [a, b] = await Promise.all([own.next(), denials.next()]);
    while (!a.done || !b.done) {
      const takeOwn = !a.done && (b.done === true || a.value.position < b.value.position);
      const numbered = count(reach, takeOwn ? (a.value as RecordedFact) : (b.value as RecordedFact));
      if (numbered) yield numbered;
      if (takeOwn) a = await own.next();
      else b = await denials.next();
    }
  } finally {
    await Promise.all([own.return?.(), denials.return?.()]);
  }
}

async function* nothing(): AsyncGenerator<RecordedFact, void, undefined> {
  // An empty stream.
}
