import { describe, expect, it } from '@jest/globals';
import { areasProjection } from '../areas/fold.ts';
import { peopleProjection } from '../people/fold.ts';
import { foldedTwice } from '../testing/rows.ts';
import { castOf, placed, story, STORY_BEGINS } from '../testing/story.ts';
import { workspacesProjection } from './fold.ts';

const { workspace, maria, adam, supportCase } = castOf(1);
const facts = placed(story());

describe('The workspaces', () => {
  it('have their members with role and verified person, and their cases', () => {
    expect(foldedTwice(workspacesProjection, facts)).toEqual({
      workspaces: [{ id: workspace, product: 'fernway', external_id: 'acme-1', name: 'Acme 1', phase: 'open' }],
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

  it('have the catalogue’s areas by name', () => {
    expect(foldedTwice(areasProjection, facts)).toEqual({
      areas: [
        { id: 'billing', label: 'Billing' },
        { id: 'inbox', label: 'Inbox' },
      ],
    });
  });
});

function member(id: string, name: string, role: string) {
  const [lower, issuer] = [name.toLowerCase(), 'https://members.example'];
  const email = `${lower}@acme1.example`;
  return { id, workspace_id: workspace, external_id: lower, issuer, subject: `${lower}-1`, role, name, email };
}
