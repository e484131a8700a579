import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { playDoor, type PersonName, type PlayedDoor } from '../testing/played-door.ts';
import { sendCommand } from '../testing/sent.ts';

const HIDES = 'holds characters that can’t be seen or that turn text around';
const REASON = 'Failed invoice sync since Tuesday';
const RETRY = { name: 'invoice.retrySync', target: 'INV-88' };

describe('Wrong input of requests at the GraphQL door', () => {
  let door: PlayedDoor;
  let id: string;
  let digest: string;
  beforeAll(async () => {
    door = await playDoor();
    await errors('owner', 'enableStaffAccess', {});
    const asked = await send('sam', 'requestAccess', wish({}));
    ({ id, digest } = asked.accessRequest);
  });
  afterEach(() => expect(door.faults).toEqual([]));
  afterAll(() => door.close());

  const wish = (more: object) => ({ kind: 'WRITE', caseRef: 'CASE-123', reason: REASON, action: RETRY, ...more });
  async function send(who: PersonName, name: string, input: object) {
    const fields = `${name === 'enableStaffAccess' ? '' : 'accessRequest { id digest }'} userErrors { code message field }`;
    const { body } = await sendCommand(door, who, name, input, fields);
    expect(body.errors).toBeUndefined();
    return body.data[name];
  }
  const errors = async (who: PersonName, name: string, input: object) => (await send(who, name, input)).userErrors;

  it.each<[string, PersonName, string, (text: string) => object]>([
    ['message', 'owner', 'declineAccess', (message) => ({ requestId: id, message })],
    ['message', 'owner', 'approveAccess', (message) => ({ requestId: id, digest, message })],
    ['granted.target', 'owner', 'approveAccess', (target) => ({ requestId: id, digest, granted: { target } })],
    ['action.target', 'sam', 'requestAccess', (target) => wish({ action: { ...RETRY, target } })],
    ['caseRef', 'sam', 'requestAccess', (caseRef) => wish({ caseRef })],
  ])('is said of %s by %s in %s, where it holds what nobody sees (T25, T52)', async (field, who, name, input) => {
    const head = await door.types(`workspace-${door.acme}`);
    for (const hidden of ['\u0000', '\n', '\u001b[2J', '\u0007', '\u009b', '\u202e', '\u200b']) {
      expect(await errors(who, name, input(`INV${hidden}88`))).toEqual([
        {
          code: 'INVALID_INPUT',
          message: `${field.split('.').at(-1)} ${HIDES}.`,
          field: ['input', ...field.split('.')],
        },
      ]);
    }
    expect(await door.types(`workspace-${door.acme}`)).toEqual(head);
  });

  it('calls a question a question', async () => {
    expect(await errors('owner', 'askForInformation', { requestId: id, question: 'Which\u202e?' })).toEqual([
      { code: 'REFUSED', message: `The question ${HIDES}.`, field: ['input', 'question'] },
    ]);
    expect(await errors('owner', 'askForInformation', { requestId: id, question: '  ' })).toEqual([
      { code: 'REFUSED', message: 'There is nothing to read in the question.', field: ['input', 'question'] },
    ]);
    await errors('owner', 'askForInformation', { requestId: id, question: 'Which?' });
    expect(await errors('sam', 'giveInformation', { requestId: id, answer: 'This\u0000' })).toEqual([
      { code: 'REFUSED', message: `The answer ${HIDES}.`, field: ['input', 'answer'] },
    ]);
  });

  it.each<[string, object]>([
    ['plannedStart', { plannedStart: '2020-01-01T00:00:00Z' }],
    ['action', { action: null }],
    ['field', { field: { field: 'email' } }],
    ['action.name', { action: { ...RETRY, name: 'invoice.burn' } }],
    ['pages', { pages: ['no.such.page'] }],
  ])('points at %s where that is what is wrong', async (field, more) => {
    const [error] = await errors('sam', 'requestAccess', wish(more));
    expect(error).toMatchObject({ code: 'REFUSED', field: ['input', ...field.split('.')] });
  });

  it('says of a visit to go on from that there is none, not of the workspace', async () => {
    const more = { kind: 'EXTENSION', action: null, extends: 'ses_00000000000000000000000000' };
    expect(await errors('sam', 'requestAccess', wish(more))).toEqual([
      { code: 'NOT_FOUND', message: 'There is no such visit, or it is not yours.', field: ['input', 'extends'] },
    ]);
  });

  it('says the same, byte for byte, of a visit elsewhere, of another’s and of one that never was (T34, T35)', async () => {
    await errors('neighbour', 'enableStaffAccess', { workspaceId: door.birch });
    const start = async (who: PersonName, workspaceId: string, caseRef: string): Promise<string> => {
      const document = `mutation ($input: StartSessionInput!) { startSession(input: $input) { session { id } userErrors { message } } }`;
      const input = { commandId: door.commandId(), workspaceId, caseRef, reason: REASON };
      const { body } = await door.send(who, document, { input }, { mint: { authTime: door.now } });
      expect(body.data.startSession.userErrors).toEqual([]);
      return body.data.startSession.session.id;
    };
    const own = await start('sam', door.birch, 'CASE-900');
    const anothers = await start('lee', door.acme, 'CASE-123');
    const document = `mutation ($input: RequestAccessInput!) {
      requestAccess(input: $input) { position accessRequest { id } userErrors { __typename code message field } } }`;
    const asked = async (id: string) => {
      const input = {
        commandId: door.commandId(),
        workspaceId: door.acme,
        kind: 'EXTENSION',
        reason: REASON,
        extends: id,
      };
      return (await door.send('sam', document, { input })).text;
    };
    const missing = await asked('ses_00000000000000000000000000');
    expect(JSON.parse(missing)).toMatchObject({
      data: {
        requestAccess: {
          position: null,
          accessRequest: null,
          userErrors: [
            {
              __typename: 'NotFound',
              code: 'NOT_FOUND',
              message: 'There is no such visit, or it is not yours.',
              field: ['input', 'extends'],
            },
          ],
        },
      },
    });
    for (const id of [own, anothers]) expect(await asked(id)).toBe(missing);
    // What stands of it among the refusals tells no more.
    await door.caughtUp();
    const mine =
      '{ myDenials(first: 3) { nodes { workspaceId sessionId rule because detail instead caseRef reason times } } }';
    const { nodes } = (await door.send('sam', mine)).body.data.myDenials;
    expect(nodes).toEqual([nodes[0], nodes[0], nodes[0]]);
    expect(JSON.stringify(nodes)).not.toMatch(new RegExp(`${own}|${anothers}|${door.birch}`));
  });
});
