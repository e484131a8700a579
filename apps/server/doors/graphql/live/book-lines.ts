import type { WorkspaceId } from '@gatebook/protocol';
import { GraphQLError } from 'graphql';
import type { GraphqlDoorOptions } from '../options.ts';
import type { Book } from '#domain/book/book';
import type { IdentityShown } from '#wording/wording';
import { linesOf } from './lines.ts';
import type { LogEntryAppended } from './live.types.ts';
import { LiveNames } from './live-names.ts';
import type { Outlet } from './outlet.ts';
import { between, reachWithin, type Numbered, type Reach } from './read-back.ts';
import type { WorkspaceFeed } from './workspace-feed.ts';

const TOGETHER = 32;

const noPosition = () =>
  new GraphQLError('afterPosition is no position of this log.', { extensions: { code: 'BAD_USER_INPUT' } });

/** The lines of a book from behind a position on: first what is in the log already, then what comes, none left out. */
export class BookLines {
  readonly #workspaceId: WorkspaceId;
  readonly #door: GraphqlDoorOptions;
  /** `null`: from now on. */
  readonly #after: string | null;
  readonly #identityIn: (book: Book) => IdentityShown;

  private constructor(
    after: string | null,
    workspaceId: WorkspaceId,
    door: GraphqlDoorOptions,
    identityIn: (book: Book) => IdentityShown,
  ) {
    this.#after = after;
    this.#identityIn = identityIn;
    this.#workspaceId = workspaceId;
    this.#door = door;
  }

  /** @throws {GraphQLError} BAD_USER_INPUT: no position of this log, or one that it hasn't reached. */
  static async after(
    after: string | null,
    workspaceId: WorkspaceId,
    door: GraphqlDoorOptions,
    identityIn: (book: Book) => IdentityShown,
  ): Promise<BookLines> {
    await ensurePosition(after, door);
    return new BookLines(after, workspaceId, door, identityIn);
  }

  /** Whether a line that comes now is one that was asked for: another instance may have been further than this one is. */
  isBehind(position: string): boolean {
    return this.#after === null || position > this.#after;
  }

  /** Lets the outlet begin with what was written before it joined. @throws {GraphQLError} TOO_FAR_BACK */
  async catchUp(outlet: Outlet, feed: WorkspaceFeed): Promise<void> {
    if (this.#after === null) return;
    const upTo = feed.told;
    const late = Promise.withResolvers<AsyncIterable<LogEntryAppended>>();
    // In the turn in which it joined: what is pushed meanwhile waits behind this.
    outlet.startWith(given(late.promise));
    try {
      const after = await reachWithin(this.#door.log, this.#workspaceId, this.#after, upTo);
      late.resolve(this.#lines(after, upTo, feed));
    } catch (error) {
      late.resolve(nothing());
      throw error;
    }
  }

  async *#lines(after: Reach, upTo: Reach, feed: WorkspaceFeed): AsyncGenerator<LogEntryAppended, void, undefined> {
    const { log, envelope, desk, tables, patience } = this.#door;
    const names = new LiveNames(desk.outside, tables, patience);
    names.learnBook(this.#workspaceId, feed.book);
    let together: Numbered[] = [];
    for await (const numbered of between(log, this.#workspaceId, after, upTo)) {
      together.push(numbered);
      if (together.length < TOGETHER) continue;
      yield* (await linesOf(together, envelope, names))(this.#identityIn(feed.book));
      together = [];
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    yield* (await linesOf(together, envelope, names))(this.#identityIn(feed.book));
  }
}

/** @throws {GraphQLError} BAD_USER_INPUT: no position of this log, or one that it hasn't reached. */
export async function ensurePosition(after: string | null, door: GraphqlDoorOptions): Promise<void> {
  if (after !== null && !(/^[0-9a-z]{1,64}$/.test(after) && (await isOf(door, after)))) throw noPosition();
}

async function isOf({ log }: GraphqlDoorOptions, position: string): Promise<boolean> {
  const head = await log.head();
  return position.length === head.length && position <= head;
}

async function* given<T>(later: Promise<AsyncIterable<T>>): AsyncGenerator<T, void, undefined> {
  yield* await later;
}

async function* nothing(): AsyncGenerator<LogEntryAppended, void, undefined> {
  // Nothing to catch up on.
}
