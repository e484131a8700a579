import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defaultPolicy } from '#domain/policy/policy';
import { PRESETS } from '#domain/policy/presets';
import { playDoor, type PersonName, type PlayedDoor } from '../testing/played-door.ts';

const POLICY =
  'query ($id: ID!) { policy(workspaceId: $id) { preset words { switchLabel } settings { name value source sentence } } }';
const PAYLOAD = 'position userErrors { __typename code message field } policy { settings { name value source } }';
const TIGHTEN = `mutation ($input: TightenPolicyInput!) { tightenPolicy(input: $input) { ${PAYLOAD} } }`;
const CHANGE = `mutation ($input: ChangePolicyInput!) { changePolicy(input: $input) { ${PAYLOAD} } }`;
const CHANGE_CATALOGUE =
  'mutation ($input: ChangeCatalogueInput!) { changeCatalogue(input: $input) { userErrors { code message field } catalogue { pages { id class } } } }';

describe('The policy at the GraphQL door', () => {
  let door: PlayedDoor;
  beforeEach(async () => {
    door = await playDoor();
  });
  afterEach(async () => {
    expect(door.faults).toEqual([]);
    await door.close();
  });

  const settings = async (who: PersonName) =>
    (await door.send(who, POLICY, { id: door.acme })).body.data.policy.settings as readonly {
      readonly name: string;
      readonly value: string;
      readonly source: string;
      readonly sentence: string;
    }[];
  const setting = async (who: PersonName, name: string) => (await settings(who)).find((each) => each.name === name);
  const tighten = async (who: PersonName, change: object) =>
    (await door.send(who, TIGHTEN, { input: { commandId: door.commandId(), workspaceId: door.acme, ...change } })).body
      .data.tightenPolicy;
  const changed = async (document: string, input: object, options = {}) =>
    Object.values(
      (await door.send('lee', document, { input: { commandId: door.commandId(), ...input } }, options)).body.data,
    )[0];

  it('says of every setting its value, where it comes from, and a sentence', async () => {
    expect(await setting('owner', 'session.capMinutes')).toEqual({
      name: 'session.capMinutes',
      value: '60',
      source: 'PRESET',
      sentence: 'A visit lasts 60 minutes at most.',
    });
    await changed(CHANGE, {
      policy: JSON.stringify({ ...defaultPolicy, session: { ...defaultPolicy.session, capMinutes: 45 } }),
    });
    expect(await setting('sam', 'session.capMinutes')).toMatchObject({ value: '45', source: 'INSTALLATION' });
    await tighten('owner', { set: [{ name: 'session.capMinutes', value: '30' }] });
    expect(await setting('owner', 'session.capMinutes')).toEqual({
      name: 'session.capMinutes',
      value: '30',
      source: 'WORKSPACE',
      sentence: 'A visit lasts 30 minutes at most.',
    });
    expect((await settings('owner')).filter(({ source }) => source !== 'PRESET')).toHaveLength(1);
  });

  it('brings the words of its preset (S0-8)', async () => {
    const { policy } = (await door.send('manager', POLICY, { id: door.acme })).body.data;
    expect(policy).toMatchObject({
      preset: 'default',
      words: { switchLabel: 'Allow staff to open my workspace' },
    });
  });

  it('tells everybody who sees the switch what it is called under their preset (S0-7, S0-8, S3-18)', async () => {
    const SWITCH = 'query ($id: ID!) { staffAccess(workspaceId: $id) { panel switchLabel } }';
    const product = { actor: { kind: 'product' as const, id: 'fernway' } };
    const found = [];
    for (const [name, policy] of Object.entries(PRESETS)) {
      await door.desk.handleInstallation({ type: 'ChangePolicy', policy }, product);
      const { panel, switchLabel } = (await door.send('viewer', SWITCH, { id: door.acme })).body.data.staffAccess;
      found.push([name, panel, switchLabel]);
    }
    expect(found.toSorted()).toEqual([
      ['by-request', 'Temporary Support Access (TSA)', 'Let support ask for access'],
      ['day-pass', 'Staff access', 'Allow staff to open my workspace'],
      ['default', 'Staff access', 'Allow staff to open my workspace'],
      ['per-ticket', 'Support sessions', 'Let support visit my workspace'],
      ['switch', 'Support Access', 'Allow support access'],
      ['traceable', 'Support visits', 'Let support visit my workspace'],
    ]);
  });

  const RULES =
    'query ($id: ID!) { staffAccess(workspaceId: $id) { on until by { id } switchLabel rules { whileOn whoSwitches can cannot } } }';
  const rules = async () => (await door.send('viewer', RULES, { id: door.acme })).body.data.staffAccess;

  it('tells what staff access means from the settings in force, and anew once they are stricter (S0-2, S0-29, S2-8)', async () => {
    const before = await rules();
    expect(before).toMatchObject({
      on: false,
      switchLabel: 'Allow staff to open my workspace',
      rules: {
        whileOn:
          'Staff may come in and look. A change is one named action, done once after one of your owners or admins approved it.',
        whoSwitches: 'Owners and admins may turn staff access on and off.',
      },
    });
    expect(before.rules.can).toContain('Stay for 60 minutes at most, and for 15 minutes with nobody there');
    expect(before.rules.cannot).not.toContain('Change, send, retry, delete or export anything');
    await tighten('owner', {
      set: [
        { name: 'consent.mode', value: '"request"' },
        { name: 'consent.maySwitch', value: '["owner"]' },
        { name: 'session.capMinutes', value: '20' },
        { name: 'write.allowed', value: 'false' },
      ],
    });
    const after = await rules();
    expect(after).toMatchObject({
      switchLabel: 'Let support ask for access',
      rules: {
        whileOn:
          'Staff may ask to come in and look, and one of your owners or admins approves each visit. They may not change anything.',
        whoSwitches: 'Owners may turn staff access on and off.',
      },
    });
    expect(after.rules.can).toContain('Stay for 20 minutes at most, and for 15 minutes with nobody there');
    expect(after.rules.cannot).toContain('Change, send, retry, delete or export anything');
  });

  it('says that staff can come in where nobody has to turn it on, until somebody turns it off', async () => {
    const off =
      'mutation ($input: DisableStaffAccessInput!) { disableStaffAccess(input: $input) { staffAccess { on } userErrors { code } } }';
    const product = { actor: { kind: 'product' as const, id: 'fernway' } };
    await door.desk.handleInstallation({ type: 'ChangePolicy', policy: PRESETS.traceable }, product);
    expect(await rules()).toMatchObject({ on: true, until: null, by: null });
    const input = { commandId: door.commandId(), workspaceId: door.acme };
    expect((await door.send('owner', off, { input })).body.data.disableStaffAccess).toEqual({
      staffAccess: { on: false },
      userErrors: [],
    });
    expect(await rules()).toMatchObject({ on: false });
  });

  it('is made stricter by an owner for their workspace, and decides there from then on', async () => {
    const { policy, userErrors } = await tighten('owner', {
      set: [
        { name: 'session.capMinutes', value: '30' },
        { name: 'consent.maySwitch', value: '["owner"]' },
      ],
    });
    expect(userErrors).toEqual([]);
    expect(policy.settings).toContainEqual({ name: 'consent.maySwitch', value: '["owner"]', source: 'WORKSPACE' });
    expect(await door.types(`workspace-${door.acme}`)).toContain('WorkspacePolicyTightened');
    const enable =
      'mutation ($input: EnableStaffAccessInput!) { enableStaffAccess(input: $input) { userErrors { message } } }';
    const input = { commandId: door.commandId(), workspaceId: door.acme };
    expect((await door.send('admin', enable, { input })).body.data.enableStaffAccess.userErrors).toEqual([
      { message: 'Only an owner may do this; you are an admin.' },
    ]);
    expect(await tighten('owner', { clear: ['consent.maySwitch'] })).toMatchObject({ userErrors: [] });
    expect(await setting('owner', 'consent.maySwitch')).toMatchObject({ value: '["owner","admin"]', source: 'PRESET' });
  });

  it('is never made looser by a workspace; the refusal names the setting', async () => {
    expect(await tighten('owner', { set: [{ name: 'session.capMinutes', value: '61' }] })).toEqual({
      position: expect.any(String),
      policy: null,
      userErrors: [
        {
          __typename: 'Refused',
          code: 'REFUSED',
          message: 'session.capMinutes would be looser than the installation’s own setting, which is 60.',
          field: [],
        },
      ],
    });
  });

  it('says what is wrong with a value, and writes nothing', async () => {
    const wrong = {
      set: [
        { name: 'session.capMinutes', value: '"long"' },
        { name: 'session.capMinuets', value: '3' },
      ],
      clear: ['preset'],
    };
    expect((await tighten('owner', wrong)).userErrors.map(({ message }: { message: string }) => message)).toEqual([
      'session.capMinutes: must be a number.',
      'session.capMinuets: there is no such setting.',
      'preset: there is no such setting.',
    ]);
    expect(await door.types(`workspace-${door.acme}`)).not.toContain('WorkspacePolicyTightened');
  });

  it('is made stricter for all by a lead who has just proved who they are, and looser by nobody at this door', async () => {
    const policy = JSON.stringify({ ...defaultPolicy, session: { ...defaultPolicy.session, capMinutes: 45 } });
    const late = { mint: { authTime: door.now - 301_000 } };
    expect(await changed(CHANGE, { policy }, late)).toMatchObject({ userErrors: [{ code: 'STEP_UP_REQUIRED' }] });
    expect(await changed(CHANGE, { policy })).toMatchObject({ userErrors: [] });
    expect(await changed(CHANGE, { policy: JSON.stringify(defaultPolicy) })).toMatchObject({
      policy: null,
      userErrors: [{ code: 'REFUSED', message: 'session.capMinutes would be looser, and a command only closes.' }],
    });
    expect(await changed(CHANGE, { policy: 'preset: [' })).toMatchObject({
      userErrors: [
        { code: 'INVALID_INPUT', message: expect.stringMatching(/^policy:1:10: /), field: ['input', 'policy'] },
      ],
    });
    expect(await door.types('installation')).toEqual(expect.arrayContaining(['PolicyChanged']));
    expect(await door.types(`denials-${door.staffId('lee')}`)).toEqual(['AttemptDenied']);
  });

  it('is changed at the revision that the lead saw, or not at all', async () => {
    const policy = JSON.stringify({ ...defaultPolicy, session: { ...defaultPolicy.session, capMinutes: 45 } });
    expect(await changed(CHANGE, { policy, expectedRevision: 7_000 })).toMatchObject({
      policy: null,
      userErrors: [{ __typename: 'StaleRevision', code: 'STALE_REVISION', field: ['input', 'expectedRevision'] }],
    });
    expect(await door.types('installation')).not.toContain('PolicyChanged');
  });

  it('lets a lead close a page of the catalogue at once, and open none', async () => {
    const { catalogue } = door.desk.outside.installation;
    const billing = { ...catalogue.pages['billing'], class: 'never' };
    const closed = { ...catalogue, pages: { ...catalogue.pages, billing }, jobs: {} };
    expect(await changed(CHANGE_CATALOGUE, { catalogue: JSON.stringify(closed) })).toEqual({
      userErrors: [],
      catalogue: {
        pages: [
          { id: 'billing', class: 'never' },
          { id: 'inquiries', class: 'view' },
        ],
      },
    });
    expect(await changed(CHANGE_CATALOGUE, { catalogue: JSON.stringify(catalogue) })).toMatchObject({
      catalogue: null,
      userErrors: [{ message: 'pages.billing would no longer be of class never, and a command only closes.' }],
    });
  });
});
