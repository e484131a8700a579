import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PRESETS } from '#domain/policy/presets';
import { playDoor, type PersonName, type PlayedDoor } from '../testing/played-door.ts';
import { hasRole, PRODUCT } from '../testing/roles.ts';
import { sendCommand, sent } from '../testing/sent.ts';

const REASON = 'Failed invoice sync since Tuesday';
const SHOWN = 'id digest phase argumentsJson scopeArgumentsJson scope { action { target digest } } grant { id }';
const REFUSED = 'accessRequest { id } userErrors { __typename message field ... on Refused { rule instead } }';

/** Every write asks the customer and then the vendor; who approves may grant otherwise than it was asked for. */
describe('A change that is granted otherwise than it was asked for', () => {
  let door: PlayedDoor;
  let asked: { readonly id: string; readonly digest: string };
  beforeEach(async () => {
    door = await playDoor();
    await under({ mayWiden: true });
    await send('owner', 'enableStaffAccess', {});
    const action = { name: 'invoice.retrySync', target: 'INV-88', argumentsJson: '{"amount":"900"}' };
    const wish = { kind: 'WRITE', caseRef: 'CASE-123', reason: REASON, action };
    asked = (await send('sam', 'requestAccess', wish, 'accessRequest { id digest }')).accessRequest;
  });
  afterEach(async () => {
    expect(door.faults).toEqual([]);
    await door.close();
  });

  const under = async (changed: { readonly mayWiden: boolean }) => {
    const { default: preset } = PRESETS;
    const asked = { ...preset.approval.asked, 'every write': 'both' as const };
    const approval = { ...preset.approval, ...changed, asked };
    await door.desk.handleInstallation({ type: 'ChangePolicy', policy: { ...preset, approval } }, PRODUCT);
  };
  const send = (who: PersonName, name: string, input: object, fields?: string) => sent(door, who, name, input, fields);
  const about = (granted: object | undefined, { id, digest } = asked) => ({ requestId: id, digest, granted });
  const approve = async (who: PersonName, granted?: object, request = asked) =>
    (await send(who, 'approveAccess', about(granted, request), `accessRequest { ${SHOWN} }`)).accessRequest;
  const refused = async (who: PersonName, granted: object, request = asked) => {
    const { body } = await sendCommand(door, who, 'approveAccess', about(granted, request), REFUSED);
    expect(body.data.approveAccess.accessRequest).toBeNull();
    return body.data.approveAccess.userErrors;
  };

  it('is shown with no arguments where all of them were taken away, and done with none (S0-26, S4-26)', async () => {
    const none = { argumentsJson: '{"amount":"900"}', scopeArgumentsJson: '{}' };
    const first = await approve('owner', { argumentsJson: '{}' });
    expect(first).toMatchObject({ phase: 'WAITING', ...none });
    expect(await approve('lee', undefined, first)).toMatchObject({ phase: 'APPROVED', ...none });
    await send('sam', 'confirmScope', { requestId: asked.id }, `accessRequest { ${SHOWN} }`);
    const { grants } = (await door.desk.settled(door.acme)).book;
    expect(grants).toMatchObject([{ phase: 'ready', shown: { arguments: {} } }]);
  });

  it('keeps the half that nobody changes as it stands, and not as it was asked for (S4-47)', async () => {
    const first = await approve('owner', { argumentsJson: '{"amount":"5"}' });
    expect(first).toMatchObject({ phase: 'WAITING', scopeArgumentsJson: '{"amount":"5"}' });
    await hasRole(door, 'admin', 'owner');
    await hasRole(door, 'owner', 'viewer');
    const again = await approve('admin', { target: 'INV-89' }, first);
    expect(again).toMatchObject({ scopeArgumentsJson: '{"amount":"5"}', scope: { action: { target: 'INV-89' } } });
    // The second says one half again of what stands: that changes nothing.
    expect(await refused('lee', { target: 'INV-88' }, again)).toMatchObject([{ rule: 'approvalMayChange' }]);
    const approved = await approve('lee', { target: 'INV-89' }, again);
    expect(approved).toMatchObject({ phase: 'APPROVED', scopeArgumentsJson: '{"amount":"5"}' });
    expect(approved.scope.action).toEqual(again.scope.action);
  });

  it('is decided without the tables: they may not have heard of it yet', async () => {
    const first = await approve('owner', { argumentsJson: '{"amount":"5"}' });
    door.statements.length = 0;
    expect(await refused('lee', { target: 'INV-88', argumentsJson: '{}' }, first)).toHaveLength(1);
    expect(door.statements).toEqual([]);
  });

  it('is refused where the policy lets nobody widen, with what can be done instead (S4-26)', async () => {
    const MAY = 'query ($id: ID!) { staffAccess(workspaceId: $id) { mayWiden } }';
    const may = async () => (await door.send('owner', MAY, { id: door.acme })).body.data.staffAccess.mayWiden;
    expect(await may()).toBe(true);
    await under({ mayWiden: false });
    expect(await may()).toBe(false);
    const refusal = {
      __typename: 'Refused',
      rule: 'approvalMayChange',
      instead: 'Decline it, and say what to ask for.',
    };
    expect(await refused('owner', { target: 'INV-99' })).toEqual([
      {
        ...refusal,
        field: ['input', 'granted', 'target'],
        message: 'An approval can’t be for another target than was asked for.',
      },
    ]);
    expect(await refused('owner', { argumentsJson: '{"amount":"9000000"}' })).toEqual([
      {
        ...refusal,
        field: ['input', 'granted', 'argumentsJson'],
        message: 'An approval can’t be with other arguments than were asked for.',
      },
    ]);
  });
});
