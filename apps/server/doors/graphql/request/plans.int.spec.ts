import { afterEach, expect, it } from '@jest/globals';
import { PRESETS } from '#domain/policy/presets';
import { playDoor, type PlayedDoor } from '../testing/played-door.ts';

const ASK = `mutation ($input: RequestAccessInput!) {
  requestAccess(input: $input) { accessRequest { phase asks } userErrors { __typename message } }
}`;
const PRODUCT = { actor: { kind: 'product' as const, id: 'fernway' } };

let door: PlayedDoor;
afterEach(async () => {
  await door.close();
  expect(door.faults).toEqual([]);
});

it.each([null, 'free', 'paid'])(
  'What staff ask for is under no plan gate: it is the customer’s own request for help that is (S2-29); plan %s',
  async (plan) => {
    door = await playDoor();
    await door.desk.handleInstallation({ type: 'ChangePolicy', policy: PRESETS['by-request'] }, PRODUCT);
    if (plan !== null) await door.desk.handle(door.acme, { type: 'ChangePlan', plan }, PRODUCT);
    const wish = { kind: 'READ', caseRef: 'CASE-123', reason: 'Failed invoice sync since Tuesday' };
    const input = { commandId: door.commandId(), workspaceId: door.acme, ...wish };
    expect((await door.send('sam', ASK, { input })).body.data.requestAccess).toEqual({
      accessRequest: { phase: 'WAITING', asks: 'CUSTOMER' },
      userErrors: [],
    });
  },
);
