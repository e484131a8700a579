import type { StaffId } from '@gatebook/protocol';
import type { RecordedFact } from '#event-log/port';
import { isForVendor, requestsPage, type RequestLine, type RequestsQuery } from '#projections/index';
import { wordsOf, type WordSet } from '#wording/word-sets';
import { EVERYTHING } from '#wording/wording';
import type { GraphqlDoorOptions } from '../options.ts';
import type { LiveDoor } from './live-door.ts';
import { SubscriptionEndCause, type RequestChanged } from './live.types.ts';
import { CLOSE, type LiveSubscription } from './live-socket.ts';
import type { Listener } from './log-following.ts';
import type { Outlet } from './outlet.ts';
import { isAboutRequests, requestChanged, requestEvents } from './request-news.ts';

const OPEN = ['waiting', 'information asked'] as const;
/** More than may wait in all workspaces together is not told at the beginning; the query pages through them. */
const FIRST = 100;

/** Which requests are told, and which of them count as waiting. */
export interface RequestsTold {
  /** Those that wait. */
  readonly open: Omit<RequestsQuery, 'page'>;
  isTold(request: RequestLine): boolean;
  isOpen(request: RequestLine): boolean;
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
  isOpen: (request) => isForVendor(request, { reader, waiting: true }),
});

/** Requests in whatever workspace they are: first those that wait, then each that changes. */
export class RequestsEverywhere implements Listener {
  readonly #told: RequestsTold;
  readonly #door: GraphqlDoorOptions;
  readonly #live: LiveDoor;
  readonly #outlet: Outlet;
  readonly #subscription: LiveSubscription;
  readonly #open = new Set<string>();
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
    const { from, leave } = await this.#live.following.listenEverywhere(this);
    this.#outlet.startWith(this.#first(from));
    return leave;
  }

  hear(fact: RecordedFact): void {
    if (!isAboutRequests(fact)) return;
    const finding = this.#live.requests.behind([fact]);
    finding.catch(() => undefined);
    this.#telling = this.#telling
      .then(async () => {
        for (const request of await finding) {
          if (!this.#told.isTold(request)) continue;
          if (this.#told.isOpen(request)) this.#open.add(request.id);
          else this.#open.delete(request.id);
          const news = { position: fact.position, requests: [request], openIds: [...this.#open] };
          for (const event of requestEvents(news, EVERYTHING, this.#words)) this.#outlet.push(event);
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

  async *#first(position: string): AsyncGenerator<RequestChanged, void, undefined> {
    await this.#door.runner.waitFor(position, 2000);
    const page = { first: FIRST };
    const { items } = await requestsPage(this.#door.tables, { ...this.#told.open, page });
    for (const { id } of items) this.#open.add(id);
    yield* requestEvents({ position, requests: items, openIds: items.map(({ id }) => id) }, EVERYTHING, this.#words);
    if (items.length === 0) yield requestChanged(position, null, []);
  }
}
