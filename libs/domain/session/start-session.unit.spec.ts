import { describe, expect, it } from '@jest/globals';
import type { StaffRole } from '@gatebook/protocol';
import { bookOf, given, type Past } from '../testing/given.ts';
import {
  accessOn,
  case123,
  case123Closed,
  case124,
  case124Opened,
  clock,
  ended,
  harbour,
  installation,
  instantOf,
  maria,
  priya,
  priyaEnabled,
  priyasVisit,
  sam,
  samEnabled,
  samsVisit,
  staffPerson,
  started,
  tightenedTo,
  windowEnded,
  workspaceOpen,
} from '../testing/story.ts';
import type { BookFact } from '../book/book.ts';
import type { BookCommand } from '../book/decide.ts';
import { COMMANDS } from '../testing/pairs.ts';
import { PRESETS } from '../policy/presets.ts';
import { unknownStaff } from '../staff/staff.ts';
import type { StartSession } from './start-session.ts';

const start = (command: Partial<StartSession> = {}): StartSession => ({
  type: 'StartSession',
  sessionId: samsVisit,
  staffId: sam,
  caseId: case123,
  caseRef: 'CASE-123',
  job: null,
  reason: 'Failed invoice sync since Tuesday',
  minutes: null,
  identityConfirmedAt: clock('09:58'),
  grantId: null,
  ...command,
});
const open: Past<BookFact> = [...workspaceOpen, accessOn()];

describe('Starting a visit', () => {
  it('writes the line that stands before anything opens, with who, why, for which case and until when (S0-33, S0-44, S0-46, S1-51, S1-52, S1-65)', () => {
    given(open).when(start(), { at: '10:00' }).then([started()]);
  });

  it('for a job opens the job’s pages only (S0-47, S4-13)', () => {
    given(open)
      .when(start({ job: 'invoice-sync', minutes: 20 }), { at: '10:00' })
      .then([
        started({
          job: 'invoice-sync',
          pages: ['billing', 'invoice'],
          can: ['open Billing', 'open Invoice'],
          cannot: [
            'change anything',
            'open Dashboard',
            'open Inquiry',
            'open Team',
            'open Customer',
            'open API keys',
            'retry the failed sync',
            'open the customer portal',
          ],
          plannedEnd: instantOf('10:20'),
        }),
      ]);
  });

  it('leaves out the areas that the owner left out', () => {
    const { facts } = given([...workspaceOpen, accessOn({ withoutAreas: ['billing', 'inbox'] })]).when(
      start(),
    ).decision;
    expect(facts[0]).toMatchObject({ data: { pages: ['dashboard', 'team'], can: ['open Dashboard', 'open Team'] } });
  });

  it('for a job of which every page is left out is refused with the area by name (S3-15)', () => {
    given([...workspaceOpen, accessOn({ withoutAreas: ['inbox', 'billing'] })])
      .when(start({ job: 'invoice-sync' }), { at: '10:00' })
      .refused('areaIsNotLeftOut', 'The owner left Billing out.');
  });

  it('ends no later than the owner’s window', () => {
    given([...workspaceOpen, accessOn({ until: instantOf('10:25') })])
      .when(start(), { at: '10:00' })
      .then([started({ plannedEnd: instantOf('10:25') })]);
  });

  it('keeps the reason trimmed, and the case as the workspace knows it', () => {
    given(open)
      .when(start({ reason: '  Failed invoice sync since Tuesday ', caseRef: 'case 123' }))
      .then([started()]);
  });

  it('names the staff member by id where the directory told no name (S1-10)', () => {
    const { facts } = given(open).when(start(), { staff: { ...samEnabled, shown: null } }).decision;
    expect(facts[0]).toMatchObject({ data: { personal: { subject: sam, staffName: sam, staffEmail: '' } } });
  });

  it('is allowed again after the last visit ended (S3-23, S4-23)', () => {
    given([...open, '09:30', started(), ended('exited', '09:40')])
      .when(start({ sessionId: 'ses_again' }))
      .then([started({ sessionId: 'ses_again' })]);
  });
});

describe('Starting a visit is refused', () => {
  it('where there is no such workspace, or it was closed', () => {
    given([]).when(start()).refused('workspaceIsOpen', 'There is no such workspace.');
    given([...open, { type: 'WorkspaceClosed', data: { workspaceId: harbour } }])
      .when(start())
      .refused('workspaceIsOpen');
  });

  it.each([
    ['unknown', unknownStaff],
    ['disabled', { ...samEnabled, phase: 'disabled' as const }],
    ['of an unreadable stream', { ...samEnabled, readable: false }],
  ])('to a staff member who is %s', (_, staff) => {
    given(open).when(start(), { staff }).refused('staffMemberIsEnabled', 'You are not enabled as a staff member.');
  });

  it.each<[readonly StaffRole[]]>([[['reviewer']], [[]]])(
    'to a staff member whose roles are %j (S1-25, S1-26)',
    (roles) => {
      given(open)
        .when(start(), { staff: { ...samEnabled, roles } })
        .refused('staffRoleMayVisit', 'Visits are opened by agent, lead, engineer, responder only.');
    },
  );

  it('where a line of the book can’t be read (T48)', () => {
    const book = bookOf(open);
    given({ ...book, readable: false })
      .when(start())
      .refused('bookIsReadable', 'A line of this workspace’s book can’t be read, so nothing is opened.');
  });

  it('while staff access is off (S0-4, S0-9, S3-14)', () => {
    const refusal = given(workspaceOpen)
      .when(start())
      .refused('staffAccessIsOn', 'Staff access to this workspace is off.');
    expect(refusal.instead).toBe('Ask an owner of the workspace to turn it on.');
  });

  it('at the very instant at which the window ends, and not before', () => {
    const past = [...workspaceOpen, accessOn({ until: instantOf('10:00') })];
    given(past)
      .when(start(), { at: '10:00' })
      .refused('staffAccessIsOn', undefined, { with: [windowEnded('10:00')] });
    given(past)
      .when(start(), { at: '09:59:59.999' })
      .then([started({ plannedEnd: instantOf('10:00'), enterBy: instantOf('10:00:59.999') })]);
  });

  describe('through a switch that they turned on themselves, as an owner of the workspace (T19; policy.md, 11)', () => {
    const person = staffPerson('sam');
    const asOwner = ({ issuer, subject }: typeof person, email: string): BookFact => ({
      type: 'MemberRoleChanged',
      data: {
        memberId: 'mem_twin',
        externalId: 'user-twin',
        person: { issuer, subject },
        role: 'owner',
        personal: { subject: 'mem_twin', name: 'Sam Reed', email },
      },
    });
    const staff = { ...samEnabled, person };
    const on = accessOn({ memberId: 'mem_twin' });
    const read: BookCommand = { ...COMMANDS.RequestAccess, kind: 'read', action: null };

    it.each([
      ['the same sign-in', asOwner(person, 'sam@harbour.example')],
      ['the same confirmed address', asOwner({ issuer: maria.issuer, subject: 'double' }, ' SAM@vendor.example')],
    ])('by %s', (_, member) => {
      for (const command of [start(), read])
        given([...workspaceOpen, member, on])
          .when(command, { staff })
          .refused('approverIsNotRequester', 'You turned staff access on yourself, and nobody lets themselves in.');
    });

    it('and not where somebody else did, or where no switch lets staff in', () => {
      const twin = asOwner(person, 'sam@harbour.example');
      const other = asOwner({ issuer: maria.issuer, subject: 'double' }, 'other@harbour.example');
      const lets = (...past: BookFact[]) =>
        given([...workspaceOpen, ...past]).when(start(), { staff }).decision.refusal === undefined;
      expect([lets(twin, on, accessOn()), lets(other, on), lets(twin, on)]).toEqual([true, true, false]);
      const traceable = { ...installation, policy: PRESETS.traceable };
      expect(
        given([...workspaceOpen, twin, on]).when(start(), { staff, installation: traceable }).decision.refusal,
      ).toBeUndefined();
    });
  });

  it('through a switch that was left on without an end, for longer than the settings of now know (S0-16, S0-54)', () => {
    const unblocked = [...workspaceOpen, accessOn({ until: null })];
    const longest = installation.policy.consent.longestWindowMinutes ?? 0;
    expect(longest).toBe(7 * 24 * 60);
    expect(given(unblocked).when(start(), { at: '7d 08:59:59.999' }).decision.refusal).toBeUndefined();
    given(unblocked)
      .when(start(), { at: '7d 09:00' })
      .refused(
        'staffAccessIsOn',
        'Staff access to this workspace was turned on under other settings, too long ago for those of now.',
      );
    const bySwitch = { ...installation, policy: PRESETS.switch };
    expect(given(unblocked).when(start(), { at: '7d 09:00', installation: bySwitch }).decision.refusal).toBeUndefined();
    // Their own settings asked for each visit; cleared, the installation's switch is none that was turned on for good.
    const cleared = [
      ...[tightenedTo({ 'consent.mode': 'request' }), accessOn({ until: null })],
      tightenedTo({}, ['consent.mode']),
    ];
    given([...workspaceOpen, ...cleared])
      .when(start(), { at: '7d 09:00' })
      .refused('staffAccessIsOn');
  });

  it('for a case that is closed, or of another workspace (S1-58, S4-19)', () => {
    const because = 'CASE-123 is not an open case of this workspace.';
    given([...open, case123Closed])
      .when(start())
      .refused('caseIsOpen', because);
    given(open)
      .when(start({ caseId: 'case_foreign', caseRef: 'CASE-9' }))
      .refused('caseIsOpen');
  });

  it('for another case than the switch was turned on for', () => {
    const past = [...workspaceOpen, case124Opened, accessOn({ onlyCase: case124 })];
    given(past).when(start()).refused('visitFitsTheSwitch', 'Staff access is on for another case only.');
    expect(given(past).when(start({ caseId: case124 })).decision.refusal).toBeUndefined();
  });

  it('for a reason that says nothing, with hints (S1-15, S4-18)', () => {
    const refusal = given(open)
      .when(start({ reason: 'check issue' }))
      .refused('reasonIsSpecific', '“check issue” could be about anything.');
    expect(refusal.hints).toStrictEqual([
      'Name what is wrong and where: “Failed invoice sync since Tuesday”.',
      'The owner reads your reason word for word.',
    ]);
  });

  it.each(['no-such-job', 'constructor', '__proto__'])('for the job %s, which the catalogue lacks', (job) => {
    given(open).when(start({ job })).refused('jobIsDeclared', `The catalogue has no job “${job}”.`);
  });

  it('for a job that changes something (S0-10)', () => {
    given(open)
      .when(start({ job: 'invoice-fix' }))
      .refused('jobIsReadOnly', 'The job “Mend an invoice” changes something, and a visit only reads.');
  });

  it.each([0, -5, 61, 1.5, Number.NaN])('for %d minutes', (minutes) => {
    given(open)
      .when(start({ minutes }))
      .refused('minutesAreAllowed', `A visit lasts 1 to 60 minutes; ${minutes} were asked for.`);
  });

  it('while the staff member is in a visit here', () => {
    given([...open, '09:55', started()])
      .when(start({ sessionId: 'ses_second' }))
      .refused('staffMemberHasNoOtherVisit', 'You are in a visit already.');
  });

  it('while as many visits as are allowed are in the workspace', () => {
    given([...open, '09:55', started(), started({ sessionId: priyasVisit, staffId: priya })])
      .when(start({ sessionId: 'ses_third', staffId: 'stf_lee' }))
      .refused('workspaceHasRoom', '2 visits are in this workspace already, and no more are allowed at a time.');
    given([...open, '09:55', started()])
      .when(start({ sessionId: priyasVisit, staffId: priya }), { staff: priyaEnabled })
      .then([
        started({
          sessionId: priyasVisit,
          staffId: priya,
          personal: {
            subject: priya,
            staffName: 'Priya Shah',
            staffEmail: 'priya@vendor.example',
            reason: 'Failed invoice sync since Tuesday',
            approverName: 'Maria Lopez',
          },
        }),
      ]);
  });

  it('by the first rule in order, and the next comes to light as each is mended', () => {
    const wrong = start({ caseId: 'case_foreign', reason: 'Support', job: 'no-such-job', minutes: 0 });
    const reviewer = { ...samEnabled, roles: ['reviewer' as const] };
    const off = [...workspaceOpen, '09:55', started()];
    const on = [...workspaceOpen, accessOn({ onlyCase: case124 }), '09:55', started()];
    const full = { ...installation, policy: { ...installation.policy } };
    full.policy = { ...full.policy, session: { ...full.policy.session, livePerWorkspace: 1 } };
    given([]).when(wrong, { staff: unknownStaff }).refused('workspaceIsOpen');
    given(off).when(wrong, { staff: unknownStaff }).refused('staffMemberIsEnabled');
    given({ ...bookOf(off), readable: false })
      .when(wrong, { staff: reviewer })
      .refused('staffRoleMayVisit');
    given({ ...bookOf(off), readable: false })
      .when(wrong)
      .refused('bookIsReadable');
    given(off).when(wrong).refused('staffAccessIsOn');
    given(on).when(wrong).refused('caseIsOpen');
    given(on)
      .when({ ...wrong, caseId: case123 })
      .refused('visitFitsTheSwitch');
    const opened = [...open, '09:55', started()];
    given(opened)
      .when({ ...wrong, caseId: case123 }, { installation: full })
      .refused('reasonIsSpecific');
    given(opened)
      .when(start({ job: 'no-such-job', minutes: 0 }), { installation: full })
      .refused('jobIsDeclared');
    given(opened)
      .when(start({ job: 'invoice-fix', minutes: 0 }), { installation: full })
      .refused('jobIsReadOnly');
    given(opened)
      .when(start({ minutes: 0 }), { installation: full })
      .refused('minutesAreAllowed');
    given(opened).when(start(), { installation: full }).refused('staffMemberHasNoOtherVisit');
    given(opened)
      .when(start({ staffId: priya }), { installation: full })
      .refused('workspaceHasRoom');
  });
});
