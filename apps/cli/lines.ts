import type { DenialGroup, LogFilterInput } from '@gatebook/protocol/graphql';
import { timesRetold } from '#wording/written-times';
import { CommandFailed, EXIT } from './exit.ts';
import { send, workspaceMeant } from './graphql.ts';
import type { AsPerson } from './options.ts';
import { shownClock, shownTime } from './shown.ts';
import { say, sayJson } from './printed.ts';

/** As wide as the time of the line above. */
const indent = (time: string) => ' '.repeat(time.length + 2);

interface Line {
  readonly id: string;
  readonly position: string;
  readonly occurredAt: string;
  /** The type of its fact; refusals are all of one. */
  readonly kind?: string;
  readonly summary: string;
  readonly detail: string | null;
}

interface Lines {
  readonly nodes: readonly Line[];
  readonly pageInfo: { readonly hasNextPage: boolean };
}

const query = (
  field: 'visitLog' | 'denials',
) => `query Lines($workspaceId: ID!, $first: Int!${field === 'visitLog' ? ', $filter: LogFilterInput' : ''}) {
  ${field}(workspaceId: $workspaceId, first: $first${field === 'visitLog' ? ', filter: $filter' : ''}) {
    nodes { id position occurredAt ${field === 'visitLog' ? 'kind ' : ''}summary detail }
    pageInfo { hasNextPage }
  }
}`;

type Page = AsPerson & { readonly first: number };

type Log = Page & { readonly visit?: string; readonly case?: string };

export async function visitLog(workspace: string, options: Log): Promise<void> {
  const { visit, case: caseRef } = options;
  // Of a single letter a search asks for nothing, and every line would look like one of the case.
  if (caseRef !== undefined && !/\S{2}/.test(caseRef))
    throw new CommandFailed(EXIT.usage, 'A --case of a single letter can’t be searched for.');
  const filter: LogFilterInput = {
    ...(visit !== undefined && { sessionId: visit }),
    ...(caseRef !== undefined && { search: caseRef }),
  };
  if (Object.keys(filter).length === 0)
    return print('visitLog', workspace, options, 'Nothing stands in this workspace’s book yet.');
  return print('visitLog', workspace, options, 'No line of this workspace’s book is one of these.', filter);
}

type Denials = Page & { readonly group: boolean };

export async function denials(workspace: string | undefined, options: Denials): Promise<void> {
  if (options.group) return denialGroups(workspace, options);
  if (workspace === undefined)
    throw new CommandFailed(EXIT.usage, 'Name a workspace, or ask for --group, which is of all workspaces.');
  return print('denials', workspace, options, 'Nothing was refused in this workspace.');
}

const GROUPS = `query DenialGroups($first: Int!) {
  denialGroups(first: $first) {
    nodes {
      person { ... on StaffMember { id } ... on WorkspaceMember { id } ... on SystemActor { id } ... on ApiClient { id } }
      rule times unreviewedTimes firstAt lastAt workspaces example position reviewed
      review { verdict note reviewedAt by { id name } }
    }
    pageInfo { hasNextPage }
  }
}`;

type Group = Pick<
  DenialGroup,
  'rule' | 'times' | 'unreviewedTimes' | 'firstAt' | 'lastAt' | 'workspaces' | 'example' | 'position' | 'reviewed'
> & {
  readonly person: { readonly id: string };
  readonly review: {
    readonly verdict: string;
    readonly note: string | null;
    readonly by: { readonly id: string; readonly name: string | null };
  } | null;
};

/** Refusals of everybody by person and rule, for reviewers (S1-68, S1-73). */
async function denialGroups(workspace: string | undefined, options: Denials): Promise<void> {
  if (workspace !== undefined)
    throw new CommandFailed(EXIT.usage, '--group is of all workspaces: leave the workspace out.');
  const { denialGroups: found } = await send<{
    denialGroups: { readonly nodes: readonly Group[]; readonly pageInfo: { readonly hasNextPage: boolean } };
  }>(options, 'staff', GROUPS, { first: options.first });
  if (options.json) {
    sayJson(found);
    return;
  }
  if (found.nodes.length === 0) say('Nothing was refused to anybody.');
  for (const { lastAt, example, times, unreviewedTimes, workspaces, rule, review } of found.nodes) {
    const often = `${times} ${times === 1 ? 'time' : 'times'} in ${workspaces} ${workspaces === 1 ? 'workspace' : 'workspaces'}`;
    const time = shownClock(lastAt);
    say(`${time}  ${timesRetold('AttemptDenied', example, shownTime)}`);
    say(
      `${indent(time)}${rule}: ${often}; ${unreviewedTimes === 0 ? 'all looked at' : `${unreviewedTimes} not looked at`}`,
    );
    if (review) {
      const note = review.note === null ? '' : `: ${review.note}`;
      say(
        `${indent(time)}${review.by.name ?? review.by.id} said ${review.verdict.toLowerCase().replaceAll('_', ' ')}${note}`,
      );
    }
  }
  if (found.pageInfo.hasNextPage) say(`(more: --first ${Math.min(options.first * 2, 100)})`);
}

async function print(
  field: 'visitLog' | 'denials',
  workspace: string,
  options: Page,
  empty: string,
  filter?: LogFilterInput,
): Promise<void> {
  const workspaceId = await workspaceMeant(options, undefined, workspace);
  const variables = { workspaceId, first: options.first, ...(filter && { filter }) };
  const { [field]: lines } = await send<Record<typeof field, Lines>>(options, undefined, query(field), variables);
  if (options.json) {
    sayJson(lines);
    return;
  }
  if (lines.nodes.length === 0) say(empty);
  for (const { occurredAt, kind = 'AttemptDenied', summary, detail } of lines.nodes) {
    // The log's lines come in UTC, and stand here beside times of the reader's own zone.
    const told = (text: string) => timesRetold(kind, text, shownTime);
    const time = shownClock(occurredAt);
    say(`${time}  ${told(summary)}`);
    if (detail !== null) say(`${indent(time)}${told(detail)}`);
  }
  if (lines.pageInfo.hasNextPage) say(`(older lines: --first ${Math.min(options.first * 2, 100)})`);
}
