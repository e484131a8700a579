import { describe, expect, it } from '@jest/globals';
import { foldedTwice } from '../testing/rows.ts';
import { castOf, placed, story, STORY_BEGINS } from '../testing/story.ts';
import { activeSessionsProjection } from './fold.ts';

const { workspace, maria, sam, supportCase, session } = castOf(1);
const minute = (at: number) => STORY_BEGINS + at * 60_000;

describe('The active sessions', () => {
  it('hold a visit with its page, its last input and its limits while it goes on', () => {
    expect(foldedTwice(activeSessionsProjection, placed(story({ until: 'inside' })))).toEqual({
      active_sessions: [
        {
          session_id: session,
          workspace_id: workspace,
          staff_id: sam,
          staff_name: 'Sam Lee',
          staff_email: 'sam.lee@fernway.example',
          case_id: supportCase,
          case_ref: 'CASE-1',
          job: null,
          mode: 'read',
          reason: 'Failed invoice sync since Tuesday',
          started_at: minute(12),
          entered_at: minute(12.5),
          planned_end: minute(72),
          idle_minutes: 15,
          last_input_at: minute(16),
          approved_by: maria,
          approver_name: 'Maria',
          viewed_as: null,
          page: 'dashboard',
          page_label: 'Dashboard',
          page_since: minute(15),
          area: 'billing',
          can: '["open Billing"]',
          cannot: '["change anything"]',
          position: '00000000000000000018',
        },
      ],
    });
  });

  it('are not kept by a page that no person opened', () => {
    const withoutStay = placed(story({ until: 'inside' })).filter(({ type }) => type !== 'PresenceConfirmed');
    expect(foldedTwice(activeSessionsProjection, withoutStay)['active_sessions']?.[0]).toMatchObject({
      page: 'dashboard',
      last_input_at: minute(13),
    });
  });

  it('are gone when staff access goes off, before their own ends are read (S0-19)', () => {
    const facts = placed(story());
    const off = facts.findIndex(({ type }) => type === 'StaffAccessDisabled');
    expect(foldedTwice(activeSessionsProjection, facts.slice(0, off))['active_sessions']).toHaveLength(1);
    expect(foldedTwice(activeSessionsProjection, facts.slice(0, off + 1))).toEqual({ active_sessions: [] });
    expect(foldedTwice(activeSessionsProjection, facts)).toEqual({ active_sessions: [] });
  });

  it('don’t come back through a view behind their end', () => {
    const facts = placed(story());
    const view = facts.find(({ type }) => type === 'PageViewed');
    expect(foldedTwice(activeSessionsProjection, view ? [...facts, view] : [])).toEqual({ active_sessions: [] });
  });

  it('are not touched by facts of the right type in a foreign stream', () => {
    const facts = placed(story({ until: 'inside' })).map((fact) =>
      fact.stream.startsWith('workspace-') ? { ...fact, stream: fact.stream.replace('workspace-', 'denials-') } : fact,
    );
    expect(foldedTwice(activeSessionsProjection, facts)).toEqual({ active_sessions: [] });
  });
});
