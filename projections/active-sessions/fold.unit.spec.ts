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
          action: null,
          action_label: null,
          action_used_at: null,
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

  it('name the one action of a visit on a write grant, and when it was used (S0-24)', () => {
    const action = { name: 'invoice.retrySync', label: 'retry the failed invoice sync on INV-88' };
    const told = story({ until: 'inside' }).map(({ stream, fact }) => ({
      stream,
      fact:
        fact.type === 'SessionStarted' ? { ...fact, data: { ...(fact.data as object), mode: 'write', action } } : fact,
    }));
    const named = { mode: 'write', action: 'invoice.retrySync', action_label: action.label };
    expect(foldedTwice(activeSessionsProjection, placed(told))['active_sessions']).toMatchObject([
      { ...named, action_used_at: null },
    ]);
    const last = told.at(-1)!;
    const authorised = {
      stream: last.stream,
      fact: {
        ...last.fact,
        id: '0199aa00-0000-7000-8000-00000000ffff',
        type: 'ActionAuthorised',
        data: {
          actionId: 'act_00000000000000000000000001',
          sessionId: session,
          grantId: 'gr_00000000000000000000000001',
          requestId: 'req_00000000000000000000000001',
          action: action.name,
          label: action.label,
          target: 'INV-88',
          caseRef: 'CASE-1',
          digest: 'sha256:1',
          reportBy: new Date(minute(18)).toISOString(),
        },
      },
    };
    expect(foldedTwice(activeSessionsProjection, placed([...told, authorised]))['active_sessions']).toMatchObject([
      { ...named, action_used_at: minute(16) },
    ]);
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
