import { Inject } from '@nestjs/common';
import { Args, Context, ID, Resolver, Subscription } from '@nestjs/graphql';
import { isTypedId, type WorkspaceId } from '@gatebook/protocol';
import type { Book } from '#domain/book/book';
import { isOpenOrDecidedBy, visitById } from '#projections/index';
import { Identities } from '../identities.ts';
import { EVERYTHING, type IdentityShown } from '#wording/wording';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { May, type PermissionName } from '../permissions.ts';
import { notFound, Rights } from '../rights.ts';
import { sessionAs } from '../session/sessions.ts';
import { BookLines, ensurePosition } from './book-lines.ts';
import { LiveDoor } from './live-door.ts';
import {
  AccessEvent,
  LogEvent,
  RequestEvent,
  SessionChanged,
  SessionEvent,
  StaffAccessEvent,
  SubscriptionEndCause,
} from './live.types.ts';
import { CLOSE, type LiveContext } from './live-socket.ts';
import { ownRequests, RequestsEverywhere, vendorRequests, type RequestsTold } from './requests-everywhere.ts';
import { MyVisit } from './my-visit.ts';
import type { Outlet } from './outlet.ts';
import { requestChanged, requestEvents, type RequestsNow } from './request-news.ts';
import { revoked, type Subscriber, type WorkspaceFeed } from './workspace-feed.ts';

type Hears = Pick<Subscriber, 'lines' | 'changed' | 'requests'>;
type WorkspacePermission =
  'sessionChanged' | 'staffAccessChanged' | 'logEntryAppended' | 'accessRevoked' | 'requestChanged';

/** The event of a visit with as much of the vendor's people as somebody reads. */
function sessionEventAs(shownTo: IdentityShown, event: SessionChanged): SessionChanged {
  if (shownTo === EVERYTHING || !event.session) return event;
  return Object.assign(new SessionChanged(), event, { session: sessionAs(shownTo, event.session) });
}

/** What can be followed live; it is told what the queries read, to the same people. */
@Resolver()
export class LiveResolver {
  readonly #rights: Rights;
  readonly #identities: Identities;
  readonly #live: LiveDoor;
  readonly #door: GraphqlDoorOptions;

  constructor(rights: Rights, identities: Identities, live: LiveDoor, @Inject(GRAPHQL_DOOR) door: GraphqlDoorOptions) {
    this.#rights = rights;
    this.#identities = identities;
    this.#live = live;
    this.#door = door;
  }

  @May('sessionChanged')
  @Subscription(() => SessionEvent, {
    description: 'Visits of a workspace: first each that goes on, then each that begins, changes or ends.',
  })
  sessionChanged(
    @Args('workspaceId', { type: () => ID, description: 'The workspace.' }) workspaceId: string,
    @Context() context: LiveContext,
  ): Promise<Outlet> {
    return this.#follow('sessionChanged', workspaceId as WorkspaceId, context, (outlet, feed) => {
      const { sessions, position } = feed.now();
      const told = (event: SessionChanged) =>
        outlet.push(sessionEventAs(this.#identities.inBook(context.principal, feed.book), event));
      for (const { event } of sessions) told(event);
      if (sessions.length === 0)
        outlet.push(Object.assign(new SessionChanged(), { position, session: null, activeSessionIds: [] }));
      return { changed: (change) => change.sessions.forEach(({ event }) => told(event)) };
    });
  }

  @May('staffAccessChanged')
  @Subscription(() => StaffAccessEvent, {
    description: 'A workspace’s switch: first as it stands, then whenever it is changed.',
  })
  staffAccessChanged(
    @Args('workspaceId', { type: () => ID, description: 'The workspace.' }) workspaceId: string,
    @Context() context: LiveContext,
  ): Promise<Outlet> {
    return this.#follow('staffAccessChanged', workspaceId as WorkspaceId, context, (outlet, feed) => {
      const { staffAccess } = feed.now();
      if (staffAccess) outlet.push(staffAccess);
      return { changed: (change) => change.staffAccess && outlet.push(change.staffAccess) };
    });
  }

  @May('logEntryAppended')
  @Subscription(() => LogEvent, {
    description: 'Lines of a workspace’s book as they are written, each once and in order.',
  })
  async logEntryAppended(
    @Args('workspaceId', { type: () => ID, description: 'The workspace.' }) workspaceId: string,
    @Args('afterPosition', {
      type: () => String,
      nullable: true,
      description: 'Begin behind this line’s position; left out: with what is written from now on.',
    })
    afterPosition: string | null | undefined,
    @Context() context: LiveContext,
  ): Promise<Outlet> {
    const identityIn = (book: Book) => this.#identities.inBook(context.principal, book);
    const lines = await BookLines.after(afterPosition ?? null, workspaceId as WorkspaceId, this.#door, identityIn);
    let isCaughtUp: Promise<void> | undefined;
    const outlet = await this.#follow('logEntryAppended', workspaceId as WorkspaceId, context, (to, feed) => {
      isCaughtUp = lines.catchUp(to, feed);
      return {
        lines: (linesFor) => {
          for (const line of linesFor(identityIn(feed.book))) if (lines.isBehind(line.position)) to.push(line);
        },
      };
    });
    try {
      await isCaughtUp;
    } catch (error) {
      outlet.close();
      throw error;
    }
    return outlet;
  }

  @May('requestChanged')
  @Subscription(() => RequestEvent, {
    description: 'Requests for access to a workspace: first each that waits, then each that is made, changes or ends.',
  })
  async requestChanged(
    @Args('workspaceId', { type: () => ID, description: 'The workspace.' }) workspaceId: string,
    @Args('afterPosition', {
      type: () => String,
      nullable: true,
      description: 'Begin with what has changed behind this position; left out: with each that waits.',
    })
    afterPosition: string | null | undefined,
    @Context() context: LiveContext,
  ): Promise<Outlet> {
    const after = afterPosition ?? null;
    await ensurePosition(after, this.#door);
    return this.#follow('requestChanged', workspaceId as WorkspaceId, context, (outlet, feed) => {
      const eventsOf = (news: RequestsNow) => {
        const { principal } = context;
        const decided = this.#rights.decisionsReadBy(principal, feed.book);
        const requests = news.requests.filter((line) => decided === 'all' || isOpenOrDecidedBy(line, decided));
        const identity = this.#identities.inBook(principal, feed.book);
        const events = requestEvents({ ...news, requests }, identity, feed.words, feed.standing);
        // What somebody else decided isn't theirs to read, but that it waits no more.
        const isLess = requests.length < news.requests.length;
        return isLess ? [...events, requestChanged(news.position, null, news.openIds)] : events;
      };
      outlet.startWith(this.#live.requests.first(feed, after, eventsOf));
      return { requests: (news) => eventsOf(news).forEach((event) => outlet.push(event)) };
    });
  }

  @May('myRequestChanged')
  @Subscription(() => RequestEvent, {
    description: 'Your own requests, wherever they are: first each that waits, then each that changes or ends.',
  })
  myRequestChanged(@Context() context: LiveContext): Promise<Outlet> {
    return this.#requestsEverywhere('myRequestChanged', ownRequests(context.principal.staffId!), context);
  }

  @May('vendorRequestChanged')
  @Subscription(() => RequestEvent, {
    description:
      'What others asked for and the vendor decides about, wherever it is: first each that waits for it, then each that changes or ends.',
  })
  vendorRequestChanged(@Context() context: LiveContext): Promise<Outlet> {
    return this.#requestsEverywhere('vendorRequestChanged', vendorRequests(context.principal.staffId!), context);
  }

  async #requestsEverywhere(
    permission: 'myRequestChanged' | 'vendorRequestChanged',
    told: RequestsTold,
    { principal, subscription }: LiveContext,
  ): Promise<Outlet> {
    const holds = () => this.#rights.holds(principal, permission);
    const joining: { leave?: () => void; hasLeft?: boolean } = {};
    const outlet = subscription.open(holds, () => {
      joining.hasLeft = true;
      joining.leave?.();
    });
    const everywhere = new RequestsEverywhere(told, this.#door, this.#live, { outlet, subscription });
    joining.leave = await everywhere.begin();
    if (joining.hasLeft) joining.leave();
    return outlet;
  }

  @May('accessRevoked')
  @Subscription(() => AccessEvent, {
    description: 'The end of a visit: one event, and then nothing. The connection of the visitor ends with it.',
  })
  async accessRevoked(
    @Args('sessionId', { type: () => ID, description: 'The visit.' }) sessionId: string,
    @Context() context: LiveContext,
  ): Promise<Outlet> {
    const { principal, subscription } = context;
    const place = await this.#placeOf(sessionId);
    const isOwn = place !== undefined && place.staffId === principal.staffId;
    const permission: PermissionName = isOwn ? 'mySessionChanged' : 'sessionChanged';
    // What is missing takes the same way as what is foreign, and leaves the same line (threat T35).
    const asked = { operation: 'accessRevoked' };
    const about = isOwn ? undefined : (place?.workspaceId ?? null);
    if (!(await this.#rights.allows(principal, permission, about, asked)) || !place) throw notFound();
    return this.#follow(permission, place.workspaceId, context, (outlet, feed) => {
      const end = (event: object): void => {
        if (isOwn) {
          subscription.socket.cut(SubscriptionEndCause.ACCESS_ENDED, CLOSE.UNAUTHORIZED, [subscription, event]);
        } else {
          outlet.push(event);
          outlet.end();
        }
      };
      const session = isTypedId('ses', sessionId) ? feed.book.sessions.get(sessionId) : undefined;
      if (session?.phase === 'ended') end(revoked(feed.bookPosition, sessionId, session.cause, session.at, feed.words));
      else if (!session && place.endedAt !== null)
        end(revoked(feed.bookPosition, sessionId, place.cause, place.endedAt, feed.words));
      return {
        changed: ({ ended }) => {
          const own = ended.find(({ event }) => event.sessionId === sessionId);
          if (own) end(own.event);
        },
      };
    });
  }

  @May('mySessionChanged')
  @Subscription(() => SessionEvent, {
    description: 'Your own visit, wherever it is: first as it stands, then whenever it begins, changes or ends.',
  })
  async mySessionChanged(@Context() { principal, subscription }: LiveContext): Promise<Outlet> {
    const holds = () => this.#rights.holds(principal, 'mySessionChanged');
    const visit = new MyVisit(principal.staffId!, this.#door, this.#live);
    const outlet = subscription.open(holds, () => visit.leave());
    await visit.begin(outlet, subscription);
    return outlet;
  }

  /** Joins a workspace's feed: what the subscriber reads of it and what it hears have nothing between them. */
  async #follow(
    permission: WorkspacePermission | 'mySessionChanged',
    workspaceId: WorkspaceId,
    { principal, subscription }: LiveContext,
    hears: (outlet: Outlet, feed: WorkspaceFeed) => Hears,
  ): Promise<Outlet> {
    let feed: WorkspaceFeed | undefined;
    const joining: { leave?: () => void } = {};
    let hasLeft = false;
    const holds = () => !feed || this.#rights.holds(principal, permission, feed.book);
    const outlet = subscription.open(holds, () => {
      hasLeft = true;
      joining.leave?.();
    });
    const { socket } = subscription;
    const joined = await this.#live.feeds.join(workspaceId, (opened) => {
      feed = opened;
      return {
        ...hears(outlet, opened),
        recheck: () => subscription.recheck(),
        fellBehind: () => socket.fellBehind(),
        lost: () => socket.cut(SubscriptionEndCause.LOG_REPLACED, CLOSE.LOG_REPLACED),
      };
    });
    joining.leave = joined.leave;
    if (hasLeft) joined.leave();
    subscription.recheck();
    return outlet;
  }

  /** Where a visit is: by its seat while it goes on, by the tables once it is over. */
  async #placeOf(sessionId: string) {
    if (!isTypedId('ses', sessionId)) return undefined;
    const { outside } = this.#door.desk;
    const staffId = outside.seatedIn(sessionId);
    const seat = outside.staff(staffId).state.seat;
    if (staffId !== undefined && seat?.sessionId === sessionId)
      return { workspaceId: seat.workspaceId as WorkspaceId, staffId, endedAt: null, cause: null };
    const visit = await visitById(this.#door.tables, sessionId);
    if (!visit) return undefined;
    const { workspaceId, staff, endedAt, endCause: cause } = visit;
    return { workspaceId: workspaceId as WorkspaceId, staffId: staff.id, endedAt, cause };
  }
}
