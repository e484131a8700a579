import { describe, expect, it } from '@jest/globals';
import { bookOf, given } from '../testing/given.ts';
import {
  accessOffBy,
  accessOn,
  adam,
  entered,
  installation,
  instantOf,
  maria,
  mona,
  sam,
  samsVisit,
  started,
  stranger,
  tightenedTo,
  viewed,
  workspaceOpen,
} from '../testing/story.ts';
import type { BookFact } from '../book/book.ts';
import type { Installation } from '../installation/installation.ts';
import type { TightenPolicy } from './tighten-policy.ts';
import { PRESETS } from './presets.ts';
import type { PresetName } from './policy.ts';

const tightens = (change: Partial<TightenPolicy>): TightenPolicy => ({
  type: 'TightenPolicy',
  by: maria,
  set: {},
  cleared: [],
  ...change,
});
const starts = {
  type: 'StartSession',
  sessionId: samsVisit,
  staffId: sam,
  caseId: 'case_123',
  caseRef: 'CASE-123',
  job: null,
  reason: 'Checking failed invoice sync',
  minutes: null,
  identityConfirmedAt: Date.parse(instantOf('09:58')),
  grantId: null,
} as const;
const views = {
  type: 'ViewPage',
  sessionId: samsVisit,
  staffId: sam,
  page: 'dashboard',
  record: null,
  title: null,
  input: true,
  partOf: null,
  serve: true,
} as const;
const under = (preset: PresetName): Installation => ({ ...installation, policy: PRESETS[preset] });

describe('A workspace’s own settings', () => {
  it('are set by an owner, or an admin who may switch', () => {
    const set = { 'session.capMinutes': 30 };
    given(workspaceOpen)
      .when(tightens({ set }))
      .then([tightenedTo(set)]);
    given(workspaceOpen)
      .when(tightens({ set, by: adam }))
      .then([
        {
          type: 'WorkspacePolicyTightened',
          data: {
            memberId: adam.memberId,
            set,
            cleared: [],
            policyRevision: 2,
            personal: { subject: adam.memberId, name: adam.name },
          },
        },
      ]);
    const dayPass = { installation: under('day-pass') };
    given(workspaceOpen)
      .when(tightens({ set, by: adam }), dayPass)
      .refused('roleMayAsk', 'An owner sets this; you are an admin.');
    given(workspaceOpen)
      .when(tightens({ set, by: mona }))
      .refused('roleMayAsk', 'An owner sets this; you are a manager.');
    given(workspaceOpen)
      .when(tightens({ set, by: stranger }))
      .refused('memberBelongsHere', 'There is no such workspace.');
  });

  it('are as strict as the installation’s or stricter, and a refusal names the knob', () => {
    given(workspaceOpen)
      .when(tightens({ set: { 'session.idleMinutes': 5, 'session.capMinutes': 61 } }))
      .refused(
        'changeIsTighter',
        'session.capMinutes would be looser than the installation’s own setting, which is 60.',
      );
    given(workspaceOpen)
      .when(tightens({ set: { 'consent.maySwitch': ['owner', 'manager'] } }))
      .refused(
        'changeIsTighter',
        'consent.maySwitch would be looser than the installation’s own setting, which is owner, admin.',
      );
    given(workspaceOpen)
      .when(tightens({ set: { 'session.capMinutes': 60 } }))
      .then([tightenedTo({ 'session.capMinutes': 60 })]);
  });

  it('may be loosened again as far as the installation’s, never beyond', () => {
    const past = [...workspaceOpen, tightenedTo({ 'session.capMinutes': 10 })];
    given(past)
      .when(tightens({ set: { 'session.capMinutes': 40 } }))
      .then([tightenedTo({ 'session.capMinutes': 40 })]);
    given(past)
      .when(tightens({ cleared: ['session.capMinutes'] }))
      .then([tightenedTo({}, ['session.capMinutes'])]);
    given(past)
      .when(tightens({ set: { 'session.capMinutes': 61 } }))
      .refused(
        'changeIsTighter',
        'session.capMinutes would be looser than the installation’s own setting, which is 60.',
      );
    expect(bookOf([...past, tightenedTo({}, ['session.capMinutes'])]).tightening).toStrictEqual({});
  });

  it('are not set to what they are', () => {
    const set = { 'session.capMinutes': 10 };
    given([...workspaceOpen, tightenedTo(set)])
      .when(tightens({ set }))
      .refused('changeIsDifferent');
    given(workspaceOpen)
      .when(tightens({ cleared: ['session.capMinutes'] }))
      .refused('changeIsDifferent');
    given(workspaceOpen).when(tightens({})).refused('changeIsDifferent');
  });

  it('decide what is decided, beside the installation’s where that is tighter by now', () => {
    const past = [...workspaceOpen, accessOn(), tightenedTo({ 'session.capMinutes': 20, 'session.idleMinutes': 60 })];
    given(past)
      .when({ ...starts, minutes: 21 })
      .refused('minutesAreAllowed', 'A visit lasts 1 to 20 minutes; 21 were asked for.');
    const [start] = given(past).when(starts).decision.facts;
    expect(start).toMatchObject({ data: { plannedEnd: instantOf('10:20'), idleMinutes: 15 } });
  });

  it('never shorten or lengthen the clocks of a visit that runs, nor does a change of the installation’s', () => {
    const lasting = { plannedEnd: instantOf('10:30'), idleMinutes: 15 };
    const inside = [...workspaceOpen, accessOn(), '10:00', started(lasting), '10:00:10', entered()] as const;
    const later = [...inside, tightenedTo({ 'session.capMinutes': 5 }), '10:20', viewed()] as const;
    const long = {
      ...installation,
      policy: {
        ...installation.policy,
        session: { ...installation.policy.session, capMinutes: 1_440, idleMinutes: 60 },
      },
    };
    given(later).when(views, { at: '10:29:59.999', installation: long }).then([viewed()]);
    given(later)
      .when(views, { at: '10:30', installation: long })
      .refused('visitHasNotEnded', undefined, {
        with: [
          { type: 'SessionEnded', data: { sessionId: samsVisit, cause: 'reached its cap', at: instantOf('10:30') } },
        ],
      });
  });
});

const byRole = { installation: under('traceable') };
const roleVisit = started({ approvedBy: { kind: 'policy' }, consent: 'role' } as never);

describe('Where the role lets staff in', () => {
  it('a visit begins though nobody turned staff access on, and says what let it in (S1-14)', () => {
    const [start] = given(workspaceOpen).when(starts, byRole).decision.facts;
    expect(start).toMatchObject({
      type: 'SessionStarted',
      data: { consent: 'role', approvedBy: { kind: 'policy' }, plannedEnd: instantOf('11:00') },
    });
  });

  it('an owner’s off forbids, also before there was any on', () => {
    given(workspaceOpen)
      .when({ type: 'DisableStaffAccess', by: maria }, byRole)
      .then([accessOffBy(maria, '10:00')]);
    given([...workspaceOpen, accessOffBy(maria, '09:30')])
      .when(starts, byRole)
      .refused('staffAccessIsOn', 'Staff access to this workspace is off.');
    given([...workspaceOpen, accessOffBy(maria, '09:30')])
      .when({ type: 'DisableStaffAccess', by: maria }, byRole)
      .then([]);
  });

  it('what a clock turned off forbids nothing, and lifts no owner’s off', () => {
    const byClock: BookFact = {
      type: 'StaffAccessDisabled',
      data: { cause: 'window ended', at: instantOf('09:40'), memberId: null },
    };
    expect(given([...workspaceOpen, byClock]).when(starts, byRole).decision.refusal).toBeUndefined();
    given([...workspaceOpen, accessOffBy(maria, '09:30'), byClock])
      .when(starts, byRole)
      .refused('staffAccessIsOn');
  });

  it('turned on again, it stays on until it is turned off', () => {
    const past = [...workspaceOpen, accessOffBy(maria, '09:30')];
    const on = { type: 'EnableStaffAccess', by: maria, minutes: null, withoutAreas: [], onlyCase: null } as const;
    const decided = given(past).when(on, byRole).decision.facts;
    expect(decided).toMatchObject([{ type: 'StaffAccessEnabled', data: { until: null } }]);
    given(past)
      .when({ ...on, minutes: 60 }, byRole)
      .refused('windowIsAllowed', 'Staff access has no window here: what is on stays on until it is turned off.');
    expect(given([...past, ...decided]).when(starts, byRole).decision.refusal).toBeUndefined();
  });

  it('an owner’s off ends a visit that runs, and no view stands behind it (S0-19)', () => {
    const inside = [...workspaceOpen, '10:00', roleVisit, '10:00:10', entered()] as const;
    expect(given(inside).when(views, { at: '10:01', ...byRole }).decision.refusal).toBeUndefined();
    given(inside)
      .when({ type: 'DisableStaffAccess', by: maria }, { at: '10:01', ...byRole })
      .then([
        accessOffBy(maria, '10:01'),
        { type: 'SessionEnded', data: { sessionId: samsVisit, cause: 'revoked', at: instantOf('10:01') } },
      ]);
    given([...inside, accessOffBy(maria, '10:01')])
      .when(views, { at: '10:02', ...byRole })
      .refused('visitHasNotEnded', undefined, {
        with: [{ type: 'SessionEnded', data: { sessionId: samsVisit, cause: 'revoked', at: instantOf('10:01') } }],
      });
  });

  it('a visit keeps what let it in, whatever lets staff in by now', () => {
    const inside = [...workspaceOpen, '10:00', roleVisit, '10:00:10', entered()] as const;
    expect(given(inside).when(views, { at: '10:01' }).decision.refusal).toBeUndefined();
    const bySwitch = [...workspaceOpen, '10:00', started(), '10:00:10', entered()] as const;
    given(bySwitch)
      .when(views, { at: '10:01', ...byRole })
      .refused('staffAccessIsOn');
  });
});

describe('Under the preset switch', () => {
  const stays = { installation: under('switch') };

  it('staff access stays on until it is turned off, and no clock ends it (S3-25)', () => {
    const on = { type: 'EnableStaffAccess', by: maria, minutes: null, withoutAreas: [], onlyCase: null } as const;
    const decided = given(workspaceOpen).when(on, stays).decision.facts;
    expect(decided).toStrictEqual([accessOn({ until: null })]);
    const past = [...workspaceOpen, ...decided];
    expect(given(past).when({ type: 'SettleBook' }, { at: '7d 10:00', ...stays }).decision).toStrictEqual({
      facts: [],
    });
    const [start] = given(past).when(starts, stays).decision.facts;
    expect(start).toMatchObject({ data: { plannedEnd: instantOf('11:00') } });
  });

  it('a window may be chosen all the same, and a workspace may demand one', () => {
    const on = { type: 'EnableStaffAccess', by: maria, minutes: 90, withoutAreas: [], onlyCase: null } as const;
    given(workspaceOpen)
      .when(on, stays)
      .then([accessOn({ until: instantOf('11:30') })]);
    given([...workspaceOpen, tightenedTo({ 'consent.longestWindowMinutes': 60 })])
      .when({ ...on, minutes: null }, stays)
      .then([accessOn({ until: instantOf('11:00') })]);
  });
});
