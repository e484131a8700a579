import { END_CAUSES, MASK_KINDS, type CaseId, type EndCause, type SessionId } from '@gatebook/protocol';
import * as v from 'valibot';
import { factKind, fromInstant, idWith, instant, type FactOf, type Written } from '../fact.ts';
import { CONSENT_MODES } from '../policy/knobs.ts';
import { LiveSession, sameTerms, sharedScope, type Terms } from './live-session.ts';
import { Sessions } from './sessions.ts';

export type { LiveSession } from './live-session.ts';
export { Sessions, type EndedSession, type Session } from './sessions.ts';

export const SessionStarted = factKind(
  'SessionStarted',
  'A staff member’s visit began: the line that stands before anything opens (S1-51).',
  {
    sessionId: idWith('ses'),
    staffId: idWith('stf'),
    /** The case that it is for; `null`: none, where policy lets it be so. */
    caseId: v.nullable(idWith('case')),
    caseRef: v.nullable(v.string()),
    /** The catalogue's job that gave the scope; `null` for every page of class `view`. */
    job: v.nullable(v.string()),
    mode: v.picklist(['read', 'write']),
    /** Exactly the pages that the visit may open. */
    pages: v.array(v.string()),
    can: v.array(v.string()),
    cannot: v.array(v.string()),
    plannedEnd: instant,
    idleMinutes: v.number(),
    pagesPerMinute: v.number(),
    /** How many rows of data it may be shown in all; left out: it began before there was such a budget. */
    rowsInAll: v.optional(v.number()),
    /** Until when the product may redeem the visit's one-time code. */
    enterBy: instant,
    /** Who let the staff member in: the owner's switch, an approval, or the policy where it asks nobody. */
    approvedBy: v.variant('kind', [
      v.object({ kind: v.picklist(['switch', 'member']), memberId: idWith('mem') }),
      v.object({ kind: v.literal('staff'), staffId: idWith('stf') }),
      v.object({ kind: v.literal('policy') }),
    ]),
    /** Of two approvals the first, the customer's; left out: one was enough, or the line is older than the field. */
    firstApprovedBy: v.optional(v.object({ memberId: idWith('mem') })),
    /** The grant that it began on; left out: none. */
    grantId: v.optional(idWith('gr')),
    requestId: v.optional(idWith('req')),
    /** The one action that the grant allows. */
    action: v.optional(v.nullable(v.object({ name: v.string(), label: v.string() }))),
    identityConfirmedAt: instant,
    /** The member viewed as; `null`: as support. */
    viewedAs: v.nullable(v.string()),
    /** What lets staff in, when the visit began: left out, the switch. */
    consent: v.optional(v.picklist(CONSENT_MODES)),
    /** Revisions of the outside states that the decision relied on. */
    reliedOn: v.object({ policy: v.number(), catalogue: v.number(), staff: v.number() }),
    personal: v.optional(
      v.object({
        subject: idWith('stf'),
        staffName: v.string(),
        staffEmail: v.string(),
        reason: v.string(),
        approverName: v.nullable(v.string()),
      }),
    ),
  },
  2,
);

export const SessionEntered = factKind(
  'SessionEntered',
  'The product redeemed the visit’s one-time code: the staff member is inside. A visit without this line was never used.',
  { sessionId: idWith('ses') },
);

export const AreaEntered = factKind('AreaEntered', 'The visit moved into another area of the product (S4-51).', {
  sessionId: idWith('ses'),
  area: v.string(),
  label: v.string(),
});

export const PageViewed = factKind('PageViewed', 'A page was opened: the line that stands before the page is served.', {
  sessionId: idWith('ses'),
  page: v.string(),
  /** The page's name at that time, with the record's id filled in and no person's name. */
  label: v.string(),
  area: v.nullable(v.string()),
  /** The product's id of the record shown. */
  record: v.nullable(v.string()),
  /** Which classes of fields were masked. */
  masked: v.array(v.picklist(MASK_KINDS)),
  /** Whether a person opened it, as against a poll or a reload by script (S4-62). */
  input: v.boolean(),
  /** How many rows of customers' data it shows; left out: none. */
  rows: v.optional(v.number()),
  catalogueRevision: v.number(),
  personal: v.optional(v.object({ subject: v.string(), title: v.string() })),
});

export const RowsShown = factKind(
  'RowsShown',
  'An open page shows rows of customers’ data beyond those that its own line counts: opened again, by a part of it, or counted by the product as it made the page. The line stands before they are shown.',
  {
    sessionId: idWith('ses'),
    /** The id of the page’s own line. */
    view: v.string(),
    page: v.string(),
    /** As in the page’s own line. */
    label: v.string(),
    rows: v.pipe(v.number(), v.integer(), v.minValue(1)),
  },
);

export const PartClicked = factKind(
  'PartClicked',
  'A control or a region of an open page was clicked, where the settings want every click: the line that stands before it does anything (S1-95).',
  {
    sessionId: idWith('ses'),
    /** The id of the page’s own line. */
    view: v.string(),
    page: v.string(),
    /** As in the page’s own line. */
    label: v.string(),
    /** What the page calls it; never what somebody typed or what a field holds. */
    part: v.string(),
    /** Whether a person clicked, as against a script. */
    input: v.boolean(),
  },
);

export const PresenceConfirmed = factKind('PresenceConfirmed', 'The staff member pressed Stay: somebody is there.', {
  sessionId: idWith('ses'),
});

export const SessionEnded = factKind('SessionEnded', 'A visit ended, with its cause and its true end.', {
  sessionId: idWith('ses'),
  cause: v.picklist(END_CAUSES),
  /** The true end, which can lie before the fact's own time. */
  at: instant,
});

export const SESSION_FACTS = [
  SessionStarted,
  SessionEntered,
  AreaEntered,
  PageViewed,
  RowsShown,
  PartClicked,
  PresenceConfirmed,
  SessionEnded,
] as const;
export type SessionFact = FactOf<(typeof SESSION_FACTS)[number]>;

/** The id of who let a visit in; `policy` where nobody was asked. */
export function approverIdOf(by: FactOf<typeof SessionStarted>['data']['approvedBy']): string {
  if (by.kind === 'policy') return 'policy';
  return by.kind === 'staff' ? by.staffId : by.memberId;
}

/** Ended sessions are remembered this long, so that who goes on hears why it ended. */
const ENDED_REMEMBERED_MS = 15 * 60 * 1000;

export function evolveSessions(sessions: Sessions, fact: SessionFact, { id, time }: Written): Sessions {
  switch (fact.type) {
    case 'SessionStarted': {
      const { data } = fact;
      const { personal } = data;
      const terms: Terms = {
        caseId: data.caseId,
        caseRef: data.caseRef,
        job: data.job,
        scope: sharedScope(data.pages, data.can, data.cannot),
        idleMs: data.idleMinutes * 60_000,
        msPerPage: 60_000 / data.pagesPerMinute,
        rowsInAll: data.rowsInAll ?? Infinity,
        consent: data.consent ?? 'switch',
      };
      const live = LiveSession.from({
        id: data.sessionId,
        staffId: data.staffId,
        terms: sessions.live().find((other) => sameTerms(other.terms, terms))?.terms ?? terms,
        startedAt: time,
        plannedEnd: fromInstant(data.plannedEnd),
        enterBy: fromInstant(data.enterBy),
        identityConfirmedAt: fromInstant(data.identityConfirmedAt),
        lastInputAt: time,
        pacedUntil: time,
        rows: 0,
        entered: false,
        area: null,
        shown: personal ?? null,
        views: [],
      });
      const remembered = sessions.all.filter(
        (session) => session.phase === 'live' || !session.recorded || time - session.at < ENDED_REMEMBERED_MS,
      );
      return Sessions.of(remembered.concat([live]));
    }
    case 'SessionEntered':
      return change(sessions, fact.data.sessionId, (session) => session.active(time, true));
    case 'AreaEntered': {
      const { sessionId, area } = fact.data;
      return change(sessions, sessionId, (session) => session.inArea(area));
    }
    case 'PageViewed': {
      const { sessionId, page, record, input, rows = 0 } = fact.data;
      return change(sessions, sessionId, (session) => session.viewed({ id, page, record, at: time }, input, rows));
    }
    case 'RowsShown': {
      const { sessionId, rows } = fact.data;
      return change(sessions, sessionId, (session) => session.shownRows(rows));
    }
    case 'PartClicked': {
      const { sessionId, input } = fact.data;
      return change(sessions, sessionId, (session) => session.clicked(time, input));
    }
    case 'PresenceConfirmed':
      return change(sessions, fact.data.sessionId, (session) => session.active(time));
    case 'SessionEnded': {
      const { sessionId, cause, at } = fact.data;
      const ended = sessions.get(sessionId);
      return sessions.map((session) => {
        if (session !== ended) return session;
        if (session.phase === 'ended') return { ...session, recorded: true };
        return { phase: 'ended', id: session.id, staffId: session.staffId, cause, at: fromInstant(at), recorded: true };
      });
    }
  }
}

/** Ends live sessions of the workspace at once, every one or some; their own `SessionEnded` facts follow as the record. */
export function endAll(
  sessions: Sessions,
  cause: EndCause,
  at: number,
  which: (live: LiveSession) => boolean = () => true,
): Sessions {
  return sessions.map((session) =>
    session.phase === 'live' && which(session)
      ? { phase: 'ended', id: session.id, staffId: session.staffId, cause, at, recorded: false }
      : session,
  );
}

/** Sessions for one case are for another from now on; they still share their terms. */
export function toCase(sessions: Sessions, from: CaseId, to: { readonly id: CaseId; readonly ref: string }): Sessions {
  const known: Terms[] = sessions.live().map(({ terms }) => terms);
  return sessions.map((session) => {
    if (session.phase !== 'live' || session.caseId !== from) return session;
    const terms: Terms = { ...session.terms, caseId: to.id, caseRef: to.ref };
    const shared = known.find((other) => sameTerms(other, terms));
    if (!shared) known.push(terms);
    return session.under(shared ?? terms);
  });
}

function change(sessions: Sessions, id: SessionId, to: (session: LiveSession) => LiveSession): Sessions {
  const changed = sessions.get(id);
  // An ended session stays ended, whatever stands behind its end.
  return sessions.map((session) => (session === changed && session.phase === 'live' ? to(session) : session));
}
