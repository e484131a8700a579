import { graphql, type ResultOf } from '../graphql/graphql.ts';

const VisitFields = graphql(`
  fragment VisitFields on Session @_unmask {
    id
    workspaceId
    workspaceName
    caseRef
    reason
    startedAt
    plannedEnd
    idleEndsAt
    endedAt
    endCause
    letIn
    viewedAs
    viewedAsName
    currentPage
    viewedCount
    revealedCount
    clickedCount
    changedCount
    refusedCount
    action {
      kind
      label
      isUsed
    }
    reveal {
      field
      record
      label
      isShown
    }
    can
    cannot
  }
`);
export type MyVisit = ResultOf<typeof VisitFields>;

const DenialFields = graphql(`
  fragment DenialFields on Denial @_unmask {
    id
    occurredAt
    summary
    because
    instead
    action {
      name
      target
      argumentsJson
    }
    page
    field {
      field
      record
    }
    times
    rule
    caseRef
    sessionId
    workspaceId
  }
`);
export type MyDenial = ResultOf<typeof DenialFields>;

/** What the staff member's own page shows: visits, and what was refused. */
export const MyVisitsQuery = graphql(
  `
    query MyVisits($visits: Int!, $denials: Int!, $minPosition: String) {
      myVisits(first: $visits, minPosition: $minPosition) {
        nodes {
          ...VisitFields
        }
        pageInfo {
          hasNextPage
        }
      }
      myDenials(first: $denials, minPosition: $minPosition) {
        nodes {
          ...DenialFields
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  `,
  [VisitFields, DenialFields],
);

export const OneVisitQuery = graphql(
  `
    query OneVisit($id: ID!, $minPosition: String) {
      node(id: $id, minPosition: $minPosition) {
        __typename
        ... on Session {
          ...VisitFields
        }
      }
    }
  `,
  [VisitFields],
);

/** A page of a visit's lines, in written order: the customer's sentences. */
export const VisitLinesQuery = graphql(`
  query VisitLines($id: ID!, $first: Int!, $after: String, $minPosition: String) {
    myVisitLog(sessionId: $id, first: $first, after: $after, minPosition: $minPosition) {
      nodes {
        id
        occurredAt
        kind
        mark
        parts {
          text
          strong
        }
        detail
        rule
        instead
        action {
          name
          target
          argumentsJson
        }
        page
        field {
          field
          record
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);
export type VisitLine = ResultOf<typeof VisitLinesQuery>['myVisitLog']['nodes'][number];

/** What a visit can be started for, and the one that the staff member may be in already. */
export const StartChoicesQuery = graphql(`
  query StartChoices {
    workspaces(first: 100) {
      nodes {
        id
        name
        openCases
      }
      pageInfo {
        hasNextPage
      }
    }
    catalogue {
      areas {
        id
        label
      }
      jobs {
        id
        label
        pages
        actions
        readOnly
      }
      pages {
        id
        label
        area
        class
      }
      actions {
        id
        label
        phrase
        target
        takes
        choices {
          argument
          target
          values
        }
        pages
        area
        class
        isExport
      }
      fields {
        id
        label
        mask
        pages
      }
      visits {
        capMinutes
        writeCapMinutes
        caseRequired
        idleMinutes
        identityMaxAgeSeconds
      }
    }
    myVisits(first: 1) {
      nodes {
        id
        workspaceName
        caseRef
        endedAt
      }
    }
  }
`);
export type StartChoices = ResultOf<typeof StartChoicesQuery>;

export const StartSession = graphql(`
  mutation StartSession($input: StartSessionInput!) {
    startSession(input: $input) {
      entryCode
      enterUrl
      userErrors {
        __typename
        code
        message
        field
        ... on ReasonTooVague {
          hints
        }
        ... on Refused {
          rule
          instead
        }
        ... on StepUpRequired {
          maxAge
          acrValues
        }
      }
    }
  }
`);
export type StartError = ResultOf<typeof StartSession>['startSession']['userErrors'][number];

export const ExitSession = graphql(`
  mutation ExitSession($input: ExitSessionInput!) {
    exitSession(input: $input) {
      position
      userErrors {
        message
      }
    }
  }
`);

export const ConfirmPresence = graphql(`
  mutation ConfirmPresence($input: ConfirmPresenceInput!) {
    confirmPresence(input: $input) {
      position
      userErrors {
        message
      }
    }
  }
`);

/** How long a visit may be that is asked for, and which pages more time for one leaves out. */
export const LongestVisitQuery = graphql(`
  query LongestVisit {
    catalogue {
      pages {
        label
        class
      }
      visits {
        capMinutes
      }
    }
  }
`);
