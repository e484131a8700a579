import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { caseIdOf, workspaceIdOf } from '../../desk/identity.ts';
import { playDoor, type PlayedDoor } from './testing/played-door.ts';

describe('Lists of twenty at the GraphQL door', () => {
  let door: PlayedDoor;
  beforeAll(async () => {
    door = await playDoor();
    const product = { actor: { kind: 'product' as const, id: 'fernway' } };
    for (let i = 0; i < 20; i++) {
      const workspaceId = workspaceIdOf('fernway', `customer-${i}`);
      const named = { externalId: `customer-${i}`, product: 'fernway', name: `Customer ${i}` };
      await door.desk.handle(workspaceId, { type: 'RegisterWorkspace', workspaceId, ...named }, product);
      const caseId = caseIdOf(workspaceId, 'CASE-1');
      await door.desk.handle(workspaceId, { type: 'OpenCase', caseId, caseRef: 'CASE-1', title: 'Sync' }, product);
    }
    for (let i = 0; i < 12; i++) {
      for (const name of ['enableStaffAccess', 'disableStaffAccess']) {
        const Name = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
        const input = { commandId: door.commandId(), workspaceId: door.acme };
        await door.send('owner', `mutation ($input: ${Name}Input!) { ${name}(input: $input) { position } }`, { input });
      }
    }
    // Visits one after the other, each to its end: a staff member has one seat.
    const input = () => ({ commandId: door.commandId(), workspaceId: door.acme });
    const command = async (who: 'owner' | 'sam', name: string, more: object = {}) => {
      const Name = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      const shown = name === 'startSession' ? 'session { id }' : 'position';
      const document = `mutation ($input: ${Name}Input!) { ${name}(input: $input) { ${shown} } }`;
      return (await door.send(who, document, { input: { ...input(), ...more } })).body.data[name];
    };
    await command('owner', 'enableStaffAccess');
    for (let i = 0; i < 20; i++) {
      const asked = { caseRef: 'CASE-123', reason: 'Failed invoice sync since Tuesday' };
      const { session } = await command('sam', 'startSession', asked);
      await command('sam', 'exitSession', { sessionId: session.id });
    }
    await door.caughtUp();
  });
  afterAll(() => door.close());
  beforeEach(() => {
    door.statements.length = 0;
  });

  /** How many statements the tables were asked while an operation was answered with a list of this length. */
  const statementsFor = async (who: 'owner' | 'sam' | 'reviewer', query: string, variables: object = {}) => {
    const { body } = await door.send(who, query, variables);
    expect(body.errors).toBeUndefined();
    const [list] = Object.values(body.data) as { nodes: unknown[] }[];
    expect(list?.nodes).toHaveLength(20);
    return door.statements.filter((kind) => kind === 'SelectQueryNode').length;
  };

  it('workspaces with their cases are two statements: it was one for each workspace', async () => {
    expect(await statementsFor('sam', '{ workspaces { nodes { name openCases } } }')).toBe(2);
  });

  it('lines with their numbers, names and visits are a few statements: it was one for each line', async () => {
    const query =
      'query ($id: ID!) { visitLog(workspaceId: $id) { nodes { number summary actor { ... on WorkspaceMember { name } } } } }';
    const statements = await statementsFor('owner', query, { id: door.acme });
    expect(statements).toBeLessThanOrEqual(6);
  });

  it('visits with their counts and workspaces are three statements, however many there are', async () => {
    const query =
      '{ visits(order: NOTABLE_FIRST) { nodes { workspaceName viewedCount revealedCount changedCount refusedCount } } }';
    expect(await statementsFor('reviewer', query)).toBe(3);
  });
});
