import { createClient, type Client } from 'graphql-ws/client';
import { stringifyDocument } from 'urql';
import { PageNeeded } from '../session/openid.ts';
import { accessToken } from '../session/session.ts';
import { graphql } from './graphql.ts';

/** Says that something was written, and nothing of what: it is read by the same questions as before. */
const LineWritten = graphql(`
  subscription LineWritten($workspaceId: ID!) {
    logEntryAppended(workspaceId: $workspaceId) {
      ... on LogEntryAppended {
        position
      }
      ... on SubscriptionEnded {
        cause
      }
    }
  }
`);
const VisitChanged = graphql(`
  subscription VisitChanged($workspaceId: ID!) {
    sessionChanged(workspaceId: $workspaceId) {
      ... on SessionChanged {
        position
      }
      ... on SubscriptionEnded {
        cause
      }
    }
  }
`);
const SwitchChanged = graphql(`
  subscription SwitchChanged($workspaceId: ID!) {
    staffAccessChanged(workspaceId: $workspaceId) {
      ... on StaffAccessChanged {
        position
      }
      ... on SubscriptionEnded {
        cause
      }
    }
  }
`);

const RequestChanged = graphql(`
  subscription RequestChanged($workspaceId: ID!) {
    requestChanged(workspaceId: $workspaceId) {
      ... on RequestChanged {
        position
      }
      ... on SubscriptionEnded {
        cause
      }
    }
  }
`);
const OwnVisitChanged = graphql(`
  subscription OwnVisitChanged {
    mySessionChanged {
      ... on SessionChanged {
        position
      }
      ... on SubscriptionEnded {
        cause
      }
    }
  }
`);

const VendorRequestChanged = graphql(`
  subscription VendorRequestChanged {
    vendorRequestChanged {
      ... on RequestChanged {
        position
      }
      ... on SubscriptionEnded {
        cause
      }
    }
  }
`);

const OwnRequestChanged = graphql(`
  subscription OwnRequestChanged {
    myRequestChanged {
      ... on RequestChanged {
        position
      }
      ... on SubscriptionEnded {
        cause
      }
    }
  }
`);

/** After a connection was closed for good: long enough not to knock, short enough for a sign-in that was renewed. */
const AGAIN_MS = 5000;

let client: Client | undefined;
/** One connection for the whole page; it comes again by itself after a break. */
function connection(): Client {
  client ??= createClient({
    url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
    connectionParams: async () => ({ authorization: `Bearer ${await accessToken()}` }),
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: (error) => !(error instanceof PageNeeded),
    keepAlive: 10_000,
    lazyCloseTimeout: 1000,
  });
  return client;
}

/** What a member reads of a workspace: all, how its gate stands and the requests that they decide, or the gate alone. */
export type Reads = 'book' | 'requests' | 'gate';

/** What somebody wants to hear of. */
export type About =
  /** A workspace, as far as the person may read of it: where that is its whole book, each line is news. */
  | { readonly workspaceId: string; readonly reads: Reads }
  /** The staff member's own visit, wherever it is. */
  | 'own visit'
  /** The staff member's own requests, and the visits that come of them. */
  | 'own requests'
  /** What waits for the vendor's second person. */
  | 'requests for the vendor';

export interface NewsOptions {
  readonly about: About;
  /** The position in the log that the news stand on. */
  readonly onNews: (position: string) => void;
  readonly onConnected: (connected: boolean) => void;
}

/** Tells of whatever happens there, until it is stopped. While it isn't connected nothing is told. */
export function followNews({ about, onNews, onConnected }: NewsOptions): () => void {
  const told = (event: Event) => {
    if (event.position !== undefined) onNews(event.position);
  };
  const stops = documentsFor(about).map((document) =>
    follow(stringifyDocument(document), typeof about === 'string' ? {} : { workspaceId: about.workspaceId }, told),
  );
  const here = connection();
  const offs = [
    here.on('connected', () => onConnected(true)),
    here.on('closed', () => onConnected(false)),
    here.on('error', () => onConnected(false)),
  ];
  return () => {
    for (const stop of [...stops, ...offs]) stop();
  };
}

function documentsFor(about: About) {
  if (about === 'own visit') return [OwnVisitChanged];
  if (about === 'requests for the vendor') return [VendorRequestChanged];
  if (about === 'own requests') return [OwnRequestChanged, OwnVisitChanged];
  if (about.reads === 'book') return [LineWritten];
  return [VisitChanged, SwitchChanged, ...(about.reads === 'requests' ? [RequestChanged] : [])];
}

interface Event {
  readonly position?: string;
  readonly cause?: string;
}

function follow(query: string, variables: Record<string, string>, told: (event: Event) => void): () => void {
  let over = false;
  let stop: () => void = () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let cause: string | undefined;
  const again = () => {
    // Whose right has ended doesn't ask again: each try would be a line.
    if (!over && cause !== 'RIGHT_ENDED') timer = setTimeout(begin, AGAIN_MS);
  };
  function begin(): void {
    stop = connection().subscribe<Record<string, Event>>(
      { query, variables },
      {
        next({ data }) {
          const [event] = Object.values(data ?? {});
          if (!event) return;
          cause = event.cause;
          told(event);
        },
        error: again,
        complete: again,
      },
    );
  }
  begin();
  return () => {
    over = true;
    clearTimeout(timer);
    stop();
  };
}
