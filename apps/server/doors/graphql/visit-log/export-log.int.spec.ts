import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { playDoor, type PersonName, type PlayedDoor } from '../testing/played-door.ts';

const EXPORT = `mutation ($input: ExportLogInput!) { exportLog(input: $input) {
  export { format lines upTo } position userErrors { __typename code message } } }`;
const LINES = `query ($id: ID!, $filter: LogFilterInput, $minPosition: String) {
  visitLog(workspaceId: $id, first: 100, filter: $filter, minPosition: $minPosition) {
    nodes { position summary detail kind actor { ... on WorkspaceMember { name } } } } }`;

describe('Taking the visit log along', () => {
  let door: PlayedDoor;
  beforeEach(async () => {
    door = await playDoor();
    await door.caughtUp();
  });
  afterEach(async () => {
    expect(door.faults).toEqual([]);
    await door.close();
  });

  const exportAs = async (who: PersonName, more: object = {}, commandId = door.commandId()) => {
    const input = { commandId, workspaceId: door.acme, format: 'CSV', ...more };
    const { body } = await door.send(who, EXPORT, { input });
    expect(body.errors).toBeUndefined();
    return body.data.exportLog;
  };
  const linesOf = async (more: object = {}) =>
    (await door.send('owner', LINES, { id: door.acme, ...more })).body.data.visitLog.nodes;

  it('is a line before the first line is given out, and says what belongs into the file', async () => {
    const before = await linesOf();
    const answer = await exportAs('manager');
    expect(answer).toEqual({
      export: { format: 'CSV', lines: before.length, upTo: before[0].position },
      position: expect.stringMatching(/^\d{20}$/),
      userErrors: [],
    });
    expect(await linesOf({ minPosition: answer.position })).toEqual([
      {
        position: answer.position,
        summary: `Manager Example exported ${before.length} lines of the visit log as CSV`,
        detail: 'The whole book.',
        kind: 'LogExported',
        actor: { name: 'Manager Example' },
      },
      ...before,
    ]);
    expect((await door.types(`workspace-${door.acme}`)).at(-1)).toBe('LogExported');
  });

  it('counts the lines that the filter leaves, and writes it down', async () => {
    const filter = { kind: { in: ['MemberRoleChanged'] }, search: ' owner ' };
    const left = await linesOf({ filter });
    expect(left.length).toBeGreaterThan(0);
    const answer = await exportAs('owner', { format: 'NDJSON', filter });
    expect(answer.export).toMatchObject({ format: 'NDJSON', lines: left.length });
    const [line] = await linesOf({ minPosition: answer.position });
    expect(line).toMatchObject({
      summary: `Owner Example exported ${left.length === 1 ? '1 line' : `${left.length} lines`} of the visit log as NDJSON`,
      detail: 'Only lines of some kinds and with the words “owner”.',
    });
  });

  it('counts no line of another visit, and none of nobody', async () => {
    const sessionId = `ses_${'0'.repeat(25)}1`;
    expect((await exportAs('owner', { filter: { sessionId } })).export).toMatchObject({ lines: 0 });
    expect((await exportAs('owner', { filter: { actor: { id: { in: ['stf_nobody'] } } } })).export.lines).toBe(0);
  });

  it('sent again is one line, and says what the first one said', async () => {
    const commandId = door.commandId();
    const first = await exportAs('owner', {}, commandId);
    await exportAs('admin');
    expect((await exportAs('owner', {}, commandId)).export).toEqual(first.export);
    const kinds = await door.types(`workspace-${door.acme}`);
    expect(kinds.filter((kind) => kind === 'LogExported')).toHaveLength(2);
  });

  it('is refused to who may not read the book, and that is a line too', async () => {
    const { userErrors, ...rest } = await exportAs('viewer');
    expect(userErrors).toEqual([
      {
        __typename: 'Refused',
        code: 'REFUSED',
        message: 'Only an owner, an admin or a manager may export the visit log; you are a viewer.',
      },
    ]);
    expect(rest.export).toBeNull();
    expect(await door.types(`denials-${door.acme}`)).toEqual(['AttemptDenied']);
    expect((await exportAs('neighbour')).userErrors[0].__typename).toBe('NotFound');
    expect(await door.types(`workspace-${door.acme}`)).not.toContain('LogExported');
  });
});
