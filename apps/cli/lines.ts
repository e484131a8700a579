import type { DenialGroup } from '@gatebook/protocol/graphql';
import { timesRetold } from '#wording/written-times';
import { CommandFailed, EXIT } from './exit.ts';
import { send, workspaceMeant } from './graphql.ts';
import type { AsPerson } from './options.ts';
import { shownClock, shownTime } from './shown.ts';
import { say, sayJson } from './printed.ts';

/** As wide as a line's time. */
const INDENT = ' '.repeat(21);

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

const query = (field: 'visitLog' | 'denials') => `query Lines($workspaceId: ID!, $first: Int!) {
  ${field}(workspaceId: $workspaceId, first: $first) {
    nodes { id position occurredAt ${field === 'visitLog' ? 'kind ' : ''}summary detail }
    pageInfo { hasNextPage }
  }
}`;

type Page = AsPerson & { readonly first: number };

export const visitLog = (workspace: string, options: Page): Promise<void> =>
  print('visitLog', workspace, options, 'Nothing stands in this workspace’s book yet.');

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
    say(`${shownClock(lastAt)}  ${timesRetold('AttemptDenied', example, shownTime)}`);
    say(`${INDENT}${rule}: ${often}; ${unreviewedTimes === 0 ? 'all looked at' : `${unreviewedTimes} not looked at`}`);
    if (review) {
      const note = review.note === null ? '' : `: ${review.note}`;
      say(
        `${INDENT}${review.by.name ?? review.by.id} said ${review.verdict.toLowerCase().replaceAll('_', ' ')}${note}`,
      );
    }
  }
  if (found.pageInfo.hasNextPage) say(`(more: --first ${Math.min(options.first * 2, 100)})`);
}

async function print(field: 'visitLog' | 'denials', workspace: string, options: Page, empty: string): Promise<void> {
  const workspaceId = await workspaceMeant(options, 'members', workspace);
  const variables = { workspaceId, first: options.first };
  const { [field]: lines } = await send<Record<typeof field, Lines>>(options, 'members', query(field), variables);
  if (options.json) {
    sayJson(lines);
    return;
  }
  if (lines.nodes.length === 0) say(empty);
  for (const { occurredAt, kind = 'AttemptDenied', summary, detail } of lines.nodes) {
    // The log's lines come in UTC, and stand here beside times of the reader's own zone.
    const told = (text: string) => timesRetold(kind, text, shownTime);
    say(`${shownClock(occurredAt)}  ${told(summary)}`);
    if (detail !== null) say(`${INDENT}${told(detail)}`);
  }
  if (lines.pageInfo.hasNextPage) say(`(older lines: --first ${Math.min(options.first * 2, 100)})`);
}
