import type { Banner, Denied } from '@gatebook/protocol';
import type { Book } from '#domain/book/book';
import { plannedEnding } from '#domain/book/settle';
import { masksOf, type Catalogue } from '#domain/catalogue/catalogue';
import { toInstant } from '#domain/fact';
import type { Refusal } from '#domain/rule';
import type { EndedSession, LiveSession } from '#domain/session/session';

/** What the strip on every page says of a live visit. */
export function bannerOf(book: Book, session: LiveSession): Banner {
  return {
    mode: 'read',
    staffName: session.shown?.staffName ?? session.staffId,
    customer: book.workspace.name,
    caseRef: session.caseRef,
    endsAt: endsAt(book, session),
    idleEndsAt: toInstant(session.lastInputAt + session.idleMs),
    approval: session.shown?.approverName
      ? `${session.shown.approverName} turned staff access on`
      : 'Staff access is on',
    can: session.can,
    cannot: session.cannot,
  };
}

/** The end that staying doesn't move. */
function endsAt(book: Book, session: LiveSession): string {
  return toInstant(plannedEnding(book, { ...session, idleMs: Infinity }).at);
}

interface Permission {
  readonly view: string | undefined;
  readonly validForMs: number;
  readonly position: string;
  readonly catalogue: Catalogue;
  readonly book: Book;
  readonly session: LiveSession;
}

/** JSON of what stays the same from one answer of a visit to the next; `can` is the session's own array throughout. */
const unchanging = new WeakMap<readonly string[], string>();
const masks = new WeakMap<Catalogue, string>();

/** The text of a yes. Its unchanging parts are made once: they are nine tenths of it, on the hottest path there is. */
export function permittedText({ view, validForMs, position, catalogue, book, session }: Permission): string {
  let maskText = masks.get(catalogue);
  if (maskText === undefined) masks.set(catalogue, (maskText = JSON.stringify(masksOf(catalogue))));
  let bannerText = unchanging.get(session.can);
  if (bannerText === undefined) {
    const { endsAt: _, idleEndsAt: __, ...same } = bannerOf(book, session);
    unchanging.set(session.can, (bannerText = JSON.stringify(same).slice(0, -1)));
  }
  const idleEndsAt = toInstant(session.lastInputAt + session.idleMs);
  return (
    `{"decision":true,"context":{${view === undefined ? '' : `"view":"${view}",`}"validForMs":${validForMs},` +
    `"position":"${position}","masks":${maskText},` +
    `"banner":${bannerText},"endsAt":"${endsAt(book, session)}","idleEndsAt":"${idleEndsAt}"}}}`
  );
}

export function deniedText(
  { rule, because, instead }: Refusal,
  ended: EndedSession | undefined,
  position: string,
): string {
  const denied: Denied = {
    decision: false,
    context: {
      rule,
      reason_user: { en: because },
      position,
      ...(ended && { ended: { cause: ended.cause, at: toInstant(ended.at) } }),
      ...(instead !== undefined && { instead }),
    },
  };
  return JSON.stringify(denied);
}
