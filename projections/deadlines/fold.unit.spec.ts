import { describe, expect, it } from '@jest/globals';
import { foldedTwice } from '../testing/rows.ts';
import { castOf, placed, story, STORY_BEGINS } from '../testing/story.ts';
import { deadlinesProjection } from './fold.ts';

const { workspace, sam, supportCase, session } = castOf(1);
const minute = (at: number) => STORY_BEGINS + at * 60_000;
const inside = placed(story({ until: 'inside' }));
const clocks = (facts: typeof inside) =>
  foldedTwice(deadlinesProjection, facts)['deadlines']?.map(({ id, at, plus_ms }) => [id, at, plus_ms]);

describe('The deadlines', () => {
  it('are the window, and of each visit its planned end, its idle end and its case', () => {
    expect(clocks(inside)).toEqual([
      [`${session}/case`, null, 0],
      [`${session}/idle`, minute(16), 15 * 60_000],
      [`${session}/over`, null, 0],
      [`${session}/planned end`, minute(72), 0],
      [`${workspace}/window`, minute(24 * 60), 0],
    ]);
  });

  it('have no window where staff access stays on until it is turned off (S3-25)', () => {
    const endless = inside.map((fact) =>
      fact.type === 'StaffAccessEnabled' ? { ...fact, data: { ...(fact.data as object), until: null } } : fact,
    );
    expect(clocks(endless)?.map(([id]) => id)).not.toContain(`${workspace}/window`);
    // It also takes away the end of a window that was open before.
    const [enabled] = endless.filter(({ type }) => type === 'StaffAccessEnabled');
    if (!enabled) throw new Error('Staff access is never on in the story.');
    expect(clocks([...inside, { ...enabled, id: 'anew' }])?.map(([id]) => id)).not.toContain(`${workspace}/window`);
  });

  it('have a closed case’s grace, and lose it when the case is opened again', () => {
    const [opened] = inside.filter(({ type }) => type === 'CaseOpened');
    if (!opened) throw new Error('The story has no case.');
    const metadata = { ...opened.metadata, time: new Date(minute(17)).toISOString() };
    const data = { caseId: supportCase, caseRef: 'CASE-1', graceMinutes: 5 };
    const closed = { ...opened, id: 'closed', type: 'CaseClosed', data, metadata };
    expect(clocks([...inside, closed])?.[0]).toEqual([`${session}/case`, minute(22), 0]);
    expect(clocks([...inside, closed, { ...opened, id: 'again' }])?.[0]).toEqual([`${session}/case`, null, 0]);
  });

  it('keep a visit that staff access ended until its own end is written', () => {
    const facts = placed(story());
    const off = facts.findIndex(({ type }) => type === 'StaffAccessDisabled');
    const left = clocks(facts.slice(0, off + 1));
    expect(left).toContainEqual([`${session}/over`, minute(20), 0]);
    expect(left?.map(([id]) => id)).not.toContain(`${workspace}/window`);
    expect(clocks(facts)).toEqual([]);
  });

  it('have the seat of a staff member until it is given back', () => {
    expect(foldedTwice(deadlinesProjection, inside)['seats']).toEqual([
      { staff_id: sam, session_id: session, workspace_id: workspace, until_at: minute(72) },
    ]);
    expect(foldedTwice(deadlinesProjection, placed(story()))['seats']).toEqual([]);
  });
});
