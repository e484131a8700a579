import type { ReasonTooVague, UserError as AnyUserError, Workspace } from '@gatebook/protocol/graphql';
import { CommandFailed, EXIT } from './exit.ts';
import type { AsPerson } from './options.ts';
import { forTerminal } from './printed.ts';
import { accessToken, type Realm } from './token.ts';

/** What the command asks for of a user error. */
export type UserError = Pick<AnyUserError, 'code' | 'message' | 'field'> & {
  readonly hints?: ReasonTooVague['hints'];
  readonly instead?: string | null;
};

/** What a script is told by the codes of errors; of those that aren’t named here it is that it failed. */
const EXIT_OF: Readonly<Record<string, number>> = {
  FORBIDDEN: EXIT.refused,
  BAD_USER_INPUT: EXIT.usage,
  GRAPHQL_VALIDATION_FAILED: EXIT.usage,
};

/** Sends an operation as the person; without a realm, as whoever of the two has that name. @throws {CommandFailed} */
export async function send<Data>(
  options: AsPerson,
  realm: Realm | undefined,
  query: string,
  variables: object,
): Promise<Data> {
  const token = await accessToken(options, realm);
  const answer = await reach(`${options.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await answer.json().catch(() => undefined)) as
    { data?: Data | null; errors?: { message: string; extensions?: { code?: string } }[] } | undefined;
  const [error] = body?.errors ?? [];
  if (error) {
    const { code = '' } = error.extensions ?? {};
    if (code === 'UNAUTHENTICATED')
      throw new CommandFailed(
        EXIT.usage,
        `You are not signed in: ${error.message} Name a built-in person with --as, or set a newer GATEBOOK_TOKEN.`,
      );
    throw new CommandFailed(EXIT_OF[code] ?? EXIT.failed, error.message);
  }
  if (!body?.data) throw new CommandFailed(EXIT.failed, `The service answered ${answer.status} without data.`);
  return body.data;
}

/** @throws {CommandFailed} a rule said no, the input can’t be used, or nothing could be decided. */
export function ensureDone(errors: readonly UserError[]): void {
  if (errors.length === 0) return;
  const lines = errors.flatMap(({ message, hints = [], instead = null }) => [
    message,
    ...[...hints, ...(instead === null ? [] : [instead])].map((hint) => `  ${hint}`),
  ]);
  const only = (code: UserError['code']) => errors.every((error) => error.code === code);
  const exit = only('INVALID_INPUT') ? EXIT.usage : only('TRY_AGAIN') ? EXIT.failed : EXIT.refused;
  throw new CommandFailed(exit, lines.map(forTerminal).join('\n'));
}

/** @throws {CommandFailed} nobody answers there. */
export async function reach(address: string, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch {
    throw new CommandFailed(
      EXIT.unreachable,
      `Nothing answers at ${new URL(address).origin}. Is the service running (npm start)?`,
    );
  }
}

const WORKSPACES = 'query Workspaces { workspaces(first: 100) { nodes { id externalId name } } }';

/** The workspace that a person means: its id, the product's own id of it, or its name. @throws {CommandFailed} */
export async function workspaceMeant(options: AsPerson, realm: Realm | undefined, meant: string): Promise<string> {
  if (meant.startsWith('ws_')) return meant;
  const { workspaces } = await send<{ workspaces: { nodes: Pick<Workspace, 'id' | 'externalId' | 'name'>[] } }>(
    options,
    realm,
    WORKSPACES,
    {},
  );
  const found = workspaces.nodes.find(({ externalId, name }) => externalId === meant || name === meant);
  if (found) return found.id;
  const known = workspaces.nodes.map(({ externalId }) => externalId).join(', ') || 'none';
  throw new CommandFailed(EXIT.failed, `There is no workspace “${meant}” for you. Yours: ${known}.`);
}
