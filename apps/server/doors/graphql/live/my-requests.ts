import type { StaffId } from '@gatebook/protocol';
import type { RecordedFact } from '#event-log/port';
import { requestsPage } from '#projections/index';
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

/** A staff member's own requests, in whatever workspace they are: first those that wait, then each that changes. */
export class MyRequests implements Listener {
  readonly #staffId: StaffId;
  readonly #door: GraphqlDoorOptions;
  readonly #live: LiveDoor;
  readonly #outlet: Outlet;
  readonly #subscription: LiveSubscription;
  readonly #open = new Set<string>();
  #telling: Promise<void> = Promise.resolve();

  constructor(
    staffId: StaffId,
    door: GraphqlDoorOptions,
    live: LiveDoor,
    { outlet, subscription }: { readonly outlet: Outlet; readonly subscription: LiveSubscription },
  ) {
    this.#staffId = staffId;
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
          if (request.staff.id !== this.#staffId) continue;
          if (request.endedAt === null) this.#open.add(request.id);
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
    const { items } = await requestsPage(this.#door.tables, { staffId: this.#staffId, phases: OPEN, page });
    for (const { id } of items) this.#open.add(id);
    yield* requestEvents({ position, requests: items, openIds: items.map(({ id }) => id) }, EVERYTHING, this.#words);
    if (items.length === 0) yield requestChanged(position, null, []);
  }
}
