import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { sessionIdOf } from '../../desk/identity.ts';
import { playDoor, START, type Answer, type PersonName, type PlayedDoor } from './testing/played-door.ts';
import { sendCommand } from './testing/sent.ts';

const ERRORS = `userErrors {
  __typename code message field
  ... on ReasonTooVague { hints }
  ... on StepUpRequired { acrValues maxAge }
  ... on StaffAccessOff { ownerContactAllowed }
  ... on StaleRevision { currentRevision }
  ... on TryAgain { retryAfterSeconds }
  ... on Refused { rule instead }
}`;
const SESSION = `session {
  id workspaceId staffId staffName staffEmail caseRef job reason approverName startedAt plannedEnd idleEndsAt endedAt endCause
  currentPage can cannot
}`;
const ANSWERS = {
  enableStaffAccess: 'staffAccess { on until by { name } withoutAreas onlyCase areas { id label } }',
  disableStaffAccess: 'staffAccess { on until by { name } withoutAreas onlyCase }',
  startSession: `${SESSION} entryCode enterUrl enterBy`,
  endSession: SESSION,
  exitSession: SESSION,
  confirmPresence: SESSION,
};
type Mutation = keyof typeof ANSWERS;

const REASON = 'Failed invoice sync since Tuesday';

describe('Commands at the GraphQL door', () => {
  let door: PlayedDoor;
  beforeEach(async () => {
    door = await playDoor();
  });
  afterEach(async () => {
    expect(door.faults).toEqual([]);
    await door.close();
  });

  const send = (who: PersonName, name: Mutation, input: object, more?: Parameters<PlayedDoor['send']>[3]) =>
    sendCommand(door, who, name, input, `${ANSWERS[name]} position ${ERRORS}`, more);
  const payload = ({ status, body }: Answer) => {
    expect(body.errors).toBeUndefined();
    expect(status).toBe(200);
    const [answer] = Object.values(body.data);
    return answer as Answer['body']['data'];
  };
  const done = async (who: PersonName, name: Mutation, input: object = {}) => {
    const answer = payload(await send(who, name, input));
    expect(answer.userErrors).toEqual([]);
    expect(answer.position).toMatch(/^\d{20}$/);
    return answer;
  };
  const refusedOnce = async (who: PersonName, name: Mutation, input: object = {}) => {
    const { userErrors } = payload(await send(who, name, input));
    expect(userErrors).toHaveLength(1);
    return userErrors[0];
  };
  const visit = { caseRef: 'CASE-123', reason: REASON };
  const inside = async (who: PersonName = 'sam', more: object = {}) => {
    await done('owner', 'enableStaffAccess');
    return done(who, 'startSession', { ...visit, ...more });
  };
  const book = async () => (await door.types(`workspace-${door.acme}`)).slice(2 + 5);

  describe('that turn staff access on and off', () => {
    it('answer with the switch as it then stands, and are lines', async () => {
      const on = await done('owner', 'enableStaffAccess', {
        minutes: 60,
        withoutAreas: ['inbox'],
        onlyCase: 'CASE-123',
      });
      expect(on.staffAccess).toEqual({
        on: true,
        until: '2026-11-21T10:00:00.000Z',
        by: { name: 'Owner Example' },
        withoutAreas: ['inbox'],
        onlyCase: 'CASE-123',
        areas: [
          { id: 'billing', label: 'Billing' },
          { id: 'inbox', label: 'Inbox' },
        ],
      });
      const off = await done('admin', 'disableStaffAccess');
      expect(off.staffAccess).toEqual({ on: false, until: null, by: null, withoutAreas: [], onlyCase: null });
      expect(await book()).toEqual(['StaffAccessEnabled', 'StaffAccessDisabled']);
    });

    it('tell who may, for how long, and since when, by the policy that holds here', async () => {
      const READ =
        'query ($id: ID!) { staffAccess(workspaceId: $id) { since maySwitch windowMinutes longestWindowMinutes } }';
      const read = async () => (await door.send('viewer', READ, { id: door.acme })).body.data.staffAccess as object;
      const policy = { maySwitch: ['OWNER', 'ADMIN'], windowMinutes: 1440, longestWindowMinutes: 10_080 };
      expect(await read()).toEqual({ since: null, ...policy });
      await done('owner', 'enableStaffAccess');
      door.now += 60_000;
      expect(await read()).toEqual({ since: '2026-11-21T09:00:00.000Z', ...policy });
      await done('admin', 'enableStaffAccess');
      expect(await read()).toEqual({ since: '2026-11-21T09:01:00.000Z', ...policy });
      await done('owner', 'disableStaffAccess');
      expect(await read()).toEqual({ since: null, ...policy });
    });

    it('say which field is wrong where policy or catalogue refuse it', async () => {
      expect(await refusedOnce('owner', 'enableStaffAccess', { minutes: 10_081 })).toMatchObject({
        __typename: 'Refused',
        rule: 'windowIsAllowed',
        field: ['input', 'minutes'],
      });
      expect(await refusedOnce('owner', 'enableStaffAccess', { withoutAreas: ['attic'] })).toMatchObject({
        __typename: 'Refused',
        message: 'The catalogue has no area “attic”.',
      });
    });

    it('tell a manager that the role may not, and write the attempt down (S3-22)', async () => {
      expect(await refusedOnce('manager', 'enableStaffAccess')).toEqual({
        __typename: 'Refused',
        code: 'REFUSED',
        message: 'Only an owner or an admin may do this; you are a manager.',
        field: [],
        rule: 'memberRoleMaySwitch',
        instead: 'Ask an owner of the workspace.',
      });
      expect(await door.types(`denials-${door.acme}`)).toEqual(['AttemptDenied']);
    });
  });

  describe('that expect a revision of the book', () => {
    const READ = 'query ($id: ID!) { staffAccess(workspaceId: $id) { revision } workspace(id: $id) { revision } }';
    const revision = async () => {
      const { data } = (await door.send('owner', READ, { id: door.acme })).body;
      expect(data.workspace.revision).toBe(data.staffAccess.revision);
      return data.staffAccess.revision as number;
    };

    it('are done where nothing has happened since it was read', async () => {
      const seen = await revision();
      expect(seen).toBe((await door.types(`workspace-${door.acme}`)).length - 1);
      await done('owner', 'enableStaffAccess', { expectedRevision: seen });
      expect(await revision()).toBe(seen + 1);
    });

    it('say where the book is now, and write no line and no denial, where something has', async () => {
      const seen = await revision();
      await done('admin', 'enableStaffAccess', { minutes: 60, withoutAreas: ['inbox'] });
      const answer = payload(await send('owner', 'enableStaffAccess', { minutes: 600, expectedRevision: seen }));
      expect(answer).toEqual({
        staffAccess: null,
        position: expect.stringMatching(/^\d{20}$/),
        userErrors: [
          {
            __typename: 'StaleRevision',
            code: 'STALE_REVISION',
            message: 'Something has happened in this workspace since you looked. Look again, then decide.',
            field: ['input', 'expectedRevision'],
            currentRevision: seen + 1,
          },
        ],
      });
      expect(await book()).toEqual(['StaffAccessEnabled']);
      expect(await door.types(`denials-${door.acme}`)).toEqual([]);
    });

    it('leave the staff member free for another visit where one did not start', async () => {
      const seen = await revision();
      await done('owner', 'enableStaffAccess');
      const late = payload(await send('sam', 'startSession', { ...visit, expectedRevision: seen }));
      expect(late).toMatchObject({ session: null, entryCode: null, userErrors: [{ currentRevision: seen + 1 }] });
      await done('sam', 'startSession', { ...visit, expectedRevision: seen + 1 });
      expect(await book()).toEqual(['StaffAccessEnabled', 'SessionStarted']);
    });

    it('are never too late to take something away', async () => {
      const { session } = await inside();
      await done('owner', 'endSession', { sessionId: session.id, expectedRevision: 0 });
      const again = await done('sam', 'startSession', visit);
      await done('sam', 'exitSession', { sessionId: again.session.id, expectedRevision: 0 });
      await done('owner', 'disableStaffAccess', { expectedRevision: 0 });
    });

    it('tell somebody who may not ask nothing of how far the book has come', async () => {
      const [theirs, nobodys] = await Promise.all(
        [door.acme, door.nowhere].map(async (workspaceId) =>
          payload(await send('neighbour', 'enableStaffAccess', { workspaceId, expectedRevision: 0 })),
        ),
      );
      expect(theirs).toMatchObject({ position: null, userErrors: [{ __typename: 'NotFound' }] });
      expect(theirs).toEqual(nobodys);
    });

    it('can’t expect what no book has', async () => {
      expect(await refusedOnce('owner', 'enableStaffAccess', { expectedRevision: -1 })).toMatchObject({
        __typename: 'InvalidInput',
        field: ['input', 'expectedRevision'],
      });
    });
  });

  describe('that start a visit', () => {
    it('answer with the visit, a code that works, and where to post it', async () => {
      const started = await inside('sam', { job: 'invoice-sync', minutes: 30 });
      const { session, entryCode, enterUrl, enterBy } = started;
      expect({ session, enterUrl, enterBy }).toEqual({
        session: {
          id: expect.stringMatching(/^ses_/),
          workspaceId: door.acme,
          staffId: door.staffId('sam'),
          staffName: 'Sam Example',
          staffEmail: 'sam@fernway.test',
          caseRef: 'CASE-123',
          job: 'invoice-sync',
          reason: REASON,
          approverName: 'Owner Example',
          startedAt: '2026-11-21T09:00:00.000Z',
          plannedEnd: '2026-11-21T09:30:00.000Z',
          idleEndsAt: '2026-11-21T09:15:00.000Z',
          endedAt: null,
          endCause: null,
          currentPage: null,
          can: ['open Billing'],
          cannot: ['change anything', 'open Inquiries', 'retry the failed invoice sync'],
        },
        enterUrl: 'http://fernway.test/gatebook/enter',
        enterBy: '2026-11-21T09:01:00.000Z',
      });
      const sessionId = session.id;
      const entry = { sessionId, workspaceId: door.acme, staffId: door.staffId('sam'), product: 'fernway' };
      expect(door.codes.matches(entryCode, entry)).toBe(true);
      expect(await book()).toEqual(['StaffAccessEnabled', 'SessionStarted']);
    });

    it('are refused while staff access is off, and the owner may be asked (S0-4, S3-14)', async () => {
      expect(await refusedOnce('sam', 'startSession', visit)).toEqual({
        __typename: 'StaffAccessOff',
        code: 'STAFF_ACCESS_OFF',
        message: 'Staff access to this workspace is off.',
        field: [],
        ownerContactAllowed: true,
      });
      expect(await door.types(`denials-${door.acme}`)).toEqual(['AttemptDenied']);
    });

    it('are refused for text that no UTF-8 can carry, by field, and nothing is stored', async () => {
      await done('owner', 'enableStaffAccess');
      expect(await refusedOnce('sam', 'startSession', { ...visit, reason: 'x\ud800' })).toMatchObject({
        code: 'INVALID_INPUT',
        field: ['input', 'reason'],
        message: 'This text has half of a surrogate pair in it.',
      });
      expect(await book()).toEqual(['StaffAccessEnabled']);
    });

    it('are refused for a reason that says nothing, with hints (S1-15, S4-18)', async () => {
      await done('owner', 'enableStaffAccess');
      expect(await refusedOnce('sam', 'startSession', { ...visit, reason: 'check issue' })).toEqual({
        __typename: 'ReasonTooVague',
        code: 'REASON_TOO_VAGUE',
        message: '“check issue” could be about anything.',
        field: ['input', 'reason'],
        hints: [
          'Name what is wrong and where: “Failed invoice sync since Tuesday”.',
          'The owner reads your reason word for word.',
        ],
      });
    });

    it('ask for a new proof of identity as RFC 9470 says, and store nothing (T8)', async () => {
      await done('owner', 'enableStaffAccess');
      const before = await book();
      for (const authTime of [door.now - 301_000, null]) {
        const answer = await send('sam', 'startSession', visit, { mint: { authTime } });
        expect(payload(answer).userErrors).toEqual([
          {
            __typename: 'StepUpRequired',
            code: 'STEP_UP_REQUIRED',
            message: 'Prove who you are again, then start the visit.',
            field: [],
            acrValues: [],
            maxAge: 300,
          },
        ]);
        expect(answer.headers.get('www-authenticate')).toBe(
          'Bearer error="insufficient_user_authentication", error_description="Prove who you are again", max_age="300"',
        );
      }
      expect(await book()).toEqual(before);
      expect(await door.types(`denials-${door.acme}`)).toEqual([]);
      expect(await door.types(`staff-${door.staffId('sam')}`)).toEqual(['StaffEnabled']);
    });

    it.each([
      ['a case that is not there', { caseRef: 'CASE-7' }, 'caseIsOpen', 'caseRef'],
      ['a case of another workspace', { caseRef: 'CASE-900' }, 'caseIsOpen', 'caseRef'],
      ['a job that is not there', { job: 'anything' }, 'jobIsDeclared', 'job'],
      ['longer than policy allows', { minutes: 61 }, 'minutesAreAllowed', 'minutes'],
    ])('are refused for %s, with the field', async (_, wrong, rule, field) => {
      await done('owner', 'enableStaffAccess');
      expect(await refusedOnce('sam', 'startSession', { ...visit, ...wrong })).toMatchObject({
        __typename: 'Refused',
        rule,
        field: ['input', field],
      });
    });

    it('are refused while another visit of theirs goes on', async () => {
      await inside();
      expect(await refusedOnce('sam', 'startSession', visit)).toMatchObject({ rule: 'staffMemberHasNoOtherVisit' });
    });
  });

  describe('that end a visit, leave it, or stay in it', () => {
    it('answer with the visit and its end', async () => {
      const { session } = await inside();
      door.now += 60_000;
      const left = await done('sam', 'exitSession', { sessionId: session.id });
      expect(left.session).toMatchObject({
        id: session.id,
        reason: REASON,
        endedAt: '2026-11-21T09:01:00.000Z',
        endCause: 'EXITED',
        idleEndsAt: null,
        can: null,
      });
      const next = await done('sam', 'startSession', visit);
      const ended = await done('owner', 'endSession', { sessionId: next.session.id });
      expect(ended.session).toMatchObject({ id: next.session.id, endCause: 'ENDED_BY_OWNER' });
      // Ending what has ended is no mistake, and no line.
      expect(await done('owner', 'endSession', { sessionId: next.session.id })).toMatchObject({
        session: { endCause: 'ENDED_BY_OWNER' },
      });
      expect((await book()).filter((type) => type === 'SessionEnded')).toHaveLength(2);
    });

    it('move the idle clock and not the end', async () => {
      const { session } = await inside();
      door.now += 10 * 60_000;
      expect(await done('sam', 'confirmPresence', { sessionId: session.id })).toMatchObject({
        session: {
          idleEndsAt: '2026-11-21T09:25:00.000Z',
          plannedEnd: '2026-11-21T10:00:00.000Z',
          reason: REASON,
        },
      });
    });

    it('hear that the visit was revoked', async () => {
      const { session } = await inside();
      await done('owner', 'disableStaffAccess');
      expect(await refusedOnce('sam', 'confirmPresence', { sessionId: session.id })).toMatchObject({
        rule: 'visitHasNotEnded',
        message: 'Support access has been revoked',
      });
    });
  });

  describe('with a command id', () => {
    it('have one effect and one answer, however often they are sent', async () => {
      await done('owner', 'enableStaffAccess');
      const input = { ...visit, commandId: door.commandId() };
      const first = await done('sam', 'startSession', input);
      door.now += 30_000;
      const again = await done('sam', 'startSession', input);
      expect(again).toEqual(first);
      expect(await book()).toEqual(['StaffAccessEnabled', 'SessionStarted']);
      const at = { sessionId: sessionIdOf(input.commandId, door.acme, door.staffId('sam')), workspaceId: door.acme };
      const entry = { ...at, staffId: door.staffId('sam'), product: 'fernway' };
      expect(door.codes.matches(String(again.entryCode), entry)).toBe(true);
      const entered = { type: 'EnterSession', sessionId: entry.sessionId, staffId: entry.staffId } as const;
      expect(await door.desk.handle(door.acme, entered, { actor: { kind: 'staff', id: entry.staffId } })).toMatchObject(
        {
          kind: 'accepted',
        },
      );
    });

    it('are the same command when the sign-in is newer', async () => {
      await done('owner', 'enableStaffAccess');
      const input = { ...visit, commandId: door.commandId() };
      const first = payload(await send('sam', 'startSession', input, { mint: { authTime: door.now - 200_000 } }));
      expect(payload(await send('sam', 'startSession', input))).toEqual(first);
    });

    it('can’t carry another payload', async () => {
      const commandId = door.commandId();
      await done('owner', 'enableStaffAccess', { commandId });
      expect(await refusedOnce('owner', 'enableStaffAccess', { commandId, minutes: 5 })).toEqual({
        __typename: 'CommandReused',
        code: 'COMMAND_REUSED',
        message: 'This command id was used for another command already.',
        field: ['input', 'commandId'],
      });
      expect(await book()).toEqual(['StaffAccessEnabled']);
    });

    it('are stale after a day, and from the future', async () => {
      for (const msecs of [START - 25 * 3_600_000, START + 3_600_000]) {
        expect(await refusedOnce('owner', 'enableStaffAccess', { commandId: v7({ msecs }) })).toMatchObject({
          __typename: 'CommandStale',
          code: 'COMMAND_STALE',
          field: ['input', 'commandId'],
        });
      }
      expect(await book()).toEqual([]);
    });

    it('leave their denial once when they are refused, however often they are sent', async () => {
      const input = { ...visit, commandId: door.commandId() };
      for (let time = 0; time < 3; time++) await refusedOnce('sam', 'startSession', input);
      await door.caughtUp();
      const read = `query ($id: ID!) { denials(workspaceId: $id) { nodes { summary caseRef reason times } } }`;
      expect((await door.send('owner', read, { id: door.acme })).body.data.denials.nodes).toEqual([
        {
          summary: 'Refused: Sam Example tried to start a visit for CASE-123',
          caseRef: 'CASE-123',
          reason: REASON,
          times: 1,
        },
      ]);
    });
  });

  describe('with input that can’t be used', () => {
    it('get a user error for each field, with its path, and store nothing', async () => {
      const answer = payload(
        await send('owner', 'enableStaffAccess', {
          commandId: '0199-no',
          workspaceId: 'acme',
          minutes: 0,
          withoutAreas: ['a', 'a'],
          onlyCase: 'x'.repeat(201),
        }),
      );
      expect(answer).toEqual({
        staffAccess: null,
        position: null,
        userErrors: [
          ['minutes must not be less than 1.', 'minutes'],
          ['withoutAreas must name each area once.', 'withoutAreas'],
          ['onlyCase must be shorter than or equal to 200 characters.', 'onlyCase'],
          ['commandId must be a UUID of version 7, in lower case.', 'commandId'],
          ['workspaceId must be an id that begins with ws_.', 'workspaceId'],
        ].map(([message, field]) => ({
          __typename: 'InvalidInput',
          code: 'INVALID_INPUT',
          message,
          field: ['input', field],
        })),
      });
      expect(await book()).toEqual([]);
      expect(await door.types(`denials-${door.acme}`)).toEqual([]);
    });

    it.each([
      ['a field that is not declared', { actor: 'mem_1' }],
      ['a client’s own time', { time: '2026-01-01T00:00:00Z' }],
      ['__proto__', JSON.parse('{"__proto__":{"minutes":1}}') as object],
      ['a number where a text belongs', { onlyCase: 7 }],
      ['no number', { minutes: 1.5 }],
      ['a list inside a list', { withoutAreas: [['inbox']] }],
    ])('are refused before they run: %s (T42, T54)', async (_, more) => {
      const text = JSON.stringify({ commandId: door.commandId(), workspaceId: door.acme }).slice(0, -1);
      const extra = JSON.stringify(more) === '{}' ? '"__proto__":{"minutes":1}' : JSON.stringify(more).slice(1, -1);
      const query = 'mutation ($input: EnableStaffAccessInput!) { enableStaffAccess(input: $input) { position } }';
      const answer = await door.post(`{"query":${JSON.stringify(query)},"variables":{"input":${text},${extra}}}}`, {
        'content-type': 'application/json',
        authorization: `Bearer ${await door.token('owner')}`,
      });
      expect(answer.status).toBe(400);
      expect(answer.text).not.toMatch(/stacktrace|node_modules|did you mean/i);
      expect(await book()).toEqual([]);
    });
  });
});
