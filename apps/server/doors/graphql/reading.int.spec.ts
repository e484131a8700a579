import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { memberIdOf } from '../../desk/identity.ts';
import { playDoor, type PersonName, type PlayedDoor } from './testing/played-door.ts';

const LINES = `nodes { id number position occurredAt recordedAt summary detail mark kind outcome workspaceId sessionId
  parts { text strong } onBehalfOf { __typename }
  actor { __typename ... on StaffMember { id name } ... on WorkspaceMember { id name } ... on ApiClient { id } } }
  edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;

describe('Reading at the GraphQL door', () => {
  let door: PlayedDoor;
  let sessionId: string;
  let lastPosition: string;

  beforeAll(async () => {
    door = await playDoor();
    const command = (input: object) => ({ input: { commandId: door.commandId(), workspaceId: door.acme, ...input } });
    const visit = { caseRef: 'CASE-123', reason: 'Failed invoice sync since Tuesday' };
    const START = `mutation ($input: StartSessionInput!) { startSession(input: $input) { session { id } userErrors { code } } }`;
    const ENABLE = `mutation ($input: EnableStaffAccessInput!) { enableStaffAccess(input: $input) { position } }`;
    await door.send('sam', START, command(visit));
    await door.send('owner', ENABLE, command({}));
    sessionId = (await door.send('sam', START, command(visit))).body.data.startSession.session.id;
    for (const page of ['billing', 'inquiries', 'billing']) {
      door.now += 31_000;
      const staffId = door.staffId('sam');
      const view = { type: 'ViewPage', sessionId, staffId, page, record: null, title: null, input: true, partOf: null };
      const { position } = await door.desk.handle(door.acme, view as Parameters<typeof door.desk.handle>[1], {
        actor: { kind: 'staff', id: staffId },
      });
      lastPosition = position;
    }
    await door.caughtUp();
  });
  afterAll(async () => {
    expect(door.faults).toEqual([]);
    await door.close();
  });

  const log = async (args: string, who: PersonName = 'owner') => {
    const document = `query ($id: ID!) { visitLog(workspaceId: $id ${args}) { ${LINES} } }`;
    const { body } = await door.send(who, document, { id: door.acme });
    return { visitLog: body.data?.visitLog, errors: body.errors };
  };

  it('shows who somebody is, with the roles that the log tells', async () => {
    const VIEWER =
      '{ viewer { realm name isStaff staffRoles memberships { workspaceId workspaceName memberId role } } }';
    expect((await door.send('admin', VIEWER)).body.data.viewer).toEqual({
      realm: 'MEMBERS',
      name: 'Admin Example',
      isStaff: false,
      staffRoles: [],
      memberships: [
        {
          workspaceId: door.acme,
          workspaceName: 'Acme Co',
          memberId: memberIdOf(door.acme, 'admin'),
          role: 'ADMIN',
        },
      ],
    });
    expect((await door.send('reviewer', VIEWER)).body.data.viewer).toMatchObject({
      realm: 'STAFF',
      isStaff: true,
      staffRoles: ['REVIEWER'],
      memberships: [],
    });
  });

  it('lists a member’s workspaces to members, every open one to staff with their cases', async () => {
    const ALL =
      'query ($after: String) { workspaces(first: 1, after: $after) { nodes { name role openCases } pageInfo { hasNextPage endCursor } } }';
    const own = (await door.send('viewer', ALL)).body.data.workspaces;
    expect(own.nodes).toEqual([{ name: 'Acme Co', role: 'VIEWER', openCases: [] }]);
    expect(own.pageInfo.hasNextPage).toBe(false);
    const first = (await door.send('sam', ALL)).body.data.workspaces;
    expect(first.nodes).toEqual([{ name: 'Acme Co', role: null, openCases: ['CASE-123'] }]);
    const next = (await door.send('sam', ALL, { after: first.pageInfo.endCursor })).body.data.workspaces;
    expect(next.nodes).toEqual([{ name: 'Birch Ltd', role: null, openCases: ['CASE-900'] }]);
    expect(next.pageInfo.hasNextPage).toBe(false);
    expect((await door.send('reviewer', ALL)).body.data.workspaces.nodes[0].openCases).toEqual([]);
    expect((await door.send('newcomer', ALL)).body.data.workspaces.nodes).toEqual([]);
  });

  it('gives each line of the book as a sentence, with who, when, in whose visit, and what stands in the log (S1-19)', async () => {
    const { visitLog } = await log('first: 1');
    expect(visitLog.nodes).toEqual([
      {
        id: expect.any(String),
        number: 16,
        position: lastPosition,
        occurredAt: new Date(door.now).toISOString(),
        recordedAt: new Date(door.now).toISOString(),
        summary: 'Sam Example viewed Billing',
        detail: 'Masked: e-mail addresses.',
        mark: 'viewed',
        kind: 'PageViewed',
        outcome: 'DONE',
        workspaceId: door.acme,
        sessionId,
        parts: [
          { text: 'Sam Example ', strong: false },
          { text: 'viewed', strong: true },
          { text: ' Billing', strong: false },
        ],
        onBehalfOf: null,
        actor: { __typename: 'StaffMember', id: door.staffId('sam'), name: 'Sam Example' },
      },
    ]);
  });

  it('pages through a book from both ends without a gap or a repeat', async () => {
    const whole = (await log('first: 100')).visitLog.nodes.map(({ id }: { id: string }) => id);
    const forwards: string[] = [];
    for (let after = ''; ;) {
      const { visitLog } = await log(`first: 4 ${after}`);
      forwards.push(...visitLog.nodes.map(({ id }: { id: string }) => id));
      if (!visitLog.pageInfo.hasNextPage) break;
      after = `after: "${visitLog.pageInfo.endCursor}"`;
    }
    expect(forwards).toEqual(whole);
    const backwards: string[] = [];
    for (let before = ''; ;) {
      const { visitLog } = await log(`last: 3 ${before}`);
      backwards.unshift(...visitLog.nodes.map(({ id }: { id: string }) => id));
      if (!visitLog.pageInfo.hasPreviousPage) break;
      before = `before: "${visitLog.pageInfo.startCursor}"`;
    }
    expect(backwards).toEqual(whole);
  });

  it.each([
    ['first: 101', 'A page has at most 100 items.'],
    ['first: 0', 'first must not be less than 1.'],
    ['first: -1', 'first must not be less than 1.'],
    ['first: 1, last: 1', 'not both'],
    ['after: "bm9wZQ.x"', 'The cursor is none of this list.'],
    ['filter: { actor: { id: { in: ["a b"] } } }', 'must match'],
  ])('refuses a page of %s', async (args, sentence) => {
    const { errors, visitLog } = await log(args);
    expect(visitLog).toBeUndefined();
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
    expect(errors?.[0]?.message).toContain(sentence);
  });

  it('refuses a cursor of another workspace’s book', async () => {
    const { visitLog } = await log('first: 1');
    const document = `query ($id: ID!, $after: String) { visitLog(workspaceId: $id, after: $after) { nodes { id } } }`;
    const { body } = await door.send('neighbour', document, { id: door.birch, after: visitLog.pageInfo.endCursor });
    expect(body.errors?.[0]?.message).toBe('The cursor is none of this list.');
  });

  it('filters by visit, actor, kind, outcome and time', async () => {
    const count = async (filter: string) => (await log(`filter: { ${filter} }`)).visitLog.nodes.length;
    expect(await count(`sessionId: "${sessionId}", kind: { in: ["PageViewed"] }`)).toBe(3);
    expect(await count(`actor: { id: { in: ["${door.staffId('sam')}"] } }, outcome: { in: [REFUSED] }`)).toBe(1);
    expect(await count(`actor: { id: { in: ["${door.staffId('lee')}"] } }`)).toBe(0);
    expect(await count(`kind: { in: ["PageViewed"] }, occurredAt: { gte: "2026-11-21T09:01:00Z" }`)).toBe(2);
    expect(await count(`kind: { in: ["PageViewed"] }, occurredAt: { lt: "2026-11-21T09:01:00Z" }`)).toBe(1);
  });

  it('says who and what a book can be filtered by, whatever page of it is read', async () => {
    const FACETS = `query ($id: ID!) { visitLogFacets(workspaceId: $id) {
      people { __typename ... on StaffMember { id name } ... on WorkspaceMember { name } } cases } }`;
    const { body } = await door.send('manager', FACETS, { id: door.acme });
    const { people, cases } = body.data.visitLogFacets;
    expect(cases).toEqual(['CASE-123']);
    expect(people).toContainEqual({ __typename: 'StaffMember', id: door.staffId('sam'), name: 'Sam Example' });
    expect(people).toContainEqual({ __typename: 'WorkspaceMember', name: 'Owner Example' });
    // The product told of people and cases; it is nobody whose lines are looked for.
    expect(people.map((person: { __typename: string }) => person.__typename)).not.toContain('ApiClient');
    const quiet = (await door.send('neighbour', FACETS, { id: door.birch })).body.data.visitLogFacets;
    expect(quiet).toEqual({ people: [], cases: [] });
  });

  it('shows who is inside, until the clock ends it, whether or not the end is written', async () => {
    const INSIDE = 'query ($id: ID!) { activeSessions(workspaceId: $id) { id staffName currentPage reason } }';
    expect((await door.send('agent', INSIDE, { id: door.acme })).body.data.activeSessions).toEqual([
      { id: sessionId, staffName: 'Sam Example', currentPage: 'Billing', reason: 'Failed invoice sync since Tuesday' },
    ]);
    const before = door.now;
    door.now += 15 * 60_000;
    expect((await door.send('agent', INSIDE, { id: door.acme })).body.data.activeSessions).toEqual([]);
    door.now = before;
  });

  it('shows what was refused to the owner, and to the staff member whom it was refused', async () => {
    const denial = {
      summary: 'Refused: Sam Example tried to start a visit for CASE-123',
      rule: 'staffAccessIsOn',
      because: 'Staff access to this workspace is off.',
      workspaceId: door.acme,
    };
    const FIELDS = 'nodes { summary rule because workspaceId }';
    const OF = `query ($id: ID!) { denials(workspaceId: $id) { ${FIELDS} } }`;
    expect((await door.send('owner', OF, { id: door.acme })).body.data.denials.nodes).toEqual([denial]);
    expect((await door.send('sam', `{ myDenials { ${FIELDS} } }`)).body.data.myDenials.nodes).toEqual([denial]);
  });

  it('shows staff their own visits and no others, and the catalogue', async () => {
    const MINE = '{ myVisits { nodes { id caseRef endedAt can } } catalogue { jobs { id label pages readOnly } } }';
    expect((await door.send('sam', MINE)).body.data).toEqual({
      myVisits: {
        nodes: [{ id: sessionId, caseRef: 'CASE-123', endedAt: null, can: ['open Billing', 'open Inquiries'] }],
      },
      catalogue: { jobs: [{ id: 'invoice-sync', label: 'Failed invoice sync', pages: ['billing'], readOnly: true }] },
    });
    expect((await door.send('lee', MINE)).body.data.myVisits.nodes).toEqual([]);
  });

  it('shows reviewers the visits of everybody, with what each came to, and nobody else (S1-82)', async () => {
    const REVIEWED = `query ($filter: VisitFilterInput, $order: VisitOrder, $after: String) {
      visits(filter: $filter, order: $order, after: $after, first: 1) {
        totalCount nodes { id workspaceName viewedCount changedCount refusedCount } pageInfo { endCursor hasNextPage }
      }
    }`;
    const reviewed = async (variables: object) => (await door.send('reviewer', REVIEWED, variables)).body;
    const expected = { id: sessionId, workspaceName: 'Acme Co', viewedCount: 3, changedCount: 0, refusedCount: 0 };
    const { data } = await reviewed({ order: 'NOTABLE_FIRST' });
    expect(data.visits).toMatchObject({ totalCount: 1, nodes: [expected], pageInfo: { hasNextPage: false } });
    const startedAt = { lt: new Date(door.now - 86_400_000).toISOString() };
    for (const filter of [
      { startedAt },
      { workspace: { id: { in: [door.birch] } } },
      { staff: { id: { in: [door.staffId('lee')] } } },
      { mark: { in: ['changed'] } },
    ])
      expect((await reviewed({ filter })).data.visits).toMatchObject({ totalCount: 0, nodes: [] });
    const all = { workspace: { id: { in: [door.acme] } }, staff: { id: { in: [door.staffId('sam')] } } };
    expect((await reviewed({ filter: all })).data.visits.nodes).toEqual([expected]);
    // A cursor of one order has no place in the other.
    const after = data.visits.pageInfo.endCursor as string;
    expect((await reviewed({ after })).errors?.[0]?.message).toBe('The cursor is none of this list.');
    expect((await reviewed({ after, order: 'NOTABLE_FIRST' })).data.visits.nodes).toEqual([]);
    for (const who of ['owner', 'sam', 'neighbour'] as const)
      expect((await door.send(who, REVIEWED)).body.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });

  it('finds workspaces, visits and lines by their ids', async () => {
    const NODE = `query ($id: ID!) { node(id: $id) { __typename id ... on Session { caseRef } ... on LogEntry { summary } ... on Workspace { name } } }`;
    const node = async (id: string) => (await door.send('owner', NODE, { id })).body.data.node;
    expect(await node(door.acme)).toEqual({ __typename: 'Workspace', id: door.acme, name: 'Acme Co' });
    expect(await node(sessionId)).toEqual({ __typename: 'Session', id: sessionId, caseRef: 'CASE-123' });
    const line = (await log('first: 1')).visitLog.nodes[0].id;
    expect(await node(line)).toEqual({ __typename: 'LogEntry', id: line, summary: 'Sam Example viewed Billing' });
    for (const id of ['', 'nonsense', 'ws_', `${door.acme}x`, '../../etc', '\u0000']) expect(await node(id)).toBeNull();
  });

  it('counts a list where that is cheap', async () => {
    const COUNT = `query ($id: ID!) {
      all: visitLog(workspaceId: $id, first: 1) { totalCount }
      some: visitLog(workspaceId: $id, filter: { kind: { in: ["PageViewed"] } }) { totalCount }
      denials(workspaceId: $id, first: 1) { totalCount }
      workspaces { totalCount }
    }`;
    const { data } = (await door.send('owner', COUNT, { id: door.acme })).body;
    const lines = [...(await door.types(`workspace-${door.acme}`)), ...(await door.types(`denials-${door.acme}`))];
    expect(data.all.totalCount).toBe(lines.length);
    expect(data.some.totalCount).toBeNull();
    expect(data.denials.totalCount).toBe((await door.types(`denials-${door.acme}`)).length);
    expect(data.workspaces.totalCount).toBe(1);
    const visits = await door.send('sam', '{ myVisits { totalCount nodes { id } } }');
    expect(visits.body.data.myVisits.totalCount).toBe(visits.body.data.myVisits.nodes.length);
  });

  const AT =
    'query ($id: ID!, $at: String) { visitLog(workspaceId: $id, minPosition: $at, first: 1) { nodes { position } } }';

  it('waits for a position that is asked for', async () => {
    const [on, off] = ['enableStaffAccess', 'disableStaffAccess'].map(
      (name) =>
        `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { position } }`,
    );
    for (const document of [on!, off!, on!]) {
      const input = { commandId: door.commandId(), workspaceId: door.birch };
      const { position } = Object.values((await door.send('neighbour', document, { input })).body.data)[0] as {
        position: string;
      };
      const { body } = await door.send('neighbour', AT, { id: door.birch, at: position });
      expect(body.data.visitLog.nodes).toEqual([{ position }]);
    }
  });

  it('says when the tables don’t come to a position in time', async () => {
    const hasty = await playDoor({ patience: 0.01 });
    const { body } = await hasty.send('neighbour', AT, { id: hasty.birch, at: '9'.repeat(20) });
    expect(body.errors?.map(({ extensions }) => extensions['code'])).toEqual(['PROJECTION_LAG']);
    await hasty.close();
  });

  it('tells everybody in the workspace of a visit while it goes on, and of one that has ended who answers for it', async () => {
    const NODE = 'query ($id: ID!) { node(id: $id) { ... on Session { id note } } }';
    const node = async (who: PersonName) => (await door.send(who, NODE, { id: sessionId })).body.data.node;
    expect(await node('viewer')).toEqual({ id: sessionId, note: null });
    const END = 'mutation ($input: EndSessionInput!) { endSession(input: $input) { userErrors { message } } }';
    const input = { commandId: door.commandId(), workspaceId: door.acme, sessionId };
    const { body } = await door.send('owner', END, { input });
    expect(body.data.endSession.userErrors).toEqual([]);
    await door.caughtUp();
    for (const who of ['owner', 'reviewer', 'sam'] as const)
      expect(await node(who)).toEqual({ id: sessionId, note: expect.stringContaining('accessed your workspace') });
    for (const who of ['viewer', 'agent', 'neighbour', 'lee'] as const) expect(await node(who)).toBeNull();
  });
});
