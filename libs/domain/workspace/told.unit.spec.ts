import { describe, expect, it } from '@jest/globals';
import type { CaseId, StaffId } from '@gatebook/protocol';
import type { BookCommand } from '../book/decide.ts';
import type { BookFact } from '../book/book.ts';
import { bookOf, given, type Past } from '../testing/given.ts';
import {
  accessOffBy,
  accessOn,
  adam,
  case123,
  case123Closed,
  case123Opened,
  case124,
  case124Opened,
  clock,
  ended,
  harbour,
  hasRole,
  installation,
  instantOf,
  maria,
  registered,
  sam,
  samEnabled,
  samsVisit,
  started,
  priya,
  priyaEnabled,
  type Persona,
  workspaceOpen,
} from '../testing/story.ts';
import { PRESETS } from '../policy/presets.ts';
import { memberWho } from './workspace.ts';

const register = (name = 'Harbour Dental'): BookCommand => ({
  type: 'RegisterWorkspace',
  workspaceId: harbour,
  externalId: 'acme-1',
  product: 'prd_demo',
  name,
});
const close: BookCommand = { type: 'CloseWorkspace', workspaceId: harbour };
const closed: BookFact = { type: 'WorkspaceClosed', data: { workspaceId: harbour } };
const change = ({ memberId, issuer, subject, name }: Persona, role: Persona['role'] | null): BookCommand => ({
  type: 'ChangeMemberRole',
  memberId,
  externalId: `user-${subject}`,
  issuer,
  subject,
  name,
  email: `${subject}@harbour.example`,
  role,
});
const openCase: BookCommand = {
  type: 'OpenCase',
  caseId: case123,
  caseRef: 'CASE-123',
  title: 'Invoices have not synced',
};
const closeCase: BookCommand = { type: 'CloseCase', caseId: case123 };
const off = (cause: 'workspace closed' | 'no owner left'): BookFact => ({
  type: 'StaffAccessDisabled',
  data: { cause, at: instantOf('10:05'), memberId: null },
});
const mergeInto = (intoCaseId: CaseId, intoCaseRef: string): BookCommand => ({
  type: 'MergeCase',
  caseId: case123,
  intoCaseId,
  intoCaseRef,
});
const merged: BookFact = {
  type: 'CaseMerged',
  data: { caseId: case123, caseRef: 'CASE-123', intoCaseId: case124, intoCaseRef: 'CASE-124' },
};
const reassign = (assignee: StaffId | null): BookCommand => ({
  type: 'ReassignCase',
  caseId: case123,
  caseRef: 'CASE-123',
  assignee,
});
const reassigned = (staffId: StaffId | null): BookFact => ({
  type: 'CaseReassigned',
  data: { caseId: case123, caseRef: 'CASE-123', staffId },
});
const inside: Past<BookFact> = [...workspaceOpen, accessOn(), '10:00', started()];

describe('A workspace', () => {
  it('is registered once, and again under a new name', () => {
    given([]).when(register()).then([registered]);
    given([registered]).when(register()).then([]);
    given([registered])
      .when(register('Harbour Clinic'))
      .then([
        {
          type: 'WorkspaceRegistered',
          data: { workspaceId: harbour, externalId: 'acme-1', product: 'prd_demo', name: 'Harbour Clinic' },
        },
      ]);
  });

  it('that was closed stays closed, whatever name is told of it', () => {
    const because = 'There is no such workspace.';
    given([...workspaceOpen, closed])
      .when(register())
      .refused('workspaceIsOpen', because);
    given([...workspaceOpen, closed])
      .when(register('Another name'))
      .refused('workspaceIsOpen', because);
  });

  it('that is closed ends staff access and every visit', () => {
    given(inside)
      .when(close, { at: '10:05' })
      .then([closed, off('workspace closed'), ended('workspace closed', '10:05')]);
    given(workspaceOpen).when(close).then([closed]);
  });

  it('has the plan that was told last, each a line once', () => {
    const plan = (name: string): BookFact => ({ type: 'PlanChanged', data: { plan: name } });
    expect(bookOf(workspaceOpen).workspace.plan).toBeNull();
    given(workspaceOpen)
      .when({ type: 'ChangePlan', plan: 'business' })
      .then([plan('business')]);
    given([...workspaceOpen, plan('business')])
      .when({ type: 'ChangePlan', plan: 'business' })
      .then([]);
    given([...workspaceOpen, plan('business')])
      .when({ type: 'ChangePlan', plan: 'free' })
      .then([plan('free')]);
    expect(bookOf([...workspaceOpen, plan('business'), plan('free')]).workspace.plan).toBe('free');
  });

  it.each([
    close,
    change(maria, 'owner'),
    openCase,
    closeCase,
    mergeInto(case124, 'CASE-124'),
    reassign(sam),
    { type: 'ChangePlan', plan: 'business' } as const,
  ])('must be open for anything to be told of it: $type', (command) => {
    given([]).when(command).refused('workspaceIsOpen', 'There is no such workspace.');
    given([...workspaceOpen, closed])
      .when(command)
      .refused('workspaceIsOpen');
  });
});

describe('A member', () => {
  it('joins, changes and leaves, each a line once', () => {
    given([registered])
      .when(change(maria, 'owner'))
      .then([hasRole(maria, 'owner')]);
    given(workspaceOpen).when(change(maria, 'owner')).then([]);
    given(workspaceOpen)
      .when(change(adam, 'viewer'))
      .then([hasRole(adam, 'viewer')]);
    given(workspaceOpen)
      .when(change(adam, null))
      .then([hasRole(adam, null)]);
    given([registered]).when(change(adam, null)).then([]);
  });

  it('under a new e-mail address is told anew', () => {
    const told = { ...change(maria, 'owner'), email: 'maria@new.example' } as BookCommand;
    const { facts } = given(workspaceOpen).when(told).decision;
    expect(facts).toMatchObject([{ type: 'MemberRoleChanged', data: { personal: { email: 'maria@new.example' } } }]);
    given([...workspaceOpen, ...facts])
      .when(told)
      .then([]);
  });

  it('is the contact for bills once told so, and stays it until told otherwise (S1-27)', () => {
    const told = (billingContact?: boolean): BookCommand =>
      ({ ...change(adam, adam.role), ...(billingContact !== undefined && { billingContact }) }) as BookCommand;
    const pays = { ...hasRole(adam, adam.role) };
    const contact = { ...pays, data: { ...pays.data, billingContact: true } } as BookFact;
    const isContact = (past: Past<BookFact>) => bookOf(past).workspace.members.get(adam.memberId)?.billingContact;

    given(workspaceOpen).when(told()).then([]);
    given(workspaceOpen).when(told(false)).then([]);
    given(workspaceOpen).when(told(true)).then([contact]);
    expect(isContact(workspaceOpen)).toBe(false);
    expect(isContact([...workspaceOpen, contact])).toBe(true);
    for (const again of [told(), told(true)])
      given([...workspaceOpen, contact])
        .when(again)
        .then([]);
    given([...workspaceOpen, contact])
      .when({ ...change(adam, 'manager') })
      .then([{ ...contact, data: { ...contact.data, role: 'manager' } } as BookFact]);
    given([...workspaceOpen, contact])
      .when(told(false))
      .then([pays]);
    given([...workspaceOpen, contact])
      .when({ ...change(adam, null) })
      .then([hasRole(adam, null)]);
  });

  it('under a new name or with another sign-in is told anew', () => {
    given(workspaceOpen)
      .when(change({ ...maria, name: 'Maria Lopez-Ruiz' }, 'owner'))
      .then([hasRole({ ...maria, name: 'Maria Lopez-Ruiz' }, 'owner')]);
    const other = { ...maria, issuer: 'https://other.example' };
    given(workspaceOpen)
      .when(change(other, 'owner'))
      .then([hasRole(other, 'owner')]);
    const { workspace } = bookOf([...workspaceOpen, hasRole(other, 'owner')]);
    expect(memberWho(workspace, maria.issuer, maria.subject)).toBeUndefined();
    expect(memberWho(workspace, other.issuer, other.subject)?.id).toBe(maria.memberId);
  });

  it('who was the last owner takes staff access with them, and every visit (T26)', () => {
    const all = [off('no owner left'), ended('revoked', '10:05')];
    given(inside)
      .when(change(maria, null), { at: '10:05' })
      .then([hasRole(maria, null), ...all]);
    given(inside)
      .when(change(maria, 'admin'), { at: '10:05' })
      .then([hasRole(maria, 'admin'), ...all]);
    given([...inside, hasRole(adam, 'owner')])
      .when(change(maria, null), { at: '10:05' })
      .then([hasRole(maria, null)]);
    given(workspaceOpen)
      .when(change(maria, null))
      .then([hasRole(maria, null)]);
  });
});

describe('A workspace whose policy needs no switch', () => {
  const visiting = started({ consent: 'role', approvedBy: { kind: 'policy' } });
  const running: Past<BookFact> = [...workspaceOpen, '10:00', visiting];

  it('ends everything all the same when its last owner leaves, or when it is closed (policy.md, 8)', () => {
    given(running)
      .when(change(maria, null), { at: '10:05' })
      .then([hasRole(maria, null), off('no owner left'), ended('revoked', '10:05')]);
    given(running)
      .when(close, { at: '10:05' })
      .then([closed, off('workspace closed'), ended('workspace closed', '10:05')]);
    given([...running, '10:02', ended('exited', '10:02')])
      .when(change(maria, null), { at: '10:05' })
      .then([hasRole(maria, null)]);
  });

  it('lets nobody begin a visit while it has no owner who could turn it off', () => {
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
      grantId: null,
    };
    const byRole = { ...installation, policy: PRESETS.traceable };
    const without: Past<BookFact> = [...workspaceOpen, hasRole(maria, 'admin')];
    given(without).when(start, { installation: byRole }).refused('staffAccessIsOn');
    expect(given(workspaceOpen).when(start, { installation: byRole }).decision.refusal).toBeUndefined();
    // Somebody who may has turned it on: then that lets them in.
    expect(given([...without, accessOn()]).when(start, { installation: byRole }).decision.refusal).toBeUndefined();
  });
});

describe('A case', () => {
  it('is opened and closed, each a line once', () => {
    given([registered]).when(openCase).then([case123Opened]);
    given(workspaceOpen).when(openCase).then([]);
    given(workspaceOpen).when(closeCase).then([case123Closed]);
    given([...workspaceOpen, case123Closed])
      .when(closeCase)
      .then([]);
    given([registered]).when(closeCase).then([]);
  });

  it('can be opened again', () => {
    given([...workspaceOpen, case123Closed])
      .when(openCase)
      .then([case123Opened]);
  });

  it('that is closed leaves its visits the grace that policy gave it', () => {
    const { cases } = bookOf([...workspaceOpen, accessOn(), started(), '10:00', case123Closed]).workspace;
    expect(cases.get(case123)).toStrictEqual({
      id: case123,
      ref: 'CASE-123',
      phase: 'closed',
      assignee: null,
      graceEnds: clock('10:05'),
    });
  });

  it('that is closed is forgotten once no visit and no switch asks for it', () => {
    const known = (past: Past<BookFact>) => bookOf([...workspaceOpen, ...past]).workspace.cases.all.map(({ id }) => id);
    expect(known([case123Closed])).toStrictEqual([]);
    expect(known([accessOn(), started(), case123Closed])).toStrictEqual([case123]);
    expect(known([accessOn(), started(), case123Closed, ended('exited', '09:00')])).toStrictEqual([]);
    const off = accessOffBy(maria, '09:00');
    expect(known([accessOn(), started(), case123Closed, off])).toStrictEqual([]);
    expect(known([accessOn({ onlyCase: case123 }), case123Closed])).toStrictEqual([case123]);
    expect(known([accessOn({ onlyCase: case123 }), case123Closed, off])).toStrictEqual([]);
    expect(known([accessOn({ onlyCase: case123 }), case123Closed, accessOn()])).toStrictEqual([]);
    expect(known([case123Closed, case123Opened])).toStrictEqual([case123]);
  });
});

describe('A case that is merged into another', () => {
  const both: Past<BookFact> = [...workspaceOpen, case124Opened];

  it('is no longer one, once, and the other must be open to go on with', () => {
    given(both).when(mergeInto(case124, 'CASE-124')).then([merged]);
    given([...both, merged])
      .when(mergeInto(case124, 'CASE-124'))
      .then([]);
    expect(bookOf([...both, merged]).workspace.cases.all.map(({ ref }) => ref)).toStrictEqual(['CASE-124']);
    given(workspaceOpen)
      .when(mergeInto(case124, 'CASE-124'))
      .refused('caseIsOpen', 'CASE-124 is not an open case of this workspace.');
    given(workspaceOpen).when(mergeInto(case123, 'CASE-123')).then([]);
  });

  it('hands its visits on, which go on to their end under the other (policy.md, 9)', () => {
    const book = bookOf([...both, accessOn(), '10:00', started(), merged]);
    expect(book.sessions.live().map(({ caseId, caseRef }) => ({ caseId, caseRef }))).toStrictEqual([
      { caseId: case124, caseRef: 'CASE-124' },
    ]);
    given([...both, accessOn(), '10:00', started(), merged])
      .when({ type: 'CloseCase', caseId: case124 })
      .then([{ type: 'CaseClosed', data: { caseId: case124, caseRef: 'CASE-124', graceMinutes: 5 } }]);
  });

  it('takes the grace from its visits: they have an open case again', () => {
    const past: Past<BookFact> = [...both, accessOn(), '10:00', started(), case123Closed, merged];
    given(past).when({ type: 'SettleBook' }, { at: '10:10' }).then([]);
  });

  it('hands on the switch that was for it only', () => {
    const past: Past<BookFact> = [...both, accessOn({ onlyCase: case123 }), merged];
    expect(bookOf(past).staffAccess).toMatchObject({ phase: 'on', onlyCase: case124 });
  });

  it('lets visits under equal terms share them', () => {
    const second = started({ sessionId: 'ses_second', staffId: priya, caseId: case124, caseRef: 'CASE-124' });
    const [first, other] = bookOf([...both, accessOn(), started(), second, merged]).sessions.live();
    expect(first?.terms).toBe(other?.terms);
  });
});

describe('A case that is reassigned', () => {
  it('is a line once, also when it is nobody’s now', () => {
    given(workspaceOpen)
      .when(reassign(sam))
      .then([reassigned(sam)]);
    given([...workspaceOpen, reassigned(sam)])
      .when(reassign(sam))
      .then([]);
    given(workspaceOpen)
      .when(reassign(null))
      .then([reassigned(null)]);
    given([...workspaceOpen, reassigned(null)])
      .when(reassign(null))
      .then([]);
  });

  it('must be known, so that whose it is can’t be lost', () => {
    given([registered]).when(reassign(sam)).refused('caseIsOpen', 'CASE-123 is not an open case of this workspace.');
  });

  it('ends the visits of others for it, in the fold and as lines of their own (policy.md, 9)', () => {
    given(inside)
      .when(reassign(priya), { at: '10:05' })
      .then([reassigned(priya), ended('case reassigned', '10:05')]);
    given(inside)
      .when(reassign(null), { at: '10:05' })
      .then([reassigned(null), ended('case reassigned', '10:05')]);
    given(inside)
      .when(reassign(sam), { at: '10:05' })
      .then([reassigned(sam)]);
    const phases = (past: Past<BookFact>) => bookOf(past).sessions.all.map(({ phase }) => phase);
    expect(phases([...inside, '10:05', reassigned(priya)])).toStrictEqual(['ended']);
    expect(phases([...inside, '10:05', reassigned(sam)])).toStrictEqual(['live']);
    const elsewhere = started({ caseId: case124, caseRef: 'CASE-124' });
    expect(phases([...workspaceOpen, case124Opened, accessOn(), elsewhere, reassigned(priya)])).toStrictEqual(['live']);
    given([...inside, '10:05', reassigned(priya)])
      .when({ type: 'SettleBook' }, { at: '10:05' })
      .then([ended('case reassigned', '10:05')]);
  });

  it('is started from by its assignee, and by anybody where none is told', () => {
    const start = (staffId: StaffId): BookCommand => ({
      type: 'StartSession',
      sessionId: samsVisit,
      staffId,
      caseId: case123,
      caseRef: 'CASE-123',
      job: null,
      reason: 'Failed invoice sync since Tuesday',
      minutes: null,
      identityConfirmedAt: clock('09:58'),
      grantId: null,
    });
    const starts = (past: Past<BookFact>, staffId: StaffId) =>
      given(past).when(start(staffId), { at: '10:00', staff: staffId === sam ? samEnabled : priyaEnabled });
    const on: Past<BookFact> = [...workspaceOpen, accessOn()];

    starts([...on, reassigned(priya)], sam).refused('caseIsTheirs', 'CASE-123 belongs to somebody else.');
    for (const [past, staffId] of [
      [[...on, reassigned(priya)], priya],
      [[...on, reassigned(priya), reassigned(null)], sam],
      [[...on, reassigned(priya), reassigned(sam)], sam],
      [[...on, reassigned(priya), case123Closed, case123Opened], sam],
      [on, sam],
    ] as const)
      expect(starts(past, staffId).decision.refusal).toBeUndefined();
  });
});
