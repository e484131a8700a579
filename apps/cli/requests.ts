import type { AccessRequest, AccessScope, RequestAccessInput } from '@gatebook/protocol/graphql';
import { v7 } from 'uuid';
import { visibly } from '#wording/exactly';
import { grouped } from '#wording/grouped';
import { CommandFailed, EXIT } from './exit.ts';
import { ensureDone, send, workspaceMeant, type UserError } from './graphql.ts';
import type { AsPerson } from './options.ts';
import { shownTime } from './shown.ts';
import type { Realm } from './token.ts';
import { say, sayJson } from './printed.ts';

/** What the command reads of a request. */
export type Shown = Pick<
  AccessRequest,
  | 'id'
  | 'workspaceId'
  | 'staffName'
  | 'kind'
  | 'caseRef'
  | 'job'
  | 'reason'
  | 'heading'
  | 'summary'
  | 'argumentsJson'
  | 'scopeArgumentsJson'
  | 'asks'
  | 'waitsFor'
  | 'waitsAgain'
  | 'triggers'
  | 'plannedStart'
  | 'lapsesAt'
  | 'phase'
  | 'digest'
  | 'question'
  | 'answer'
  | 'message'
  | 'endCause'
  | 'change'
> & {
  readonly scope: Pick<AccessScope, 'pages' | 'minutes' | 'can' | 'cannot'>;
  readonly decision: { readonly name: string | null } | null;
  readonly firstApproval: { readonly name: string | null } | null;
  readonly grant: {
    readonly id: string;
    readonly phase: string;
    readonly cause: string | null;
    readonly startBy: string;
    readonly sessionId: string | null;
    readonly actionOutcome: string | null;
  } | null;
};

export const REQUEST = `id workspaceId staffName kind caseRef job reason heading summary argumentsJson scopeArgumentsJson asks waitsFor waitsAgain triggers plannedStart
  lapsesAt phase digest question answer message endCause scope { pages minutes can cannot }
  change { removed added minutesAsked } decision { name } firstApproval { name }
  grant { id phase cause startBy sessionId actionOutcome }`;
export const ERRORS =
  'position userErrors { code message field ... on ReasonTooVague { hints } ... on Refused { instead } }';

export interface Payload {
  readonly accessRequest: Shown | null;
  readonly position: string | null;
  readonly userErrors: readonly UserError[];
}

/** Sends a command about a request; prints the request as it stands then. @throws {CommandFailed} it was refused. */
export async function sendAbout(
  options: AsPerson,
  realm: Realm | undefined,
  name: string,
  input: object,
  said: (request: Shown) => readonly string[],
): Promise<void> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { accessRequest { ${REQUEST} } ${ERRORS} } }`;
  const full = { commandId: v7(), ...input };
  const { [name]: payload } = await send<Record<string, Payload>>(options, realm, document, { input: full });
  if (!payload) throw new CommandFailed(EXIT.failed, 'The service answered without data.');
  if (options.json) sayJson(payload);
  ensureDone(payload.userErrors);
  if (options.json) return;
  if (payload.accessRequest) for (const line of said(payload.accessRequest)) say(line);
  else say('It is written down; the tables are behind, so look at it in a moment.');
}

type Ask = AsPerson & {
  readonly case?: string;
  readonly reason: string;
  readonly kind: string;
  readonly action?: string;
  readonly target?: string;
  readonly args?: string;
  readonly field?: string;
  readonly record?: string;
  readonly pages?: readonly string[];
  readonly job?: string;
  readonly viewAs?: string;
  readonly extends?: string;
  readonly minutes?: number;
  readonly start?: string;
};

export const KINDS = ['read', 'write', 'reveal', 'export', 'sensitive-entry', 'extension'] as const;

/** Asks for access, as staff. */
export async function requestAccess(workspace: string, options: Ask): Promise<void> {
  const { target, args, field, record, pages, job, viewAs, minutes } = options;
  // Asked for without the one thing it is about, it would be written down, and read, as another wish.
  if (options.action === undefined && (target !== undefined || args !== undefined))
    throw new CommandFailed(
      EXIT.usage,
      '--target and --args are of an action, named by --action. Of a masked field, say --record.',
    );
  if (field === undefined && record !== undefined)
    throw new CommandFailed(EXIT.usage, '--record is of a masked field, named by --field. Of an action, say --target.');
  const input: Omit<RequestAccessInput, 'commandId'> = {
    workspaceId: await workspaceMeant(options, 'staff', workspace),
    kind: options.kind.toUpperCase().replace('-', '_') as RequestAccessInput['kind'],
    caseRef: options.case,
    reason: options.reason,
    job,
    pages,
    viewAs,
    minutes,
    extends: options.extends,
    ...(options.action !== undefined && { action: { name: options.action, target, argumentsJson: args } }),
    ...(field !== undefined && { field: { field, record } }),
    plannedStart: options.start,
  };
  await sendAbout(options, 'staff', 'requestAccess', input, (request) => [
    ...asSentence(request),
    request.phase === 'APPROVED'
      ? `The settings ask nobody for it: start it by ${shownTime(request.grant?.startBy ?? '')}.   ${request.id}`
      : `It waits for ${WHOM[request.asks]} until ${shownTime(request.lapsesAt)}.   ${request.id}`,
  ]);
}

const WHOM = {
  NOBODY: 'nobody',
  CUSTOMER: 'the customer',
  VENDOR: 'a second person of yours',
  BOTH: 'the customer and then a second person of yours',
} as const;

const OF_WORKSPACE = `query ($id: ID!, $onlyOpen: Boolean, $first: Int) {
  accessRequests(workspaceId: $id, onlyOpen: $onlyOpen, first: $first) { nodes { ${REQUEST} } pageInfo { hasNextPage } }
}`;
const MINE = `query ($first: Int) { myRequests(first: $first) { nodes { ${REQUEST} } pageInfo { hasNextPage } } }`;

interface List {
  readonly nodes: readonly Shown[];
  readonly pageInfo: { readonly hasNextPage: boolean };
}

type Which = AsPerson & { readonly mine: boolean; readonly open: boolean; readonly first: number };

/** What was asked for in a workspace, or by oneself, the newest first. */
export async function listRequests(workspace: string | undefined, options: Which): Promise<void> {
  const { mine, open, first, json } = options;
  if (workspace === undefined && !mine)
    throw new CommandFailed(EXIT.usage, 'Name a workspace, or ask for --mine, which is of all workspaces.');
  const realm = mine ? 'staff' : undefined;
  const id = workspace === undefined ? undefined : await workspaceMeant(options, realm, workspace);
  const found = mine
    ? (await send<{ myRequests: List }>(options, realm, MINE, { first })).myRequests
    : (await send<{ accessRequests: List }>(options, realm, OF_WORKSPACE, { id, onlyOpen: open, first }))
        .accessRequests;
  const nodes = found.nodes.filter(
    (request) => (id === undefined || request.workspaceId === id) && (!open || isOpen(request)),
  );
  if (json) {
    sayJson({ ...found, nodes });
    return;
  }
  if (nodes.length === 0) say(open ? 'Nothing waits.' : 'Nothing was asked for.');
  for (const request of nodes) {
    say(request.summary);
    say(`  ${standing(request)}   ${request.id}`);
  }
  if (found.pageInfo.hasNextPage) say(`(more: --first ${Math.min(first * 2, 100)})`);
}

const BY_ID = `query ($id: ID!) { node(id: $id) { ... on AccessRequest { ${REQUEST} } } }`;

/** A request by its id. @throws {CommandFailed} there is none, or it is not theirs. */
export async function requestMeant(options: AsPerson, realm: Realm | undefined, id: string): Promise<Shown> {
  const meant = id.startsWith('gr_') ? `req_${id.slice('gr_'.length)}` : id;
  const { node } = await send<{ node: Partial<Shown> | null }>(options, realm, BY_ID, { id: meant });
  if (node?.digest === undefined)
    throw new CommandFailed(EXIT.failed, `There is no request “${id}”, or it is not yours to see.`);
  return node as Shown;
}

/** What came of a request: the grant, and how far it was used. */
export async function showGrant(id: string, options: AsPerson): Promise<void> {
  const request = await requestMeant(options, undefined, id);
  const { grant } = request;
  if (options.json) {
    sayJson({ request, grant });
    return;
  }
  for (const line of asSentence(request)) say(line);
  say(standing(request));
  if (grant) say(grant.id);
}

type Own = AsPerson & { readonly workspace?: string };

export async function answerAbout(id: string, answer: string, options: Own): Promise<void> {
  const { workspaceId, id: requestId } = await requestMeant(options, 'staff', id);
  await sendAbout(options, 'staff', 'giveInformation', { workspaceId, requestId, answer }, (request) => [
    standing(request),
  ]);
}

export async function withdrawRequest(id: string, options: Own): Promise<void> {
  const { workspaceId, id: requestId } = await requestMeant(options, 'staff', id);
  await sendAbout(options, 'staff', 'withdrawAccess', { workspaceId, requestId }, (request) => [standing(request)]);
}

/** Takes a scope that was changed when it was approved, as it is. */
export async function confirmScope(id: string, options: Own): Promise<void> {
  const { workspaceId, id: requestId } = await requestMeant(options, 'staff', id);
  await sendAbout(options, 'staff', 'confirmScope', { workspaceId, requestId }, (request) => [
    ...asSentence(request),
    standing(request),
  ]);
}

/** A request as who decides reads it: its head in the words of the preset (S0-22), one sentence, what it lets do, and what it doesn't. */
export function asSentence({
  heading,
  summary,
  scope,
  argumentsJson,
  scopeArgumentsJson,
  plannedStart,
  question,
  answer,
  change,
  waitsAgain,
}: Shown): string[] {
  const more: string[] = [];
  if (waitsAgain !== null) more.push(`  ${waitsAgain}`);
  if (scopeArgumentsJson !== null) more.push(`  With exactly: ${visibly(scopeArgumentsJson)}`);
  if (argumentsJson !== null && argumentsJson !== scopeArgumentsJson)
    more.push(`  Asked for with: ${visibly(argumentsJson)}`);
  if (plannedStart !== null) more.push(`  Planned to begin ${shownTime(plannedStart)}`);
  if (question !== null) more.push(`  Asked: “${question}”${answer === null ? '' : `   Answered: “${answer}”`}`);
  if (change) {
    const { removed, added, minutesAsked } = change;
    if (removed.length > 0) more.push(`  Left out of what was asked for: ${removed.join('; ')}`);
    if (added.length > 0) more.push(`  Added to what was asked for: ${added.join('; ')}`);
    if (minutesAsked !== null) more.push(`  ${scope.minutes} minutes where ${minutesAsked} were asked for`);
  }
  return [
    heading,
    `  ${summary}`,
    `  Can:   ${scope.can.join('; ')}`,
    `  Can't: ${grouped(scope.cannot, 'or').join('; ')}`,
    ...more,
  ];
}

/** How far a request has come, in a few words. */
export function standing(request: Shown): string {
  const { phase, asks, lapsesAt, decision, firstApproval, waitsAgain, message, endCause, grant } = request;
  const who = decision?.name ?? null;
  const by = who === null ? '' : ` by ${who}`;
  const word = message === null ? '' : `: “${message}”`;
  switch (phase) {
    case 'WAITING':
      return firstApproval && waitsAgain === null
        ? `approved first by ${firstApproval.name ?? 'somebody'}; it waits for a second person until ${shownTime(lapsesAt)}`
        : `waits for ${WHOM[asks]} until ${shownTime(lapsesAt)}`;
    case 'INFORMATION_ASKED':
      return `waits for the staff member's answer until ${shownTime(lapsesAt)}`;
    case 'APPROVED':
      return `approved${by}${word}; ${grant ? grantStanding(grant) : 'no grant stands'}`;
    case 'DECLINED':
      return `declined${by}${word}`;
    case 'WITHDRAWN':
    case 'LAPSED':
      return `${phase.toLowerCase()}${endCause === null ? '' : `: ${endCause}`}`;
  }
}

function grantStanding({ phase, cause, startBy, sessionId, actionOutcome }: NonNullable<Shown['grant']>): string {
  switch (phase) {
    case 'TO_CONFIRM':
      return `the changed scope is to be confirmed, and the visit begun by ${shownTime(startBy)}`;
    case 'READY':
      return `the visit is to be begun by ${shownTime(startBy)}`;
    case 'IN_USE':
      return `in use in ${sessionId ?? 'a visit'}`;
    case 'SPENT':
      return `used${actionOutcome === null ? '' : ` (${actionOutcome.toLowerCase()})`}`;
    default:
      return `lapsed${cause === null ? '' : `: ${cause}`}`;
  }
}

function isOpen({ phase }: Shown): boolean {
  return phase === 'WAITING' || phase === 'INFORMATION_ASKED';
}
