import { describe, expect, it } from '@jest/globals';
import type { BookFact } from '../book/book.ts';
import { given, type Past } from '../testing/given.ts';
import { COMMANDS } from '../testing/pairs.ts';
import {
  accessOn,
  approved,
  case124,
  case124Opened,
  ended,
  entered,
  installation,
  maria,
  requested,
  samsGrant,
  samsRequest,
  samsVisit,
  SHOWN,
  started,
  startedOnGrant,
  vic,
  workspaceOpen,
} from '../testing/story.ts';
import type { StartSession } from '../session/start-session.ts';
import type { RequestAccess } from './request-access.ts';

const on: Past<BookFact> = [...workspaceOpen, case124Opened, accessOn()];
const granted: Past<BookFact> = [...on, requested({ job: 'invoice-fix' }), approved()];

describe('A start on a grant', () => {
  const start = (command: Partial<StartSession> = {}): StartSession => ({
    ...COMMANDS.StartSession,
    grantId: samsGrant,
    ...command,
  });
  const nothing = { caseId: null, caseRef: null, job: null, reason: null };
  const line = (command: StartSession) => given(granted).when(command).decision.facts[0];

  it('takes case, job and reason from what was approved, said again or left out (S0-21, policy.md)', () => {
    expect(line(start(nothing))).toMatchObject({
      type: 'SessionStarted',
      data: {
        caseRef: 'CASE-123',
        job: 'invoice-fix',
        grantId: samsGrant,
        personal: { reason: 'Failed invoice sync since Tuesday' },
      },
    });
    const again = start({ job: 'invoice-fix', reason: '  Failed invoice sync since Tuesday ' });
    expect(line(again)).toStrictEqual(line(start(nothing)));
  });

  it('for another reason is refused: a changed problem is a new request', () => {
    given(granted)
      .when(start({ reason: 'Completely different problem with the logo' }))
      .refused('startIsAsApproved', 'This was approved for another reason.');
  });

  it.each(['invoice-sync', 'no-such-job'])('for another job, %s, is refused', (job) => {
    given(granted).when(start({ job })).refused('startIsAsApproved', 'This was approved for another job.');
  });

  it('for another case is refused', () => {
    given(granted)
      .when(start({ caseId: case124, caseRef: 'CASE-124' }))
      .refused('grantIsKnown');
  });

  it('that was approved for no job takes none', () => {
    given([...on, requested(), approved()])
      .when(start({ job: 'invoice-fix' }))
      .refused('startIsAsApproved');
  });

  it('that leaves everything to a grant that is not there, or whose reason is erased, is refused', () => {
    given(on).when(start(nothing)).refused('grantIsKnown');
    given([...on, requested({ personal: undefined }), approved()])
      .when(start())
      .refused('startIsAsApproved', 'The reason that was approved is erased.');
  });

  it('without a grant says its reason', () => {
    given(on)
      .when(start({ grantId: null, reason: null }))
      .refused('reasonIsSpecific');
  });
});

describe('An extension', () => {
  const extend = (command: Partial<RequestAccess> = {}): RequestAccess => ({
    ...COMMANDS.RequestAccess,
    kind: 'extension',
    action: null,
    extends: samsVisit,
    caseId: null,
    caseRef: null,
    ...command,
  });
  const trimmed = startedOnGrant({ job: 'invoice-sync', pages: ['billing'], viewedAs: vic.memberId });
  const inside: Past<BookFact> = [
    ...on,
    requested({ kind: 'read', job: 'invoice-sync', viewAs: vic.memberId }),
    approved(),
    '10:00',
    trimmed,
    entered(),
  ];
  const wished = (past: Past<BookFact>, command = extend()) => given(past).when(command).decision.facts[0];

  it('has exactly the case, the job, the pages as they were trimmed, and the view of its visit (S4-14, S4-31)', () => {
    const asked = {
      type: 'AccessRequested',
      data: {
        kind: 'extension',
        caseRef: 'CASE-123',
        job: 'invoice-sync',
        viewAs: vic.memberId,
        extends: samsVisit,
        wanted: { pages: ['billing'], can: ['open Billing'], action: null, field: null },
      },
    };
    expect(wished(inside)).toMatchObject(asked);
    const again = extend({ job: 'invoice-sync', pages: ['billing'], viewAs: vic.memberId });
    expect(wished(inside, again)).toStrictEqual(wished(inside));
  });

  it('of a visit on the switch has its job and pages', () => {
    const past = [...on, '10:00', started({ job: 'invoice-sync', pages: ['billing', 'invoice'] })];
    expect(wished(past)).toMatchObject({ data: { job: 'invoice-sync', wanted: { pages: ['billing', 'invoice'] } } });
  });

  it.each<[string, Partial<RequestAccess>]>([
    ['case', { caseId: case124, caseRef: 'CASE-124' }],
    ['job', { job: 'invoice-fix' }],
    ['pages', { pages: ['billing', 'team'] }],
    ['pages', { pages: [] }],
    ['view', { viewAs: maria.memberId }],
  ])('with another %s is refused', (what, command) => {
    given(inside)
      .when(extend(command))
      .refused(
        'extensionIsAsTheVisit',
        `An extension has the ${what} of the visit that it goes on from, and no other.`,
      );
  });

  it('of a visit that has ended is refused, written down or by the clock', () => {
    given([...on, '10:00', started(), ended('exited', '10:00')])
      .when(extend(), { at: '10:01' })
      .refused('visitHasNotEnded', 'The visit to go on from has ended.');
    expect(given(inside).when(extend(), { at: '13:00' }).decision.refusal?.rule).toBe('visitHasNotEnded');
  });

  it('leaves out what can’t be granted any more, and is refused where nothing is left', () => {
    const past = [...on, '10:00', started({ pages: ['billing', 'customer', 'team'] })];
    expect(wished(past)).toMatchObject({ data: { wanted: { pages: ['billing', 'team'] } } });
    given([...inside, accessOn({ withoutAreas: ['billing'] })])
      .when(extend())
      .refused('requestIsGrantable', 'Nothing of that visit can be granted any more.');
  });

  it('is not widened by who approves, whatever policy lets them', () => {
    const { policy } = installation;
    const widening = { ...installation, policy: { ...policy, approval: { ...policy.approval, mayWiden: true } } };
    const past = [...on, '10:00', started(), requested({ kind: 'extension', extends: samsVisit })];
    given(past)
      .when(
        {
          type: 'ApproveAccess',
          requestId: samsRequest,
          by: { kind: 'member', person: maria },
          shown: SHOWN,
          granted: { pages: ['billing', 'invoice', 'team'] },
          message: null,
        },
        { installation: widening, at: '10:00' },
      )
      .refused('approvalMayChange', 'An extension opens no more than the visit that it goes on from.');
  });
});

describe('A reveal', () => {
  const reveal = (command: Partial<RequestAccess> = {}): RequestAccess => ({
    ...COMMANDS.RequestAccess,
    kind: 'reveal',
    action: null,
    field: { field: 'customer.email', record: 'cus_81' },
    ...command,
  });

  it('opens the pages that show the field, with a job too (S4-14)', () => {
    for (const job of [null, 'invoice-sync'])
      expect(given(on).when(reveal({ job })).decision.facts[0]).toMatchObject({
        data: { wanted: { pages: ['inquiry'], can: ['see customer.email of cus_81, once', 'open Inquiry'] } },
      });
  });

  it('of a field of which the catalogue tells no page names the job or the pages', () => {
    const card = { field: { field: 'card.number', record: null } };
    given(on).when(reveal(card)).refused('requestIsGrantable', 'The catalogue tells no page to open “card.number” on.');
    const pagesOf = (command: RequestAccess) => given(on).when(command).decision.facts[0];
    expect(pagesOf(reveal({ ...card, pages: ['billing'] }))).toMatchObject({
      data: { wanted: { pages: ['billing'] } },
    });
    expect(pagesOf(reveal({ ...card, job: 'invoice-sync' }))).toMatchObject({
      data: { wanted: { pages: ['billing', 'invoice'] } },
    });
  });
});
