import type { WorkspaceId } from '@gatebook/protocol';
import type { Book } from '#domain/book/book';
import { recognise } from '#domain/facts';
import { openRequests } from '#domain/request/request';
import type { RecordedFact } from '#event-log/port';
import { requestsTold, type RequestLine } from '#projections/index';
import { readFact } from '#projections/runner/folding';
import { INSTALLATION_STREAM } from '#projections/runner/streams';
import type { WordSet } from '#wording/word-sets';
import type { IdentityShown } from '#wording/wording';
import type { GraphqlDoorOptions } from '../options.ts';
import { shown } from '../request/requests.ts';
import type { AccessRequest } from '../request/request.types.ts';
import type { StandingNow } from '../request/standing.ts';
import { tablesReach } from '../tables-reach.ts';
import { RequestChanged } from './live.types.ts';
import { between, reachWithin, type Reach } from './read-back.ts';

/** Facts that say something new of a request; others are not looked into. */
const TYPES = new Set([
  'AccessRequested',
  'InformationAsked',
  'InformationGiven',
  'FirstApprovalGiven',
  'AccessApproved',
  'AccessDeclined',
  'AccessWithdrawn',
  'AccessLapsed',
  'ScopeConfirmed',
  'GrantLapsed',
  'SessionStarted',
  'ActionAuthorised',
  'ActionReported',
  'FieldRevealed',
]);
/** The tables follow the log within moments; who waits longer reads anew. */
const PATIENCE_MS = 5000;
/** Many pages hear of one fact: it is looked up once. */
const KEPT = 32;

/** Facts of the installation by which requests that wait may stand otherwise, and others may decide about them. */
export function changesSettings({ stream, type }: RecordedFact): boolean {
  return stream === INSTALLATION_STREAM && (type === 'PolicyChanged' || type === 'CatalogueChanged');
}

export function isAboutRequests({ type }: RecordedFact): boolean {
  return TYPES.has(type);
}

/** The tables didn't come as far as the log in time. */
class TablesAreBehind extends Error {
  override readonly name = 'TablesAreBehind';
}

/** Waits until the tables hold a position. @throws {TablesAreBehind} */
export async function untilTablesReach(door: GraphqlDoorOptions, position: string): Promise<void> {
  if (!(await tablesReach(door, position, PATIENCE_MS)))
    throw new TablesAreBehind(`The tables did not come to ${position} in time.`);
}

/** Requests as they stand after something was written about them, the oldest first. */
export interface RequestsNow {
  readonly position: string;
  readonly requests: readonly RequestLine[];
  /** Every request that waits. */
  readonly openIds: readonly string[];
}

/** A workspace's book as far as its subscribers were told of it. */
interface BookTold {
  readonly workspaceId: WorkspaceId;
  readonly book: Book;
  readonly bookPosition: string;
  readonly told: Reach;
}

/** Requests as they stand behind facts of the log: the same as the query gives (graphql.md, rule 7). */
export class RequestNews {
  readonly #door: GraphqlDoorOptions;
  readonly #found = new Map<string, Promise<readonly RequestLine[]>>();

  constructor(door: GraphqlDoorOptions) {
    this.#door = door;
  }

  /**
   * The requests that these facts, in the log's order, say something of; with others that stand otherwise at a position
   * for what isn't said of them. @throws {TablesAreBehind}
   */
  behind(
    facts: readonly RecordedFact[],
    { ids, position }: { readonly ids: readonly string[]; readonly position: string } = { ids: [], position: '' },
  ): Promise<readonly RequestLine[]> {
    const last = facts.at(-1);
    if (ids.length > 0) return this.#find(facts, last && last.position > position ? last.position : position, ids);
    if (!last) return Promise.resolve([]);
    const key = `${facts[0]!.id} ${last.id}`;
    const found = this.#found.get(key) ?? this.#find(facts, last.position);
    this.#found.set(key, found);
    const [oldest] = this.#found.keys();
    if (this.#found.size > KEPT && oldest !== undefined) this.#found.delete(oldest);
    found.catch(() => this.#found.delete(key));
    return found;
  }

  /** What a subscription to a workspace's requests begins with: each that waits, or what changed behind a position. */
  first(
    told: BookTold,
    after: string | null,
    eventsOf: (news: RequestsNow) => readonly RequestChanged[],
  ): AsyncIterable<RequestChanged> {
    const { book, bookPosition: position } = told;
    const open = openIds(book, this.#door.clock.now());
    const finding = after === null ? this.#rows(open, [], position) : this.#changedSince(after, told);
    return given(
      finding.then((requests) => {
        if (requests.length > 0) return eventsOf({ position, requests, openIds: open });
        return after === null ? [requestChanged(position, null, open)] : [];
      }),
    );
  }

  async #changedSince(after: string, { workspaceId, told }: BookTold) {
    const { log } = this.#door;
    const reach = await reachWithin(log, workspaceId, after, told);
    const facts: RecordedFact[] = [];
    for await (const { fact } of between(log, workspaceId, reach, told)) if (isAboutRequests(fact)) facts.push(fact);
    const last = facts.at(-1);
    return last ? this.#find(facts, last.position) : [];
  }

  #find(
    facts: readonly RecordedFact[],
    position: string,
    others: readonly string[] = [],
  ): Promise<readonly RequestLine[]> {
    const requestIds = new Set<string>(others);
    const actionIds = new Set<string>();
    for (const recorded of facts) {
      const fact = recognise(readFact(recorded, this.#door.envelope));
      if (fact === undefined) continue;
      if ('requestId' in fact.data && typeof fact.data.requestId === 'string') requestIds.add(fact.data.requestId);
      else if (fact.type === 'SessionStarted' && fact.data.grantId !== undefined)
        requestIds.add(`req_${fact.data.grantId.slice('gr_'.length)}`);
      else if (fact.type === 'ActionReported') actionIds.add(fact.data.actionId);
    }
    return this.#rows([...requestIds], [...actionIds], position);
  }

  async #rows(requestIds: readonly string[], actionIds: readonly string[], position: string) {
    if (requestIds.length + actionIds.length === 0) return [];
    await untilTablesReach(this.#door, position);
    return requestsTold(this.#door.tables, { requestIds, actionIds });
  }
}

/** Every request of the book that waits at this moment. */
export function openIds({ requests }: Book, now: number): string[] {
  return openRequests(requests).flatMap(({ id, lapsesAt }) => (now < lapsesAt ? [id] : []));
}

/** One event for each, with as much of the vendor's people as somebody reads. */
export function requestEvents(
  { position, requests, openIds: open }: RequestsNow,
  identity: IdentityShown,
  words: WordSet,
  standing: StandingNow,
) {
  return requests.map((line) => requestChanged(position, shown(line, identity, words, standing), open));
}

export function requestChanged(
  position: string,
  request: AccessRequest | null,
  openRequestIds: readonly string[],
): RequestChanged {
  return Object.assign(new RequestChanged(), { position, request, openRequestIds });
}

async function* given(later: Promise<readonly RequestChanged[]>): AsyncGenerator<RequestChanged, void, undefined> {
  yield* await later;
}
