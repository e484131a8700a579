import { END_CAUSES, MEMBER_ROLES, type CaseId, type MemberId } from '@gatebook/protocol';
import * as v from 'valibot';
import { ById } from '../by-id.ts';
import { idWith } from '../fact.ts';
import { CONSENT_MODES } from '../policy/knobs.ts';
import { packCommands, packedCommands, unpackCommands } from '../packed-commands.ts';
import {
  LiveSession,
  sameScope,
  sameTerms,
  sharedScope,
  VIEWS_REMEMBERED,
  type Scope,
  type Terms,
} from '../session/live-session.ts';
import { noTightening } from '../policy/tighten.ts';
import { tighteningSchema } from '../policy/tightening.ts';
import { Sessions, type Session } from '../session/sessions.ts';
import { accessBlocked, accessOff, type StaffAccess } from '../staff-access/staff-access.ts';
import type { Member, SupportCase } from '../workspace/workspace.ts';
import type { Book } from './book.ts';
import { packedActions, packedGrants, packedRequests } from './snapshot-requests.ts';

/**
 * Raised whenever the fold's meaning or the packed shape changes: a state that another version made is not used, and its
 * stream is folded from the start (design.md, "Snapshots").
 */
export const BOOK_FOLD_VERSION = 11;

const finite = v.pipe(v.number(), v.finite());
const text = v.string();
const textOrNull = v.nullable(text);

const packedScope = v.strictTuple([v.array(text), v.array(text), v.array(text)]);
const packedTerms = v.strictObject({
  caseId: v.nullable(idWith('case')),
  caseRef: textOrNull,
  job: textOrNull,
  scope: v.pipe(v.number(), v.integer(), v.minValue(0)),
  idleMs: finite,
  msPerPage: finite,
  /** `null`: no such budget. */
  rowsInAll: v.nullable(finite),
  consent: v.picklist(CONSENT_MODES),
});
const packedSession = v.union([
  v.strictObject({
    id: idWith('ses'),
    staffId: idWith('stf'),
    terms: v.pipe(v.number(), v.integer(), v.minValue(0)),
    startedAt: finite,
    plannedEnd: finite,
    enterBy: finite,
    identityConfirmedAt: finite,
    lastInputAt: finite,
    pacedUntil: finite,
    rows: finite,
    entered: v.boolean(),
    area: textOrNull,
    shown: v.nullable(v.strictObject({ staffName: text, staffEmail: text, approverName: textOrNull })),
    /** Id, page, record, time; newest last. */
    views: v.pipe(v.array(v.strictTuple([text, text, textOrNull, finite])), v.maxLength(VIEWS_REMEMBERED)),
  }),
  v.strictObject({
    id: idWith('ses'),
    staffId: idWith('stf'),
    cause: v.picklist(END_CAUSES),
    at: finite,
    recorded: v.boolean(),
  }),
]);

const packedBook = v.strictObject({
  readable: v.boolean(),
  workspace: v.strictObject({
    phase: v.picklist(['unregistered', 'open', 'closed']),
    externalId: text,
    product: text,
    name: text,
    plan: textOrNull,
  }),
  members: v.array(
    v.strictObject({
      id: idWith('mem'),
      issuer: text,
      subject: text,
      role: v.picklist(MEMBER_ROLES),
      billingContact: v.boolean(),
      shownName: textOrNull,
      email: textOrNull,
    }),
  ),
  cases: v.array(
    v.strictObject({
      id: idWith('case'),
      ref: text,
      phase: v.picklist(['open', 'closed']),
      assignee: v.nullable(v.union([v.literal('nobody'), idWith('stf')])),
      graceEnds: v.nullable(finite),
    }),
  ),
  /** `null`: off; of the end, `null`: none. */
  staffAccess: v.nullable(
    v.union([
      v.literal('blocked'),
      v.strictObject({
        since: finite,
        until: v.nullable(finite),
        by: idWith('mem'),
        byName: textOrNull,
        withoutAreas: v.array(text),
        onlyCase: v.nullable(idWith('case')),
        askEach: v.boolean(),
      }),
    ]),
  ),
  tightening: tighteningSchema,
  scopes: v.array(packedScope),
  terms: v.array(packedTerms),
  sessions: v.array(packedSession),
  requests: packedRequests,
  grants: packedGrants,
  actions: packedActions,
  commands: packedCommands,
});
type PackedBook = v.InferOutput<typeof packedBook>;
type PackedSession = PackedBook['sessions'][number];

/** The book as a plain value that JSON can hold: equal for books that were folded from the same facts, however. */
export function packBook(book: Book): unknown {
  const { readable, workspace, staffAccess, tightening, requests, grants, sessions, actions, commands } = book;
  const scopes = new Places<Scope>(sameScope);
  const terms = new Places<Terms>(sameTerms);
  const packedSessions = sessions.all.map((session): PackedSession => {
    if (session.phase === 'live') return packLive(session, terms.of(session.terms));
    const { id, staffId, cause, at, recorded } = session;
    return { id, staffId, cause, at, recorded };
  });
  const packed: PackedBook = {
    readable,
    workspace: {
      phase: workspace.phase,
      externalId: workspace.externalId,
      product: workspace.product,
      name: workspace.name,
      plan: workspace.plan,
    },
    members: workspace.members.all.map(packMember),
    cases: workspace.cases.all.map(({ id, ref, phase, assignee, graceEnds }) => ({
      id,
      ref,
      phase,
      assignee,
      graceEnds,
    })),
    staffAccess: packAccess(staffAccess),
    tightening,
    terms: terms.all.map(({ scope, rowsInAll, ...rest }) => ({
      ...rest,
      rowsInAll: Number.isFinite(rowsInAll) ? rowsInAll : null,
      scope: scopes.of(scope),
    })),
    scopes: scopes.all.map(({ pages, can, cannot }) => [[...pages], [...can], [...cannot]]),
    sessions: packedSessions,
    // Parsed, so that equal states are equal texts, however they came about.
    requests: v.parse(packedRequests, requests),
    grants: v.parse(packedGrants, grants),
    actions: v.parse(packedActions, actions),
    commands: packCommands(commands),
  };
  return packed;
}

/** The book that was packed; `undefined` where this is no packed book of this version. */
export function unpackBook(packed: unknown): Book | undefined {
  const checked = v.safeParse(packedBook, packed, { abortEarly: true });
  if (!checked.success) return undefined;
  const {
    readable,
    workspace,
    members,
    cases,
    staffAccess,
    tightening,
    scopes,
    terms,
    requests,
    grants,
    sessions,
    actions,
    commands,
  } = checked.output;

  const allScopes = scopes.map((lists) => sharedScope(...lists));
  const allTerms: Terms[] = [];
  for (const { scope: at, rowsInAll, ...rest } of terms) {
    const scope = allScopes[at];
    if (!scope) return undefined;
    allTerms.push({ ...rest, rowsInAll: rowsInAll ?? Infinity, scope });
  }
  const allSessions: Session[] = [];
  for (const session of sessions) {
    const unpacked = unpackSession(session, allTerms);
    if (!unpacked) return undefined;
    allSessions.push(unpacked);
  }
  return {
    readable,
    workspace: {
      ...workspace,
      members: ById.of<MemberId, Member>(members),
      cases: ById.of<CaseId, SupportCase>(cases),
    },
    staffAccess: unpackAccess(staffAccess),
    tightening: Object.keys(tightening).length === 0 ? noTightening : tightening,
    requests,
    grants,
    sessions: Sessions.of(allSessions),
    actions,
    commands: unpackCommands(commands),
  };
}

function packLive(session: LiveSession, terms: number): PackedSession {
  return {
    id: session.id,
    staffId: session.staffId,
    terms,
    startedAt: session.startedAt,
    plannedEnd: session.plannedEnd,
    enterBy: session.enterBy,
    identityConfirmedAt: session.identityConfirmedAt,
    lastInputAt: session.lastInputAt,
    pacedUntil: session.pacedUntil,
    rows: session.rows,
    entered: session.entered,
    area: session.area,
    shown: session.shown,
    views: session.views.map(({ id, page, record, at }) => [id, page, record, at]),
  };
}

function unpackSession(session: PackedSession, allTerms: readonly Terms[]): Session | undefined {
  if ('cause' in session) return { phase: 'ended', ...session };
  const terms = allTerms[session.terms];
  if (!terms) return undefined;
  return LiveSession.from({
    ...session,
    terms,
    views: session.views.map(([id, page, record, at]) => ({ id, page, record, at })),
  });
}

function packMember({
  id,
  issuer,
  subject,
  role,
  billingContact,
  shownName,
  email,
}: Member): PackedBook['members'][number] {
  return { id, issuer, subject, role, billingContact, shownName, email };
}

function packAccess(access: StaffAccess): PackedBook['staffAccess'] {
  if (access.phase === 'off') return access.blocked ? 'blocked' : null;
  const { since, until, by, byName, withoutAreas, onlyCase, askEach } = access;
  const end = Number.isFinite(until) ? until : null;
  return { since, until: end, by, byName, withoutAreas: [...withoutAreas], onlyCase, askEach };
}

function unpackAccess(access: PackedBook['staffAccess']): StaffAccess {
  if (access === null) return accessOff;
  return access === 'blocked' ? accessBlocked : { phase: 'on', ...access, until: access.until ?? Infinity };
}

/** What several refer to, each once, by its place in the list. */
class Places<Value> {
  readonly all: Value[] = [];
  readonly #same: (a: Value, b: Value) => boolean;

  constructor(same: (a: Value, b: Value) => boolean) {
    this.#same = same;
  }

  of(value: Value): number {
    const known = this.all.findIndex((one) => this.#same(one, value));
    return known < 0 ? this.all.push(value) - 1 : known;
  }
}
