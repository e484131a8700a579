import type { Book } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { pageOf, type Catalogue } from '../catalogue/catalogue.ts';
import type { RequestAccess } from './request-access.ts';
import type { RequestKind } from './request.ts';
import { isGrantable, smallestPages } from './scope.ts';

type Moment = Pick<BookContext, 'book' | 'installation'>;

/** The pages that a request would open: those that it names, or else the smallest scope, without what the owner left out. */
export function pagesWanted(command: RequestAccess, { book, installation: { catalogue } }: Moment): string[] {
  const { pages, kind } = command;
  const opens = (page: string) => kind !== 'sensitive entry' || opensStill(catalogue, book, page, kind);
  return pages === null ? smallestOf(command, catalogue, leftOutIn(book)) : [...new Set(pages)].filter(opens);
}

/** The area that an owner left out, and a request is about; `undefined`: none. */
export function leftOutOf(command: RequestAccess, moment: Moment): string | undefined {
  const withoutAreas = leftOutIn(moment.book);
  if (withoutAreas.length === 0) return undefined;
  const { catalogue } = moment.installation;
  const ofAction = command.action === null ? undefined : catalogue.actions[command.action.name]?.area;
  const areas = [ofAction, ...pagesMeant(command, moment).map((page) => pageOf(catalogue, page)?.area)];
  return areas.find((area) => area !== undefined && withoutAreas.includes(area));
}

/** Whether a page that was open once is: it can be granted, and the owner didn't leave it out. */
export function opensStill(catalogue: Catalogue, book: Pick<Book, 'staffAccess'>, page: string, kind: RequestKind) {
  const area = pageOf(catalogue, page)?.area;
  return isGrantable(catalogue, page, kind) && !(area !== undefined && leftOutIn(book).includes(area));
}

/**
 * The pages that a request is about. Beside sensitive ones, others open as far as the owner left them in, as on the switch;
 * so do those that it doesn’t name, as long as one is left or an action is the point of it.
 */
function pagesMeant(command: RequestAccess, moment: Moment): readonly string[] {
  const { kind, pages, action } = command;
  const { catalogue } = moment.installation;
  if (pages === null)
    return action !== null || pagesWanted(command, moment).length > 0 ? [] : smallestOf(command, catalogue, []);
  const sensitive = pages.filter((page) => pageOf(catalogue, page)?.class === 'sensitive');
  return kind === 'sensitive entry' && sensitive.length > 0 ? sensitive : pages;
}

function smallestOf(
  { kind, job, action, field }: RequestAccess,
  catalogue: Catalogue,
  withoutAreas: readonly string[],
): string[] {
  const named = { action: action?.name ?? null, field: field?.field ?? null };
  return smallestPages(catalogue, { kind, job, ...named, withoutAreas });
}

function leftOutIn({ staffAccess }: Pick<Book, 'staffAccess'>): readonly string[] {
  return staffAccess.phase === 'on' ? staffAccess.withoutAreas : [];
}
