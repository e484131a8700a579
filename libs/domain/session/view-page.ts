import { toInstant } from '../fact.ts';
import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { labelFor, masksOf, pageOf } from '../catalogue/catalogue.ts';
import { grantOfSession } from '../grant/grant.ts';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import { inVisit, liveOf, VISIT_RULES, type VisitCommand, type VisitContext } from './rules.ts';
import type { LiveSession } from './live-session.ts';

export interface ViewPage extends VisitCommand {
  readonly type: 'ViewPage';
  readonly page: string;
  /** The product's id of the record shown; the same page with another record is another view. */
  readonly record: string | null;
  /** The page's title for this record, where it names a person. */
  readonly title: string | null;
  /** A person opened it, as against a poll. */
  readonly input: boolean;
  /** How many rows of customers' data it would show; left out: of a page as many as the catalogue says, of a part none. */
  readonly rows?: number;
  /** What of the page was clicked, by the page’s own name of it; left out: nothing. Only of a part. */
  readonly click?: string;
  /** The view that this request is a part of; `null` for a page itself. */
  readonly partOf: string | null;
}

/** The same page and record again within this time is the same view (design.md, section 6). */
export const SAME_VIEW_MS = 30_000;
/** Where the log holds less of pages that aren't sensitive, they are the same view for longer (S4-49). */
const SAME_BRIEF_VIEW_MS = 5 * 60_000;
/** How many pages a visit may be ahead of its pace: a minute's worth. */
const PACE_AHEAD_MS = 60_000;

type Context = VisitContext<ViewPage>;

const pageIsDeclared: Rule<Context> = rule('pageIsDeclared', ({ command, installation }) =>
  pageOf(installation.catalogue, command.page) ? undefined : { because: 'This page is not open to support.' },
);

const pageIsViewable: Rule<Context> = rule('pageIsViewable', ({ command, installation, session, book }) => {
  const page = pageOf(installation.catalogue, command.page);
  // Only where an approval named it: what the catalogue calls sensitive by now was approved as something else before.
  if (
    page?.class === 'view' ||
    (page?.class === 'sensitive' &&
      session?.phase === 'live' &&
      session.pages.has(command.page) &&
      grantOfSession(book.grants, session.id)?.kind === 'sensitive entry')
  )
    return undefined;
  return page?.class === 'never'
    ? { because: 'This page is never open to support.' }
    : {
        because: 'This page holds sensitive data and is not open in this visit.',
        instead: 'Ask for it as a sensitive entry, with the reason.',
      };
});

const areaIsNotLeftOut: Rule<Context> = rule('areaIsNotLeftOut', ({ command, installation, book: { staffAccess } }) => {
  const area = pageOf(installation.catalogue, command.page)?.area;
  if (area === undefined || staffAccess.phase !== 'on' || !staffAccess.withoutAreas.includes(area)) return undefined;
  return { because: `The owner left ${installation.catalogue.areas[area] ?? area} out.` };
});

const pageIsInScope: Rule<Context> = rule('pageIsInScope', ({ session, command }) =>
  session?.phase === 'live' && session.pages.has(command.page)
    ? undefined
    : {
        because: 'This page is not in the scope of this visit.',
        instead: 'A new problem is a new visit, with a new reason.',
      },
);

/**
 * Whether of this page only that it was opened is written down, and not with which record: where the log holds sensitive
 * pages alone, for every other (S4-49). That line, too, stands before the page is served.
 */
function isBrief({ command, installation: { policy, catalogue } }: Context): boolean {
  return policy.recording === 'sensitive pages' && pageOf(catalogue, command.page)?.class === 'view';
}

const partBelongsToItsPage: Rule<Context> = rule('partBelongsToItsPage', (context) => {
  const { session, command } = context;
  if (session?.phase !== 'live') return undefined;
  if (command.partOf === null)
    return command.click === undefined ? undefined : { because: 'What is clicked belongs to a page that is open.' };
  const { partOf, page } = command;
  const record = isBrief(context) ? null : command.record;
  // A part that names a record names its page's own: another record is another view, with a line of its own.
  const known = session.hasView(partOf, page, record);
  return known ? undefined : { because: 'This belongs to a page that is not open.', instead: 'Open the page again.' };
});

/** What the owner left out comes before what could be asked for: asking for a page of it would be refused. */
const PAGE_RULES = [pageIsDeclared, areaIsNotLeftOut, pageIsViewable, pageIsInScope, partBelongsToItsPage] as const;

const RULES: readonly Rule<Context>[] = [...VISIT_RULES, ...PAGE_RULES];

/**
 * Opens a page: the hot path. A repeat and a part are decided like any view, and write nothing but the rows that they
 * show: those count against the visit's budget each time.
 */
export function viewPage(command: ViewPage, context: BookContext): Decision<BookFact> {
  const here = inVisit(context, command);
  const refusal = firstRefusal(RULES, here);
  if (refusal) return { facts: [], refusal };

  const session = liveOf(here);
  if (command.partOf !== null) return ofPage(session, command, command.partOf, here);
  const brief = isBrief(here);
  const record = brief ? null : command.record;
  const { catalogue, catalogueRevision } = context.installation;
  const page = pageOf(catalogue, command.page);
  const rows = command.rows ?? page?.rows ?? 0;
  const area = page?.area ?? null;
  const isElsewhere = area !== null && area !== session.area;
  // Entering an area is a line however little is held, and being there keeps the visit from going idle.
  const sameFor = brief && !isElsewhere ? Math.min(SAME_BRIEF_VIEW_MS, session.idleMs / 3) : SAME_VIEW_MS;
  const same = session.viewSince(command.page, record, context.now - Math.max(sameFor, SAME_VIEW_MS));
  if (same !== undefined) return showRows(session, command, same, rows, here);
  if (isTooFast(session, context.now)) return beyondBudget(session, context.now, TOO_FAST);
  if (session.rows + rows > session.rowsInAll) return beyondBudget(session, context.now, MORE_THAN_NEEDED);

  const viewed: BookFact = {
    type: 'PageViewed',
    data: {
      sessionId: session.id,
      page: command.page,
      label: labelFor(page?.label ?? command.page, record),
      area,
      record,
      masked: masksUsed(catalogue),
      input: command.input,
      ...(rows > 0 && { rows }),
      catalogueRevision,
      ...(command.title !== null &&
        !brief && { personal: { subject: command.record ?? command.page, title: command.title } }),
    },
  };
  if (!isElsewhere) return { facts: [viewed] };
  const label = catalogue.areas[area] ?? area;
  return { facts: [{ type: 'AreaEntered', data: { sessionId: session.id, area, label } }, viewed] };
}

/**
 * Something within an open page. Where the settings want every click, one is a line of its own, however soon it comes
 * after another, and is paced as a page is; elsewhere it is decided and not written.
 */
function ofPage(session: LiveSession, command: ViewPage, view: string, here: Context): Decision<BookFact> {
  const { page, click: part, input } = command;
  const isLine = part !== undefined && here.installation.policy.recording === 'every click';
  if (isLine && isTooFast(session, here.now)) return beyondBudget(session, here.now, TOO_FAST);
  const shown = showRows(session, command, view, command.rows ?? 0, here);
  if (!isLine || shown.refusal) return shown;
  const label = labelOf(session, command, view, here);
  const data = { sessionId: session.id, view, page, label, part, input };
  return { facts: [{ type: 'PartClicked', data }, ...shown.facts], view };
}

function isTooFast(session: LiveSession, now: number): boolean {
  return session.pacedUntil - now >= PACE_AHEAD_MS;
}

const TOO_FAST = 'Too many pages were opened in a short time, so this visit has ended.';
const MORE_THAN_NEEDED = 'More data was opened than one visit needs, so this visit has ended.';

/** Rows that a page shows beyond its own line; without any, it is the same view and nothing more. */
function showRows(
  session: LiveSession,
  command: ViewPage,
  view: string,
  rows: number,
  here: Context,
): Decision<BookFact> {
  if (rows === 0) return { facts: [], view };
  if (session.rows + rows > session.rowsInAll) return beyondBudget(session, here.now, MORE_THAN_NEEDED);
  const { page } = command;
  const label = labelOf(session, command, view, here);
  return { facts: [{ type: 'RowsShown', data: { sessionId: session.id, view, page, label, rows } }], view };
}

/** What the page's own line calls it. */
function labelOf(session: LiveSession, { page, record: named }: ViewPage, view: string, here: Context): string {
  const record = isBrief(here) ? null : (named ?? session.views.find(({ id }) => id === view)?.record ?? null);
  return labelFor(pageOf(here.installation.catalogue, page)?.label ?? page, record);
}

/** Beyond its budget of pages or rows a visit ends (policy.md); a reviewer sees it. */
function beyondBudget(session: LiveSession, now: number, because: string): Decision<BookFact> {
  const at = toInstant(now);
  return {
    facts: [{ type: 'SessionEnded', data: { sessionId: session.id, cause: 'too fast', at } }],
    refusal: {
      rule: 'pagesAreWithinBudget',
      because,
      instead: 'Start a new visit; a reviewer sees this one.',
    },
  };
}

const maskKinds = new WeakMap<object, ReturnType<typeof kindsOf>>();

/** The kinds of masks in force, computed once per catalogue. */
function masksUsed(catalogue: BookContext['installation']['catalogue']): ReturnType<typeof kindsOf> {
  let kinds = maskKinds.get(catalogue);
  if (!kinds) maskKinds.set(catalogue, (kinds = kindsOf(catalogue)));
  return kinds;
}

function kindsOf(catalogue: BookContext['installation']['catalogue']) {
  return [...new Set(Object.values(masksOf(catalogue)))].sort();
}
