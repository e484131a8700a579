import { SIGNALS_PATH } from '@gatebook/protocol';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InProcess, type HttpAnswer } from '#server/testing/in-process';

describe('The signals door', () => {
  let service: InProcess;
  beforeAll(async () => {
    service = await InProcess.start();
  });
  afterAll(() => service.close());

  const send = (body: unknown, holder: 'product' | 'directory' | 'operator' | null = 'product') =>
    service.call(SIGNALS_PATH, { headers: holder ? service.bearer(holder) : {}, body: JSON.stringify(body) });
  const opened = (more: object = {}) => ({
    id: service.commandId(),
    type: 'case.opened',
    workspace: 'acme',
    case: 'CASE-900',
    title: 'A case',
    ...more,
  });
  const disabled = () => ({
    id: service.commandId(),
    type: 'staff.disabled',
    issuer: 'https://i.example',
    subject: 's',
  });
  const type = ({ status, body }: HttpAnswer) => [status, body.type];

  it('is for the product and the directory, and stores nothing of anybody else', async () => {
    const head = await service.head();
    for (const holder of [null, 'operator'] as const)
      expect(type(await send({ signals: [opened()] }, holder))).toEqual([401, 'urn:gatebook:problem:unauthenticated']);
    expect(await service.head()).toBe(head);
  });

  it('lets products tell of no staff and the directory of no workspace, and takes nothing of a list that does', async () => {
    const head = await service.head();
    const wrong = [
      await send({ signals: [disabled()] }),
      await send({ signals: [opened(), disabled()] }),
      await send({ signals: [opened()] }, 'directory'),
      await send({ signals: [disabled(), opened()] }, 'directory'),
    ];
    for (const answer of wrong) expect(type(answer)).toEqual([403, 'urn:gatebook:problem:forbidden']);
    expect(await service.head()).toBe(head);
  });

  it('takes that somebody is disabled of whom nobody told, again and again, and says that they are unknown', async () => {
    const unknown = disabled();
    for (const outcome of ['accepted', 'accepted']) {
      const { status, body } = await send({ signals: [unknown] }, 'directory');
      expect([status, body.results]).toMatchObject([200, [{ id: unknown.id, outcome, unknown: true }]]);
    }
    const known = { issuer: 'https://i.example', subject: 'told' };
    const { body } = await send(
      {
        signals: [
          {
            id: service.commandId(),
            type: 'staff.enabled',
            ...known,
            name: 'T',
            email: 't@i.example',
            roles: ['agent'],
          },
          { ...disabled(), ...known },
          { ...disabled(), ...known },
        ],
      },
      'directory',
    );
    expect(body.results).toHaveLength(3);
    for (const result of body.results) expect(result).not.toHaveProperty('unknown');
  });

  it.each<[string, () => unknown, string]>([
    ['no list', () => ({}), '/signals'],
    ['nothing in it', () => ({ signals: [] }), '/signals'],
    ['more than 500', () => ({ signals: Array(501).fill(opened()) }), '/signals'],
    ['null in it', () => ({ signals: [null] }), '/signals/0/id'],
    ['an id that is none', () => ({ signals: [opened({ id: 'x' })] }), '/signals/0/id'],
    ['an id of another version', () => ({ signals: [opened({ id: crypto.randomUUID() })] }), '/signals/0/id'],
    ['a type that nobody knows', () => ({ signals: [opened(), opened({ type: 'case.burnt' })] }), '/signals/1/type'],
    ['a type of every object', () => ({ signals: [opened({ type: 'constructor' })] }), '/signals/0/type'],
    ['a field too many', () => ({ signals: [opened({ role: 'owner' })] }), '/signals/0'],
    ['a field too few', () => ({ signals: [opened({ title: undefined })] }), '/signals/0'],
    ['a case with a NUL', () => ({ signals: [opened({ case: 'CASE-\u0000' })] }), '/signals/0/case'],
    ['a case that is turned around', () => ({ signals: [opened({ case: '\u202e321-ESAC' })] }), '/signals/0/case'],
    ['a title with ESC', () => ({ signals: [opened({ title: '\u001b[2J' })] }), '/signals/0/title'],
    ['a number for a name', () => ({ signals: [opened({ title: 7 })] }), '/signals/0/title'],
    ['a title of 201 letters', () => ({ signals: [opened({ title: 'x'.repeat(201) })] }), '/signals/0/title'],
  ])('refuses %s, says where, and stores nothing, not even of what is right beside it', async (_, body, pointer) => {
    const head = await service.head();
    const answer = await send(body());
    expect(type(answer)).toEqual([400, 'urn:gatebook:problem:invalid-request']);
    expect(answer.body.errors[0].pointer).toBe(pointer);
    expect(await service.head()).toBe(head);
  });

  it('has one effect for a signal however often it is told, and none for its id with another payload (T44)', async () => {
    const signal = opened({ case: 'CASE-901' });
    const outcome = async (one: object) => (await send({ signals: [one] })).body.results[0];
    expect(await outcome(signal)).toMatchObject({ id: signal.id, outcome: 'accepted' });
    const head = await service.head();
    expect(await outcome(signal)).toMatchObject({ id: signal.id, outcome: 'repeated' });
    expect(await service.head()).toBe(head);
    expect(await outcome({ ...signal, title: 'Another' })).toMatchObject({
      outcome: 'refused',
      because: 'This command id was used for another command already.',
    });
  });

  it('takes merged and reassigned cases, plans and contacts for bills, each once', async () => {
    const tell = (type: string, more: object) => ({ id: service.commandId(), type, workspace: 'acme', ...more });
    const person = { issuer: 'https://members.example', subject: 'bea', name: 'Bea', email: 'bea@acme.example' };
    const bea = { member: 'bea', ...person, role: 'admin' };
    const signals = [
      opened({ case: 'CASE-910' }),
      opened({ case: 'CASE-911' }),
      tell('case.reassigned', { case: 'CASE-911', assignee: { issuer: 'https://staff.example', subject: 'sam' } }),
      tell('case.reassigned', { case: 'CASE-911', assignee: null }),
      tell('case.reassigned', { case: 'CASE-912', assignee: null }),
      tell('case.merged', { case: 'CASE-910', into: 'CASE-911' }),
      tell('case.merged', { case: 'CASE-911', into: 'CASE-912' }),
      tell('workspace.plan-changed', { plan: 'business' }),
      tell('workspace.plan-changed', { plan: 'business' }),
      tell('member.role-changed', { ...bea, billingContact: true }),
      tell('member.role-changed', bea),
    ];
    const head = (await service.facts(`workspace-${service.workspaceId('acme')}`)).length;
    const { body } = await send({ signals });
    const outcomes = body.results.map(
      ({ outcome, because }: { outcome: string; because?: string }) => because ?? outcome,
    );
    const unknown = 'CASE-912 is not an open case of this workspace.';
    expect(outcomes).toEqual([
      ...Array(4).fill('accepted'),
      unknown,
      'accepted',
      unknown,
      ...Array(4).fill('accepted'),
    ]);
    const facts = (await service.facts(`workspace-${service.workspaceId('acme')}`)).slice(head);
    expect(facts.map(({ type, data }) => [type, data['caseRef'] ?? data['plan'] ?? data['billingContact']])).toEqual([
      ['CaseOpened', 'CASE-910'],
      ['CaseOpened', 'CASE-911'],
      ['CaseReassigned', 'CASE-911'],
      ['CaseReassigned', 'CASE-911'],
      ['CaseMerged', 'CASE-910'],
      ['PlanChanged', 'business'],
      ['MemberRoleChanged', true],
    ]);
    await send({ signals });
    expect(await service.facts(`workspace-${service.workspaceId('acme')}`)).toHaveLength(head + 7);
  });

  it.each<[string, object, string]>([
    ['half a person', { type: 'case.reassigned', assignee: { issuer: 'https://i.example' } }, '/signals/0/assignee'],
    ['no word of whose it is', { type: 'case.reassigned' }, '/signals/0'],
    ['a merge into nothing', { type: 'case.merged' }, '/signals/0'],
    ['a plan without a name', { type: 'workspace.plan-changed', case: undefined, plan: '' }, '/signals/0/plan'],
  ])('refuses %s', async (_, wrong, pointer) => {
    const { body } = await send({ signals: [{ ...opened({ title: undefined }), ...wrong }] });
    expect(body.errors[0].pointer).toBe(pointer);
  });

  it('says which signal was refused and goes on; of a workspace that is not, the line is the product’s own', async () => {
    const { body } = await send({ signals: [opened({ workspace: 'nowhere' }), opened({ case: 'CASE-902' })] });
    expect(body.results.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['refused', 'accepted']);
    expect(await service.facts(`workspace-${service.workspaceId('nowhere')}`)).toEqual([]);
    expect(await service.facts(`denials-${service.workspaceId('nowhere')}`)).toEqual([]);
    expect((await service.facts('denials-fernway')).map(({ data }) => data['rule'])).toEqual(['workspaceIsOpen']);
  });
});
