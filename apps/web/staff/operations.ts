import { graphql, type ResultOf } from '../graphql/graphql.ts';

const VisitFields = graphql(`
  fragment VisitFields on Session @_unmask {
    id
    workspaceId
    caseRef
    reason
    job
    startedAt
    plannedEnd
    idleEndsAt
    endedAt
    endCause
    approverName
    currentPage
    can
    cannot
  }
`);
export type MyVisit = ResultOf<typeof VisitFields>;

/** What the staff member's own page shows: visits, refusals, and the workspaces that visits could go to. */
export const StaffQuery = graphql(
  `
    query Staff($minPosition: String) {
      myVisits(first: 20, minPosition: $minPosition) {
        nodes {
          ...VisitFields
        }
      }
      myDenials(first: 10) {
        nodes {
          id
          occurredAt
          summary
          because
          instead
          times
        }
      }
      workspaces(first: 100) {
        nodes {
          id
          name
          openCases
        }
      }
    }
  `,
  [VisitFields],
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

/** What a visit can be started for. */
export const StartChoicesQuery = graphql(`
  query StartChoices {
    workspaces(first: 100) {
      nodes {
        id
        name
        openCases
      }
    }
    catalogue {
      jobs {
        id
        label
        pages
      }
      pages {
        id
        label
        class
      }
      actions {
        id
        label
      }
      visits {
        capMinutes
        idleMinutes
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
        ... on ReasonTooVague {
          hints
        }
        ... on Refused {
          instead
        }
      }
    }
  }
`);

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
