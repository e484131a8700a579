import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InProcess, type Inside } from '#server/testing/in-process';

const LINES = `query ($id: ID!, $first: Int, $after: String) {
  myVisitLog(sessionId: $id, first: $first, after: $after) {
    nodes { summary detail mark rule instead }
    pageInfo { hasNextPage endCursor }
  }
}`;
interface Page {
  readonly nodes: readonly { readonly summary: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}
const BOOK = `query ($id: ID!, $session: ID!) {
  visitLog(workspaceId: $id, first: 50, filter: { sessionId: $session }) { nodes { summary detail } }
}`;

describe('The lines of a staff member’s own visit (S1-34)', () => {
  let service: InProcess;
  let inside: Inside;
  const read = async (staff: string, variables: object = {}) =>
    (await service.graphql(await service.staffToken(staff), LINES, { id: inside.sessionId, ...variables })).body;
  const summaries = (nodes: readonly { readonly summary: string }[]) => nodes.map(({ summary }) => summary);

  beforeAll(async () => {
    service = await InProcess.start();
    await service.enable();
    inside = await service.enter();
    await service.view(inside, 'billing');
    await service.view(inside, 'invoice', { record: 'INV-88', title: 'Invoice of Ada Example' });
    await service.view(inside, 'files');
    await service.disable();
    await service.view(inside, 'billing');
  });
  afterAll(() => service.close());

  it('are those that the customer reads, in written order, and what was tried after the end', async () => {
    const { nodes } = (await read('sam')).data.myVisitLog;
    expect(summaries(nodes)).toEqual([
      'Sam Lee came in for CASE-123 to look, for up to 60 minutes: “Failed invoice sync since Tuesday”',
      'Sam Lee arrived in the workspace',
      'Sam Lee moved to Billing',
      'Sam Lee viewed Billing',
      'Sam Lee viewed Invoice INV-88',
      'Refused: Sam Lee tried to open Files',
      'Sam Lee’s visit ended: staff access was turned off',
      'Refused: Sam Lee tried to open Billing',
    ]);
    expect(nodes[5]).toMatchObject({ mark: 'refused', rule: 'pageIsViewable' });
    expect(nodes[3]).toMatchObject({ mark: 'viewed', rule: null, instead: null });
    const answer = await service.graphql(await service.memberToken('maria'), BOOK, {
      id: service.workspaceId('acme'),
      session: inside.sessionId,
    });
    const book = (answer.body.data.visitLog.nodes as { summary: string; detail: string | null }[]).toReversed();
    const titled = 'Sam Lee viewed Invoice of Ada Example';
    expect(summaries(book)).toEqual(summaries(nodes).with(4, titled));
    expect(book.map(({ detail }) => detail)).toEqual((nodes as typeof book).map(({ detail }) => detail));
  });

  it('keep nothing of the titles that name the people of its records', async () => {
    expect(JSON.stringify(await read('sam'))).not.toContain('Ada Example');
  });

  it('come page by page', async () => {
    const all = summaries((await read('sam')).data.myVisitLog.nodes);
    const pages: string[][] = [];
    for (let after: string | null = null, more = true; more;) {
      const { nodes, pageInfo }: Page = (await read('sam', { first: 3, after })).data.myVisitLog;
      pages.push(summaries(nodes));
      ({ hasNextPage: more, endCursor: after } = pageInfo);
    }
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 2]);
    expect(pages.flat()).toEqual(all);
  });

  it.each(['priya', 'jonas'])('are not %s’s: the answer is that to a visit that isn’t there (T35)', async (staff) => {
    const [theirs, nobodys] = [await read(staff), await read(staff, { id: `ses_${'0'.repeat(25)}1` })];
    expect(theirs.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect({ ...theirs.errors[0], extensions: {} }).toEqual({ ...nobodys.errors[0], extensions: {} });
  });
});
