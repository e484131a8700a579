import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Catalogue } from '#domain/catalogue/catalogue';
import { PRESETS } from '#domain/policy/presets';
import { playDoor, type PlayedDoor } from '../testing/played-door.ts';
import { PRODUCT } from '../testing/roles.ts';
import { sendCommand, sent } from '../testing/sent.ts';

const REASON = 'New invoices carry the wrong tax since Tuesday';
const RATES = ['0 %', '10 %', '20 %'];
const ACTION: Catalogue['actions'][string] = {
  label: 'change {target}',
  class: 'change',
  target: 'setting',
  takes: ['value', 'unit'],
};
const CHOICES = { value: { tax: RATES, language: ['English'] }, unit: ['%'] };
const REFUSED = 'accessRequest { id } userErrors { message field ... on Refused { rule instead } }';

describe('Values that the catalogue lets an action be done with', () => {
  let door: PlayedDoor;
  beforeEach(async () => {
    door = await playDoor();
    const { default: preset } = PRESETS;
    const policy = { ...preset, approval: { ...preset.approval, mayWiden: true } };
    await door.desk.handleInstallation({ type: 'ChangePolicy', policy }, PRODUCT);
    await taking(CHOICES);
    await sent(door, 'owner', 'enableStaffAccess', {});
  });
  afterEach(async () => {
    expect(door.faults).toEqual([]);
    await door.close();
  });

  const taking = async (choices: Catalogue['actions'][string]['choices']) => {
    const { catalogue } = door.desk.outside.installation;
    const actions = {
      'setting.change': { ...ACTION, pages: ['billing'], ...(choices && { choices }) },
      'plan.change': { label: 'change the plan', class: 'never' as const },
    };
    await door.desk.handleInstallation({ type: 'ChangeCatalogue', catalogue: { ...catalogue, actions } }, PRODUCT);
  };
  const wish = (value: string, target = 'tax') => ({
    kind: 'WRITE',
    caseRef: 'CASE-123',
    reason: REASON,
    action: { name: 'setting.change', target, argumentsJson: JSON.stringify({ value, unit: '%' }) },
  });
  const asked = async (value: string) =>
    (await sent(door, 'sam', 'requestAccess', wish(value), 'accessRequest { id digest scope { pages } }'))
      .accessRequest;

  it('are told to staff who ask, with the pages that it needs, and to who decides (S4-14, S4-31)', async () => {
    const CATALOGUE = '{ catalogue { actions { id pages choices { argument target values } } } }';
    const choices = [
      { argument: 'value', target: 'tax', values: RATES },
      { argument: 'value', target: 'language', values: ['English'] },
      { argument: 'unit', target: null, values: ['%'] },
    ];
    expect((await door.send('sam', CATALOGUE)).body.data.catalogue.actions).toEqual([
      { id: 'setting.change', pages: ['billing'], choices },
      { id: 'plan.change', pages: null, choices: [] },
    ]);
    const { id, scope } = await asked('10 %');
    expect(scope.pages).toEqual(['billing']);
    const OF =
      'query ($id: ID!) { node(id: $id) { ... on AccessRequest { actionChoices { argument target values } } } }';
    expect((await door.send('owner', OF, { id })).body.data.node).toEqual({ actionChoices: choices });
    // The vendor's second person decides as well, by the same form.
    expect((await door.send('lee', OF, { id })).body.data.node).toEqual({ actionChoices: choices });
    await taking(undefined);
    expect((await door.send('owner', OF, { id })).body.data.node).toEqual({ actionChoices: [] });
  });

  it('are the only ones that are asked for, and the refusal says which there are (S0-21)', async () => {
    const { body } = await sendCommand(door, 'sam', 'requestAccess', wish('11 %'), REFUSED);
    expect(body.data.requestAccess).toEqual({
      accessRequest: null,
      userErrors: [
        {
          message: 'To change tax takes “0 %”, “10 %” or “20 %” as the argument “value”.',
          field: ['input', 'action', 'argumentsJson'],
          rule: 'requestIsGrantable',
          instead: null,
        },
      ],
    });
    await sent(door, 'sam', 'requestAccess', wish('Berlin', 'city'), 'accessRequest { id }');
  });

  it('are the only ones that are approved, also where they became fewer since (S4-26)', async () => {
    const { id: requestId, digest } = await asked('10 %');
    const approve = async (granted?: object) =>
      (await sendCommand(door, 'owner', 'approveAccess', { requestId, digest, granted }, REFUSED)).body.data
        .approveAccess;
    expect(await approve({ argumentsJson: '{"value":"11 %","unit":"%"}' })).toMatchObject({
      userErrors: [
        {
          message: 'The action takes “0 %”, “10 %” or “20 %” as the argument “value”.',
          field: ['input', 'granted', 'argumentsJson'],
          rule: 'approvalMayChange',
        },
      ],
    });
    await taking({ value: ['0 %', '20 %'] });
    expect(await approve()).toMatchObject({
      userErrors: [
        {
          message: 'The action takes “0 %” or “20 %” as the argument “value” by now: the catalogue was changed.',
          field: ['input', 'granted', 'argumentsJson'],
          rule: 'requestIsGrantable',
          instead: 'Name one of them, or decline the request.',
        },
      ],
    });
    expect(await approve({ argumentsJson: '{"value":"20 %","unit":"%"}' })).toMatchObject({ userErrors: [] });
  });
});
