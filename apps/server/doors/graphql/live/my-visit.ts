import type { StaffId, WorkspaceId } from '@gatebook/protocol';
import type { GraphqlDoorOptions } from '../options.ts';
import type { Joined } from './feeds.ts';
import type { LiveDoor } from './live-door.ts';
import { SessionChanged, SubscriptionEndCause } from './live.types.ts';
import { CLOSE, type LiveSubscription } from './live-socket.ts';
import type { Outlet } from './outlet.ts';
import type { BookChange } from './workspace-feed.ts';

/**
 * A staff member's own visit as it goes from workspace to workspace: the seat says where it is, and stands in the log
 * before the visit does.
 */
export class MyVisit {
  readonly #staffId: StaffId;
  readonly #door: GraphqlDoorOptions;
  readonly #live: LiveDoor;
  #joined: Joined | undefined;
  #moving: Promise<void> = Promise.resolve();
  #forget: (() => void) | undefined;
  #hasLeft = false;

  constructor(staffId: StaffId, door: GraphqlDoorOptions, live: LiveDoor) {
    this.#staffId = staffId;
    this.#door = door;
    this.#live = live;
  }

  /** First the visit as it stands, or an event without one; then what comes. @throws {NotNow | LogUnavailable} */
  async begin(outlet: Outlet, subscription: LiveSubscription): Promise<void> {
    const move = (isFirst: boolean) => this.#move(outlet, subscription, isFirst);
    this.#forget = this.#live.whenOutsideChanges(() => {
      this.#moving = this.#moving.then(() => move(false)).catch(() => subscription.socket.fellBehind());
    });
    await move(true);
  }

  leave(): void {
    this.#hasLeft = true;
    this.#forget?.();
    this.#joined?.leave();
  }

  async #move(outlet: Outlet, subscription: LiveSubscription, isFirst: boolean): Promise<void> {
    const { desk } = this.#door;
    const seat = desk.outside.staff(this.#staffId).state.seat;
    const none = (position: string) =>
      outlet.push(Object.assign(new SessionChanged(), { position, session: null, activeSessionIds: [] }));
    if (!seat) {
      if (isFirst) none(desk.seen);
      return;
    }
    if (this.#hasLeft || this.#joined?.feed.workspaceId === seat.workspaceId) return;
    const { socket } = subscription;
    const tell = ({ sessions }: BookChange): boolean => {
      const own = sessions.filter(({ staffId }) => staffId === this.#staffId);
      for (const { event } of own) outlet.push(mine(event));
      return own.length > 0;
    };
    const before = this.#joined;
    this.#joined = await this.#live.feeds.join(seat.workspaceId as WorkspaceId, (feed) => {
      if (!tell(feed.now()) && isFirst) none(feed.bookPosition);
      return {
        changed: (change) => void tell(change),
        recheck: () => subscription.recheck(),
        fellBehind: () => socket.fellBehind(),
        lost: () => socket.cut(SubscriptionEndCause.LOG_REPLACED, CLOSE.LOG_REPLACED),
      };
    });
    before?.leave();
    if (this.#hasLeft) this.#joined.leave();
  }
}

/** Without the visits of others. */
function mine({ position, session, activeSessionIds }: SessionChanged): SessionChanged {
  const own = activeSessionIds.filter((id) => id === session?.id);
  return Object.assign(new SessionChanged(), { position, session, activeSessionIds: own });
}
