import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';

/** Every field of every event, so that a frame that should not come can't hide. */
export const DOCUMENTS = {
  sessionChanged: `subscription ($id: ID!) { sessionChanged(workspaceId: $id) { __typename
    ... on SessionChanged { position activeSessionIds session { id staffName reason job caseRef approverName currentPage action { kind name label isUsed } endedAt endCause can } }
    ... on SubscriptionEnded { cause message } } }`,
  staffAccessChanged: `subscription ($id: ID!) { staffAccessChanged(workspaceId: $id) { __typename
    ... on StaffAccessChanged { position staffAccess { on until by { name } } }
    ... on SubscriptionEnded { cause message } } }`,
  accessRevoked: `subscription ($id: ID!) { accessRevoked(sessionId: $id) { __typename
    ... on AccessRevoked { position sessionId endCause endedAt sentence }
    ... on SubscriptionEnded { cause message } } }`,
  mySessionChanged: `subscription { mySessionChanged { __typename
    ... on SessionChanged { position activeSessionIds session { id workspaceId reason endCause } }
    ... on SubscriptionEnded { cause message } } }`,
  requestChanged: `subscription ($id: ID!, $after: String) { requestChanged(workspaceId: $id, afterPosition: $after) { __typename
    ... on RequestChanged { position openRequestIds request { id workspaceId staffName kind caseRef reason summary phase digest question answer asks waitsFor waitsAgain
      message endCause scope { pages minutes can cannot action { label target } } decision { name } grant { id phase sessionId actionOutcome } } }
    ... on SubscriptionEnded { cause message } } }`,
  myRequestChanged: `subscription { myRequestChanged { __typename
    ... on RequestChanged { position openRequestIds request { id workspaceId phase asks waitsFor waitsAgain question message grant { phase } } }
    ... on SubscriptionEnded { cause message } } }`,
  vendorRequestChanged: `subscription { vendorRequestChanged { __typename
    ... on RequestChanged { position openRequestIds request { id workspaceId workspaceName staffName phase asks waitsFor waitsAgain question firstApproval { name } } }
    ... on SubscriptionEnded { cause message } } }`,
  logEntryAppended: `subscription ($id: ID!, $after: String) { logEntryAppended(workspaceId: $id, afterPosition: $after) { __typename
    ... on LogEntryAppended { position entry { id number position occurredAt recordedAt summary detail mark kind workspaceId sessionId outcome
      technicalDetail parts { text strong } actor { __typename ... on StaffMember { id name } ... on WorkspaceMember { id name } } } }
    ... on SubscriptionEnded { cause message } } }`,
} as const;
export type SubscriptionName = keyof typeof DOCUMENTS;

// Events are compared with exact expectations, so their shape is checked where they are.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Event = any;

/** A page that follows one thing, by graphql-ws's own client. */
export class Follower {
  readonly events: Event[] = [];
  /** Errors of the subscription, as they came. */
  errors: unknown;
  isComplete = false;
  readonly #leave: () => void;

  constructor(client: Client, query: string, variables: Record<string, unknown>) {
    this.#leave = client.subscribe(
      { query, variables },
      {
        next: ({ data, errors }) => {
          if (errors) this.errors = errors;
          for (const event of Object.values(data ?? {})) if (event !== null) this.events.push(event);
        },
        error: (error) => (this.errors = error),
        complete: () => (this.isComplete = true),
      },
    );
  }

  leave(): void {
    this.#leave();
  }
}

/** One WebSocket of a person. */
export class LiveClient {
  readonly client: Client;
  /** Every message that came, as text. */
  readonly frames: string[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  socket: WebSocket | undefined;

  constructor(httpUrl: string, token: string | null, origin?: string) {
    const opened = (socket: WebSocket) => (this.socket = socket);
    class Socket extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[]) {
        super(address, protocols, { ...(origin !== undefined && { origin }) });
        opened(this);
      }
    }
    this.client = createClient({
      url: httpUrl.replace(/^http/, 'ws'),
      webSocketImpl: Socket,
      connectionParams: token === null ? {} : { authorization: `Bearer ${token}` },
      retryAttempts: 0,
      lazy: false,
      onNonLazyError: () => undefined,
      on: {
        message: (message) => this.frames.push(JSON.stringify(message)),
        closed: (event) => {
          const { code, reason } = event as { code: number; reason: string };
          this.closed = { code, reason: String(reason) };
        },
      },
    });
  }

  follow(name: SubscriptionName, variables: Record<string, unknown> = {}): Follower {
    return this.send(DOCUMENTS[name], variables);
  }

  send(query: string, variables: Record<string, unknown> = {}): Follower {
    return new Follower(this.client, query, variables);
  }

  async close(): Promise<void> {
    await this.client.dispose();
  }
}
