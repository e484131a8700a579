import { ENDINGS_PATH } from '@gatebook/protocol';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InProcess, type Inside } from '#server/testing/in-process';
import { until } from '#server/testing/until';

/** The service over real HTTP, its clock running, its timekeeper off: what ends is ended by what is told. */
describe('A staff member whom the identity provider disables', () => {
  let service: InProcess;

  beforeEach(async () => {
    service = await InProcess.start();
    service.runClock();
    await service.enable();
  });
  afterEach(() => service.close());

  const disable = (subject: string) =>
    service.signals({ type: 'staff.disabled', issuer: service.issuers.staff.issuer, subject });
  const book = () => service.facts(`workspace-${service.workspaceId('acme')}`);
  const endOf = async ({ sessionId }: Inside) =>
    (await book()).filter(({ type, data }) => type === 'SessionEnded' && data['sessionId'] === sessionId);
  const ended = (inside: Inside) =>
    until(async () => {
      const ends = await endOf(inside);
      return ends.length > 0 && ends;
    });

  it('is out, and the product hears of it to cut what it sends (T9; policy.md, 5)', async () => {
    const inside = await service.enter();
    const endings = await fetch(service.url + ENDINGS_PATH, { headers: service.bearer('product') });
    const heard = (async () => {
      let text = '';
      for await (const chunk of endings.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        if (text.includes('"sentence"')) break;
      }
      return text;
    })();

    await disable('sam');
    const [end] = await ended(inside);
    expect(end?.data).toMatchObject({ sessionId: inside.sessionId, cause: 'staff disabled' });
    expect(await heard).toMatch(new RegExp(`event: ended\ndata: .*"session":"${inside.sessionId}".*"staff disabled"`));

    const { body } = await service.view(inside, 'billing');
    expect([body.decision, body.context.rule]).toEqual([false, 'staffMemberIsEnabled']);
    // The seat is free again, for the day on which they come back.
    await until(async () =>
      (await service.facts(`staff-${service.staffId('sam')}`)).some(({ type }) => type === 'StaffSeatReleased'),
    );
  });

  it('takes nobody else along, and comes back as nobody who was there before', async () => {
    const sams = await service.enter();
    const others = await service.enter({ staff: 'priya', workspace: 'acme' });
    await disable('sam');
    await ended(sams);
    expect((await service.view(others, 'billing')).body.decision).toBe(true);

    const { issuer } = service.issuers.staff;
    const back = { issuer, subject: 'sam', name: 'Sam Reed', email: 'sam@fernway.example', roles: ['agent'] as const };
    await service.signals({ type: 'staff.enabled', ...back });
    const { body } = await service.view(sams, 'billing');
    expect([body.decision, body.context.rule]).toEqual([false, 'visitHasNotEnded']);
    const again = await service.enter();
    expect((await service.view(again, 'billing')).body.decision).toBe(true);
    expect(await endOf(sams)).toHaveLength(1);
  });

  it('is told once, however often it is told', async () => {
    const inside = await service.enter();
    await disable('sam');
    await disable('sam');
    await ended(inside);
    await service.restart();
    expect(await endOf(inside)).toHaveLength(1);
  });

  it('takes what they asked for along: a request that waits, and an approval that nobody used (policy.md, 5)', async () => {
    const input = (workspace: 'acme' | 'bluebird', caseRef: string) => ({
      commandId: service.commandId(),
      workspaceId: service.workspaceId(workspace),
      caseRef,
      kind: 'WRITE',
      reason: 'Failed invoice sync since Tuesday',
      action: { name: 'invoice.retrySync', target: 'INV-88' },
    });
    const ask = async (workspace: 'acme' | 'bluebird', caseRef: string) => {
      const document = `mutation ($input: RequestAccessInput!) {
        requestAccess(input: $input) { accessRequest { id digest } userErrors { message } } }`;
      const { body } = await service.graphql(await service.staffToken('sam'), document, {
        input: input(workspace, caseRef),
      });
      expect(body.data.requestAccess.userErrors).toEqual([]);
      return body.data.requestAccess.accessRequest as { id: string; digest: string };
    };
    await service.enable('bluebird');
    await ask('bluebird', 'CASE-204');
    const { id: requestId, digest } = await ask('acme', 'CASE-123');
    const approve = `mutation ($input: ApproveAccessInput!) { approveAccess(input: $input) { userErrors { message } } }`;
    const decided = { commandId: service.commandId(), workspaceId: service.workspaceId('acme'), requestId, digest };
    const { body } = await service.graphql(await service.memberToken('maria'), approve, { input: decided });
    expect(body.data.approveAccess.userErrors).toEqual([]);

    await disable('sam');
    const last = async (workspace: string) => {
      const facts = await service.facts(`workspace-${service.workspaceId(workspace)}`);
      const { type, data } = facts.at(-1)!;
      return [type, data['cause']];
    };
    const isLast = (workspace: string, type: string) =>
      until(async () => (await last(workspace))[0] === type && last(workspace));
    expect(await isLast('bluebird', 'AccessWithdrawn')).toEqual(['AccessWithdrawn', 'staff disabled']);
    expect(await isLast('acme', 'GrantLapsed')).toEqual(['GrantLapsed', 'staff disabled']);
  });

  it('is out with the last role that visits, too, and is told of once (T9, T26)', async () => {
    const inside = await service.enter();
    const { issuer } = service.issuers.staff;
    const less = {
      issuer,
      subject: 'sam',
      name: 'Sam Reed',
      email: 'sam@fernway.example',
      roles: ['reviewer'] as const,
    };
    await service.signals({ type: 'staff.enabled', ...less });
    const [end] = await ended(inside);
    expect(end?.data).toMatchObject({ sessionId: inside.sessionId, cause: 'staff disabled' });
    const { body } = await service.view(inside, 'billing');
    expect([body.decision, body.context.rule]).toEqual([false, 'visitHasNotEnded']);
    await service.restart();
    expect(await endOf(inside)).toHaveLength(1);
  });

  describe('who approved for the vendor what nobody has used', () => {
    const mutate = async (token: string, name: string, fields: string, more: object) => {
      const Name = name.charAt(0).toUpperCase() + name.slice(1);
      const document = `mutation ($input: ${Name}Input!) { ${name}(input: $input) { ${fields} userErrors { message } } }`;
      const input = { commandId: service.commandId(), workspaceId: service.workspaceId('acme'), ...more };
      const { body } = await service.graphql(token, document, { input });
      expect(body.data[name].userErrors).toEqual([]);
      return body.data[name].accessRequest;
    };
    beforeEach(async () => {
      const wish = {
        caseRef: 'CASE-123',
        kind: 'WRITE',
        reason: 'Customer 12 asked for the deletion of all their data',
        action: { name: 'customer.delete', target: '12' },
      };
      const [sam, maria, priya] = [
        await service.staffToken('sam'),
        await service.memberToken('maria'),
        await service.staffToken('priya'),
      ];
      const { id: requestId, digest: asked } = await mutate(sam, 'requestAccess', 'accessRequest { id digest }', wish);
      const { digest } = await mutate(maria, 'approveAccess', 'accessRequest { digest }', { requestId, digest: asked });
      await mutate(priya, 'approveAccess', 'accessRequest { id }', { requestId, digest });
    });
    const lapse = () =>
      until(async () => (await book()).find(({ type }) => type === 'GrantLapsed')).then(({ data }) => data['cause']);

    it('takes that along: the right to it lapses (T9; policy.md, 5 and 8)', async () => {
      await disable('priya');
      expect(await lapse()).toBe('approver left');
    });

    it('takes it along with the role by which it was given, too, and leaves their own visits alone', async () => {
      const inside = await service.enter({ staff: 'priya', workspace: 'acme' });
      const { issuer } = service.issuers.staff;
      const less = {
        issuer,
        subject: 'priya',
        name: 'Priya Nair',
        email: 'priya@fernway.example',
        roles: ['agent'] as const,
      };
      await service.signals({ type: 'staff.enabled', ...less });
      expect(await lapse()).toBe('approver left');
      expect((await service.view(inside, 'billing')).body.decision).toBe(true);
      expect(await endOf(inside)).toEqual([]);
    });
  });
});
