import {
  Client,
  fetchExchange,
  type AnyVariables,
  type CombinedError,
  type OperationResult,
  type TypedDocumentNode,
} from 'urql';
import { v7 } from 'uuid';
import { PageNeeded } from '../session/openid.ts';
import { accessToken } from '../session/session.ts';

/** Why nothing came back. `sentence` is for the person. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: 'offline' | 'signed-out' | 'refused' | 'behind' | 'failed';
  constructor(kind: Problem['kind'], sentence: string) {
    super(sentence);
    this.kind = kind;
  }
}

/** Longer than the service itself waits for its tables and its log. */
const TIMEOUT_MS = 10_000;

/** How long is waited before something is asked again that couldn't be decided. */
const AGAIN_MS = [300, 1000] as const;

/** No cache of documents: what is shown is live, and read anew each time. */
const client = new Client({
  url: `${location.origin}/graphql`,
  preferGetMethod: false,
  fetch: withToken,
  exchanges: [fetchExchange],
});

async function withToken(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const send = async (token: string) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    return fetch(input, { ...init, headers, signal });
  };
  const token = await accessToken();
  const response = await send(token);
  // A token can be refused before its time, when the service's clock or keys say so: one new one is tried.
  return response.status === 401 ? send(await accessToken(token)) : response;
}

/** @throws {Problem} */
export async function ask<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  return answer(
    await onceDecided(() => client.query(document, variables, { requestPolicy: 'network-only' }).toPromise()),
  );
}

/** Sends a command. Whatever refuses it stands in its `userErrors`. @throws {Problem} */
export async function command<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  return answer(await onceDecided(() => client.mutation(document, variables).toPromise()));
}

/** Asks again, as it was asked to: nothing was written, and a command sent again with its id has its one effect. */
async function onceDecided<Data>(send: () => Promise<OperationResult<Data>>): Promise<OperationResult<Data>> {
  for (const pause of AGAIN_MS) {
    const result = await send();
    if (!isUndecided(result)) return result;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return send();
}

/** A service that stood still for a moment says so, until it has heard of its log. */
function isUndecided({ data, error }: OperationResult<unknown>): boolean {
  const codes = error?.graphQLErrors.map(({ extensions }) => extensions['code']) ?? [];
  for (const answered of Object.values((data ?? {}) as Record<string, { userErrors?: { code?: string }[] } | null>))
    codes.push(...(answered?.userErrors ?? []).map(({ code }) => code));
  return codes.includes('TRY_AGAIN');
}

/** A new command's id: sent again with the same id, it has its one effect. */
export function commandId(): string {
  return v7();
}

function answer<Data>({ data, error }: { data?: Data; error?: CombinedError }): Data {
  if (error) throw problemOf(error);
  if (data === undefined) throw new Problem('failed', 'Gatebook’s answer was empty.');
  return data;
}

function problemOf({ networkError, graphQLErrors }: CombinedError): Problem {
  if (networkError instanceof PageNeeded) return new Problem('signed-out', 'Your sign-in has run out.');
  const first = graphQLErrors[0];
  if (!first) return new Problem('offline', 'Gatebook can’t be reached.');
  const { code, traceId } = first.extensions;
  switch (code) {
    case 'UNAUTHENTICATED':
      return new Problem('signed-out', 'Your sign-in has run out.');
    case 'FORBIDDEN':
      return new Problem('refused', first.message);
    case 'PROJECTION_LAG':
    case 'TRY_AGAIN':
      return new Problem('behind', first.message);
    default: {
      const trace = typeof traceId === 'string' ? ` If you tell somebody, name it: ${traceId}.` : '';
      return new Problem('failed', `Something went wrong at Gatebook.${trace}`);
    }
  }
}
