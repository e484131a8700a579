import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { memberIdOf } from '../../../desk/identity.ts';
import { TooFarBack } from '../../../desk/past.ts';
import { called, playDoor, START, type PersonName, type PlayedDoor } from '../testing/played-door.ts';

const AT = `query ($id: ID!, $position: String, $time: DateTime) {
  workspaceAt(workspaceId: $id, position: $position, time: $time) {
    asOf position revision readable open name plan openCases
    staffAccess { on by { name } }
    members { name role billingContact }
    couldEnter { staff { id name } caseRef grantId }
    inside { id staff { name } caseRef entered }
    requests { id } grants { id }
    policy { preset settings { name value } }
  }
}`;
const MINUTE = 60_000;

describe('A workspace at a past moment', () => {
  let door: PlayedDoor;
  let sessionId: string;
  const positions: Record<string, string> = {};

  const command = async (who: PersonName, name: string, more: object = {}) => {
    const Name = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const shown = name === 'startSession' ? 'position session { id }' : 'position';
    const document = `mutation ($input: ${Name}Input!) { ${name}(input: $input) { ${shown} userErrors { message } } }`;
    const input = { commandId: door.commandId(), workspaceId: door.acme, ...more };
    const answer = (await door.send(who, document, { input })).body.data[name];
    expect(answer.userErrors).toEqual([]);
    return answer;
  };
  const at = async (moment: object, who: PersonName = 'owner') => {
    const { body } = await door.send(who, AT, { id: door.acme, ...moment });
    return body.data?.workspaceAt ?? body.errors?.[0];
  };
  const minute = (minutes: number) => ({ time: new Date(START + minutes * MINUTE).toISOString() });

  beforeAll(async () => {
    door = await playDoor();
    door.now = START + 10 * MINUTE;
    positions['on'] = (await command('owner', 'enableStaffAccess')).position;
    door.now = START + 12 * MINUTE;
    const asked = { caseRef: 'CASE-123', reason: 'Failed invoice sync since Tuesday' };
    const started = await command('sam', 'startSession', asked);
    positions['in'] = started.position;
    sessionId = started.session.id;
    door.now = START + 20 * MINUTE;
    positions['off'] = (await command('owner', 'disableStaffAccess')).position;
    door.now = START + 60 * MINUTE;
  });
  afterAll(async () => {
    await door.close();
    expect(door.faults).toEqual([]);
  });

  it('says who could enter, who was inside, and what was in force, exactly', async () => {
    expect(await at(minute(5))).toMatchObject({
      open: true,
      readable: true,
      staffAccess: { on: false, by: null },
      couldEnter: [],
      inside: [],
      requests: [],
      grants: [],
      openCases: ['CASE-123'],
      policy: { preset: 'default' },
    });
    const cases = (who: string) => ({ staff: { id: door.staffId(who as 'sam') }, caseRef: 'CASE-123', grantId: null });
    expect(await at(minute(10), 'reviewer')).toMatchObject({
      staffAccess: { on: true, by: { name: called('owner') } },
      couldEnter: [cases('sam'), cases('lee')],
      inside: [],
    });
    expect(await at(minute(12), 'reviewer')).toMatchObject({
      asOf: minute(12).time,
      couldEnter: [cases('lee')],
      inside: [{ id: sessionId, staff: { name: called('sam') }, caseRef: 'CASE-123', entered: false }],
    });
    expect(await at(minute(20))).toMatchObject({ staffAccess: { on: false }, couldEnter: [], inside: [] });
  });

  it('says the same at the position of each line', async () => {
    expect(await at({ position: positions['on'] })).toMatchObject({ position: positions['on'], inside: [] });
    expect(await at({ position: positions['in'] })).toMatchObject({
      asOf: minute(12).time,
      staffAccess: { on: true },
      inside: [{ id: sessionId }],
    });
    expect(await at({ position: positions['off'] })).toMatchObject({ staffAccess: { on: false }, inside: [] });
    expect(await at({ position: '0'.repeat(positions['on']!.length) })).toMatchObject({ revision: -1, open: false });
  });

  it('names nobody of the vendor who never came to the customer', async () => {
    const names = async (who: PersonName) =>
      (await at(minute(10), who)).couldEnter.map(({ staff }: { staff: { name: string | null } }) => staff.name);
    expect(await names('owner')).toEqual([null, null]);
    expect(await names('reviewer')).toEqual([called('sam'), called('lee')]);
  });

  it('is for those who are members today, whoever they were then', async () => {
    expect((await at(minute(12), 'admin')).revision).toBeGreaterThan(0);
    await door.desk.handle(
      door.acme,
      {
        type: 'ChangeMemberRole',
        memberId: memberIdOf(door.acme, 'admin'),
        externalId: 'admin',
        issuer: door.issuers.members.issuer,
        subject: 'admin',
        name: called('admin'),
        email: 'admin@example.test',
        role: null,
      },
      { actor: { kind: 'product', id: 'fernway' } },
    );
    expect(await at(minute(12), 'admin')).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
    expect((await at(minute(12))).members).toContainEqual({
      name: called('admin'),
      role: 'ADMIN',
      billingContact: false,
    });
  });

  it('takes one moment that has been, and no other', async () => {
    const wrong = { extensions: { code: 'BAD_USER_INPUT' } };
    expect(await at({})).toMatchObject(wrong);
    expect(await at({ position: positions['on'], ...minute(5) })).toMatchObject(wrong);
    expect(await at(minute(61))).toMatchObject({ ...wrong, message: 'This time lies ahead.' });
    expect(await at({ position: 'nowhere' })).toMatchObject(wrong);
    expect(await at({ position: '9'.repeat(positions['on']!.length) })).toMatchObject(wrong);
  });

  it('too far back in a long book is refused in words, and the gate stands', async () => {
    const { past } = door.desk;
    const spied = jest.spyOn(past, 'at').mockRejectedValue(new TooFarBack(200_000));
    expect(await at(minute(12))).toMatchObject({
      message: expect.stringMatching(/^More than 200,000 lines would have to be read again for this moment\./),
      extensions: { code: 'TOO_FAR_BACK' },
    });
    spied.mockRestore();
    expect((await at(minute(12))).inside).toHaveLength(1);
  });
});
