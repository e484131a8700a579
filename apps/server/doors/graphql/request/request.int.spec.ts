import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MintOptions } from '../../../adapters/oidc/testing/test-issuer.ts';
import { bookDigest } from '../../../desk/desk.ts';
import { playDoor, START, type PersonName, type PlayedDoor } from '../testing/played-door.ts';

const REQUEST = `accessRequest {
  id kind caseRef reason heading summary phase asks triggers digest argumentsJson message question answer endCause
  asked { pages minutes can action { name label target } }
  scope { pages minutes can cannot action { target } }
  change { removed added minutesAsked }
  decision { name } firstApproval { name }
  grant { id phase cause startBy sessionId actionOutcome }
}`;
const ERRORS =
  'userErrors { __typename code message field ... on Refused { rule instead } ... on StepUpRequired { maxAge } }';

const REASON = 'Failed invoice sync since Tuesday';
const RETRY = { name: 'invoice.retrySync', target: 'INV-88', argumentsJson: '{"force":true}' };

describe('Requests at the GraphQL door', () => {
  let door: PlayedDoor;
  beforeEach(async () => {
    door = await playDoor();
    await done('owner', 'enableStaffAccess', {}, 'position');
  });
  afterEach(async () => {
    expect(door.faults).toEqual([]);
    await door.close();
  });

  async function answer(who: PersonName, name: string, input: object, fields: string, mint?: MintOptions) {
    const Name = name.charAt(0).toUpperCase() + name.slice(1);
    const document = `mutation ($input: ${Name}Input!) { ${name}(input: $input) { ${fields} ${ERRORS} } }`;
    const full = { commandId: door.commandId(), workspaceId: door.acme, ...input };
    const { body } = await door.send(who, document, { input: full }, mint && { mint });
    expect(body.errors).toBeUndefined();
    return body.data[name];
  }
  async function done(who: PersonName, name: string, input: object, fields = `position ${REQUEST}`) {
    const said = await answer(who, name, input, fields);
    expect(said.userErrors).toEqual([]);
    return said;
  }
  async function refused(who: PersonName, name: string, input: object, mint?: MintOptions) {
    const { userErrors, accessRequest } = await answer(who, name, input, `position ${REQUEST}`, mint);
    expect(accessRequest).toBeNull();
    expect(userErrors).toHaveLength(1);
    return userErrors[0];
  }
  const ask = async (more: object = {}) =>
    (await done('sam', 'requestAccess', { kind: 'WRITE', caseRef: 'CASE-123', reason: REASON, action: RETRY, ...more }))
      .accessRequest;
  const types = async () => (await door.types(`workspace-${door.acme}`)).slice(8);

  it('are asked, shown to who decides, approved, and begin the one visit that they allow (S0-21 to S0-29, S4-6)', async () => {
    const asked = await ask();
    expect(asked).toMatchObject({
      kind: 'WRITE',
      phase: 'WAITING',
      asks: 'CUSTOMER',
      heading: 'Write request from Sam Example to retry the failed invoice sync on INV-88, once',
      summary: `Sam Example asked to retry the failed invoice sync on INV-88, once, for 30 minutes, for CASE-123: “${REASON}”`,
      argumentsJson: '{"force":true}',
      grant: null,
    });
    const LIST =
      'query ($id: ID!) { accessRequests(workspaceId: $id, onlyOpen: true) { nodes { id digest } totalCount } }';
    const seen = (await door.send('manager', LIST, { id: door.acme })).body.data.accessRequests;
    expect(seen.nodes).toEqual([{ id: asked.id, digest: asked.digest }]);

    const approved = await done('owner', 'approveAccess', { requestId: asked.id, digest: asked.digest });
    expect(approved.accessRequest).toMatchObject({
      phase: 'APPROVED',
      decision: { name: 'Owner Example' },
      change: null,
      grant: { phase: 'READY', startBy: '2026-11-21T10:00:00.000Z' },
    });
    const { grant } = approved.accessRequest;
    const start = { caseRef: 'CASE-123', reason: REASON, grantId: grant.id };
    const { session } = await done('sam', 'startSession', start, 'session { id can plannedEnd }');
    expect(session.can).toContain('retry the failed invoice sync on INV-88, once');
    expect(session.plannedEnd).toBe('2026-11-21T09:30:00.000Z');
    await door.caughtUp();
    const MINE = '{ myRequests { nodes { id grant { phase sessionId } } } }';
    expect((await door.send('sam', MINE)).body.data.myRequests.nodes).toEqual([
      { id: asked.id, grant: { phase: 'IN_USE', sessionId: session.id } },
    ]);
    expect(await types()).toEqual(['AccessRequested', 'AccessApproved', 'SessionStarted']);
  });

  it('end a visit that runs when another begins on their grant (S0-24, S4-37)', async () => {
    const looking = await done('sam', 'startSession', { caseRef: 'CASE-123', reason: REASON }, 'session { id }');
    const { id, digest } = await ask();
    const { accessRequest } = await done('owner', 'approveAccess', { requestId: id, digest });
    const start = { caseRef: 'CASE-123', reason: REASON, grantId: accessRequest.grant.id };
    await done('sam', 'startSession', start, 'session { id }');
    expect(await types()).toEqual([
      'SessionStarted',
      'AccessRequested',
      'AccessApproved',
      'SessionEnded',
      'SessionStarted',
    ]);
    const NODE = 'query ($id: ID!) { node(id: $id) { ... on Session { endCause } } }';
    await door.caughtUp();
    expect((await door.send('sam', NODE, { id: looking.session.id })).body.data.node.endCause).toBe('SCOPE_CHANGED');
  });

  it('are trimmed when they are approved, and confirmed before they are used (S4-26, S4-32)', async () => {
    const { id, digest } = await ask();
    const granted = { pages: ['billing'], minutes: 10 };
    const { accessRequest } = await done('owner', 'approveAccess', { requestId: id, digest, granted });
    expect(accessRequest).toMatchObject({
      scope: { pages: ['billing'], minutes: 10 },
      change: { removed: ['open Inquiries'], added: [], minutesAsked: 30 },
      grant: { phase: 'TO_CONFIRM' },
    });
    const start = { caseRef: 'CASE-123', reason: REASON, grantId: accessRequest.grant.id };
    const { userErrors } = await answer('sam', 'startSession', start, 'session { id }');
    expect(userErrors).toMatchObject([{ rule: 'grantIsReady', instead: 'Confirm the changed scope first.' }]);
    const confirmed = await done('sam', 'confirmScope', { requestId: id });
    expect(confirmed.accessRequest.grant.phase).toBe('READY');
    await done('sam', 'startSession', start, 'session { id }');
  });

  it('are decided as they were shown: what changed in between makes a decision stale', async () => {
    const { id, digest } = await ask();
    await done('owner', 'askForInformation', { requestId: id, question: 'Which invoice is it?' });
    const { accessRequest } = await done('sam', 'giveInformation', {
      requestId: id,
      answer: 'The one of last Tuesday',
    });
    expect(accessRequest).toMatchObject({ question: 'Which invoice is it?', answer: 'The one of last Tuesday' });
    expect(await refused('owner', 'approveAccess', { requestId: id, digest })).toMatchObject({
      __typename: 'RequestHasChanged',
    });
    await done('owner', 'approveAccess', { requestId: id, digest: accessRequest.digest });
    expect(await refused('owner', 'declineAccess', { requestId: id })).toMatchObject({ __typename: 'AlreadyDecided' });
  });

  it('are declined with a word, and taken back', async () => {
    const { id } = await ask();
    const said = await done('admin', 'declineAccess', { requestId: id, message: 'We do it ourselves.' });
    expect(said.accessRequest).toMatchObject({ phase: 'DECLINED', message: 'We do it ourselves.' });
    const again = await ask();
    expect((await done('sam', 'withdrawAccess', { requestId: again.id })).accessRequest.phase).toBe('WITHDRAWN');
    expect(await types()).toEqual(['AccessRequested', 'AccessDeclined', 'AccessRequested', 'AccessWithdrawn']);
  });

  it('end with the switch, waiting or granted', async () => {
    const first = await ask();
    await done('owner', 'approveAccess', { requestId: first.id, digest: first.digest });
    await ask({ action: { ...RETRY, target: 'INV-89' } });
    await done('owner', 'disableStaffAccess', {}, 'position');
    expect((await types()).slice(3)).toEqual(['StaffAccessDisabled', 'AccessLapsed', 'GrantLapsed']);
  });

  it('that lapsed by time are written as lapsed before the refusal that hears of it, with no timekeeper (T15)', async () => {
    const { id, digest } = await ask();
    const { accessRequest } = await done('owner', 'approveAccess', { requestId: id, digest });
    const other = await ask({ action: { ...RETRY, target: 'INV-89' } });
    door.now = Date.parse(accessRequest.grant.startBy);
    const start = { caseRef: 'CASE-123', reason: REASON, grantId: accessRequest.grant.id };
    const { userErrors } = await answer('sam', 'startSession', start, 'position');
    expect(userErrors).toMatchObject([{ rule: 'grantIsKnown', instead: 'Ask anew.' }]);
    expect((await types()).slice(3)).toEqual(['GrantLapsed']);
    await door.caughtUp();
    const LATEST = 'query ($id: ID!) { visitLog(workspaceId: $id, first: 2) { nodes { kind } } }';
    const { nodes } = (await door.send('owner', LATEST, { id: door.acme })).body.data.visitLog;
    expect(nodes).toEqual([{ kind: 'AttemptDenied' }, { kind: 'GrantLapsed' }]);

    door.now = START + 12 * 60 * 60_000;
    expect(await refused('owner', 'approveAccess', { requestId: other.id, digest: other.digest })).toMatchObject({
      __typename: 'AlreadyDecided',
    });
    expect((await types()).slice(4)).toEqual(['AccessLapsed']);
  });

  it('are approved by who proved lately who they are (RFC 9470)', async () => {
    const { id, digest } = await ask();
    const long = { claims: { auth_time: Math.floor(door.now / 1000) - 301 } };
    expect(await refused('owner', 'approveAccess', { requestId: id, digest }, long)).toMatchObject({
      __typename: 'StepUpRequired',
      maxAge: 300,
    });
    expect(await types()).toEqual(['AccessRequested']);
  });

  it('are approved by who proved it as lately as their own workspace asks for', async () => {
    const set = [{ name: 'session.identityMaxAgeSeconds', value: '60' }];
    await done('owner', 'tightenPolicy', { set }, 'position');
    const { id, digest } = await ask();
    const authTime = (seconds: number) => ({ claims: { auth_time: Math.floor(door.now / 1000) - seconds } });
    expect(await refused('owner', 'approveAccess', { requestId: id, digest }, authTime(61))).toMatchObject({
      __typename: 'StepUpRequired',
      maxAge: 60,
    });
    const { userErrors } = await answer('owner', 'approveAccess', { requestId: id, digest }, 'position', authTime(60));
    expect(userErrors).toEqual([]);
  });

  it('are decided by nobody of the vendor where the customer is asked, and by no viewer', async () => {
    const { id, digest } = await ask();
    expect(await refused('lee', 'approveAccess', { requestId: id, digest })).toMatchObject({
      rule: 'deciderMayDecide',
    });
    expect(await refused('sam', 'approveAccess', { requestId: id, digest })).toMatchObject({
      __typename: 'SelfApproval',
    });
    expect(await refused('viewer', 'approveAccess', { requestId: id, digest })).toMatchObject({
      rule: 'deciderMayDecide',
    });
    for (const who of ['neighbour', 'stranger'] as const)
      expect(await refused(who, 'approveAccess', { requestId: id, digest })).toEqual({
        __typename: 'NotFound',
        code: 'NOT_FOUND',
        message: 'There is no such request, or it is not yours.',
        field: ['input', 'requestId'],
      });
    expect(await types()).toEqual(['AccessRequested']);
  });

  it('name their action by a digest of its canonical form', async () => {
    await ask();
    await door.caughtUp();
    const digest = bookDigest({ action: 'invoice.retrySync', target: 'INV-88', arguments: { force: true } });
    const LIST = 'query ($id: ID!) { accessRequests(workspaceId: $id) { nodes { asked { action { digest } } } } }';
    const { nodes } = (await door.send('owner', LIST, { id: door.acme })).body.data.accessRequests;
    expect(nodes).toEqual([{ asked: { action: { digest } } }]);
  });

  it.each([
    ['{"value":"10 %","value":"99 %"}', 'The text of the arguments has the key “value” twice.'],
    ['{"v":1e400}', 'In the arguments, “v” has the number 1e400, which can’t be kept as it is written.'],
    [
      '{"v":9007199254740993}',
      'In the arguments, “v” has the number 9007199254740993, which can’t be kept as it is written.',
    ],
    ['{"a":{"v":"\\ud800"}}', 'In the arguments, “a.v” has half of a surrogate pair in its text.'],
    ['{"__proto__":{"value":"10 %"}}', 'The text of the arguments has the key “__proto__”, which can’t be used.'],
    ['[]', 'The text of the arguments must be a JSON object.'],
  ])('are neither asked for nor approved with arguments that are read in two ways: %s', async (argumentsJson, said) => {
    const asked = { kind: 'WRITE', caseRef: 'CASE-123', reason: REASON, action: { ...RETRY, argumentsJson } };
    expect(await refused('sam', 'requestAccess', asked)).toMatchObject({
      code: 'INVALID_INPUT',
      field: ['input', 'action', 'argumentsJson'],
      message: said,
    });
    const { id, digest } = await ask();
    const granted = { argumentsJson };
    expect(await refused('owner', 'approveAccess', { requestId: id, digest, granted })).toMatchObject({
      code: 'INVALID_INPUT',
      field: ['input', 'granted', 'argumentsJson'],
      message: said,
    });
  });

  it('of arguments that are no JSON object are not taken', async () => {
    for (const argumentsJson of ['', '[]', 'null', '"x"', '{'])
      expect(
        await refused('sam', 'requestAccess', {
          kind: 'WRITE',
          caseRef: 'CASE-123',
          reason: REASON,
          action: { ...RETRY, argumentsJson },
        }),
      ).toMatchObject({ code: 'INVALID_INPUT', field: ['input', 'action', 'argumentsJson'] });
  });
});
