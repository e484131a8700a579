import { caseInWords } from '@gatebook/protocol';
import type { WorkspaceAt } from '@gatebook/protocol/graphql';
import { CommandFailed, EXIT } from './exit.ts';
import { send, workspaceMeant } from './graphql.ts';
import { instantIn, type AsPerson } from './options.ts';
import { shownClock, shownTime } from './shown.ts';
import { say, sayJson } from './printed.ts';

const AT = `query WorkspaceAt($workspaceId: ID!, $position: String, $time: DateTime) {
  workspaceAt(workspaceId: $workspaceId, position: $position, time: $time) {
    workspaceId asOf position revision readable open name plan openCases
    staffAccess { on until onlyCase withoutAreas by { name } }
    members { id name role billingContact }
    couldEnter { staff { id name } caseRef grantId }
    inside { id staff { id name } caseRef startedAt plannedEnd entered can cannot }
    requests { id kind phase staff { id name } caseRef minutes can askedAt lapsesAt }
    grants { id requestId kind phase staff { id name } caseRef minutes can startBy }
    policy { preset settings { name value } }
  }
}`;

/** A workspace as it stood at a time (2026-11-21T09:00:00Z) or a position of the log. */
export async function workspaceAt(workspace: string, moment: string, options: AsPerson): Promise<void> {
  const workspaceId = await workspaceMeant(options, undefined, workspace);
  const variables = { workspaceId, ...momentOf(moment) };
  const { workspaceAt: then } = await send<{ workspaceAt: WorkspaceAt }>(options, undefined, AT, variables);
  if (options.json) {
    sayJson(then);
    return;
  }
  for (const line of linesOf(then)) say(line);
}

function momentOf(text: string): { readonly time: string } | { readonly position: string } {
  if (/^\d{20}$/.test(text)) return { position: text };
  const time = instantIn(text);
  if (time === undefined)
    throw new CommandFailed(
      EXIT.usage,
      `“${text}” is no time (2026-11-21T09:00:00Z, with its zone), and no position of the log (20 digits, as answers with --json say it in “position”).`,
    );
  return { time: new Date(time).toISOString() };
}

function linesOf(then: WorkspaceAt): string[] {
  const { name, asOf, revision, readable, open, staffAccess, couldEnter, inside, requests, grants, members } = then;
  const { on, until, by, onlyCase } = staffAccess;
  const who = ({ staff }: { readonly staff: { readonly id: string; readonly name?: string | null } }) =>
    staff.name ?? staff.id;
  const listed = (title: string, none: string, lines: readonly string[]) =>
    lines.length === 0 ? [none] : [title, ...lines.map((line) => `  ${line}`)];
  if (revision < 0) return [`${shownClock(asOf)}: nothing stood in this workspace’s book yet.`];
  return [
    `${name}, ${shownClock(asOf)}, revision ${revision}${open ? '' : ': closed'}`,
    ...(readable ? [] : ['A line of the book can’t be read: nobody was let in.']),
    on
      ? `Staff access was on${by == null ? '' : `, by ${by.name ?? 'a member'}`}, until ${until == null ? 'it is turned off' : shownTime(until)}${onlyCase == null ? '' : `, for ${onlyCase} only`}.`
      : 'Staff access was off.',
    ...listed(
      'Could enter:',
      'Nobody could enter.',
      couldEnter.map(
        (entry) => `${who(entry)} ${caseInWords(entry.caseRef)}${entry.grantId == null ? '' : `, on ${entry.grantId}`}`,
      ),
    ),
    ...listed(
      'Inside:',
      'Nobody was inside.',
      inside.map(
        (visit) => `${who(visit)} ${caseInWords(visit.caseRef)}, since ${shownTime(visit.startedAt)}   ${visit.id}`,
      ),
    ),
    ...listed(
      'Waiting:',
      'No request waited.',
      requests.map((asked) => `${who(asked)} ${caseInWords(asked.caseRef)}: ${asked.can.join('; ')}   ${asked.id}`),
    ),
    ...listed(
      'Granted:',
      'No grant stood.',
      grants.map((grant) => `${who(grant)} ${caseInWords(grant.caseRef)}: ${grant.can.join('; ')}   ${grant.id}`),
    ),
    `Members: ${members.map((member) => `${member.name ?? member.id} (${member.role.toLowerCase()})`).join(', ') || 'none'}.`,
    `Settings: ${then.policy.preset}. --json shows each.`,
  ];
}
