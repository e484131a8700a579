import { noCommands } from '../command-memory.ts';
import { describe, expect, it } from '@jest/globals';
import type { StaffRole } from '@gatebook/protocol';
import { givenStaff, staffOf, type Past } from '../testing/given.ts';
import { clock, harbour, instantOf, sam, samsVisit, staffPerson } from '../testing/story.ts';
import type { StaffCommand } from './seat.ts';
import type { StaffFact } from './staff.ts';

const enable = (roles: readonly StaffRole[] = ['agent', 'lead'], name = 'Sam Reed'): StaffCommand => ({
  type: 'EnableStaff',
  staffId: sam,
  ...staffPerson('sam'),
  name,
  email: 'sam@vendor.example',
  roles,
});
const enabled = (roles: StaffRole[] = ['agent', 'lead'], name = 'Sam Reed'): StaffFact => ({
  type: 'StaffEnabled',
  data: {
    staffId: sam,
    person: staffPerson('sam'),
    roles,
    personal: { subject: sam, name, email: 'sam@vendor.example' },
  },
});
const disable: StaffCommand = { type: 'DisableStaff', staffId: sam };
const disabled: StaffFact = { type: 'StaffDisabled', data: { staffId: sam } };
const take = (command: Partial<Extract<StaffCommand, { type: 'TakeSeat' }>> = {}): StaffCommand => ({
  type: 'TakeSeat',
  staffId: sam,
  sessionId: samsVisit,
  workspaceId: harbour,
  until: clock('11:00'),
  holderIsOver: null,
  ...command,
});
const taken = (data: Partial<Extract<StaffFact, { type: 'StaffSeatTaken' }>['data']> = {}): StaffFact => ({
  type: 'StaffSeatTaken',
  data: { staffId: sam, sessionId: samsVisit, workspaceId: harbour, until: instantOf('11:00'), ...data },
});
const release = (sessionId = samsVisit): StaffCommand => ({ type: 'ReleaseSeat', staffId: sam, sessionId });
const released: StaffFact = { type: 'StaffSeatReleased', data: { staffId: sam, sessionId: samsVisit } };
const seated: Past<StaffFact> = [enabled(), '10:00', taken()];

describe('A staff member', () => {
  it('is enabled with roles, told once', () => {
    givenStaff([]).when(enable()).then([enabled()]);
    givenStaff([enabled()])
      .when(enable(['lead', 'agent']))
      .then([]);
    givenStaff([enabled()])
      .when(enable(['reviewer']))
      .then([enabled(['reviewer'])]);
    givenStaff([enabled()])
      .when(enable(undefined, 'Sam R. Reed'))
      .then([enabled(undefined, 'Sam R. Reed')]);
    givenStaff([enabled(), disabled]).when(enable()).then([enabled()]);
  });

  it('is disabled, told once', () => {
    givenStaff([enabled()]).when(disable).then([disabled]);
    givenStaff([enabled(), disabled]).when(disable).then([]);
    givenStaff([]).when(disable).then([]);
  });

  it('folds to roles, phase and seat', () => {
    expect(staffOf([...seated, disabled])).toStrictEqual({
      readable: true,
      phase: 'disabled',
      roles: ['agent', 'lead'],
      lostRoles: [],
      seat: { sessionId: samsVisit, workspaceId: harbour, until: clock('11:00'), takenAt: clock('10:00') },
      person: { issuer: 'https://staff.example', subject: 'sam' },
      shown: { name: 'Sam Reed', email: 'sam@vendor.example' },
      commands: noCommands,
    });
  });
});

describe('The roles that a staff member lost', () => {
  const lost = (...past: StaffFact[]) => staffOf(past).lostRoles.map(({ role }) => role);

  it('are those that they had and have no more, whatever came between', () => {
    expect(lost(enabled(['lead', 'agent']), enabled(['agent']))).toStrictEqual(['lead']);
    expect(lost(enabled(['lead', 'agent']), disabled, enabled(['agent']))).toStrictEqual(['lead']);
    expect(lost(enabled(['lead']), enabled(['agent']), enabled(['reviewer']))).toStrictEqual(['agent', 'lead']);
    expect(lost(enabled(['lead']), enabled(['agent']), enabled(['agent', 'lead']))).toStrictEqual([]);
  });

  it('stand with when each was lost, whatever was lost later', () => {
    const at = (time: string) => clock(time);
    const { lostRoles } = staffOf([
      '08:00',
      enabled(['lead', 'agent']),
      '09:00',
      enabled(['agent']),
      '10:00',
      enabled(['reviewer']),
    ]);
    expect(lostRoles).toStrictEqual([
      { role: 'agent', at: at('10:00') },
      { role: 'lead', at: at('09:00') },
    ]);
  });
});

describe('The seat of a staff member', () => {
  it('is taken for one visit', () => {
    givenStaff([enabled()]).when(take()).then([taken()]);
  });

  it('is held by nobody else while it is taken', () => {
    givenStaff(seated)
      .when(take({ sessionId: 'ses_second' }), { at: '10:59:59.999' })
      .refused('staffMemberHasNoOtherVisit', 'You are in a visit already.');
  });

  it('is taken once for the same visit', () => {
    givenStaff(seated).when(take(), { at: '10:10' }).then([]);
  });

  it('frees itself at the planned end', () => {
    const until = instantOf('12:00');
    givenStaff(seated)
      .when(take({ sessionId: 'ses_second', until: clock('12:00') }), { at: '11:00' })
      .then([taken({ sessionId: 'ses_second', until })]);
    givenStaff(seated)
      .when(take({ until: clock('12:00') }), { at: '11:00' })
      .then([taken({ until })]);
  });

  it('goes to the next where its holder was looked up and is over, and to nobody on another’s word', () => {
    const second = take({ sessionId: 'ses_second', holderIsOver: samsVisit });
    givenStaff(seated)
      .when(second, { at: '10:30' })
      .then([taken({ sessionId: 'ses_second' })]);
    givenStaff(seated)
      .when({ ...second, holderIsOver: 'ses_other' } as StaffCommand, { at: '10:30' })
      .refused('staffMemberHasNoOtherVisit');
  });

  it('is for those who are enabled only', () => {
    const because = 'You are not enabled as a staff member.';
    givenStaff([]).when(take()).refused('staffMemberIsEnabled', because);
    givenStaff([enabled(), disabled]).when(take()).refused('staffMemberIsEnabled', because);
    givenStaff([...seated, disabled])
      .when(take(), { at: '10:10' })
      .refused('staffMemberIsEnabled', because);
  });

  it('is given back by its own visit only, once, and also by who was disabled', () => {
    givenStaff(seated).when(release()).then([released]);
    givenStaff(seated).when(release('ses_other')).then([]);
    givenStaff([...seated, released])
      .when(release())
      .then([]);
    givenStaff([...seated, disabled])
      .when(release())
      .then([released]);
    expect(staffOf([...seated, released]).seat).toBeNull();
    const other = taken({ sessionId: 'ses_second' });
    expect(staffOf([enabled(), other, released]).seat?.sessionId).toBe('ses_second');
  });
});
