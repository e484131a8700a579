import { TOKEN_TYPE_ACCESS } from '@gatebook/protocol';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Asking, REASON } from '#server/testing/asking';
import type { InProcess, Inside } from '#server/testing/in-process';
import { FernwayWithService } from './fernway-with-service.ts';
import { startWithPolicy } from './with-policy.ts';

const POLICY = 'preset: default\ncaseAnchor: optional\n';
const LOG = `query ($id: ID!, $at: String) { visitLog(workspaceId: $id, first: 20, minPosition: $at) { nodes { summary } } }`;
const INSIDE = `query ($id: ID!, $at: String) { activeSessions(workspaceId: $id, minPosition: $at) { caseRef staffName } }`;
const PAST = `query ($id: ID!, $at: DateTime!) { workspaceAt(workspaceId: $id, time: $at) { couldEnter { caseRef } inside { caseRef } } }`;
const VISITS = `{ catalogue { visits { caseRequired } } }`;

describe('Where the settings ask for no case (S0-44, policy.md)', () => {
  let service: InProcess;
  let acme: Asking;
  let inside: Inside;
  beforeAll(async () => {
    service = await startWithPolicy(POLICY);
    acme = new Asking(service);
    await service.enable();
  });
  afterAll(() => service.close());

  it('a visit begins without one, its line says so, and so do the lists', async () => {
    inside = await acme.enter('sam', null, { caseRef: null });
    const id = service.workspaceId('acme');
    const at = await service.head();
    expect((await acme.data({ member: 'maria' }, INSIDE, { id, at })).activeSessions).toEqual([
      { caseRef: '', staffName: 'Sam Lee' },
    ]);
    const { visitLog } = await acme.data({ member: 'maria' }, LOG, { id, at });
    expect(visitLog.nodes.map(({ summary }: { summary: string }) => summary)).toContain(
      `Sam Lee came in without a case to look, for up to 60 minutes: “${REASON}”`,
    );
    const started = (await acme.facts()).find(({ type }) => type === 'SessionStarted');
    expect(started?.data).toMatchObject({ caseId: null, caseRef: null });
    const claims = JSON.parse(Buffer.from(inside.token.split('.')[1]!, 'base64url').toString('utf8')) as object;
    expect(claims).not.toHaveProperty('case');
    expect((await acme.data({ staff: 'sam' }, VISITS)).catalogue.visits).toEqual({ caseRequired: false });
  });

  it('its pages say so, and the end of a case is no end of it', async () => {
    expect((await service.view(inside, 'dashboard')).body).toMatchObject({
      decision: true,
      context: { banner: { caseRef: null, notice: 'Viewing as staff' } },
    });
    await service.signals({ type: 'case.closed', workspace: 'acme', case: 'CASE-123' });
    service.now += 6 * 60_000;
    const asProduct = { subject_token_type: TOKEN_TYPE_ACCESS, actor_token: undefined, actor_token_type: undefined };
    const { body } = await service.exchange(inside.token, 'sam', asProduct);
    const younger = { ...inside, token: (body as { access_token: string }).access_token };
    expect((await service.view(younger, 'billing')).body.decision).toBe(true);
    await service.signals({ type: 'case.opened', workspace: 'acme', case: 'CASE-123', title: 'Again' });
  });

  it('access is asked for without one, and a case that is named must still be open', async () => {
    const asked = await acme.ask('sam', { kind: 'WRITE', caseRef: null, action: RETRY });
    expect(asked.summary).toBe(
      `Sam Lee asked to retry the failed invoice sync on INV-88, once, for 30 minutes, without a case: “${REASON}”`,
    );
    const gone = await acme.send({ staff: 'sam' }, 'requestAccess', acme.wish({ caseRef: 'CASE-999' }));
    expect(gone.errors).toMatchObject([{ rule: 'caseIsOpen' }]);
  });

  it('who could come without one is told of a moment, too', async () => {
    const at = new Date(service.now).toISOString();
    const { workspaceAt } = await acme.data({ member: 'maria' }, PAST, { id: service.workspaceId('acme'), at });
    expect(workspaceAt).toEqual({ couldEnter: expect.anything(), inside: [{ caseRef: null }] });
  });
});

describe('Where the settings ask for a case', () => {
  let service: InProcess;
  let acme: Asking;
  beforeAll(async () => {
    service = await startWithPolicy('preset: default\n');
    acme = new Asking(service);
    await service.enable();
  });
  afterAll(() => service.close());

  it('nothing begins and nothing is asked for without one, and the error names rule and field (S1-58)', async () => {
    const error = {
      __typename: 'Refused',
      rule: 'caseIsNamed',
      message: 'Under these settings support comes for a case.',
      instead: 'Name the case.',
    };
    const { userErrors } = await acme.begin({ staff: 'sam' }, null, { caseRef: null });
    expect(userErrors).toEqual([error]);
    const { errors } = await acme.send({ staff: 'sam' }, 'requestAccess', acme.wish({ caseRef: null }));
    expect(errors).toEqual([error]);
    const denials = await service.facts(`denials-${service.workspaceId('acme')}`);
    expect(denials.map(({ data }) => data['attempt'])).toEqual([
      { command: 'StartSession', label: 'start a visit without a case' },
      { command: 'RequestAccess', label: 'ask for access without a case' },
    ]);
    expect((await acme.data({ staff: 'sam' }, VISITS)).catalogue.visits).toEqual({ caseRequired: true });
  });
});

describe('The command, and the product', () => {
  let story: FernwayWithService;
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-case-'));
  beforeAll(async () => {
    story = await FernwayWithService.start();
  });
  afterAll(async () => {
    await story.close();
    rmSync(folder, { recursive: true });
  });

  it('take a visit without a case where that is enough, and the strip says so', async () => {
    const start = ['sessions', 'start', 'acme', '--as', 'sam', '--reason', REASON, '--json'];
    await story.gatebook(['access', 'on', 'acme', '--as', 'maria']);
    const refused = await story.gatebook(start);
    expect([refused.code, refused.err]).toEqual([
      3,
      'Under these settings support comes for a case.\n  Name the case.\n',
    ]);

    const policyFile = join(folder, 'policy.yaml');
    writeFileSync(policyFile, POLICY);
    await story.service.restart({ policyFile });
    const { entryCode } = JSON.parse((await story.gatebook(start)).out) as { entryCode: string };
    const sam = story.newPerson();
    await sam.signIn('/sign-in/staff', 'sam');
    const { page } = await sam.post('/gatebook/enter', { code: entryCode });
    expect(page).toContain('You, Sam Lee, are in Acme Co without a case');
    expect(page).toContain('Acme Co, no case, ');
    const list = await story.gatebook(['sessions', 'list', 'acme', '--as', 'maria']);
    expect(list.out).toContain('Sam Lee is inside without a case to look, until ');
    const ended = ['sessions', 'list', 'acme', '--as', 'maria', '--ended'];
    expect((await story.gatebook(ended)).out).toBe('No visit has ended here yet.\n');
    await story.gatebook(['access', 'off', 'acme', '--as', 'maria']);
    expect((await story.gatebook(ended)).out).toContain('Sam Lee accessed your workspace without a case, for ');
  });
});

const RETRY = { name: 'invoice.retrySync', target: 'INV-88' };
