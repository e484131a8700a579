import { describe, it } from '@jest/globals';
import type { DisableStaffAccess } from './disable-staff-access.ts';
import type { EnableStaffAccess } from './enable-staff-access.ts';
import { given } from '../testing/given.ts';
import {
  accessOffBy,
  accessOn,
  adam,
  ana,
  case123Closed,
  case123,
  ended,
  harbour,
  hasRole,
  instantOf,
  maria,
  mona,
  priya,
  priyasVisit,
  stranger,
  started,
  vic,
  windowEnded,
  workspaceOpen,
} from '../testing/story.ts';

const turnOn = (command: Partial<EnableStaffAccess> = {}): EnableStaffAccess => ({
  type: 'EnableStaffAccess',
  by: maria,
  minutes: null,
  withoutAreas: [],
  onlyCase: null,
  ...command,
});
const turnOff = (by: DisableStaffAccess['by'] = maria): DisableStaffAccess => ({ type: 'DisableStaffAccess', by });
const closed = { type: 'WorkspaceClosed', data: { workspaceId: harbour } } as const;

describe('Turning staff access on', () => {
  it('opens a window of 24 hours when nothing else is asked (S0-16)', () => {
    given(workspaceOpen)
      .when(turnOn(), { at: '10:00' })
      .then([accessOn({ until: instantOf('1d 10:00') })]);
  });

  it('opens the window that was asked for, without areas and for one case only', () => {
    given(workspaceOpen)
      .when(turnOn({ minutes: 90, withoutAreas: ['billing', 'team'], onlyCase: case123 }), { at: '10:00' })
      .then([accessOn({ until: instantOf('11:30'), withoutAreas: ['billing', 'team'], onlyCase: case123 })]);
  });

  it('is for owners and admins (S3-4)', () => {
    given(workspaceOpen)
      .when(turnOn({ by: adam }), { at: '10:00' })
      .then([
        accessOn({
          until: instantOf('1d 10:00'),
          memberId: adam.memberId,
          personal: { subject: adam.memberId, name: adam.name },
        }),
      ]);
  });

  it.each([
    [mona, 'Only an owner or an admin may do this; you are a manager.'],
    [ana, 'Only an owner or an admin may do this; you are an agent.'],
    [vic, 'Only an owner or an admin may do this; you are a viewer.'],
  ])('is not for others (S3-22): $0.role', (by, because) => {
    given(workspaceOpen).when(turnOn({ by })).refused('memberRoleMaySwitch', because);
  });

  it('reads the role when deciding: who was an owner yesterday may not (T26)', () => {
    given([...workspaceOpen, hasRole(maria, 'viewer')])
      .when(turnOn())
      .refused('memberRoleMaySwitch', 'Only an owner or an admin may do this; you are a viewer.');
    given([...workspaceOpen, hasRole(maria, null)])
      .when(turnOn())
      .refused('memberBelongsHere');
  });

  it('tells a stranger the same, word and rule, whether the workspace is there, closed or missing (T35)', () => {
    const because = 'There is no such workspace.';
    given(workspaceOpen)
      .when(turnOn({ by: stranger }))
      .refused('memberBelongsHere', because);
    given([...workspaceOpen, closed])
      .when(turnOn({ by: stranger }))
      .refused('memberBelongsHere', because);
    given([])
      .when(turnOn({ by: stranger }))
      .refused('memberBelongsHere', because);
  });

  it('needs a workspace that is open', () => {
    given([...workspaceOpen, closed])
      .when(turnOn())
      .refused('workspaceIsOpen', 'There is no such workspace.');
  });

  it.each([0, -1, 10_081, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a window of %d minutes', (minutes) => {
    given(workspaceOpen)
      .when(turnOn({ minutes }))
      .refused('windowIsAllowed', `Staff access can be on for 1 to 10080 minutes; ${minutes} were asked for.`);
  });

  it.each([
    [1, '10:01'],
    [10_080, '7d 10:00'],
  ])('allows a window of %d minutes', (minutes, until) => {
    given(workspaceOpen)
      .when(turnOn({ minutes }))
      .then([accessOn({ until: instantOf(until) })]);
  });

  it('leaves out only areas that there are, and names only an open case', () => {
    given(workspaceOpen)
      .when(turnOn({ withoutAreas: ['billing', 'constructor'] }))
      .refused('visitFitsTheSwitch', 'The catalogue has no area “constructor”.');
    given(workspaceOpen)
      .when(turnOn({ onlyCase: 'case_foreign' }))
      .refused('visitFitsTheSwitch', 'The case is not an open case of this workspace.');
    given([...workspaceOpen, case123Closed])
      .when(turnOn({ onlyCase: case123 }))
      .refused('visitFitsTheSwitch', 'The case is not an open case of this workspace.');
  });

  it('again, while it is on, sets the window anew and leaves visits alone (S0-17)', () => {
    given([...workspaceOpen, accessOn(), '09:50', started()])
      .when(turnOn({ minutes: 30 }), { at: '10:00' })
      .then([accessOn({ until: instantOf('10:30') })]);
  });

  it('after a window that ran out unnoticed writes down its end first (T18)', () => {
    given([...workspaceOpen, accessOn({ until: instantOf('09:59') })])
      .when(turnOn({ minutes: 30 }), { at: '10:00' })
      .then([windowEnded('09:59'), accessOn({ until: instantOf('10:30') })]);
  });
});

describe('Turning staff access off', () => {
  it('ends every visit at once (S0-18, S0-19, S3-7)', () => {
    given([...workspaceOpen, accessOn(), '09:50', started(), started({ sessionId: priyasVisit, staffId: priya })])
      .when(turnOff(), { at: '10:00' })
      .then([accessOffBy(maria, '10:00'), ended('revoked', '10:00'), ended('revoked', '10:00', priyasVisit)]);
  });

  it('leaves the end of a visit that had ended before as it was', () => {
    given([...workspaceOpen, accessOn(), '09:50', started(), ended('exited', '09:55')])
      .when(turnOff(), { at: '10:00' })
      .then([accessOffBy(maria, '10:00')]);
  });

  it('is no mistake and no line when it is off', () => {
    given(workspaceOpen).when(turnOff()).then([]);
  });

  it('ends a visit that a request let in, also when the settings have gone back to a switch that is off (S0-19)', () => {
    given([...workspaceOpen, '09:50', started({ consent: 'request' })])
      .when(turnOff(), { at: '10:00' })
      .then([accessOffBy(maria, '10:00'), ended('revoked', '10:00')]);
  });

  it('writes down a window that ran out, and nothing more', () => {
    given([...workspaceOpen, accessOn({ until: instantOf('09:59') })])
      .when(turnOff(), { at: '10:00' })
      .then([windowEnded('09:59')]);
  });

  it('is for the same roles as on (S3-22)', () => {
    const past = [...workspaceOpen, accessOn()];
    given(past)
      .when(turnOff(adam))
      .then([accessOffBy(adam, '10:00')]);
    for (const by of [mona, ana, vic]) given(past).when(turnOff(by)).refused('memberRoleMaySwitch');
    given(past).when(turnOff(stranger)).refused('memberBelongsHere', 'There is no such workspace.');
  });

  it('knows a person by issuer and subject together', () => {
    given([...workspaceOpen, accessOn()])
      .when(turnOff({ ...maria, issuer: 'https://other.example' }))
      .refused('memberBelongsHere');
  });
});
