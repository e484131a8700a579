import type { Banner, Denied, MemberId } from '@gatebook/protocol';
import type { Book } from '#domain/book/book';
import { plannedEnding } from '#domain/book/settle';
import { masksOf, type Catalogue } from '#domain/catalogue/catalogue';
import { toInstant } from '#domain/fact';
import { grantOfSession, type Grant } from '#domain/grant/grant';
import type { Installation } from '#domain/installation/installation';
import { fieldLabel } from '#domain/request/scope';
import type { Refusal } from '#domain/rule';
import type { EndedSession, LiveSession } from '#domain/session/session';
import { withExactly } from '#wording/exactly';
import { endSentence, noticeOf, wordsOf } from '#wording/word-sets';

/** What the strip on every page says of a live visit. */
export function bannerOf(book: Book, session: LiveSession, { policy }: Installation): Banner {
  const grant = grantOfSession(book.grants, session.id);
  const action = grant?.granted.action;
  const field = grant?.granted.field;
  const exactly = grant && withExactly(grant.shown?.arguments);
  const mode = action ? 'write' : 'read';
  return {
    mode,
    ...(action && {
      action: {
        name: action.name,
        target: action.target,
        label: action.label,
        ...(exactly !== undefined && { exactly }),
        isDone: grant.phase === 'spent',
        ...(grant.kind === 'export' && { isExport: true }),
      },
    }),
    ...(field && {
      field: {
        name: field.field,
        record: field.record,
        label: fieldLabel(field),
        isShown: grant.phase === 'spent',
      },
    }),
    notice: noticeOf(wordsOf(policy), { caseRef: session.caseRef, mode }),
    staffName: session.shown?.staffName ?? session.staffId,
    ...(grant?.viewAs && { viewedAs: memberNamed(book, grant.viewAs) }),
    customer: book.workspace.name,
    caseRef: session.caseRef,
    endsAt: endsAt(book, session),
    idleEndsAt: toInstant(session.lastInputAt + session.idleMs),
    approval: approvalOf(book, session, grant),
    can: session.can,
    cannot: session.cannot,
  };
}

/** Whether the visit may change one thing, or only look. */
export function modeOf(book: Book, { id }: LiveSession): Banner['mode'] {
  return grantOfSession(book.grants, id)?.granted.action ? 'write' : 'read';
}

function memberNamed({ workspace }: Book, id: MemberId): string {
  return workspace.members.get(id)?.shownName ?? `Member ${id}`;
}

function approvalOf(book: Book, { shown }: LiveSession, grant: Grant | undefined): string {
  const who = shown?.approverName;
  if (grant === undefined) return who ? `${who} turned staff access on` : 'Staff access is on';
  if (grant.by.at(-1)?.kind === 'policy') return 'The settings ask for no approval of it';
  const first = grant.by.length > 1 ? grant.by[0] : undefined;
  const both = first?.kind === 'member' && who ? `${memberNamed(book, first.memberId)} and ` : '';
  return who ? `${both}${who} approved it` : 'It was approved';
}

/** The end that staying doesn't move. */
function endsAt(book: Book, session: LiveSession): string {
  return toInstant(plannedEnding(book, session, Infinity).at);
}

interface Permission {
  readonly view: string | undefined;
  /** Of an operation: the id to report its outcome by. */
  readonly action: string | undefined;
  readonly validForMs: number;
  readonly position: string;
  readonly installation: Installation;
  readonly book: Book;
  readonly session: LiveSession;
}

/** What of an answer stays the same from one page of a visit to the next, as text. */
interface Unchanging {
  readonly banner: string;
  /** How far the visit's grant was used then. */
  readonly grant: Grant['phase'] | undefined;
  /** For which case it was then: it can be merged into another. */
  readonly caseRef: string | null;
  /** The end that `endsAt` was made from, and its text. */
  end: number;
  endsAt: string;
}

/** By session, of those asked for last: a text as long as this is more than a session costs in all. */
const unchanging = new Map<string, Unchanging>();
const UNCHANGING_KEPT = 10_000;
const masks = new WeakMap<Catalogue, string>();

/**
 * The text of a yes, ASCII only. Its unchanging parts are made once: they are nine tenths of it, on the hottest path
 * there is; and text without other characters leaves for the socket without being encoded.
 */
export function permittedText(permission: Permission): string {
  const { view, action, validForMs, position, installation, book, session } = permission;
  const { catalogue } = installation;
  let maskText = masks.get(catalogue);
  if (maskText === undefined) masks.set(catalogue, (maskText = asciiJson(masksOf(catalogue))));
  const { id } = session;
  const grant = grantOfSession(book.grants, id)?.phase;
  let same = unchanging.get(id);
  const { caseRef } = session;
  if (same === undefined || same.grant !== grant || same.caseRef !== caseRef) {
    const { endsAt: _, idleEndsAt: __, ...banner } = bannerOf(book, session, installation);
    if (unchanging.size >= UNCHANGING_KEPT) unchanging.clear();
    const text = asciiJson(banner).slice(0, -1);
    unchanging.set(id, (same = { banner: text, grant, caseRef, end: Number.NaN, endsAt: '' }));
  }
  const { at } = plannedEnding(book, session, Infinity);
  if (at !== same.end) {
    same.end = at;
    same.endsAt = toInstant(at);
  }
  const idleEndsAt = toInstant(session.lastInputAt + session.idleMs);
  return (
    `{"decision":true,"context":{${view === undefined ? '' : `"view":"${view}",`}${action === undefined ? '' : `"action":"${action}",`}"validForMs":${validForMs},` +
    `"position":"${position}","masks":${maskText},` +
    `${wantsClicks(book, installation) ? '"clicks":true,' : ''}"banner":${same.banner},"endsAt":"${same.endsAt}","idleEndsAt":"${idleEndsAt}"}}}`
  );
}

/** The tighter of the installation's setting and the workspace's own; read alone, since every answer needs it. */
function wantsClicks({ tightening }: Book, { policy }: Installation): boolean {
  return policy.recording === 'every click' || tightening.recording === 'every click';
}

/** JSON with every character outside ASCII escaped (RFC 8259, section 7). */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[^\u0000-\u007f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * A refused change as who tried it is told of it: with the values that it was tried with, or that were approved. In the
 * book they stand in the personal part of the line, since nobody erases what a refusal says.
 */
export function toldExactly(refusal: Refusal, tried: Exactly, approved: Exactly): Refusal {
  const exactly =
    refusal.rule === 'nothingIsChanged'
      ? withExactly(tried)
      : refusal.rule === 'actionIsApproved'
        ? withExactly(approved)
        : undefined;
  if (refusal.instead === undefined || exactly === undefined) return refusal;
  return { ...refusal, instead: `${refusal.instead} ${exactly}` };
}

type Exactly = Readonly<Record<string, unknown>> | null | undefined;

export function deniedText(
  { rule, because, instead }: Refusal,
  ended: EndedSession | undefined,
  position: string,
  { policy }: Installation,
): string {
  // Whichever rule met it first: after an off, who goes on is told of the off (S3-21).
  const told = ended?.cause === 'revoked' ? endSentence(wordsOf(policy), ended.cause) : because;
  const denied: Denied = {
    decision: false,
    context: {
      rule,
      reason_user: { en: told },
      position,
      ...(ended && { ended: { cause: ended.cause, at: toInstant(ended.at) } }),
      ...(instead !== undefined && { instead }),
    },
  };
  return asciiJson(denied);
}
