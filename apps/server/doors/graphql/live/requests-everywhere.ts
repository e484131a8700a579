import type { StaffId } from '@gatebook/protocol';
import type { RecordedFact } from '#event-log/port';
import { isForVendor, requestsPage, requestsTold, type RequestLine, type RequestsQuery } from '#projections/index';
import { workspaceOf } from '#projections/runner/streams';
import { wordsOf, type WordSet } from '#wording/word-sets';
import { EVERYTHING } from '#wording/wording';
import type { GraphqlDoorOptions } from '../options.ts';
import { standingOfEach, type StandingNow } from '../request/standing.ts';
import { tablesReach } from '../tables-reach.ts';
import type { LiveDoor } from './live-door.ts';
import { SubscriptionEndCause, type RequestChanged } from './live.types.ts';
import { CLOSE, type LiveSubscription } from './live-socket.ts';
import type { Listener } from './log-following.ts';
import type { Outlet } from './outlet.ts';
import { changesSettings, isAboutRequests, requestChanged, requestEvents, untilTablesReach } from './request-news.ts';

const OPEN = ['waiting', 'information asked'] as const;
/** Facts of a workspace that say nothing of a request, and change who decides about it. */
const CHANGES_WHO_DECIDES: readonly string[] = ['WorkspacePolicyTightened', 'MemberRoleChanged'];
/** More than may wait in all workspaces together is not told at the beginning; the query pages through them. */
const FIRST = 100;

/** Which requests are told, and which of them count as waiting. */
export interface RequestsTold {
  /** Those that wait. */
  readonly open: Omit<RequestsQuery, 'page'>;
  isTold(request: RequestLine): boolean;
  isOpen(request: RequestLine, standing: StandingNow): boolean;
}

/** A staff member's own. */
export const ownRequests = (staffId: StaffId): RequestsTold => ({
  open: { staffId, phases: OPEN },
  isTold: ({ staff }) => staff.id === staffId,
  isOpen: ({ endedAt }) => endedAt === null,
});

/** What the vendor's second person decides about, but the reader's own. */
export const vendorRequests = (reader: StaffId): RequestsTold => ({
  open: { forVendor: { reader, waiting: true } },
  isTold: (request) => isForVendor(request, { reader, waiting: false }),
  isOpen: (request, standing) =>
    isForVendor(request, { reader, waiting: true }) && standing(request)?.waitsFor !== 'customer',
});

/** Requests in whatever workspace they are: first those that wait, then each that changes. */
export class RequestsEverywhere implements Listener {
  readonly #told: RequestsTold;
  readonly #door: GraphqlDoorOptions;
  readonly #live: LiveDoor;
  readonly #outlet: Outlet;
  readonly #subscription: LiveSubscription;
  /** What counts as waiting, and how it stands as it was told last. */
  readonly #open = new Map<string, string>();
  #telling: Promise<void> = Promise.resolve();

  constructor(
    told: RequestsTold,
    door: GraphqlDoorOptions,
    live: LiveDoor,
    { outlet, subscription }: { readonly outlet: Outlet; readonly subscription: LiveSubscription },
  ) {
    this.#told = told;
    this.#door = door;
    this.#live = live;
    this.#outlet = outlet;
    this.#subscription = subscription;
  }

  /** @throws {LogUnavailable} */
  async begin(): Promise<() => void> {
    const { following } = this.#live;
    const outside = await following.listenOutside(this);
    try {
      const { from, leave } = await following.listenEverywhere(this);
      this.#outlet.startWith(this.#first(from));
      return () => [leave, outside.leave].forEach((each) => each());
    } catch (error) {
      outside.leave();
      throw error;
    }
  }

  hear(fact: RecordedFact): void {
    const isAbout = isAboutRequests(fact);
    const isOfAll = changesSettings(fact);
    if (!isAbout && !isOfAll && !CHANGES_WHO_DECIDES.includes(fact.type)) return;
    const finding = isAbout
      ? this.#live.requests.behind([fact])
      : isOfAll
        ? this.#openAnywhere(fact)
        : this.#openIn(fact);
    finding.catch(() => undefined);
    this.#telling = this.#telling
      .then(async () => {
        const told = (await finding).filter((request) => this.#told.isTold(request));
        const standing = await standingOfEach(this.#door.desk, told);
        for (const request of told) {
          const was = this.#open.get(request.id);
          if (this.#keep(request, standing) === was && !isAbout) continue;
          const news = { position: fact.position, requests: [request], openIds: [...this.#open.keys()] };
          for (const event of requestEvents(news, EVERYTHING, this.#words, standing)) this.#outlet.push(event);
        }
      })
      .catch(() => this.#subscription.socket.fellBehind());
  }

  lost(): void {
    this.#subscription.socket.cut(SubscriptionEndCause.LOG_REPLACED, CLOSE.LOG_REPLACED);
  }

  get #words(): WordSet {
    return wordsOf(this.#door.desk.outside.installation.policy);
  }

  /** How a request stands that counts as waiting, as a text; `undefined` of others. */
  #keep(request: RequestLine, standing: StandingNow): string | undefined {
    const stands = this.#told.isOpen(request, standing) ? JSON.stringify(standing(request) ?? null) : undefined;
    if (stands === undefined) this.#open.delete(request.id);
    else this.#open.set(request.id, stands);
    return stands;
  }

  /** What waits anywhere, by what the tables hold, and what did when it was last told. */
  async #openAnywhere({ position }: RecordedFact): Promise<readonly RequestLine[]> {
    const { tables } = this.#door;
    await untilTablesReach(this.#door, position);
    const { items } = await requestsPage(tables, { ...this.#told.open, page: { first: FIRST } });
    const found = new Set(items.map(({ id }) => id));
    const others = [...this.#open.keys()].filter((id) => !found.has(id));
    if (others.length === 0) return items;
    return [...(await requestsTold(tables, { requestIds: others, actionIds: [] })), ...items];
  }

  /** What waits in the workspace of a fact, of which nothing is said. */
  async #openIn({ stream, position }: RecordedFact): Promise<readonly RequestLine[]> {
    const workspaceId = workspaceOf(stream);
    if (workspaceId === undefined) return [];
    await untilTablesReach(this.#door, position);
    const page = { first: FIRST };
    return (await requestsPage(this.#door.tables, { workspaceId, phases: OPEN, page })).items;
  }

  async *#first(position: string): AsyncGenerator<RequestChanged, void, undefined> {
    if (!(await tablesReach(this.#door, position))) return this.#subscription.socket.fellBehind();
    const page = { first: FIRST };
    const found = await requestsPage(this.#door.tables, { ...this.#told.open, page });
    const standing = await standingOfEach(this.#door.desk, found.items);
    const items = found.items.filter((request) => this.#told.isOpen(request, standing));
    for (const each of items) this.#keep(each, standing);
    const news = { position, requests: items, openIds: items.map(({ id }) => id) };
    yield* requestEvents(news, EVERYTHING, this.#words, standing);
    if (items.length === 0) yield requestChanged(position, null, []);
  }
}
