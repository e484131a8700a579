import { send, workspaceMeant } from './graphql.ts';
import type { AsPerson } from './main.ts';
import { shownClock } from './shown.ts';

interface Line {
  readonly id: string;
  readonly position: string;
  readonly occurredAt: string;
  readonly summary: string;
  readonly detail: string | null;
}

interface Lines {
  readonly nodes: readonly Line[];
  readonly pageInfo: { readonly hasNextPage: boolean };
}

const query = (field: 'visitLog' | 'denials') => `query Lines($workspaceId: ID!, $first: Int!) {
  ${field}(workspaceId: $workspaceId, first: $first) {
    nodes { id position occurredAt summary detail }
    pageInfo { hasNextPage }
  }
}`;

type Page = AsPerson & { readonly first: number };

export const visitLog = (workspace: string, options: Page): Promise<void> =>
  print('visitLog', workspace, options, 'Nothing stands in this workspace’s book yet.');

export const denials = (workspace: string, options: Page): Promise<void> =>
  print('denials', workspace, options, 'Nothing was refused in this workspace.');

async function print(field: 'visitLog' | 'denials', workspace: string, options: Page, empty: string): Promise<void> {
  const workspaceId = await workspaceMeant(options, 'members', workspace);
  const variables = { workspaceId, first: options.first };
  const { [field]: lines } = await send<Record<typeof field, Lines>>(options, 'members', query(field), variables);
  if (options.json) {
    console.log(JSON.stringify(lines));
    return;
  }
  if (lines.nodes.length === 0) console.log(empty);
  for (const { occurredAt, summary, detail } of lines.nodes) {
    console.log(`${shownClock(occurredAt)}  ${summary}`);
    if (detail !== null) console.log(`${' '.repeat(21)}${detail}`);
  }
  if (lines.pageInfo.hasNextPage) console.log(`(older lines: --first ${Math.min(options.first * 2, 100)})`);
}
