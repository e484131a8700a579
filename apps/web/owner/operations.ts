import { graphql, type ResultOf } from '../graphql/graphql.ts';

export const ViewerQuery = graphql(`
  query Viewer {
    viewer {
      name
      email
      isStaff
      staffRoles
      decidesForVendor
      memberships {
        workspaceId
        workspaceName
        memberId
        role
      }
    }
  }
`);

const LineFields = graphql(`
  fragment LineFields on LogEntry @_unmask {
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
  }
`);
export type LogLine = ResultOf<typeof LineFields>;

/** The gate, and who is inside: what everybody in the workspace may know. */
export const GateQuery = graphql(`
  query Gate($workspaceId: ID!, $minPosition: String) {
    staffAccess(workspaceId: $workspaceId) {
      panel
      switchLabel
      rules {
        whileOn
        whoDecides
        whoSwitches
        can
        cannot
      }
      on
      until
      since
      reminder
      maySwitch
      mayDecide
      startByMinutes
      mayWiden
      windowMinutes
      longestWindowMinutes
      onlyCase
      askEach
      withoutAreas
      areas {
        id
        label
      }
      by {
        id
        name
      }
    }
    activeSessions(workspaceId: $workspaceId, minPosition: $minPosition) {
      id
      staffId
      staffName
      staffEmail
      caseRef
      reason
      viewedAs
      viewedAsName
      currentPage
      startedAt
      plannedEnd
      idleEndsAt
      action {
        kind
        label
        isUsed
      }
      reveal {
        label
        isShown
      }
      can
      cannot
    }
  }
`);
export type Gate = ResultOf<typeof GateQuery>;
export type LiveSession = Gate['activeSessions'][number];

/** What was refused lately, and the last page that was served: for those who answer for the workspace. */
export const LatelyQuery = graphql(`
  query Lately($workspaceId: ID!, $minPosition: String, $viewed: [String!]!) {
    denials(workspaceId: $workspaceId, first: 4, minPosition: $minPosition) {
      nodes {
        id
        occurredAt
        summary
        because
        instead
        detail
        rule
        times
      }
      pageInfo {
        hasNextPage
      }
    }
    lastViewed: visitLog(workspaceId: $workspaceId, first: 1, filter: { mark: { in: $viewed } }) {
      nodes {
        occurredAt
      }
    }
  }
`);
export type Lately = ResultOf<typeof LatelyQuery>;

/** The notes of the visits that ended last. */
export const NotesQuery = graphql(`
  query Notes($workspaceId: ID!, $first: Int!, $minPosition: String) {
    endedSessions(workspaceId: $workspaceId, first: $first, minPosition: $minPosition) {
      nodes {
        id
        note
        endedAt
      }
    }
  }
`);

export const VisitLogQuery = graphql(
  `
    query VisitLog($workspaceId: ID!, $first: Int!, $after: String, $filter: LogFilterInput, $minPosition: String) {
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
  `,
  [LineFields],
);

/** People and cases to filter the book by, whatever lines are on the screen. */
export const LogFacetsQuery = graphql(`
  query LogFacets($workspaceId: ID!, $minPosition: String) {
    visitLogFacets(workspaceId: $workspaceId, minPosition: $minPosition) {
      people {
        __typename
        ... on StaffMember {
          id
          name
        }
        ... on WorkspaceMember {
          id
          name
        }
      }
      cases
    }
  }
`);
export type LogFacets = ResultOf<typeof LogFacetsQuery>['visitLogFacets'];

export const ExportLog = graphql(`
  mutation ExportLog($input: ExportLogInput!) {
    exportLog(input: $input) {
      export {
        upTo
      }
      position
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const EnableStaffAccess = graphql(`
  mutation EnableStaffAccess($input: EnableStaffAccessInput!) {
    enableStaffAccess(input: $input) {
      staffAccess {
        on
        until
      }
      position
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const DisableStaffAccess = graphql(`
  mutation DisableStaffAccess($input: DisableStaffAccessInput!) {
    disableStaffAccess(input: $input) {
      staffAccess {
        on
      }
      position
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const EndSession = graphql(`
  mutation EndSession($input: EndSessionInput!) {
    endSession(input: $input) {
      session {
        id
        endedAt
      }
      position
      userErrors {
        code
        message
        field
      }
    }
  }
`);
