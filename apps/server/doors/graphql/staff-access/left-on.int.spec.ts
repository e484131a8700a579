import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PRESETS } from '#domain/policy/presets';
import { playDoor, type PersonName, type PlayedDoor } from '../testing/played-door.ts';
import { sent } from '../testing/sent.ts';

const HOUR = 3_600_000;
const SHOWN = 'query ($id: ID!) { staffAccess(workspaceId: $id) { on since remindAt reminder } }';
const PRODUCT = { actor: { kind: 'product' as const, id: 'fernway' } };

describe('Staff access that is left on (S3-26)', () => {
  let door: PlayedDoor;
  let since: number;
  beforeEach(async () => {
    door = await playDoor();
    await door.desk.handleInstallation({ type: 'ChangePolicy', policy: PRESETS.switch }, PRODUCT);
    since = door.now;
  });
  afterEach(async () => {
    await door.close();
    expect(door.faults).toEqual([]);
  });

  const send = (name: 'enableStaffAccess' | 'disableStaffAccess' | 'tightenPolicy', input: object = {}) =>
    sent(door, 'owner', name, input);
  const shown = async (who: PersonName = 'owner') =>
    (await door.send(who, SHOWN, { id: door.acme })).body.data.staffAccess;
  const at = (ms: number) => new Date(ms).toISOString();
  const said = (age: string) =>
    `Staff access has been on for ${age}. Turn it off when nobody needs it: it can be turned on again at any time.`;

  it('is said from the policy’s hours on, to the millisecond, with its age, to the whole team', async () => {
    expect(await shown()).toEqual({ on: false, since: null, remindAt: null, reminder: null });
    await send('enableStaffAccess');
    const on = { on: true, since: at(since), remindAt: at(since + 24 * HOUR) };
    expect(await shown()).toEqual({ ...on, reminder: null });
    door.now = since + 24 * HOUR - 1;
    expect(await shown()).toEqual({ ...on, reminder: null });
    door.now = since + 24 * HOUR;
    for (const who of ['owner', 'admin', 'viewer'] as const)
      expect(await shown(who)).toEqual({ ...on, reminder: said('24 hours') });
    door.now = since + 75 * HOUR;
    expect(await shown()).toEqual({ ...on, reminder: said('3 days and 3 hours') });
  });

  it('begins anew where it is set anew, and is over with the off', async () => {
    await send('enableStaffAccess');
    door.now = since + 30 * HOUR;
    await send('enableStaffAccess');
    expect(await shown()).toMatchObject({ since: at(since + 30 * HOUR), reminder: null });
    door.now = since + 54 * HOUR;
    expect(await shown()).toMatchObject({ reminder: said('24 hours') });
    await send('disableStaffAccess');
    expect(await shown()).toEqual({ on: false, since: null, remindAt: null, reminder: null });
  });

  it('is said earlier where the workspace’s own setting is tighter', async () => {
    await send('tightenPolicy', { set: [{ name: 'leftOnReminderHours', value: '1' }] });
    await send('enableStaffAccess');
    door.now = since + HOUR - 1;
    expect(await shown()).toMatchObject({ reminder: null });
    door.now = since + HOUR;
    expect(await shown()).toMatchObject({ reminder: said('1 hour') });
  });

  it('is shown as off once it was on without an end for longer than the settings of now know', async () => {
    await send('enableStaffAccess');
    await door.desk.handleInstallation({ type: 'ChangePolicy', policy: PRESETS['day-pass'] }, PRODUCT);
    door.now = since + 24 * HOUR - 1;
    expect(await shown()).toMatchObject({ on: true });
    door.now = since + 24 * HOUR;
    expect(await shown()).toEqual({ on: false, since: null, remindAt: null, reminder: null });
  });
});
