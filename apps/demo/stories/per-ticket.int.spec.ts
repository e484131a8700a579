import { OUTCOMES_PATH } from '@gatebook/protocol';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Asking } from '#server/testing/asking';
import type { InProcess, Inside } from '#server/testing/in-process';
import { startWithPolicy } from './with-policy.ts';

const REASON = 'Acme can’t update its tax setting since the plan change';
const CHANGE = { name: 'settings.change', target: 'tax', argumentsJson: '{"value":"10 %"}' };

describe('A case under the preset per-ticket (S4-53 to S4-58)', () => {
  let service: InProcess;
  let acme: Asking;
  let request: { readonly id: string; readonly digest: string };
  let inside: Inside;
  beforeAll(async () => {
    service = await startWithPolicy('preset: per-ticket\n');
    acme = new Asking(service);
  });
  afterAll(() => service.close());

  it('asks for temporary access that names account, short reason and short time (S4-44, S4-53, S4-75)', async () => {
    const wish = { kind: 'WRITE', reason: REASON, action: CHANGE, pages: ['settings'], minutes: 15 };
    request = await acme.ask('sam', wish);
    expect(request).toMatchObject({
      phase: 'WAITING',
      asks: 'VENDOR',
      asked: { pages: ['settings'], minutes: 15, can: ['change the setting tax, once', 'open Settings'] },
    });
    const vague = await acme.send({ staff: 'sam' }, 'requestAccess', acme.wish({ ...wish, reason: 'Need access' }));
    expect(vague.errors).toMatchObject([{ __typename: 'ReasonTooVague' }]);
  });

  it('waits in the lead’s queue; the customer and the agent can’t approve it, and nobody starts before (S4-54, S4-59)', async () => {
    const QUEUE = `query ($id: ID!) { accessRequests(workspaceId: $id, onlyOpen: true) { nodes { id digest summary } } }`;
    const { accessRequests } = await acme.data({ staff: 'priya' }, QUEUE, { id: service.workspaceId('acme') });
    expect(accessRequests.nodes).toEqual([
      {
        id: request.id,
        digest: request.digest,
        summary: `Sam Lee asked to change the setting tax, once, for 15 minutes, for CASE-123: “${REASON}”`,
      },
    ]);
    expect((await acme.approving({ member: 'maria' }, request)).errors).toMatchObject([
      { rule: 'deciderMayDecide', message: 'It is for a second person of the vendor to decide now.' },
    ]);
    expect((await acme.approving({ staff: 'sam' }, request)).errors).toMatchObject([{ __typename: 'SelfApproval' }]);
    expect((await acme.approving({ staff: 'dana' }, request)).errors).toMatchObject([{ rule: 'deciderMayDecide' }]);
    const early = await acme.begin({ staff: 'sam' }, `gr_${request.id.slice(4)}`);
    expect(early.userErrors).toMatchObject([{ rule: 'grantIsKnown' }]);
  });

  it('is approved by the lead for two things only: to view, and one settings update (S4-45, S4-54, S4-56)', async () => {
    const approved = await acme.approve({ staff: 'priya' }, request);
    expect(approved).toMatchObject({
      decision: { name: 'Priya Nair' },
      change: null,
      // Begun within 15 minutes, or not at all.
      grant: { phase: 'READY', startBy: '2026-11-21T09:15:00.000Z' },
    });
    inside = await acme.enter('sam', approved.grant.id);
    service.now += 60_000;
    const { body } = await service.view(inside, 'settings');
    expect(body).toMatchObject({
      decision: true,
      context: {
        banner: {
          mode: 'write',
          approval: 'Priya Nair approved it',
          staffName: 'Sam Lee',
          customer: 'Acme Co',
          caseRef: 'CASE-123',
          endsAt: '2026-11-21T09:15:00.000Z',
          can: ['change the setting tax, once', 'open Settings'],
        },
      },
    });
  });

  it('opens no billing, exports nothing, changes no unrelated preference (S4-55)', async () => {
    const refusals = [
      await service.view(inside, 'billing'),
      await service.view(inside, 'customers'),
      await acme.perform(inside, { name: 'customers.export' }),
      await acme.perform(inside, { name: 'settings.change', target: 'language', given: { value: 'Deutsch' } }),
      await acme.perform(inside, { name: 'settings.change', target: 'tax', given: { value: '0 %' } }),
      await acme.perform(inside, { name: 'billing.changePlan' }),
    ];
    expect(refusals.map(({ body }) => [body.decision, body.context.rule])).toEqual([
      [false, 'pageIsInScope'],
      [false, 'pageIsInScope'],
      ...Array<unknown>(3).fill([false, 'actionIsApproved']),
      [false, 'requestIsGrantable'],
    ]);
    expect(await acme.types()).not.toContain('ActionAuthorised');
  });

  it('makes the one change, and the timeline reads in order: requested, approved, started, changed, ended (S4-58, S4-77)', async () => {
    const { body } = await acme.perform(inside, { name: 'settings.change', target: 'tax', given: { value: '10 %' } });
    expect(body.decision).toBe(true);
    const report = {
      id: service.commandId(),
      workspace: service.workspaceId('acme'),
      session: inside.sessionId,
      action: body.context.action,
      outcome: 'done',
      changes: [{ field: 'setting.tax', old: '20 %', new: '10 %' }],
    };
    await service.call(OUTCOMES_PATH, { headers: service.bearer('product'), body: report });
    service.now += 60_000;
    const EXIT = `mutation ($input: ExitSessionInput!) { exitSession(input: $input) { position userErrors { message } } }`;
    const { exitSession } = await acme.data({ staff: 'sam' }, EXIT, {
      input: {
        commandId: service.commandId(),
        workspaceId: service.workspaceId('acme'),
        sessionId: inside.sessionId,
      },
    });
    expect(exitSession.userErrors).toEqual([]);
    const LOG = `query ($id: ID!, $at: String) { visitLog(workspaceId: $id, first: 50, minPosition: $at) { nodes { summary } } }`;
    const { visitLog } = await acme.data({ member: 'maria' }, LOG, {
      id: service.workspaceId('acme'),
      at: exitSession.position,
    });
    const lines = (visitLog.nodes as { summary: string }[]).map(({ summary }) => summary).reverse();
    const from = lines.findIndex((line) => line.includes('asked'));
    expect(lines.slice(from).filter((line) => !line.startsWith('Refused: '))).toEqual([
      `Sam Lee asked to change the setting tax, once, for 15 minutes, for CASE-123: “${REASON}”`,
      'Priya Nair approved Sam Lee’s request to change the setting tax, once, for 15 minutes',
      expect.stringMatching(/^Sam Lee came in for CASE-123 to change the setting tax/),
      'Sam Lee arrived in the workspace',
      'Sam Lee moved to Administration',
      'Sam Lee viewed Settings',
      'Sam Lee was allowed to change the setting tax, under CASE-123',
      'Sam Lee changed the setting tax from 20 % to 10 %, under CASE-123',
      expect.stringMatching(/^Sam Lee left, after 2 of 15 minutes/),
    ]);
  });

  it('leaves the customer a short note: accessed to make the one change, one approved change made (S4-57)', async () => {
    const NOTES = `query ($id: ID!) { endedSessions(workspaceId: $id) { nodes { note letIn changedCount } } }`;
    const { endedSessions } = await acme.data({ member: 'maria' }, NOTES, { id: service.workspaceId('acme') });
    expect(endedSessions.nodes).toEqual([
      {
        note: 'Sam Lee accessed your workspace to change the setting tax, for CASE-123, for 2 minutes: at least one page viewed, one approved change made, 6 attempts refused.',
        letIn: 'Priya Nair approved this visit.',
        changedCount: 1,
      },
    ]);
  });

  it('is widened where the policy lets the lead, both versions are kept, and the agent confirms (S4-26, S4-32, S4-47)', async () => {
    const asked = await acme.ask('sam', { pages: ['settings'], minutes: 10 });
    // Low risk: the policy asks nobody for it, and the line says so (S4-20).
    expect(asked).toMatchObject({ phase: 'APPROVED', asks: 'NOBODY', decision: { id: 'policy' } });
    const write = await acme.ask('sam', { kind: 'WRITE', action: CHANGE, pages: ['settings'], minutes: 10 });
    const wider = await acme.approve({ staff: 'priya' }, write, { granted: { pages: ['settings', 'team'] } });
    expect(wider).toMatchObject({
      asked: { pages: ['settings'] },
      scope: { pages: ['settings', 'team'] },
      change: { removed: [], added: ['open Team'] },
      grant: { phase: 'TO_CONFIRM' },
    });
    expect((await acme.begin({ staff: 'sam' }, wider.grant.id)).userErrors).toMatchObject([{ rule: 'grantIsReady' }]);
    acme.done(await acme.send({ staff: 'sam' }, 'confirmScope', { requestId: write.id }));
    expect((await service.view(await acme.enter('sam', wider.grant.id), 'team')).body.decision).toBe(true);
  });

  it('is forbidden by the owner’s off, which ends the visit and what was granted (policy.md)', async () => {
    const language = { ...CHANGE, target: 'language', argumentsJson: '{"value":"Deutsch"}' };
    const waiting = await acme.ask('sam', { kind: 'WRITE', action: language });
    await service.disable();
    const behind = (await acme.types()).slice(-5);
    expect([behind[0], behind.slice(1).sort()]).toEqual([
      'StaffAccessDisabled',
      ['AccessLapsed', 'GrantLapsed', 'GrantLapsed', 'SessionEnded'],
    ]);
    const { errors } = await acme.approving({ staff: 'priya' }, waiting);
    expect(errors).toMatchObject([{ __typename: 'AlreadyDecided' }]);
    const refused = await acme.send({ staff: 'sam' }, 'requestAccess', acme.wish({}));
    expect(refused.errors).toMatchObject([{ __typename: 'StaffAccessOff' }]);
  });
});

describe('Visits that are asked for one by one, under the preset by-request (S2-3 to S2-8)', () => {
  let service: InProcess;
  let acme: Asking;
  beforeAll(async () => {
    service = await startWithPolicy('preset: by-request\n');
    acme = new Asking(service);
  });
  afterAll(() => service.close());

  it('begin with the customer’s approval, which is no start: support starts them (S2-4 to S2-6, S2-8)', async () => {
    const { userErrors } = await acme.begin({ staff: 'sam' }, null);
    expect(userErrors).toMatchObject([{ rule: 'visitIsApproved', instead: 'Ask for access.' }]);
    const request = await acme.ask('sam', {});
    expect(request).toMatchObject({ asks: 'CUSTOMER', triggers: ['every session'] });
    expect((await acme.approving({ staff: 'priya' }, request)).errors).toMatchObject([{ rule: 'deciderMayDecide' }]);
    // The user who was asked, whatever their role.
    const approved = await acme.approve({ member: 'vera' }, request);
    expect(await acme.types()).not.toContain('SessionStarted');
    const inside = await acme.enter('sam', approved.grant.id);
    expect((await service.view(inside, 'dashboard')).body.decision).toBe(true);
    // One approval, one visit.
    expect((await acme.begin({ staff: 'sam' }, approved.grant.id)).userErrors).toMatchObject([
      { rule: 'grantIsReady', message: 'This grant was used already.' },
    ]);
  });

  it('are declined later as well as approved, and stay readable (S2-20, S4-46)', async () => {
    const request = await acme.ask('sam', { pages: ['team'] });
    service.now += 48 * 3600_000;
    const declined = acme.done(
      await acme.send({ member: 'maria' }, 'declineAccess', { requestId: request.id, message: 'Not this week' }),
    );
    expect(declined).toMatchObject({ phase: 'DECLINED', message: 'Not this week', grant: null });
    expect((await acme.approving({ member: 'maria' }, request)).errors).toMatchObject([
      { __typename: 'AlreadyDecided' },
    ]);
  });
});
