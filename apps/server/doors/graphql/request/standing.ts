import { isTypedId, type WorkspaceId } from '@gatebook/protocol';
import type { Book } from '#domain/book/book';
import { underItsPolicy } from '#domain/book/context';
import type { Installation } from '#domain/installation/installation';
import { isOpen, requestWith } from '#domain/request/request';
import { standingOf, type RequestStanding } from '#domain/request/rules';
import type { Desk } from '../../../desk/desk.ts';
import { NotNow } from '../../../desk/not-now.ts';

interface Named {
  readonly id: string;
  readonly workspaceId: string;
}

/** How a request stands at this moment, by its book and the settings in force; `undefined`: it waits no more, or nobody knows. */
export type StandingNow = (request: Named) => RequestStanding | undefined;

export function standingIn(book: Book, installation: Installation): StandingNow {
  const moment = underItsPolicy({ book, installation });
  return ({ id }) => {
    const request = isTypedId('req', id) ? requestWith(book.requests, id) : undefined;
    return isOpen(request) ? standingOf(moment, request) : undefined;
  };
}

/** The same of requests as they are come upon: a book that was looked at for one stands for the others of it, too. */
export function standingsFrom(desk: Desk): (requests: readonly Named[]) => Promise<StandingNow> {
  const known = new Map<string, StandingNow>();
  return async (requests) => {
    const news = requests.filter(({ workspaceId }) => !known.has(workspaceId));
    const standing = await standingOfEach(desk, news);
    for (const { workspaceId } of news) known.set(workspaceId, standing);
    return (request) => known.get(request.workspaceId)?.(request);
  };
}

/** The same of requests that may be anywhere. While the log is away nothing is known but what the tables hold. */
export async function standingOfEach(desk: Desk, requests: readonly Named[]): Promise<StandingNow> {
  const ids = [...new Set(requests.map(({ workspaceId }) => workspaceId))];
  const books = new Map<string, StandingNow>();
  await Promise.all(
    ids.map(async (id) => {
      try {
        const { book } = await desk.settled(id as WorkspaceId);
        books.set(id, standingIn(book, desk.outside.installation));
      } catch (error) {
        if (!(error instanceof NotNow)) throw error;
      }
    }),
  );
  return (request) => books.get(request.workspaceId)?.(request);
}
