import { describe, expect, it } from '@jest/globals';
import type { StoredFact } from '#event-log/envelope';
import { activeSessionsProjection } from '../active-sessions/fold.ts';
import { areasProjection } from '../areas/fold.ts';
import { deadlinesProjection } from '../deadlines/fold.ts';
import { peopleProjection } from '../people/fold.ts';
import { foldedTwice } from '../testing/rows.ts';
import { castOf, placed, story, STORY_BEGINS } from '../testing/story.ts';
import { visitLogProjection } from '../visit-log/fold.ts';
import { workspacesProjection } from './fold.ts';

const { workspace, maria, adam, supportCase } = castOf(1);
const facts = placed(story());

describe('The workspaces', () => {
  it('have their members with role and verified person, and their cases', () => {
    expect(foldedTwice(workspacesProjection, facts)).toEqual({
      workspaces: [
        { id: workspace, product: 'fernway', external_id: 'acme-1', name: 'Acme 1', phase: 'open', plan: null },
      ],
      members: [member(maria, 'Maria', 'owner'), member(adam, 'Adam', 'agent')],
      cases: [
        {
          id: supportCase,
          workspace_id: workspace,
          case_ref: 'CASE-1',
          title: 'No invoices',
          phase: 'open',
          opened_at: STORY_BEGINS + 60_000,
          closed_at: null,
          grace_ends: null,
          assignee: null,
          merged_into: null,
        },
      ],
    });
  });

  it('lose a member who left, whose name stays known', () => {
    const [joined] = facts.filter(({ type }) => type === 'MemberRoleChanged');
    if (!joined) throw new Error('The story has no member.');
    const left = { ...joined, id: 'left', data: { ...(joined.data as object), role: null } };
    expect(foldedTwice(workspacesProjection, [...facts, left])['members']?.map(({ id }) => id)).toEqual([adam]);
    expect(foldedTwice(peopleProjection, [...facts, left])['people']?.map(({ id }) => id)).toContain(maria);
  });

  it('have the plan that was told last, also under a new name', () => {
    const told = [...facts, more('PlanChanged', { plan: 'business' })];
    expect(foldedTwice(workspacesProjection, told)['workspaces']).toMatchObject([{ plan: 'business' }]);
    const renamed = { workspaceId: workspace, externalId: 'acme-1', product: 'fernway', name: 'Acme One' };
    expect(
      foldedTwice(workspacesProjection, [...told, more('WorkspaceRegistered', renamed, 1)])['workspaces'],
    ).toMatchObject([{ plan: 'business', name: 'Acme One' }]);
  });

  it('have the contact for bills', () => {
    const data = facts.find(({ type }) => type === 'MemberRoleChanged')?.data as object;
    const told = [...facts, more('MemberRoleChanged', { ...data, billingContact: true })];
    expect(foldedTwice(workspacesProjection, told)['members']).toMatchObject([
      { id: maria, billing_contact: 1 },
      { id: adam, billing_contact: 0 },
    ]);
  });

  it('have cases of somebody, and cases that went into others', () => {
    const into = { intoCaseId: 'case_other', intoCaseRef: 'CASE-2' };
    const merged = more('CaseMerged', { caseId: supportCase, caseRef: 'CASE-1', ...into });
    const whose = more('CaseReassigned', { caseId: 'case_other', caseRef: 'CASE-2', staffId: 'stf_1' }, 1);
    expect(foldedTwice(workspacesProjection, [...facts, merged, whose])['cases']).toMatchObject([
      { id: supportCase, phase: 'closed', merged_into: 'case_other', closed_at: Date.parse(merged.metadata.time) },
      { id: 'case_other', case_ref: 'CASE-2', phase: 'open', assignee: 'stf_1', merged_into: null },
    ]);
  });

  it('take visits, their clocks and their place in the log along into the other case (policy.md, 9)', () => {
    const inside = placed(story({ until: 'inside' }));
    const closed = more('CaseClosed', { caseId: supportCase, caseRef: 'CASE-1', graceMinutes: 5 });
    const into = { intoCaseId: 'case_other', intoCaseRef: 'CASE-2' };
    const merged = more('CaseMerged', { caseId: supportCase, caseRef: 'CASE-1', ...into }, 1);
    const told = [...inside, closed, merged];
    expect(foldedTwice(activeSessionsProjection, told)['active_sessions']).toMatchObject([
      { case_id: 'case_other', case_ref: 'CASE-2', position: merged.position },
    ]);
    expect(foldedTwice(visitLogProjection, told)['visits']).toMatchObject([
      { case_id: 'case_other', case_ref: 'CASE-2' },
    ]);
    const clocks = foldedTwice(deadlinesProjection, told)['deadlines']?.filter(({ session_id }) => session_id !== null);
    expect(new Set(clocks?.map(({ case_id }) => case_id))).toEqual(new Set(['case_other']));
    expect(clocks?.find(({ clock }) => clock === 'case')).toMatchObject({ at: null });
    // What had ended before stays under the case that it was for.
    const ended = [...facts, merged];
    expect(foldedTwice(visitLogProjection, ended)['visits']).toMatchObject([{ case_ref: 'CASE-1' }]);
  });

  it('have the catalogue’s areas by name', () => {
    expect(foldedTwice(areasProjection, facts)).toEqual({
      areas: [
        { id: 'billing', label: 'Billing' },
        { id: 'inbox', label: 'Inbox' },
      ],
    });
  });
});

/** A fact more of the workspace's own stream. */
function more(type: string, data: object, nth = 0): StoredFact {
  const last = facts.findLast(({ stream }) => stream === `workspace-${workspace}`);
  if (!last) throw new Error('The story has no workspace.');
  const position = String(900 + nth).padStart(20, '0');
  return { ...last, id: `more-${type}-${nth}`, revision: last.revision + 1 + nth, position, type, data };
}

function member(id: string, name: string, role: string) {
  const [lower, issuer] = [name.toLowerCase(), 'https://members.example'];
  const email = `${lower}@acme1.example`;
  return {
    id,
    workspace_id: workspace,
    external_id: lower,
    issuer,
    subject: `${lower}-1`,
    role,
    billing_contact: 0,
    name,
    email,
  };
}
