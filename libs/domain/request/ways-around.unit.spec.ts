import { describe, expect, it } from '@jest/globals';
import type { StaffId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookCommand } from '../book/decide.ts';
import type { GrantedOtherwise } from './approve-access.ts';
import { given, type Past } from '../testing/given.ts';
import { COMMANDS } from '../testing/pairs.ts';
import {
  accessOn,
  approved,
  approvedFirst,
  case123,
  case124,
  case124Opened,
  clock,
  entered,
  hasRole,
  installation,
  maria,
  priya,
  priyaEnabled,
  requested,
  sam,
  samsGrant,
  samsRequest,
  samsVisit,
  samsWish,
  SHOWN,
  started,
  startedOnGrant,
  tightenedTo,
  vic,
  workspaceOpen,
  type Persona,
} from '../testing/story.ts';

const FIRST = 'sha256:approved-first';
const lead = (email = 'priya@vendor.example') => ({
  ...priyaEnabled,
  roles: ['lead'] as const,
  shown: { name: 'Priya Shah', email },
});
const decide = (by: Persona | StaffId, shown: string, granted: GrantedOtherwise | null = null): BookCommand => ({
  type: 'ApproveAccess',
  requestId: samsRequest,
  by: typeof by === 'string' ? { kind: 'staff', staffId: by } : { kind: 'member', person: by },
  shown,
  granted,
  message: null,
});
const start: BookCommand = {
  type: 'StartSession',
  sessionId: samsVisit,
  staffId: sam,
  caseId: case123,
  caseRef: 'CASE-123',
  job: null,
  reason: 'Failed invoice sync since Tuesday',
  minutes: null,
  identityConfirmedAt: clock('09:58'),
  grantId: samsGrant,
};
const view: BookCommand = {
  type: 'ViewPage',
  sessionId: samsVisit,
  staffId: sam,
  page: 'billing',
  record: null,
  title: null,
  input: true,
  partOf: null,
};
const on: Past<BookFact> = [...workspaceOpen, accessOn()];
const types = (facts: readonly BookFact[]) => facts.map(({ type }) => type);

describe('A way around an approval that is closed', () => {
  it('is a second account at the vendor: the same address is the same person (T19)', () => {
    const past: Past<BookFact> = [...on, requested({ kind: 'read', asks: 'vendor', triggers: ['every session'] })];
    given(past)
      .when(decide(priya, SHOWN), { staff: lead(' SAM@vendor.example') })
      .refused('approverIsNotRequester');
    expect(types(given(past).when(decide(priya, SHOWN), { staff: lead() }).decision.facts)).toEqual(['AccessApproved']);
  });

  describe('is a second approval of something else than the customer allowed (T21)', () => {
    const past: Past<BookFact> = [...on, requested({ asks: 'both' }), approvedFirst];
    const { policy } = installation;
    const widening = { ...installation, policy: { ...policy, approval: { ...policy.approval, mayWiden: true } } };
    it.each<[string, GrantedOtherwise]>([
      ['another target', { action: { target: 'INV-99', arguments: null } }],
      ['other arguments', { action: { target: 'INV-88', arguments: { force: true } } }],
      ['another page', { pages: ['billing', 'invoice', 'team'] }],
      ['a longer time', { minutes: 31 }],
    ])('%s', (_, granted) => {
      for (const rules of [installation, widening])
        given(past)
          .when(decide(priya, FIRST, granted), { staff: lead(), installation: rules })
          .refused('approvalMayChange');
    });

    it('but for less of it', () => {
      const less = { pages: ['billing'], minutes: 10 };
      const { facts } = given(past).when(decide(priya, FIRST, less), { staff: lead() }).decision;
      expect(types(facts)).toEqual(['AccessApproved']);
    });
  });

  describe('is whom it is viewed as, who becomes more in between: roles are read when deciding (S1-27, T26)', () => {
    const asVic = requested({ kind: 'read', viewAs: vic.memberId, triggers: ['every session'] });
    const promoted = hasRole(vic, 'owner');

    it('before the approval: the vendor’s second person is asked as well', () => {
      expect(types(given([...on, asVic]).when(decide(maria, SHOWN)).decision.facts)).toEqual(['AccessApproved']);
      const { facts } = given([...on, asVic, promoted]).when(decide(maria, SHOWN)).decision;
      expect(types(facts)).toEqual(['FirstApprovalGiven']);
    });

    it('before the start: what was approved is too little, and asked for anew', () => {
      const past: Past<BookFact> = [...on, asVic, approved()];
      expect(given(past).when(start).decision.refusal).toBeUndefined();
      given([...past, promoted])
        .when(start)
        .refused('visitIsApproved', 'What was approved needs more approval by now.');
    });

    it('or leaves: nobody is viewed as somebody who is no member', () => {
      const past: Past<BookFact> = [...on, asVic, hasRole(vic, null)];
      given(past).when(decide(maria, SHOWN)).refused('viewedAsIsMember');
      given([...on, asVic, approved(), hasRole(vic, null)])
        .when(start)
        .refused('viewedAsIsMember');
    });
  });

  it('is an approval from before the workspace asked more people (policy.md, a workspace may tighten)', () => {
    const past: Past<BookFact> = [...on, requested(), approved()];
    expect(given(past).when(start).decision.refusal).toBeUndefined();
    const { asked } = installation.policy.approval;
    given([...past, tightenedTo({ 'approval.asked': { ...asked, 'every write': 'both' } })])
      .when(start)
      .refused('visitIsApproved');
  });

  describe('is what was asked for before the owner wanted each visit asked for (S2-8, S3-15)', () => {
    const look = {
      kind: 'read',
      triggers: ['every session'],
      wanted: { ...samsWish, action: null },
    } satisfies Parameters<typeof requested>[0];
    const each = accessOn({ askEach: true });

    it('and the settings asked nobody about: it is asked for anew, and then the customer is asked', () => {
      const byPolicy = approved({ by: { kind: 'policy' }, granted: look.wanted });
      const past: Past<BookFact> = [...on, requested({ ...look, asks: 'nobody' }), byPolicy];
      expect(given(past).when(start).decision.refusal).toBeUndefined();
      given([...past, each])
        .when(start)
        .refused('visitIsApproved', 'What was approved needs more approval by now.');
      const anew: BookCommand = {
        ...COMMANDS.RequestAccess,
        kind: 'read',
        action: null,
        pages: ['billing', 'invoice'],
        minutes: 30,
      };
      given(past).when(anew).refused('requestsAreFew');
      expect(given([...past, each]).when(anew).decision.facts).toMatchObject([
        { type: 'AccessRequested', data: { asks: 'customer' } },
      ]);
    });

    it('and only the vendor’s second person was asked about: the customer comes first', () => {
      const past: Past<BookFact> = [...on, requested({ ...look, asks: 'vendor' })];
      expect(types(given(past).when(decide(priya, SHOWN), { staff: lead() }).decision.facts)).toEqual([
        'AccessApproved',
      ]);
      given([...past, each])
        .when(decide(priya, SHOWN), { staff: lead() })
        .refused('deciderMayDecide', 'It is for the customer to decide now.');
      expect(types(given([...past, each]).when(decide(maria, SHOWN)).decision.facts)).toEqual(['FirstApprovalGiven']);
    });
  });

  it('is an action that the catalogue says more of by now', () => {
    const action = { ...installation.catalogue.actions['invoice.retrySync']!, effects: ['delete' as const] };
    const actions = { ...installation.catalogue.actions, 'invoice.retrySync': action };
    const deletes = { ...installation, catalogue: { ...installation.catalogue, actions } };
    expect(
      types(given([...on, requested()]).when(decide(maria, SHOWN), { installation: deletes }).decision.facts),
    ).toEqual(['FirstApprovalGiven']);
  });

  it('is a page that the catalogue has closed since: neither approved nor opened, whatever was granted (S0-38 to S0-43)', () => {
    const pages = { ...installation.catalogue.pages, billing: { label: 'Billing', class: 'never' as const } };
    const closed = { ...installation, catalogue: { ...installation.catalogue, pages } };
    given([...on, requested()])
      .when(decide(maria, SHOWN), { installation: closed })
      .refused('requestIsGrantable');
    const inside: Past<BookFact> = [...on, requested(), approved(), '10:00', startedOnGrant(), entered()];
    const at = '10:00:30';
    expect(given(inside).when(view, { at }).decision.refusal).toBeUndefined();
    given(inside)
      .when(view, { at, installation: closed })
      .refused('pageIsViewable', 'This page is never open to support.');
  });

  it('is a page that the catalogue calls sensitive since: only a sensitive entry opens it (S4-21)', () => {
    const pages = { ...installation.catalogue.pages, billing: { label: 'Billing', class: 'sensitive' as const } };
    const closed = { ...installation, catalogue: { ...installation.catalogue, pages } };
    const at = '10:00:30';
    const by = (kind: 'write' | 'sensitive entry'): Past<BookFact> => [
      ...[...on, requested({ kind }), approved(), '10:00'],
      ...[startedOnGrant(), entered()],
    ];
    given(by('write')).when(view, { at, installation: closed }).refused('pageIsViewable');
    given([...on, '10:00', started(), entered()])
      .when({ ...view, page: 'billing' }, { at, installation: closed })
      .refused('pageIsViewable');
    expect(given(by('sensitive entry')).when(view, { at, installation: closed }).decision.refusal).toBeUndefined();
  });

  it('is a case merged into somebody else’s: what was approved for the one isn’t begun for the other', () => {
    const merged: BookFact = {
      type: 'CaseMerged',
      data: { caseId: case123, caseRef: 'CASE-123', intoCaseId: case124, intoCaseRef: 'CASE-124' },
    };
    const priyas: BookFact = { type: 'CaseReassigned', data: { caseId: case124, caseRef: 'CASE-124', staffId: priya } };
    const past: Past<BookFact> = [...on, case124Opened, requested(), approved()];
    const there = { ...start, caseId: case124, caseRef: 'CASE-124' } as BookCommand;
    expect(given([...past, merged]).when(there).decision.refusal).toBeUndefined();
    given([...past, merged])
      .when(start)
      .refused('caseIsOpen');
    given([...past, priyas, merged])
      .when(there)
      .refused('caseIsTheirs');
  });
});
