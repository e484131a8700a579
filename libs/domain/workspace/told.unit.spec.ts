import { describe, expect, it } from '@jest/globals';
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
  clock,
  ended,
  harbour,
  hasRole,
  instantOf,
  maria,
  registered,
  started,
  type Persona,
  workspaceOpen,
} from '../testing/story.ts';
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

  it.each([close, change(maria, 'owner'), openCase, closeCase])(
    'must be open for anything to be told of it: $type',
    (command) => {
      given([]).when(command).refused('workspaceIsOpen', 'There is no such workspace.');
      given([...workspaceOpen, closed])
        .when(command)
        .refused('workspaceIsOpen');
    },
  );
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
