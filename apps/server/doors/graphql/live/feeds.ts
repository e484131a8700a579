import type { WorkspaceId } from '@gatebook/protocol';
import type { FeedParts } from './feed-parts.ts';
import { WorkspaceFeed, type Subscriber } from './workspace-feed.ts';

export interface Joined {
  readonly feed: WorkspaceFeed;
  leave(): void;
}

/** The feeds of the workspaces that somebody listens to. */
export class Feeds {
  readonly #parts: FeedParts;
  readonly #feeds = new Map<WorkspaceId, { users: number; readonly opening: Promise<WorkspaceFeed> }>();
  #subscribers = 0;

  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  /** Workspaces that somebody listens to. */
  get size(): number {
    return this.#feeds.size;
  }

  /** Subscriptions that hear all that happens from now on. */
  get subscribers(): number {
    return this.#subscribers;
  }

  /**
   * Joins a workspace's feed. `subscriberOf` is called in the turn in which it joins: what it reads of the feed is what
   * was told, and all that comes behind is heard.
   * @throws {NotNow | LogUnavailable}
   */
  async join(workspaceId: WorkspaceId, subscriberOf: (feed: WorkspaceFeed) => Subscriber): Promise<Joined> {
    let place = this.#feeds.get(workspaceId);
    if (!place) {
      place = { users: 0, opening: WorkspaceFeed.open(workspaceId, this.#parts) };
      this.#feeds.set(workspaceId, place);
    }
    const { opening } = place;
    const mine = place;
    mine.users++;
    const forget = (): void => {
      if (this.#feeds.get(workspaceId) === mine) this.#feeds.delete(workspaceId);
    };
    const leave = (): void => {
      if (--mine.users > 0) return;
      forget();
      void opening.then((feed) => feed.close()).catch(() => undefined);
    };
    let feed: WorkspaceFeed;
    try {
      feed = await opening;
    } catch (error) {
      leave();
      throw error;
    }
    feed.whenBroken(forget);
    const part = feed.join(subscriberOf(feed));
    this.#subscribers++;
    let isHere = true;
    return {
      feed,
      leave: () => {
        if (!isHere) return;
        isHere = false;
        this.#subscribers--;
        part();
        leave();
      },
    };
  }
}
