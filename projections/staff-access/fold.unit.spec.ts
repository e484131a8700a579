import { describe, expect, it } from '@jest/globals';
import { foldedTwice } from '../testing/rows.ts';
import { castOf, placed, story, STORY_BEGINS } from '../testing/story.ts';
import { staffAccessProjection } from './fold.ts';

const { workspace, maria } = castOf(1);
const minute = (at: number) => STORY_BEGINS + at * 60_000;
const off = {
  workspace_id: workspace,
  is_on: 0,
  until_at: null,
  since_at: null,
  member_id: null,
  member_name: null,
  off_cause: null,
  without_areas: '[]',
  only_case: null,
};

describe('The switch', () => {
  it('is off from the start (S0-9, S3-2)', () => {
    const facts = placed(story()).slice(0, 3);
    expect(foldedTwice(staffAccessProjection, facts)).toEqual({
      staff_access: [{ ...off, position: '00000000000000000003' }],
    });
  });

  it('is on until a time, with who turned it on and what they left out', () => {
    expect(foldedTwice(staffAccessProjection, placed(story({ until: 'inside' })))).toEqual({
      staff_access: [
        {
          ...off,
          is_on: 1,
          until_at: minute(24 * 60),
          since_at: minute(10),
          member_id: maria,
          member_name: 'Maria',
          without_areas: '["inbox"]',
          position: '00000000000000000010',
        },
      ],
    });
  });

  it('is on without an end where it stays on until it is turned off (S3-25)', () => {
    const facts = placed(story({ until: 'inside' })).map((fact) =>
      fact.type === 'StaffAccessEnabled' ? { ...fact, data: { ...(fact.data as object), until: null } } : fact,
    );
    expect(foldedTwice(staffAccessProjection, facts)['staff_access']).toMatchObject([{ is_on: 1, until_at: null }]);
  });

  it('is off again, with who turned it off and when', () => {
    expect(foldedTwice(staffAccessProjection, placed(story()))).toEqual({
      staff_access: [
        {
          ...off,
          since_at: minute(20),
          member_id: maria,
          member_name: 'Maria',
          off_cause: 'owner',
          position: '00000000000000000019',
        },
      ],
    });
  });

  it('stays as it is when the workspace is told again', () => {
    const facts = placed(story({ until: 'inside' }));
    const [registered] = facts.filter(({ type }) => type === 'WorkspaceRegistered');
    expect(foldedTwice(staffAccessProjection, registered ? [...facts, registered] : [])['staff_access']).toMatchObject([
      { is_on: 1 },
    ]);
  });
});
