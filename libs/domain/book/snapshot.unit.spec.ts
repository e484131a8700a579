import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { digest } from '../testing/digest.ts';
import { foldBook } from '../facts.ts';
import { Played } from '../testing/played.ts';
import { days } from '../testing/steps.ts';
import {
  accessOn,
  accessOffBy,
  approved,
  approvedFirst,
  areaEntered,
  authorised,
  case123Closed,
  case124,
  case124Opened,
  clock,
  clicked,
  declined,
  ended,
  entered,
  harbour,
  hasRole,
  installation,
  instantOf,
  maria,
  mona,
  outcomeUnknown,
  questioned,
  registered,
  requested,
  sam,
  samEnabled,
  samsGrant,
  samsRequest,
  samsVisit,
  rowsShown,
  started,
  startedOnGrant,
  logExported,
  tightenedTo,
  viewed,
  windowEnded,
  workspaceOpen,
} from '../testing/story.ts';
import { emptyBook, evolveBook, type Book, type BookFact } from './book.ts';
import { decideBook, type BookCommand } from './decide.ts';
import { BOOK_FOLD_VERSION, packBook, unpackBook } from './snapshot.ts';

/** As a snapshot comes back: through JSON. */
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const again = (book: Book): Book | undefined => unpackBook(throughJson(packBook(book)));

const uuid = (n: number, time: number): string => {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${n.toString(16).padStart(12, '0')}`;
};
const writtenAt = (revision: number, time: number) => ({
  id: uuid(revision, time),
  revision,
  time,
  actor: { kind: 'system' as const, id: 'spec' },
  // Four facts a command: more commands than stand packed are told of in the command memory's own spec.
  commandId: uuid(revision >> 2, time - (revision & 3) * 1000 - 1),
  commandDigest: `sha256:${String(revision >> 2).padStart(64, '0')}`,
});
const folded = (facts: readonly BookFact[], from = emptyBook, first = 0): Book =>
  facts.reduce(
    (book, fact, n) => evolveBook(book, fact, writtenAt(first + n, clock('10:00') + (first + n) * 1000)),
    from,
  );

/** Every kind of fact, most of what a state can hold, and two visits that go on. */
const STORY: readonly BookFact[] = [
  ...workspaceOpen,
  registered,
  hasRole(mona, null),
  case124Opened,
  accessOn({ withoutAreas: ['billing'] }),
  started(),
  entered(),
  areaEntered('inbox', 'Inbox'),
  viewed(),
  viewed({ page: 'invoice', record: 'INV-7', input: false, rows: 300 }),
  accessOffBy(maria, '10:00:14'),
  ended('revoked', '10:00:14'),
  accessOn({ onlyCase: case124 }),
  windowEnded('10:00:30'),
  accessOn(),
  started({ sessionId: 'ses_second', pagesPerMinute: 7, personal: undefined }),
  viewed({ sessionId: 'ses_second' }),
  rowsShown({ sessionId: 'ses_second', view: 'view', rows: 12 }),
  clicked({ sessionId: 'ses_second', view: 'view' }),
  { type: 'PresenceConfirmed', data: { sessionId: 'ses_second' } },
  started({ sessionId: 'ses_third', staffId: 'stf_priya', caseId: case124, caseRef: 'CASE-124' }),
  started({ sessionId: 'ses_caseless', staffId: 'stf_lena', caseId: null, caseRef: null }),
  tightenedTo({ 'session.capMinutes': 30, 'consent.windowMinutes': 60 }),
  logExported,
  requested({ requestId: 'req_declined' }),
  { ...declined, data: { ...declined.data, requestId: 'req_declined' } } as BookFact,
  requested({ requestId: 'req_withdrawn' }),
  { type: 'AccessWithdrawn', data: { requestId: 'req_withdrawn', cause: 'by the staff member' } },
  requested({ requestId: 'req_lapsed' }),
  { type: 'AccessLapsed', data: { requestId: 'req_lapsed', cause: 'nobody decided', at: instantOf('10:00:20') } },
  requested({ asks: 'both' }),
  questioned,
  { type: 'InformationGiven', data: { requestId: samsRequest, digest: 'sha256:answered' } },
  approvedFirst,
  approved({ change: { removed: ['open Invoice'], added: [], minutes: null } }),
  { type: 'ScopeConfirmed', data: { requestId: samsRequest, grantId: samsGrant, staffId: sam } },
  startedOnGrant({ sessionId: 'ses_fourth' }),
  authorised({ sessionId: 'ses_fourth' }),
  outcomeUnknown,
  {
    type: 'FieldRevealed',
    data: {
      sessionId: 'ses_fourth',
      grantId: samsGrant,
      requestId: samsRequest,
      field: 'customer.email',
      record: null,
    },
  },
  requested({ requestId: 'req_unused' }),
  approved({ requestId: 'req_unused', grantId: 'gr_unused' }),
  requested({ requestId: 'req_gone' }),
  approved({ requestId: 'req_gone', grantId: 'gr_gone' }),
  {
    type: 'GrantLapsed',
    data: { grantId: 'gr_gone', requestId: 'req_gone', cause: 'withdrawn', at: instantOf('10:00:40') },
  },
  requested({ requestId: 'req_waiting', caseId: 'case_125' }),
  { type: 'PlanChanged', data: { plan: 'business' } },
  { type: 'CaseOpened', data: { caseId: 'case_125', caseRef: 'CASE-125' } },
  { type: 'CaseReassigned', data: { caseId: 'case_125', caseRef: 'CASE-125', staffId: 'stf_priya' } },
  {
    type: 'CaseMerged',
    data: { caseId: case124, caseRef: 'CASE-124', intoCaseId: 'case_125', intoCaseRef: 'CASE-125' },
  },
  case123Closed,
  { type: 'WorkspaceClosed', data: { workspaceId: harbour } },
];

describe('A book that is packed', () => {
  it('is the same book when it comes back', () => {
    const book = folded(STORY);
    expect(again(book)).toStrictEqual(book);
    expect(again(emptyBook)).toStrictEqual(emptyBook);
    const unreadable = foldBook(book, { type: 'NeverHeardOf', data: {} }, writtenAt(99, clock('11:00')));
    expect(again(unreadable)).toStrictEqual(unreadable);
  });

  it('is the same on any day, and decides as the book itself (design, "Snapshots")', () => {
    fc.assert(
      fc.property(days, fc.nat({ max: 99 }), (day, cut) => {
        const played = new Played(clock('09:00'), installation);
        for (const { wait, doing } of day) {
          played.now += typeof wait === 'number' ? wait : 1_000;
          played.do(doing);
        }
        const { lines, state } = played.book;
        const kept = again(state);
        expect(kept).toStrictEqual(state);

        const at = Math.floor((lines.length * cut) / 100);
        const half = lines
          .slice(0, at)
          .reduce((book, { fact, ...written }) => evolveBook(book, fact, written), emptyBook);
        const loaded = again(half) ?? emptyBook;
        const whole = lines.slice(at).reduce((book, { fact, ...written }) => evolveBook(book, fact, written), loaded);
        expect(whole).toStrictEqual(state);
        expect(JSON.stringify(packBook(whole))).toBe(JSON.stringify(packBook(state)));

        const visit = state.sessions.all.at(-1);
        const whose = { sessionId: visit?.id ?? samsVisit, staffId: visit?.staffId ?? sam };
        const page = { page: 'invoice', record: 'R1', title: null, input: true };
        const commands: BookCommand[] = [
          { type: 'ViewPage', ...whose, ...page, partOf: null },
          {
            type: 'ViewPage',
            ...whose,
            ...page,
            partOf: visit?.phase === 'live' ? (visit.views.at(-1)?.id ?? '') : '',
          },
          { type: 'ExitSession', ...whose },
          { type: 'DisableStaffAccess', by: { ...maria } },
          { type: 'SettleBook' },
        ];
        for (const wait of [0, 29_999, 30_000, 3_600_000]) {
          const context = { staff: samEnabled, staffRevision: 1, installation, now: played.now + wait, digest };
          for (const command of commands) {
            expect(decideBook(command, { ...context, book: kept ?? emptyBook })).toStrictEqual(
              decideBook(command, { ...context, book: state }),
            );
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is equal for equal facts, folded from the start or from anywhere in between', () => {
    const whole = JSON.stringify(packBook(folded(STORY)));
    for (let at = 0; at <= STORY.length; at++) {
      const loaded = again(folded(STORY.slice(0, at)));
      expect(JSON.stringify(packBook(folded(STORY.slice(at), loaded, at)))).toBe(whole);
    }
  });

  it('shares what sessions have in common, as it did before', () => {
    const terms = [
      ...STORY,
      ...['ses_4', 'ses_5'].map((id) => started({ sessionId: id as 'ses_4', staffId: `stf_${id}` })),
    ];
    const live = again(folded(terms))?.sessions.live() ?? [];
    expect(live.at(-1)?.terms).toBe(live.at(-2)?.terms);
    expect(live.at(-1)?.can).toBe(live.at(0)?.can);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['an empty object', {}],
    ['one that lacks a part', { ...(packBook(folded(STORY)) as object), commands: undefined }],
    ['one with a part too many', { ...(packBook(folded(STORY)) as object), more: 1 }],
    ['one whose terms lie elsewhere', { ...(packBook(folded(STORY)) as object), terms: [] }],
    ['one whose scopes lie elsewhere', { ...(packBook(folded(STORY)) as object), scopes: [] }],
    ['one that is open in another word', { ...(packBook(folded(STORY)) as object), workspace: { phase: 'ajar' } }],
  ])('of another shape is no book: %s', (_, packed) => {
    expect(unpackBook(packed)).toBeUndefined();
  });

  it('has the fold version that goes with its fold and its shape', () => {
    // Where this fails, states in snapshots are no longer what the fold makes: raise BOOK_FOLD_VERSION, then put the new digest.
    const sum = createHash('sha256')
      .update(JSON.stringify(packBook(folded(STORY))))
      .digest('hex');
    expect({ version: BOOK_FOLD_VERSION, digest: sum }).toStrictEqual({
      version: 11,
      digest: 'c9ddc90785b7c0278e018e3ce71866ad42bde4fd31613267b0b56b8e7c1a743b',
    });
  });

  it('tells its fold version’s story with every kind of fact', () => {
    expect([...new Set(STORY.map(({ type }) => type))].sort()).toStrictEqual([...ALL_KINDS].sort());
  });
});

const KINDS: Record<BookFact['type'], true> = {
  WorkspaceRegistered: true,
  WorkspaceClosed: true,
  MemberRoleChanged: true,
  CaseOpened: true,
  CaseClosed: true,
  WorkspacePolicyTightened: true,
  LogExported: true,
  CaseMerged: true,
  CaseReassigned: true,
  PlanChanged: true,
  AccessRequested: true,
  InformationAsked: true,
  InformationGiven: true,
  FirstApprovalGiven: true,
  AccessApproved: true,
  AccessDeclined: true,
  AccessWithdrawn: true,
  AccessLapsed: true,
  ScopeConfirmed: true,
  GrantLapsed: true,
  ActionAuthorised: true,
  ActionReported: true,
  FieldRevealed: true,
  StaffAccessEnabled: true,
  StaffAccessDisabled: true,
  SessionStarted: true,
  SessionEntered: true,
  AreaEntered: true,
  PageViewed: true,
  RowsShown: true,
  PartClicked: true,
  PresenceConfirmed: true,
  SessionEnded: true,
};
const ALL_KINDS = Object.keys(KINDS);
