/** What is asked of each server: the newest 20 lines of a workspace's visit log, as the owner's page asks for them. */
import { COUNTER_WIDTH, type RequestTemplate } from '../load/requests.ts';

export const FIRST = 20;
export const REST_PATH = '/workspaces/:workspaceId/visit-log';
/** Stands in every whole answer, and in no refusal. */
export const WHOLE = '"hasNextPage":true';

const DOCUMENT = `query VisitLog($workspaceId: ID!, $first: Int!, $after: String, $filter: LogFilterInput, $minPosition: String) {
  visitLog(workspaceId: $workspaceId, first: $first, after: $after, filter: $filter, minPosition: $minPosition) {
    nodes {
      ...LineFields
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
fragment LineFields on LogEntry {
  id
  number
  position
  occurredAt
  recordedAt
  summary
  parts {
    text
    strong
  }
  detail
  mark
  kind
  outcome
  sessionId
  actor {
    __typename
    ... on StaffMember {
      id
      name
    }
    ... on WorkspaceMember {
      id
      name
    }
    ... on SystemActor {
      id
    }
    ... on ApiClient {
      id
    }
  }
  technicalDetail
}`;

/** Who asks, and about what. */
export interface Asking {
  readonly workspaceId: string;
  readonly token: string;
}

export function graphqlRequest({ workspaceId, token }: Asking): RequestTemplate {
  const body = JSON.stringify({
    operationName: 'VisitLog',
    query: DOCUMENT,
    variables: { workspaceId, first: FIRST, after: null, filter: null, minPosition: null },
  });
  const more = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  return request(`POST /graphql`, token, more, body);
}

export function restRequest({ workspaceId, token }: Asking): RequestTemplate {
  return request(`GET ${REST_PATH.replace(':workspaceId', workspaceId)}?first=${FIRST}`, token, '', '');
}

function request(line: string, token: string, more: string, body: string): RequestTemplate {
  const place = '#'.repeat(COUNTER_WIDTH);
  const head = `${line} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\nx-request-id: ${place}\r\n${more}\r\n`;
  const bytes = Buffer.from(head + body, 'utf8');
  return { bytes, counterAt: bytes.indexOf(place) };
}
