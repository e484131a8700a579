import { describe, expect, it } from '@jest/globals';
import { peopleProjection } from '../people/fold.ts';
import { foldedTwice } from '../testing/rows.ts';
import { castOf, placed, story, STORY_BEGINS } from '../testing/story.ts';
import { utcTime } from '#wording/wording';
import { denialsProjection } from './fold.ts';
import { denialLineOf } from './queries.ts';

const { workspace, sam, session } = castOf(1);

describe('The denials', () => {
  it('have every refusal, those in the asker’s own book without a workspace', () => {
    const rows = foldedTwice(denialsProjection, placed(story()))['denials'] ?? [];
    expect(
      rows.map(({ workspace_id, attempt, rule, session_id, times }) => [
        workspace_id,
        attempt,
        rule,
        session_id,
        times,
      ]),
    ).toEqual([
      [workspace, 'start a visit for CASE-1', 'staffAccessIsOn', null, 1],
      [null, 'turn staff access on', 'memberBelongsHere', null, 1],
      [workspace, 'open Customers', 'pageIsInScope', session, 3],
    ]);
    expect(rows[2]).toMatchObject({ actor_id: sam, since_at: STORY_BEGINS, occurred_at: STORY_BEGINS + 14 * 60_000 });
  });

  it('tell a reviewer the values that a change was tried and approved with, as the line in the book does (S1-30)', () => {
    const exactly = { tried: { value: '0 %' }, approved: { value: '10 %' } };
    const facts = placed(story()).map((fact) =>
      fact.type === 'AttemptDenied'
        ? { ...fact, data: { ...(fact.data as object), personal: { subject: sam, name: 'Sam Lee', exactly } } }
        : fact,
    );
    const [row] = foldedTwice(denialsProjection, facts)['denials'] ?? [];
    expect(denialLineOf(row as Parameters<typeof denialLineOf>[0], new Map(), utcTime).sentence.detail).toMatch(
      /Tried with exactly: value "0 %"\. Approved with exactly: value "10 %"\.$/,
    );
  });

  it('name the masked field that was to be shown, and its record (S1-44)', () => {
    const label = 'see customer.email of inq_1';
    const attempt = { command: 'RevealField', label, field: 'customer.email', record: 'inq_1' };
    const facts = placed(story()).map((fact) =>
      fact.type === 'AttemptDenied' ? { ...fact, data: { ...(fact.data as object), attempt } } : fact,
    );
    const [row] = foldedTwice(denialsProjection, facts)['denials'] ?? [];
    expect(row).toMatchObject({ attempt: label, field: 'customer.email', record: 'inq_1', page: null, action: null });
  });

  it('give a stranger a name, and never take a known person’s', () => {
    const facts = placed(story()).map((fact) =>
      fact.type === 'AttemptDenied' && fact.stream === `denials-${sam}`
        ? { ...fact, metadata: { ...fact.metadata, actor: { kind: 'member' as const, id: 'mem_stranger' } } }
        : fact,
    );
    const people = foldedTwice(peopleProjection, facts)['people'] ?? [];
    expect(people.find(({ id }) => id === 'mem_stranger')).toMatchObject({
      kind: 'member',
      name: 'Sam Lee',
      email: null,
    });
    expect(people.find(({ id }) => id === sam)).toMatchObject({ name: 'Sam Lee', enabled: 1, roles: '["agent"]' });
  });
});
