import { EVALUATION_PATH, OUTCOMES_PATH, VISIT_HEADER } from '@gatebook/protocol';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InProcess, type Inside } from '#server/testing/in-process';

const REQUEST = `mutation ($input: RequestAccessInput!) {
  requestAccess(input: $input) { accessRequest { id digest } userErrors { message } }
}`;
const APPROVE = `mutation ($input: ApproveAccessInput!) {
  approveAccess(input: $input) { accessRequest { grant { id } } userErrors { message } }
}`;
const START = `mutation ($input: StartSessionInput!) {
  startSession(input: $input) { entryCode session { id } userErrors { message } }
}`;
const REASON = 'Failed invoice sync since Tuesday';

describe('One approved action (S0-20 to S0-29)', () => {
  let service: InProcess;
  let inside: Inside;
  beforeEach(async () => {
    service = await InProcess.start();
    await service.enable();
    inside = await enterOnGrant();
  });
  afterEach(() => service.close());

  /** Sam asks to retry one invoice's sync, Maria approves, Sam comes in on it. */
  async function enterOnGrant(): Promise<Inside> {
    const as = async (token: string, query: string, name: string, input: object) => {
      const full = { commandId: service.commandId(), workspaceId: service.workspaceId('acme'), ...input };
      const { body, text } = await service.graphql(token, query, { input: full });
      const answer = body.data?.[name];
      if (!answer || answer.userErrors.length > 0) throw new Error(text);
      return answer;
    };
    const sam = await service.staffToken('sam');
    const action = { name: 'invoice.retrySync', target: 'INV-88', argumentsJson: '{"force":true}' };
    const wish = { kind: 'WRITE', caseRef: 'CASE-123', reason: REASON, action };
    const { id: requestId, digest } = (await as(sam, REQUEST, 'requestAccess', wish)).accessRequest;
    const maria = await service.memberToken('maria');
    const { grant } = (await as(maria, APPROVE, 'approveAccess', { requestId, digest })).accessRequest;
    const begin = { caseRef: 'CASE-123', reason: REASON, grantId: grant.id };
    const { entryCode, session } = await as(sam, START, 'startSession', begin);
    const { body } = await service.exchange(entryCode, 'sam');
    return { workspace: 'acme', staff: 'sam', sessionId: session.id, token: body.access_token };
  }

  const perform = (
    {
      arguments: given = { force: true },
      ...more
    }: { record?: string; arguments?: object | undefined; id?: string } = {},
    context: object = {},
  ) => {
    const { id = 'invoice.retrySync', record = 'INV-88' } = more;
    const properties = { workspace: service.workspaceId('acme'), record, arguments: given };
    return service.evaluate(inside, {
      subject: { type: 'staff', id: service.staffId('sam') },
      action: { name: 'perform' },
      resource: { type: 'operation', id, properties },
      context: { purpose: 'serve', input: true, ...context },
    });
  };
  const report = (action: string, more: object = {}) =>
    service.call(OUTCOMES_PATH, {
      headers: service.bearer('product'),
      body: {
        id: service.commandId(),
        workspace: service.workspaceId('acme'),
        session: inside.sessionId,
        action,
        outcome: 'done',
        ...more,
      },
    });
  const lately = async () =>
    (await service.facts(`workspace-${service.workspaceId('acme')}`)).map(({ type }) => type).slice(-3);

  it('is authorised once, before it is done, and reported afterwards', async () => {
    const banner = (await service.view(inside, 'billing')).body.context.banner;
    expect(banner).toMatchObject({
      mode: 'write',
      action: { label: 'retry the failed invoice sync on INV-88', isDone: false },
      approval: 'Maria Ortiz approved it',
    });
    const { body } = await perform();
    expect(body).toMatchObject({
      decision: true,
      context: { action: expect.stringMatching(/^act_/), banner: { action: { isDone: true } } },
    });
    expect((await perform()).body).toMatchObject({ decision: false, context: { rule: 'grantIsUnspent' } });
    const changes = [
      { field: 'invoice.syncState', old: 'failed', new: 'synced' },
      { field: 'card.number', old: '4242', new: '4343' },
      { field: 'invoice.ghost', old: 'a', new: 'b' },
    ];
    expect((await report(body.context.action, { changes })).body).toMatchObject({ outcome: 'accepted' });
    expect((await report(body.context.action)).body).toMatchObject({ outcome: 'refused' });
    expect(await lately()).toEqual(['PageViewed', 'ActionAuthorised', 'ActionReported']);
    // What is masked, and what nobody declared, counts as secret: that it changed is written, its values are not (S4-48).
    const facts = await service.facts(`workspace-${service.workspaceId('acme')}`);
    expect(facts.at(-1)?.data).toMatchObject({
      outcome: 'done',
      fields: ['invoice.syncState', 'card.number', 'invoice.ghost'],
      personal: {
        changes: [
          { field: 'invoice.syncState', old: 'failed', new: 'synced' },
          { field: 'card.number', old: null, new: null },
          { field: 'invoice.ghost', old: null, new: null },
        ],
      },
    });
  });

  it('is exactly the approved one: another action, target or argument is refused and written down', async () => {
    for (const other of [
      { record: 'INV-89' },
      { arguments: { force: false } },
      { arguments: { force: true, also: 1 } },
      { arguments: {} },
      { id: 'inquiry.reply' },
    ])
      expect((await perform(other)).body).toMatchObject({ decision: false, context: { rule: 'actionIsApproved' } });
    expect((await perform({ id: 'team.changeRole' })).body.context.rule).toBe('requestIsGrantable');
    expect(await lately()).not.toContain('ActionAuthorised');
    const denied = await service.facts(`denials-${service.workspaceId('acme')}`);
    expect(denied.map(({ data }) => data['rule'])).toEqual([
      ...Array(5).fill('actionIsApproved'),
      'requestIsGrantable',
    ]);
  });

  it('asked for twice by one question is one action; only asked about, it is none', async () => {
    expect((await perform({}, { purpose: 'ask' })).body.decision).toBe(false);
    const requestId = service.commandId();
    const first = (await perform({}, { requestId })).body;
    const again = (await perform({}, { requestId })).body;
    expect([first.decision, again.decision]).toEqual([true, true]);
    expect(again.context.action).toBe(first.context.action);
    expect((await lately()).filter((type) => type === 'ActionAuthorised')).toHaveLength(1);
  });

  it('that nobody reports is written as unknown, and a late report is written still', async () => {
    const { action } = (await perform()).body.context;
    service.now += 121_000;
    await service.view(inside, 'billing');
    expect(await lately()).toEqual(['ActionReported', 'AreaEntered', 'PageViewed']);
    expect((await report(action, { outcome: 'failed' })).body).toMatchObject({ outcome: 'accepted' });
  });

  it('ends with the switch like all else', async () => {
    await service.disable();
    expect((await perform()).body).toMatchObject({ decision: false, context: { ended: { cause: 'revoked' } } });
    expect(await lately()).toEqual(['StaffAccessDisabled', 'SessionEnded', 'GrantLapsed']);
  });

  it('is reported by the product alone, in a report that can be read', async () => {
    const body = { id: service.commandId(), workspace: service.workspaceId('acme') };
    expect((await service.call(OUTCOMES_PATH, { body })).status).toBe(401);
    expect((await service.call(OUTCOMES_PATH, { headers: service.bearer('directory'), body })).status).toBe(401);
    for (const [more, detail] of [
      [{ outcome: 'perhaps' }, '/outcome must be equal to one of the allowed values.'],
      [{ action: 'INV-88' }, 'action must be an id that begins with act_.'],
      [{ surprise: 1 }, 'The report must NOT have additional properties.'],
      [{ id: 'x' }, 'id must be a UUID of version 7, in lower case.'],
    ] as const) {
      const { status, body: problem } = await report('act_01kahg00000e008000000000a1', more);
      expect([status, problem.detail]).toEqual([400, detail]);
    }
  });

  it('is no business of the evaluation of another product or person', async () => {
    const asAnother = await service.call(EVALUATION_PATH, {
      headers: { ...service.bearer('product'), [VISIT_HEADER]: inside.token },
      body: {
        subject: { type: 'staff', id: service.staffId('priya') },
        action: { name: 'perform' },
        resource: {
          type: 'operation',
          id: 'invoice.retrySync',
          properties: { workspace: service.workspaceId('acme'), record: 'INV-88', arguments: { force: true } },
        },
      },
    });
    expect(asAnother.body).toMatchObject({ decision: false, context: { rule: 'visitIsTheirs' } });
  });
});
