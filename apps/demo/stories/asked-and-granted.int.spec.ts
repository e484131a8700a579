import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Asking, REASON } from '#server/testing/asking';
import { InProcess } from '#server/testing/in-process';

const RETRY = { name: 'invoice.retrySync', target: 'INV-88', argumentsJson: '{"force":true}' };
const HOUR = 3600_000;

describe('What is asked for, over real HTTP, under the preset default', () => {
  let service: InProcess;
  let acme: Asking;
  beforeEach(async () => {
    service = await InProcess.start();
    acme = new Asking(service);
    await service.enable();
  });
  afterEach(() => service.close());

  const [sam, priya, tom, maria] = [{ staff: 'sam' }, { staff: 'priya' }, { member: 'tom' }, { member: 'maria' }];
  /** Both sides approve: the customer first, then the vendor’s second person. */
  const byBoth = async (wish: object) => {
    const request = await acme.ask('sam', wish);
    expect(request).toMatchObject({ asks: 'BOTH', phase: 'WAITING' });
    const first = await acme.approve(tom, request);
    expect(first).toMatchObject({ phase: 'WAITING', firstApproval: { name: 'Tom Reyes' }, grant: null });
    const approved = await acme.approve(priya, first);
    expect(approved).toMatchObject({ phase: 'APPROVED', decision: { name: 'Priya Nair' } });
    return acme.enter('sam', approved.grant.id);
  };
  const errorsOf = async (sending: ReturnType<Asking['send']>) => (await sending).errors;
  const directory = (subject: string, name: string, email: string, roles: readonly ('agent' | 'lead')[]) =>
    service.signals({ type: 'staff.enabled', issuer: service.issuers.staff.issuer, subject, name, email, roles });
  const member = (subject: string, name: string, email: string, role: 'admin' | 'agent' | 'owner' | null) =>
    service.signals({
      type: 'member.role-changed',
      workspace: 'acme',
      member: subject,
      issuer: service.issuers.members.issuer,
      subject,
      name,
      email,
      role,
    });

  it('as the owner is stopped at a second gate: customer, then the vendor’s lead, two people (S1-27, S1-28)', async () => {
    const viewAs = service.memberId('acme', 'maria');
    // Priya is on both sides, under one address; Sam has come to be a lead, and an admin of the customer.
    await member('priya-at-acme', 'Priya N.', 'PRIYA@fernway.example', 'admin');
    await member('sam-at-acme', 'Sam L.', 'sam@fernway.example', 'admin');
    await directory('sam', 'Sam Lee', 'sam@fernway.example', ['agent', 'lead']);
    await directory('lena', 'Lena Ivarsson', 'lena@fernway.example', ['lead']);

    const asked = await acme.ask('sam', { kind: 'SENSITIVE_ENTRY', viewAs });
    expect(asked).toMatchObject({ asks: 'BOTH', triggers: ['every session', 'sensitive account'] });
    const itself = [{ __typename: 'SelfApproval' }];
    // Whoever asked decides in no role of theirs, by verified person.
    expect(await errorsOf(acme.approving(sam, asked))).toMatchObject(itself);
    expect(await errorsOf(acme.approving({ member: 'sam-at-acme' }, asked))).toMatchObject(itself);
    expect(await errorsOf(acme.approving(priya, asked))).toMatchObject([
      { rule: 'deciderMayDecide', message: 'It is for the customer to decide now.' },
    ]);
    const first = await acme.approve({ member: 'priya-at-acme' }, asked);
    expect(await errorsOf(acme.approving(maria, first))).toMatchObject([
      { message: 'It is for a second person of the vendor to decide now.' },
    ]);
    expect(await errorsOf(acme.approving(priya, first))).toMatchObject([
      { __typename: 'SelfApproval', message: 'You gave the first approval; the second is somebody else’s.' },
    ]);
    expect(await errorsOf(acme.approving({ staff: 'lena' }, asked))).toMatchObject([
      { __typename: 'RequestHasChanged' },
    ]);
    const approved = await acme.approve({ staff: 'lena' }, first);
    expect(asked).toMatchObject({
      viewAs,
      viewAsName: 'Maria Ortiz',
      heading: 'Request from Sam Lee to look at what is sensitive, viewing as Maria Ortiz',
      summary: expect.stringContaining('viewing as Maria Ortiz'),
    });
    const inside = await acme.enter('sam', approved.grant.id);
    const facts = await acme.facts();
    expect(facts.find(({ type }) => type === 'SessionStarted')?.data).toMatchObject({
      viewedAs: viewAs,
      approvedBy: { kind: 'staff', staffId: service.staffId('lena') },
      firstApprovedBy: { memberId: service.memberId('acme', 'priya-at-acme') },
    });
    // As whom, and on whose word, on every page and in every line (design.md, promise 4).
    const { body } = await service.view(inside, 'billing');
    expect(body.context.banner).toMatchObject({
      viewedAs: 'Maria Ortiz',
      approval: 'Priya N. and Lena Ivarsson approved it',
    });
    expect((await service.view(inside, 'files')).body.decision).toBe(false);
    const READ = `query ($workspaceId: ID!) {
      denials(workspaceId: $workspaceId, first: 1) { nodes { summary } }
      visitLog(workspaceId: $workspaceId, first: 50) {
        nodes { kind summary onBehalfOf { __typename ... on WorkspaceMember { name } } }
      }
      activeSessions(workspaceId: $workspaceId) { viewedAs viewedAsName }
    }`;
    const workspaceId = service.workspaceId('acme');
    interface Line {
      readonly kind: string;
      readonly summary: string;
      readonly onBehalfOf: object | null;
    }
    let read: { denials: { nodes: object[] }; visitLog: { nodes: Line[] }; activeSessions: object[] };
    do read = await acme.data(maria, READ, { workspaceId });
    while (!read.visitLog.nodes.some(({ summary }) => summary.includes('tried to open Files')));
    const behalf = read.visitLog.nodes.filter(({ onBehalfOf }) => onBehalfOf !== null).toReversed();
    expect(behalf.map(({ kind, onBehalfOf }) => [kind, onBehalfOf])).toEqual(
      ['SessionStarted', 'SessionEntered', 'AreaEntered', 'PageViewed', 'AttemptDenied'].map((kind) => [
        kind,
        { __typename: 'WorkspaceMember', name: 'Maria Ortiz' },
      ]),
    );
    expect(behalf[0]?.summary).toContain('came in for CASE-123 to look, viewing as Maria Ortiz, for up to');
    expect(behalf[3]?.summary).toBe('Sam Lee, viewing as Maria Ortiz, viewed Billing');
    const denied = { summary: 'Refused: Sam Lee, viewing as Maria Ortiz, tried to open Files' };
    expect([behalf[4], read.denials.nodes]).toMatchObject([denied, [denied]]);
    expect(read.activeSessions).toEqual([{ viewedAs: viewAs, viewedAsName: 'Maria Ortiz' }]);
  });

  it('after a refused attempt is what the refusal said could be asked for instead (S1-30)', async () => {
    const looking = await service.enter();
    const refused = await acme.perform(looking, {
      name: 'invoice.retrySync',
      target: 'INV-88',
      given: { force: true },
    });
    expect(refused.body.context).toMatchObject({
      rule: 'nothingIsChanged',
      instead: 'Ask to retry the failed invoice sync on INV-88, once. With exactly: force true.',
    });
    const inside = await acme.enterOn('sam', maria, { kind: 'WRITE', action: RETRY });
    const { body } = await acme.perform(inside, {
      name: 'invoice.retrySync',
      target: 'INV-88',
      given: { force: true },
    });
    expect(body.decision).toBe(true);
    // The visit that only looked didn't become one that changes: it ended (S0-24, S4-37).
    expect((await service.view(looking, 'billing')).body.context.ended).toMatchObject({ cause: 'scope changed' });
  });

  it('lapses where nobody decides, and a grant where nobody begins, each at its instant', async () => {
    const waiting = await acme.ask('sam', { kind: 'WRITE', action: RETRY });
    const granted = await acme.ask('sam', { kind: 'WRITE', action: { ...RETRY, target: 'INV-89' } });
    const { grant } = await acme.approve(maria, granted);
    expect(grant.startBy).toBe('2026-11-21T10:00:00.000Z');
    service.now += HOUR;
    expect((await acme.begin(sam, grant.id)).userErrors).toMatchObject([{ rule: 'grantIsKnown' }]);
    service.now += 11 * HOUR - 1;
    service.now += 1;
    expect(await errorsOf(acme.approving(maria, waiting))).toMatchObject([
      { __typename: 'AlreadyDecided', message: 'This request has lapsed.' },
    ]);
    expect((await acme.facts()).slice(-2).map(({ type, data }) => [type, data['cause'], data['at']])).toEqual([
      ['GrantLapsed', 'not started in time', '2026-11-21T10:00:00.000Z'],
      ['AccessLapsed', 'nobody decided', '2026-11-21T21:00:00.000Z'],
    ]);
  });

  it('is trimmed, confirmed, and then no wider than what was granted; what changed in between is stale (S4-24, S4-26)', async () => {
    const asked = await acme.ask('sam', { kind: 'WRITE', action: RETRY, pages: ['billing', 'invoices'], minutes: 30 });
    await acme.send(maria, 'askForInformation', { requestId: asked.id, question: 'Only this one?' });
    const answered = await acme.send(sam, 'giveInformation', { requestId: asked.id, answer: 'Yes, only this one' });
    expect(await errorsOf(acme.approving(maria, asked))).toMatchObject([{ __typename: 'RequestHasChanged' }]);
    const trimmed = await acme.approve(maria, answered.request, { granted: { pages: ['billing'], minutes: 10 } });
    expect(trimmed).toMatchObject({
      asked: { pages: ['billing', 'invoices'], minutes: 30 },
      scope: { pages: ['billing'], minutes: 10 },
      change: { removed: ['open Invoices'], added: [], minutesAsked: 30 },
    });
    acme.done(await acme.send(sam, 'confirmScope', { requestId: asked.id }));
    const inside = await acme.enter('sam', trimmed.grant.id);
    expect((await service.view(inside, 'billing')).body).toMatchObject({
      decision: true,
      context: { banner: { endsAt: '2026-11-21T09:10:00.000Z' } },
    });
    expect((await service.view(inside, 'invoices')).body.context.rule).toBe('pageIsInScope');
  });

  it('for longer is a new grant and a new visit, and no end moves (policy.md)', async () => {
    const first = await service.enter();
    const planned = async () =>
      (await acme.facts()).filter(({ type }) => type === 'SessionStarted').map(({ data }) => data['plannedEnd']);
    service.now += 10 * 60_000;
    const extension = await acme.ask('sam', { kind: 'EXTENSION', extends: first.sessionId, minutes: 60 });
    const second = await acme.enter('sam', extension.grant.id);
    expect(second.sessionId).not.toBe(first.sessionId);
    expect(await planned()).toEqual(['2026-11-21T10:00:00.000Z', '2026-11-21T10:10:00.000Z']);
    expect((await service.view(first, 'billing')).body.context.ended).toMatchObject({ cause: 'scope changed' });
    expect((await service.view(second, 'billing')).body.decision).toBe(true);
    const notTheirs = acme.wish({ kind: 'EXTENSION', extends: second.sessionId });
    expect(await errorsOf(acme.send(priya, 'requestAccess', notTheirs))).toHaveLength(1);
  });

  it('to be shown is shown once, by both sides’ approval, and masked again; a secret never is (S1-44)', async () => {
    const field = { field: 'customer.taxId', record: 'cus_81' };
    const inside = await byBoth({ kind: 'REVEAL', field });
    const rule = async (name: string, record: string) => (await acme.reveal(inside, name, record)).body.context.rule;
    expect(await rule('customer.taxId', 'cus_82')).toBe('fieldIsApproved');
    expect(await rule('card.number', 'cus_81')).toBe('fieldIsApproved');
    expect(await rule('integration.secret', 'cus_81')).toBe('fieldIsApproved');
    expect((await acme.reveal(inside, 'customer.taxId', 'cus_81')).body.decision).toBe(true);
    expect(await rule('customer.taxId', 'cus_81')).toBe('grantIsUnspent');
    expect((await service.view(inside, 'invoice')).body.context.masks['customer.taxId']).toBe('personal-id');
    expect((await service.view(inside, 'team')).body.context.rule).toBe('pageIsInScope');
    const revealed = (await acme.facts()).filter(({ type }) => type === 'FieldRevealed');
    expect(revealed.map(({ data }) => [data['field'], data['record']])).toEqual([['customer.taxId', 'cus_81']]);

    const secret = acme.wish({ kind: 'REVEAL', field: { field: 'integration.secret', record: 'accounting' } });
    expect(await errorsOf(acme.send(sam, 'requestAccess', secret))).toMatchObject([
      { rule: 'requestIsGrantable', message: 'Secrets are never shown, whoever approves it.' },
    ]);
  });

  it('as an export is asked for as nothing else, approved by both, and done once (S1-45, S1-67)', async () => {
    const action = { name: 'customers.export' };
    expect(await errorsOf(acme.send(sam, 'requestAccess', acme.wish({ kind: 'WRITE', action })))).toMatchObject([
      { rule: 'requestIsGrantable', message: 'To export the customers moves data out: it is asked for as an export.' },
    ]);
    expect(await errorsOf(acme.send(sam, 'requestAccess', acme.wish({ kind: 'EXPORT', action: RETRY })))).toMatchObject(
      [{ rule: 'requestIsGrantable' }],
    );
    const inside = await byBoth({ kind: 'EXPORT', action });
    const LIVE = `query ($id: ID!, $at: String) {
      activeSessions(workspaceId: $id, minPosition: $at) { action { kind name isUsed } }
    }`;
    const live = async () => {
      const variables = { id: service.workspaceId('acme'), at: await service.head() };
      return (await acme.data(maria, LIVE, variables)).activeSessions.map(({ action }: { action: object }) => action);
    };
    const asLive = { kind: 'EXPORT', ...action, isUsed: false };
    expect(await live()).toContainEqual(asLive);
    const first = await acme.perform(inside, action);
    const again = await acme.perform(inside, action);
    expect([first.body.decision, again.body.context.rule]).toEqual([true, 'grantIsUnspent']);
    expect(await live()).toContainEqual({ ...asLive, isUsed: true });
    // What was tried is told by its name, for the way on to asking for it.
    const TRIED = `query ($id: ID!, $at: String) {
      myDenials(first: 1, minPosition: $at) { nodes { rule action { name target } } }
      myVisitLog(sessionId: $id, last: 1, minPosition: $at) { nodes { rule action { name target } } }
    }`;
    const refused = { rule: 'grantIsUnspent', action: { ...action, target: null } };
    expect(await acme.data(sam, TRIED, { id: inside.sessionId, at: await service.head() })).toEqual({
      myDenials: { nodes: [refused] },
      myVisitLog: { nodes: [refused] },
    });
    expect((await acme.types()).filter((type) => type === 'ActionAuthorised')).toHaveLength(1);
  });

  it('of what is sensitive is its pages by name; what is never open is granted by nobody (S0-38 to S0-43)', async () => {
    const looking = await service.enter();
    const { body } = await service.view(looking, 'customer', { record: 'cus_81' });
    expect(body.context).toMatchObject({
      rule: 'pageIsViewable',
      instead: 'Ask for it as a sensitive entry, with the reason.',
    });
    const asked = (more: object) => errorsOf(acme.send(sam, 'requestAccess', acme.wish(more)));
    expect(await asked({ pages: ['customer'] })).toMatchObject([{ rule: 'requestIsGrantable' }]);
    for (const kind of ['READ', 'SENSITIVE_ENTRY'])
      expect(await asked({ kind, pages: ['files'] })).toMatchObject([
        { message: 'Files is open to nobody of support, whoever approves it.' },
      ]);
    const inside = await byBoth({ kind: 'SENSITIVE_ENTRY', pages: ['customer'] });
    expect((await service.view(inside, 'customer', { record: 'cus_81' })).body.decision).toBe(true);
    expect((await service.view(inside, 'billing')).body.context.rule).toBe('pageIsInScope');
  });

  it('for later is approved now and begins at its planned start, not before (S4-32)', async () => {
    const plannedStart = '2026-11-21T11:00:00.000Z';
    const request = await acme.ask('sam', { kind: 'WRITE', action: RETRY, plannedStart });
    const { grant } = await acme.approve(maria, request);
    expect(grant.startBy).toBe('2026-11-21T12:00:00.000Z');
    service.now = Date.parse(plannedStart) - 1;
    expect((await acme.begin(sam, grant.id)).userErrors).toMatchObject([
      { rule: 'grantIsReady', message: 'The start that was approved lies ahead.' },
    ]);
    service.now += 1;
    expect((await acme.begin(sam, grant.id)).session).toMatchObject({ plannedEnd: '2026-11-21T11:30:00.000Z' });
  });

  it('and approved by who is demoted lapses unused; the visit that runs goes on to its end (policy.md, 8)', async () => {
    const running = await acme.enterOn('sam', tom, { kind: 'WRITE', action: RETRY });
    const byTom = await acme.approve(tom, await acme.ask('dana', { kind: 'WRITE', action: RETRY }));
    const byMaria = await acme.approve(
      maria,
      await acme.ask('dana', { kind: 'WRITE', action: { ...RETRY, target: 'INV-89' } }),
    );
    await member('tom', 'Tom Reyes', 'tom@acme.example', 'agent');
    expect((await acme.facts()).at(-1)).toMatchObject({
      type: 'GrantLapsed',
      data: { grantId: byTom.grant.id, cause: 'approver left' },
    });
    expect((await acme.begin({ staff: 'dana' }, byTom.grant.id)).userErrors).toMatchObject([{ rule: 'grantIsKnown' }]);
    expect((await service.view(running, 'billing')).body.decision).toBe(true);
    expect((await acme.begin({ staff: 'dana' }, byMaria.grant.id)).userErrors).toEqual([]);
    const late = await acme.ask('sam', { kind: 'WRITE', action: { ...RETRY, target: 'INV-90' } });
    expect(await errorsOf(acme.approving(tom, late))).toMatchObject([{ rule: 'deciderMayDecide' }]);
  });

  it('is taken back with the staff member whom the directory takes out, waiting or granted (T9, policy.md 5)', async () => {
    const granted = await acme.approve(maria, await acme.ask('sam', { kind: 'WRITE', action: RETRY }));
    const waiting = await acme.ask('sam', { kind: 'WRITE', action: { ...RETRY, target: 'INV-89' } });
    const at = performance.now();
    await service.signals({ type: 'staff.disabled', issuer: service.issuers.staff.issuer, subject: 'sam' });
    // From the answer on, whatever is written yet.
    expect((await acme.begin(sam, granted.grant.id)).userErrors).toHaveLength(1);
    let ends: (readonly [string, unknown, unknown])[] = [];
    while (ends.length < 2 && performance.now() - at < 10_000)
      ends = (await acme.facts())
        .filter(({ type }) => ['AccessWithdrawn', 'GrantLapsed'].includes(type))
        .map(({ type, data }) => [type, data['requestId'], data['cause']] as const);
    expect(ends).toEqual([
      ['AccessWithdrawn', waiting.id, 'staff disabled'],
      ['GrantLapsed', granted.id, 'staff disabled'],
    ]);
    expect(await errorsOf(acme.approving(maria, waiting))).toMatchObject([{ __typename: 'AlreadyDecided' }]);
  });

  it('is refused with its rule written down, and read word for word by who decides', async () => {
    const asked = await acme.ask('sam', { kind: 'WRITE', action: RETRY });
    expect(asked.summary).toContain(`“${REASON}”`);
    await acme.approving({ member: 'vera' }, asked);
    await acme.approving({ member: 'bea' }, asked);
    expect(await acme.denied()).toEqual(['deciderMayDecide']);
  });
});
