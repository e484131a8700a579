import { describe, expect, it } from '@jest/globals';
import { foldedTwice } from '../testing/rows.ts';
import { castOf, placed, story, STORY_BEGINS } from '../testing/story.ts';
import { visitLogProjection } from './fold.ts';

const { workspace, sam, session } = castOf(1);
const facts = placed(story());
const lines = (of = facts) => foldedTwice(visitLogProjection, of)['visit_log'] ?? [];

describe('The visit log', () => {
  it('has one line for each fact of the workspace’s two streams, and for no other (S1-1)', () => {
    const expected = facts.filter(
      ({ stream }) => stream === `workspace-${workspace}` || stream === `denials-${workspace}`,
    );
    expect(lines().map(({ fact_id }) => fact_id)).toEqual(expected.map(({ id }) => id));
    expect(new Set(lines().map(({ workspace_id }) => workspace_id))).toEqual(new Set([workspace]));
  });

  it('keeps both times, who, which visit, and what stands in the log (S1-7, S4-42)', () => {
    const view = facts.find(({ type }) => type === 'PageViewed');
    expect(lines().find(({ kind }) => kind === 'PageViewed')).toEqual({
      fact_id: view?.id,
      position: '00000000000000000015',
      workspace_id: workspace,
      stream: `workspace-${workspace}`,
      revision: 8,
      occurred_at: STORY_BEGINS + 13 * 60_000,
      recorded_at: STORY_BEGINS + 13 * 60_000 + 50,
      kind: 'PageViewed',
      mark: 'viewed',
      outcome: 'done',
      session_id: session,
      actor_kind: 'staff',
      actor_id: sam,
      behalf_kind: null,
      behalf_id: null,
      data: JSON.stringify(view?.data),
      metadata: JSON.stringify(view?.metadata),
    });
  });

  it('shows what nobody can read as unreadable', () => {
    const strange = facts.map((fact) =>
      fact.type === 'PageViewed'
        ? { ...fact, type: 'PageGlimpsed' }
        : fact.type === 'AreaEntered'
          ? { ...fact, data: null }
          : fact,
    );
    const shown = lines(strange).filter(({ outcome }) => outcome === 'unreadable');
    expect(shown.map(({ kind, mark, session_id, data }) => [kind, mark, session_id, data === null])).toEqual([
      ['AreaEntered', 'dot', null, true],
      ['PageGlimpsed', 'dot', null, false],
      ['PageGlimpsed', 'dot', null, false],
    ]);
  });

  it('lets a denial that was appended twice stand once, in its first place', () => {
    const [denied] = facts.filter(({ type }) => type === 'AttemptDenied');
    if (!denied) throw new Error('The story has no denial.');
    const again = { ...denied, revision: 2, position: '00000000000000000099' };
    expect(lines([...facts, again])).toEqual(lines());
  });

  it('has each visit with its start, its true end and its cause', () => {
    const visits = (of: typeof facts) => foldedTwice(visitLogProjection, of)['visits'];
    const off = facts.findIndex(({ type }) => type === 'StaffAccessDisabled');
    const ended = { ended_at: STORY_BEGINS + 20 * 60_000, end_cause: 'revoked' };
    expect(visits(facts.slice(0, off))).toMatchObject([{ session_id: session, ended_at: null, end_cause: null }]);
    expect(visits(facts.slice(0, off + 1))).toMatchObject([{ session_id: session, ...ended }]);
    expect(visits(facts)).toMatchObject([{ session_id: session, started_at: STORY_BEGINS + 12 * 60_000, ...ended }]);
  });
});
