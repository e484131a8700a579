import { describe, expect, it } from '@jest/globals';
import type { StaffId } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookCommand } from '../book/decide.ts';
import { given, type Past } from '../testing/given.ts';
import {
  accessOn,
  adam,
  approved,
  approvedFirst,
  clock,
  hasRole,
  installation,
  instantOf,
  maria,
  priya,
  priyaEnabled,
  requested,
  sam,
  samEnabled,
  samsGrant,
  samsRequest,
  startedOnGrant,
  workspaceOpen,
  type Persona,
} from '../testing/story.ts';

const priyaLeads = { ...priyaEnabled, roles: ['lead'] as const };
const byPriya = approved({ by: { kind: 'staff', staffId: priya } });
const asking: Past<BookFact> = [...workspaceOpen, accessOn(), requested({ asks: 'both' }), approvedFirst];
const remove = (staffId: StaffId): BookCommand => ({ type: 'RemoveStaff', staffId, disabledAt: clock('10:00') });
const lapsed: BookFact = {
  type: 'GrantLapsed',
  data: { grantId: samsGrant, requestId: samsRequest, cause: 'approver left', at: instantOf('10:00') },
};
const decide = (by: Persona | StaffId, shown: string): BookCommand => ({
  type: 'ApproveAccess',
  requestId: samsRequest,
  by: typeof by === 'string' ? { kind: 'staff', staffId: by } : { kind: 'member', person: by },
  shown,
  granted: null,
  message: null,
});

describe('An approval by a second person of the vendor who may no longer decide', () => {
  it('lapses where it is unused: they were disabled (policy.md, 5 and 8)', () => {
    given([...asking, byPriya])
      .when(remove(priya), { staff: { ...priyaLeads, phase: 'disabled' } })
      .then([lapsed]);
  });

  it('lapses where they are enabled again with roles that decide nothing, and not while they decide', () => {
    const past = [...asking, byPriya];
    given(past)
      .when(remove(priya), {
        staff: { ...priyaLeads, roles: ['agent'], lostRoles: [{ role: 'lead', at: clock('09:59') }] },
      })
      .then([lapsed]);
    given(past).when(remove(priya), { staff: priyaLeads }).then([]);
  });

  it('goes on where it is used: the visit runs to its end', () => {
    given([...asking, byPriya, '10:00', startedOnGrant({ approvedBy: { kind: 'staff', staffId: priya } })])
      .when(remove(priya), { at: '10:05', staff: { ...priyaLeads, phase: 'disabled' } })
      .then([]);
  });

  it('is nobody else’s: what others approved stands', () => {
    given([...asking, byPriya])
      .when(remove('stf_lena'), { staff: { ...priyaLeads, phase: 'disabled' } })
      .then([]);
  });

  it('lapses once, beside what they asked for themselves', () => {
    given([...asking, byPriya])
      .when(remove(sam), { staff: { ...samEnabled, phase: 'disabled' } })
      .then([{ ...lapsed, data: { ...lapsed.data, cause: 'staff disabled' } } as BookFact]);
    given([...asking, byPriya, lapsed])
      .when(remove(priya), { staff: { ...priyaLeads, phase: 'disabled' } })
      .then([]);
  });
});

describe('The first of two approvals, by a member who may no longer decide', () => {
  const FIRST = 'sha256:approved-first';

  it.each<[string, BookFact]>([
    ['who left', hasRole(maria, null)],
    ['who decides no more', hasRole(maria, 'viewer')],
  ])('%s, lapses: the vendor decides on nothing that the customer doesn’t allow (T26; policy.md, 8)', (_, change) => {
    const past: Past<BookFact> = [...asking, hasRole(adam, 'owner'), change];
    given(past)
      .when(decide(priya, FIRST), { staff: priyaLeads })
      .refused('deciderMayDecide', 'It is for the customer to decide now.');
    const { facts, refusal } = given(past).when(decide(adam, FIRST)).decision;
    expect([refusal, facts.map(({ type }) => type)]).toEqual([undefined, ['FirstApprovalGiven']]);
    const again = given([...past, ...facts]);
    const { digest } = (facts[0] as Extract<BookFact, { type: 'FirstApprovalGiven' }>).data;
    const second = again.when(decide(priya, digest), { staff: priyaLeads }).decision;
    expect(second.facts.map(({ type }) => type)).toEqual(['AccessApproved']);
  });

  it('stands while they may, by the settings of the workspace', () => {
    expect(given(asking).when(decide(priya, FIRST), { staff: priyaLeads }).decision.facts).toMatchObject([
      { type: 'AccessApproved' },
    ]);
    const { policy } = installation;
    const byAdminsOnly = {
      ...installation,
      policy: { ...policy, approval: { ...policy.approval, customer: ['admin' as const] } },
    };
    given(asking)
      .when(decide(priya, FIRST), { staff: priyaLeads, installation: byAdminsOnly })
      .refused('deciderMayDecide');
  });
});
