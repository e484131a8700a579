import { Query, Resolver } from '@nestjs/graphql';
import { afterEach, describe, expect, it } from '@jest/globals';
import { defaultPolicy } from '#domain/policy/policy';
import { DOCUMENTS } from './live/testing/live-client.ts';
import { PermissionMissing, PERMISSIONS } from './permissions.ts';
import { PEOPLE, playDoor, type Answer, type PersonName, type PlayedDoor } from './testing/played-door.ts';

interface Operation {
  readonly document: string;
  /** What is asked for; `input` and ids are filled in. */
  readonly variables: (door: PlayedDoor, workspaceId: string, sessionId: string) => object;
}

const command = (name: string, more: object = {}): Operation => {
  const Name = name.charAt(0).toUpperCase() + name.slice(1);
  return {
    document: `mutation ($input: ${Name}Input!) { ${name}(input: $input) { position userErrors { __typename code message field } } }`,
    variables: (_, workspaceId, sessionId) => ({
      input: {
        commandId: '',
        workspaceId,
        ...(/Session|Presence/.test(name) && name !== 'startSession' && { sessionId }),
        ...more,
      },
    }),
  };
};
const ofWorkspace = (field: string, fields: string): Operation => ({
  document: `query ($id: ID!) { ${field}(workspaceId: $id) { ${fields} } }`,
  variables: (_, id) => ({ id }),
});
const plain = (document: string): Operation => ({ document, variables: () => ({}) });
const ofVendor = (name: string, input: object): Operation => ({
  document: command(name).document,
  variables: () => ({ input: { commandId: '', ...input } }),
});
let turns = 0;
const byId = (document: string, id: (workspaceId: string, sessionId: string) => string): Operation => ({
  document,
  variables: (_, workspaceId, sessionId) => ({ id: id(workspaceId, sessionId) }),
});

/** Well formed, and nobody's. */
const NO_REQUEST = { requestId: `req_${'0'.repeat(25)}1` };

const OPERATIONS = {
  viewer: plain('{ viewer { name } }'),
  workspaces: plain('{ workspaces { nodes { name } } }'),
  workspace: byId('query ($id: ID!) { workspace(id: $id) { name role } }', (workspaceId) => workspaceId),
  'node of a workspace': byId('query ($id: ID!) { node(id: $id) { id } }', (workspaceId) => workspaceId),
  'node of a visit': byId('query ($id: ID!) { node(id: $id) { id } }', (_, sessionId) => sessionId),
  staffAccess: ofWorkspace('staffAccess', 'on'),
  activeSessions: ofWorkspace('activeSessions', 'id'),
  visitLog: ofWorkspace('visitLog', 'nodes { summary }'),
  visitLogFacets: ofWorkspace('visitLogFacets', 'cases'),
  denials: ofWorkspace('denials', 'nodes { summary }'),
  endedSessions: ofWorkspace('endedSessions', 'nodes { note }'),
  workspaceAt: byId(
    'query ($id: ID!) { workspaceAt(workspaceId: $id, time: "2026-11-21T08:00:00.000Z") { revision } }',
    (workspaceId) => workspaceId,
  ),
  denialGroups: plain('{ denialGroups { nodes { rule } } }'),
  reviewDenials: {
    document: 'mutation ($input: ReviewDenialsInput!) { reviewDenials(input: $input) { userErrors { code } } }',
    variables: () => ({
      input: { commandId: '', person: 'stf_nobody', rule: 'pageIsInScope', upTo: '0', verdict: 'NO_CONCERN' },
    }),
  },
  myVisits: plain('{ myVisits { nodes { id } } }'),
  myVisitLog: byId(
    'query ($id: ID!) { myVisitLog(sessionId: $id) { nodes { summary } } }',
    (_, sessionId) => sessionId,
  ),
  visits: plain('{ visits { nodes { id } } }'),
  myDenials: plain('{ myDenials { nodes { summary } } }'),
  catalogue: plain('{ catalogue { jobs { id label } } }'),
  policy: ofWorkspace('policy', 'preset'),
  tightenPolicy: {
    document: command('tightenPolicy').document,
    // Another value each time: what changes nothing is refused.
    variables: (_, workspaceId) => ({
      input: { commandId: '', workspaceId, set: [{ name: 'session.capMinutes', value: String(10 + (turns++ % 40)) }] },
    }),
  },
  changePolicy: ofVendor('changePolicy', {
    policy: JSON.stringify({ ...defaultPolicy, session: { ...defaultPolicy.session, capMinutes: 30 } }),
  }),
  changeCatalogue: ofVendor('changeCatalogue', {
    catalogue: JSON.stringify({ areas: {}, pages: {}, actions: {}, fields: {}, jobs: {} }),
  }),
  enableStaffAccess: command('enableStaffAccess'),
  disableStaffAccess: command('disableStaffAccess'),
  startSession: command('startSession', { caseRef: 'CASE-123', reason: 'Failed invoice sync since Tuesday' }),
  exportLog: command('exportLog', { format: 'CSV' }),
  endSession: command('endSession'),
  exitSession: command('exitSession'),
  confirmPresence: command('confirmPresence'),
  accessRequests: ofWorkspace('accessRequests', 'nodes { id }'),
  myRequests: plain('{ myRequests { nodes { id } } }'),
  vendorRequests: plain('{ vendorRequests { nodes { id } } }'),
  requestAccess: command('requestAccess', {
    kind: 'WRITE',
    caseRef: 'CASE-123',
    reason: 'Failed invoice sync since Tuesday',
    action: { name: 'invoice.retrySync', target: 'INV-88' },
  }),
  askForInformation: command('askForInformation', { ...NO_REQUEST, question: 'Which invoice?' }),
  giveInformation: command('giveInformation', { ...NO_REQUEST, answer: 'The one of Tuesday' }),
  approveAccess: command('approveAccess', { ...NO_REQUEST, digest: `sha256:${'0'.repeat(64)}` }),
  declineAccess: command('declineAccess', NO_REQUEST),
  withdrawAccess: command('withdrawAccess', NO_REQUEST),
  confirmScope: command('confirmScope', NO_REQUEST),
} as const satisfies Record<string, Operation>;
type OperationName = keyof typeof OPERATIONS;

/** In one word what came of it. */
function said({ body }: Answer): string {
  const [error] = body.errors ?? [];
  if (error) return String(error.extensions['code']).toLowerCase();
  const answer = Object.values(body.data)[0] as { userErrors?: { code: string }[]; nodes?: unknown[] } | null;
  if (answer === null) return 'null';
  return answer.userErrors?.[0]?.code.toLowerCase() ?? 'yes';
}

/** Operations that name a workspace. */
const WITH_WORKSPACE = (Object.keys(OPERATIONS) as OperationName[]).filter(
  (name) => !/^(viewer|workspaces|visits|my|vendor|catalogue|change|node of a visit)/.test(name),
);

const everybody = (word: string): Record<PersonName, string> =>
  Object.fromEntries(PEOPLE.map((name) => [name, word])) as Record<PersonName, string>;
const all = (names: readonly PersonName[], word: string) => Object.fromEntries(names.map((name) => [name, word]));

const TEAM = ['owner', 'admin', 'manager', 'agent', 'viewer'] as const;
const BELOW_ADMIN = ['manager', 'agent', 'viewer'] as const;
const OUTSIDE = ['neighbour', 'stranger'] as const;
const STAFF_ALL = ['sam', 'lee', 'reviewer', 'newcomer'] as const;

const toMembersOnly = { ...everybody('yes'), ...all(BELOW_ADMIN, 'refused'), ...all(STAFF_ALL, 'forbidden') };

/** Who gets what of Acme, while staff access is on and Sam is inside. */
const EXPECTED: Record<OperationName, Record<PersonName, string>> = {
  viewer: everybody('yes'),
  workspaces: everybody('yes'),
  workspace: { ...everybody('yes'), ...all(OUTSIDE, 'forbidden'), newcomer: 'forbidden' },
  'node of a workspace': { ...everybody('yes'), ...all(OUTSIDE, 'null'), newcomer: 'null' },
  'node of a visit': { ...everybody('null'), ...all(TEAM, 'yes'), sam: 'yes', reviewer: 'yes' },
  staffAccess: { ...everybody('forbidden'), ...all(TEAM, 'yes'), reviewer: 'yes' },
  activeSessions: { ...everybody('forbidden'), ...all(TEAM, 'yes'), reviewer: 'yes' },
  visitLog: { ...everybody('forbidden'), ...all(['owner', 'admin', 'manager', 'reviewer'], 'yes') },
  visitLogFacets: { ...everybody('forbidden'), ...all(['owner', 'admin', 'manager', 'reviewer'], 'yes') },
  denials: { ...everybody('forbidden'), ...all(['owner', 'admin', 'manager', 'reviewer'], 'yes') },
  endedSessions: { ...everybody('forbidden'), ...all(['owner', 'admin', 'manager', 'reviewer'], 'yes') },
  myVisits: { ...everybody('forbidden'), ...all(['sam', 'lee', 'reviewer'], 'yes') },
  myVisitLog: { ...everybody('forbidden'), sam: 'yes' },
  visits: { ...everybody('forbidden'), reviewer: 'yes' },
  workspaceAt: { ...everybody('forbidden'), ...all(['owner', 'admin', 'manager', 'reviewer'], 'yes') },
  denialGroups: { ...everybody('forbidden'), reviewer: 'yes' },
  reviewDenials: { ...everybody('forbidden'), reviewer: 'invalid_input' },
  myDenials: everybody('yes'),
  catalogue: { ...everybody('forbidden'), ...all(['sam', 'lee', 'reviewer'], 'yes') },
  policy: {
    ...everybody('forbidden'),
    ...all(['owner', 'admin', 'manager', 'sam', 'lee', 'reviewer'], 'yes'),
  },
  tightenPolicy: { ...toMembersOnly, ...all(OUTSIDE, 'not_found') },
  changePolicy: { ...everybody('forbidden'), lee: 'yes' },
  changeCatalogue: { ...everybody('forbidden'), lee: 'yes' },
  enableStaffAccess: { ...toMembersOnly, ...all(OUTSIDE, 'not_found') },
  disableStaffAccess: { ...toMembersOnly, ...all(OUTSIDE, 'not_found') },
  exportLog: { ...toMembersOnly, ...all(OUTSIDE, 'not_found'), manager: 'yes' },
  endSession: { ...toMembersOnly, ...all(OUTSIDE, 'not_found') },
  startSession: { ...everybody('forbidden'), sam: 'refused', lee: 'yes', reviewer: 'refused', newcomer: 'refused' },
  exitSession: {
    ...everybody('forbidden'),
    sam: 'yes',
    lee: 'not_found',
    reviewer: 'not_found',
    newcomer: 'not_found',
  },
  confirmPresence: {
    ...everybody('forbidden'),
    sam: 'yes',
    lee: 'not_found',
    reviewer: 'not_found',
    newcomer: 'not_found',
  },
  accessRequests: { ...everybody('forbidden'), ...all(['owner', 'admin', 'manager', 'lee', 'reviewer'], 'yes') },
  myRequests: { ...everybody('forbidden'), ...all(['sam', 'lee', 'reviewer'], 'yes') },
  vendorRequests: { ...everybody('forbidden'), lee: 'yes' },
  requestAccess: { ...everybody('forbidden'), sam: 'yes', lee: 'yes', reviewer: 'refused', newcomer: 'refused' },
  // Who may decide is said of a request that there is; of none, nothing is.
  askForInformation: everybody('not_found'),
  approveAccess: everybody('not_found'),
  declineAccess: everybody('not_found'),
  giveInformation: { ...everybody('forbidden'), ...all(STAFF_ALL, 'not_found') },
  withdrawAccess: { ...everybody('forbidden'), ...all(STAFF_ALL, 'not_found') },
  confirmScope: { ...everybody('forbidden'), ...all(STAFF_ALL, 'not_found') },
};

describe('Who may do what at the GraphQL door', () => {
  let door: PlayedDoor | undefined;
  afterEach(async () => {
    await door?.close();
    door = undefined;
  });

  /** The door with staff access on in Acme, and Sam inside. */
  const played = async () => {
    door = await playDoor();
    await ask(door, 'owner', 'enableStaffAccess', door.acme, '');
    const document = OPERATIONS.startSession.document.replace('position', 'position session { id }');
    const { input } = OPERATIONS.startSession.variables(door, door.acme, '') as { input: object };
    const { body } = await door.send('sam', document, { input: { ...input, commandId: door.commandId() } });
    await door.caughtUp();
    return { door, sessionId: String(body.data.startSession.session.id) };
  };
  const ask = (at: PlayedDoor, who: PersonName, name: OperationName, workspaceId: string, sessionId: string) => {
    const { document, variables } = OPERATIONS[name];
    const filled = JSON.stringify(variables(at, workspaceId, sessionId)).replace(
      '"commandId":""',
      `"commandId":"${at.commandId()}"`,
    );
    return at.send(who, document, JSON.parse(filled));
  };

  it.each(Object.keys(OPERATIONS) as OperationName[])('%s: every person gets what the table says', async (name) => {
    const { door, sessionId } = await played();
    const got = Object.fromEntries(
      await Promise.all(
        PEOPLE.map(async (who) => [who, said(await ask(door, who, name, door.acme, sessionId))] as const),
      ),
    );
    expect(got).toEqual(EXPECTED[name]);
    expect(door.faults).toEqual([]);
  });

  it('the table has every permission there is, but for those of subscriptions, which have a table of their own', () => {
    const named = [...Object.keys(OPERATIONS).map((name) => name.split(' ')[0]), ...Object.keys(DOCUMENTS)];
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(PERMISSIONS).toSorted());
  });

  it('a refused read is a line: in the workspace’s book of its own members, in the asker’s own of everybody else', async () => {
    const { door, sessionId } = await played();
    for (const who of ['viewer', 'neighbour', 'stranger', 'sam', 'newcomer'] as const) {
      expect(said(await ask(door, who, 'visitLog', door.acme, sessionId))).toBe('forbidden');
    }
    expect(await door.types(`denials-${door.acme}`)).toEqual(['AttemptDenied']);
    await door.caughtUp();
    const asked = (await ask(door, 'owner', 'denials', door.acme, '')).body.data.denials.nodes;
    expect(asked).toEqual([{ summary: 'Refused: Viewer Example tried to read the visit log' }]);
    for (const [who, name] of [
      ['neighbour', 'Neighbour'],
      ['sam', 'Sam'],
      ['newcomer', 'Newcomer'],
    ] as const) {
      const own = (await ask(door, who, 'myDenials', '', '')).body.data.myDenials.nodes;
      expect(own).toEqual([{ summary: `Refused: ${name} Example tried to read the visit log` }]);
    }
  });

  it('no staff token reaches an owner’s command, also of somebody whom the product told as an owner (T19, T20)', async () => {
    const { door } = await played();
    await door.desk.handle(
      door.acme,
      {
        type: 'ChangeMemberRole',
        memberId: 'mem_00000000000000000000000001',
        externalId: 'sam',
        issuer: door.issuers.staff.issuer,
        subject: 'sam',
        name: 'Sam Example',
        email: 'sam@example.test',
        role: 'owner',
      },
      { actor: { kind: 'product', id: 'fernway' } },
    );
    const before = await door.types(`workspace-${door.acme}`);
    for (const name of ['enableStaffAccess', 'disableStaffAccess', 'endSession'] as const) {
      expect(said(await ask(door, 'sam', name, door.acme, 'ses_00000000000000000000000001'))).toBe('forbidden');
    }
    expect(await door.types(`workspace-${door.acme}`)).toEqual(before);
    expect(await door.types(`denials-${door.staffId('sam')}`)).toEqual(Array(3).fill('AttemptDenied'));
  });

  it('a line of a book is found by its id by those who may read the book, and by nobody else (T34)', async () => {
    const { door } = await played();
    const newest = 'query ($id: ID!) { visitLog(workspaceId: $id, first: 1) { nodes { id } } }';
    const [line] = (await door.send('owner', newest, { id: door.acme })).body.data.visitLog.nodes;
    const got = PEOPLE.map(async (who) => [
      who,
      said(await door.send(who, OPERATIONS['node of a visit'].document, line)),
    ]);
    const readers = all(['owner', 'admin', 'manager', 'reviewer'], 'yes');
    expect(Object.fromEntries(await Promise.all(got))).toEqual({ ...everybody('null'), ...readers });
  });

  it('an attempt in a workspace that doesn’t exist stands in the asker’s own denials, and makes no stream of the workspace’s', async () => {
    const { door, sessionId } = await played();
    for (const name of ['exitSession', 'confirmPresence'] as const) {
      expect(said(await ask(door, 'lee', name, door.nowhere, sessionId))).toBe('not_found');
    }
    expect(said(await ask(door, 'owner', 'endSession', door.nowhere, sessionId))).toBe('not_found');
    expect(await door.types(`denials-${door.nowhere}`)).toEqual([]);
    expect(await door.types(`denials-${door.staffId('lee')}`)).toEqual(['AttemptDenied', 'AttemptDenied']);
  });

  it('a command that is refused for its realm stands once, however often it is sent', async () => {
    const { door } = await played();
    const input = { commandId: door.commandId(), workspaceId: door.acme };
    for (let time = 0; time < 3; time++) await door.send('lee', OPERATIONS.enableStaffAccess.document, { input });
    await door.caughtUp();
    expect((await ask(door, 'lee', 'myDenials', '', '')).body.data.myDenials.nodes).toEqual([
      { summary: 'Refused: Lee Example tried to turn staff access on' },
    ]);
  });

  it.each([
    ['members', ['owner', 'viewer', 'neighbour', 'stranger']],
    ['staff who may see no workspace', ['newcomer']],
  ] as const)('a foreign workspace and a missing one get the same body: %s (T35)', async (_, people) => {
    const { door, sessionId } = await played();
    const foreign = {
      owner: door.birch,
      viewer: door.birch,
      neighbour: door.acme,
      stranger: door.acme,
      newcomer: door.acme,
    };
    for (const who of people) {
      for (const name of WITH_WORKSPACE) {
        const here = await ask(door, who, name, foreign[who], sessionId);
        const nowhere = await ask(door, who, name, door.nowhere, 'ses_00000000000000000000000001');
        expect({ who, name, status: here.status, text: here.text }).toEqual({
          who,
          name,
          status: nowhere.status,
          text: nowhere.text,
        });
      }
    }
  });

  it('a reviewer, who reads every workspace, is told of one that is not there as anybody is', async () => {
    const { door, sessionId } = await played();
    for (const name of [
      'workspace',
      'staffAccess',
      'activeSessions',
      'visitLog',
      'endedSessions',
      'denials',
    ] as const) {
      for (const workspaceId of [door.nowhere, 'ws_nonsense']) {
        expect([name, said(await ask(door, 'reviewer', name, workspaceId, sessionId))]).toEqual([name, 'forbidden']);
      }
    }
  });

  it('somebody else’s visit and none at all get the same body, for staff and for owners (T35)', async () => {
    const { door, sessionId } = await played();
    const none = 'ses_00000000000000000000000001';
    for (const [who, name, workspaceId] of [
      ['lee', 'exitSession', door.acme],
      ['lee', 'confirmPresence', door.acme],
      ['lee', 'node of a visit', door.acme],
      ['neighbour', 'endSession', door.birch],
      ['neighbour', 'node of a visit', door.birch],
    ] as const) {
      const theirs = await ask(door, who, name, workspaceId, sessionId);
      expect(theirs.text).toBe((await ask(door, who, name, workspaceId, none)).text);
    }
  });
});

@Resolver()
class Careless {
  @Query(() => String, { description: 'Anybody’s.' })
  secrets(): string {
    return 'everything';
  }
}

describe('An operation without a permission', () => {
  it('keeps the door from opening, and is named', async () => {
    const opened = playDoor({ also: [Careless] }).then((door) => door.close());
    await expect(opened).rejects.toThrow(new PermissionMissing(['secrets']));
  });
});
