import type { LogLine } from '../owner/operations.ts';
import { requestOf } from './timeline.ts';

/** Lines of a request, up to a visit on it. */
export const ASKING: readonly string[] = [
  'AccessRequested',
  'InformationAsked',
  'InformationGiven',
  'FirstApprovalGiven',
  'AccessApproved',
  'ScopeConfirmed',
];

export interface LogPage {
  readonly nodes: readonly LogLine[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

/** Where the line of asking can’t be read, so many pages are looked through for it and no more. */
const PAGES = 100;

/**
 * The lines of one request, in written order, however many others were asked for between.
 *
 * @param read a page of lines of all requests, the newest first.
 */
export async function requestLines(
  requestId: string,
  read: (after: string | null) => Promise<LogPage>,
): Promise<readonly LogLine[]> {
  const found: LogLine[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < PAGES; pages++) {
    const { nodes, pageInfo }: LogPage = await read(after);
    found.push(...nodes.filter((line) => requestOf(line) === requestId));
    if (!pageInfo.hasNextPage || found.at(-1)?.kind === 'AccessRequested') break;
    after = pageInfo.endCursor;
  }
  return found.toReversed();
}
