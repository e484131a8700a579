import { caseInWords } from '@gatebook/protocol';
import type {
  EndSessionInput,
  ExitSessionInput,
  Session as AnySession,
  StartSessionInput,
  StartSessionPayload,
  VisitAction,
} from '@gatebook/protocol/graphql';
import { v7 } from 'uuid';
import { grouped } from '#wording/grouped';
import { CommandFailed, EXIT } from './exit.ts';
import { ensureDone, send, workspaceMeant, type UserError } from './graphql.ts';
import type { AsPerson } from './options.ts';
import { requestMeant } from './requests.ts';
import { shownTime } from './shown.ts';
import { say, sayJson } from './printed.ts';

type Session = Pick<
  AnySession,
  'id' | 'staffName' | 'viewedAs' | 'viewedAsName' | 'caseRef' | 'reason' | 'startedAt' | 'plannedEnd' | 'currentPage'
> & { readonly action: Pick<VisitAction, 'label' | 'isUsed'> | null };

const ACTIVE = `query ActiveSessions($workspaceId: ID!) {
  activeSessions(workspaceId: $workspaceId) {
    id staffName viewedAs viewedAsName caseRef reason startedAt plannedEnd currentPage action { label isUsed }
  }
}`;

export async function listSessions(workspace: string, options: AsPerson & { readonly ended?: boolean }): Promise<void> {
  if (options.ended) return listEnded(workspace, options);
  const workspaceId = await workspaceMeant(options, undefined, workspace);
  const { activeSessions } = await send<{ activeSessions: Session[] }>(options, undefined, ACTIVE, { workspaceId });
  if (options.json) {
    sayJson({ sessions: activeSessions });
    return;
  }
  if (activeSessions.length === 0) say('Nobody is inside.');
  for (const session of activeSessions) {
    const { id, staffName, viewedAs, viewedAsName, caseRef, reason, plannedEnd, currentPage } = session;
    const as = viewedAs === null ? '' : `, viewing as ${viewedAsName ?? viewedAs}`;
    say(
      `${staffName ?? 'A staff member'} is inside ${caseInWords(caseRef || null)} ${toDo(session)}${as}, until ${shownTime(plannedEnd)}: “${reason ?? ''}”`,
    );
    say(`  ${currentPage === null ? 'has opened no page yet' : `looking at ${currentPage}`}   ${id}`);
  }
}

/** What a visit may do: look, or make one change once. */
function toDo({ action }: Session): string {
  if (action === null) return 'to look';
  return action.isUsed ? `to ${action.label}, which was done, and can only look now` : `to ${action.label}, once`;
}

const ENDED = `query EndedSessions($workspaceId: ID!) {
  endedSessions(workspaceId: $workspaceId) { nodes { id note startedAt endedAt endCause } }
}`;

/** The notes of visits that have ended, those that ended last first. */
async function listEnded(workspace: string, options: AsPerson): Promise<void> {
  const workspaceId = await workspaceMeant(options, undefined, workspace);
  type Ended = Pick<AnySession, 'id' | 'note' | 'startedAt' | 'endedAt' | 'endCause'>;
  const { endedSessions } = await send<{ endedSessions: { nodes: Ended[] } }>(options, undefined, ENDED, {
    workspaceId,
  });
  if (options.json) {
    sayJson({ sessions: endedSessions.nodes });
    return;
  }
  if (endedSessions.nodes.length === 0) say('No visit has ended here yet.');
  for (const { id, note, startedAt, endedAt } of endedSessions.nodes) {
    say(`${shownTime(endedAt ?? startedAt)}   ${note ?? ''}`);
    say(`  ${id}`);
  }
}

type Started = Pick<StartSessionPayload, 'entryCode' | 'enterUrl' | 'enterBy'> & {
  readonly session: Pick<AnySession, 'id' | 'plannedEnd' | 'can' | 'cannot'> | null;
  readonly userErrors: readonly UserError[];
};

const START_VISIT = `mutation StartSession($input: StartSessionInput!) {
  startSession(input: $input) {
    session { id plannedEnd can cannot } entryCode enterUrl enterBy position
    userErrors { code message field ... on ReasonTooVague { hints } ... on Refused { instead } }
  }
}`;

type Start = AsPerson & {
  readonly case?: string;
  readonly reason?: string;
  readonly job?: string;
  readonly for?: number;
  readonly grant?: string;
};

export async function startSession(workspace: string, options: Start): Promise<void> {
  const workspaceId = await workspaceMeant(options, 'staff', workspace);
  const { job, for: minutes } = options;
  // A visit on a grant is for what was approved: what is left out here is read off it.
  const request = options.grant === undefined ? undefined : await requestMeant(options, 'staff', options.grant);
  const { case: caseRef, reason } = options;
  if (reason === undefined && !request)
    throw new CommandFailed(EXIT.usage, 'A visit needs a --reason, or the --grant that it begins on.');
  if (request && !request.grant) throw new CommandFailed(EXIT.refused, 'Nothing was granted for this request.');
  const grantId = request?.grant?.id;
  const input: StartSessionInput = { commandId: v7(), workspaceId, caseRef, reason, job, minutes, grantId };
  const { startSession: started } = await send<{ startSession: Started }>(options, 'staff', START_VISIT, { input });
  if (options.json) sayJson(started);
  ensureDone(started.userErrors);
  if (options.json || !started.session) return;
  const { id, plannedEnd, can, cannot } = started.session;
  say(`Your visit has begun and is written down. It ends ${shownTime(plannedEnd)} at the latest. ${id}`);
  say(`  You can:   ${can?.join('; ') ?? ''}`);
  say(`  You can't: ${grouped(cannot ?? [], 'or').join('; ')}`);
  say(`Enter once, within a minute, at ${started.enterUrl ?? 'the product'} with this code:`);
  say(started.entryCode ?? '');
}

const END_VISIT = `mutation EndSession($input: EndSessionInput!) { endSession(input: $input) { position userErrors { code message field } } }`;
const EXIT_VISIT = `mutation ExitSession($input: ExitSessionInput!) { exitSession(input: $input) { position userErrors { code message field } } }`;

export async function endSession(workspace: string, sessionId: string, options: AsPerson): Promise<void> {
  const workspaceId = await workspaceMeant(options, 'members', workspace);
  const input: EndSessionInput = { commandId: v7(), workspaceId, sessionId };
  const { endSession: ended } = await send<{ endSession: { userErrors: UserError[] } }>(options, 'members', END_VISIT, {
    input,
  });
  done(ended, options);
}

export async function exitSession(workspace: string, sessionId: string, options: AsPerson): Promise<void> {
  const workspaceId = await workspaceMeant(options, 'staff', workspace);
  const input: ExitSessionInput = { commandId: v7(), workspaceId, sessionId };
  const { exitSession: ended } = await send<{ exitSession: { userErrors: UserError[] } }>(
    options,
    'staff',
    EXIT_VISIT,
    {
      input,
    },
  );
  done(ended, options);
}

function done(payload: { readonly userErrors: readonly UserError[] }, { json }: AsPerson): void {
  if (json) sayJson(payload);
  ensureDone(payload.userErrors);
  if (!json) say('The visit has ended.');
}
