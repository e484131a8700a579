import { graphql, type ResultOf } from '../graphql/graphql.ts';

const ScopeFields = graphql(`
  fragment ScopeFields on AccessScope @_unmask {
    pages
    minutes
    can
    cannot
    action {
      name
      label
      target
    }
    field {
      field
      record
      label
    }
  }
`);
export type Scope = ResultOf<typeof ScopeFields>;

export const RequestFields = graphql(
  `
    fragment RequestFields on AccessRequest @_unmask {
      id
      workspaceId
      workspaceName
      staffName
      staffEmail
      kind
      heading
      caseRef
      job
      reason
      argumentsJson
      scopeArgumentsJson
      viewAs
      viewAsName
      plannedStart
      asked {
        ...ScopeFields
      }
      scope {
        ...ScopeFields
      }
      change {
        removed
        added
        minutesAsked
      }
      asks
      waitsFor
      waitsAgain
      requestedAt
      lapsesAt
      phase
      digest
      question
      answer
      firstApproval {
        id
        name
        at
      }
      decision {
        id
        name
        at
      }
      message
      endedAt
      endCause
      grant {
        id
        phase
        cause
        startBy
        sessionId
        actionOutcome
      }
    }
  `,
  [ScopeFields],
);
export type Request = ResultOf<typeof RequestFields>;

/** What waits in a workspace, which is 50 at most, and what was asked lately: together within what the door lets an operation cost. */
export const RequestsQuery = graphql(
  `
    query Requests($workspaceId: ID!, $minPosition: String) {
      open: accessRequests(workspaceId: $workspaceId, onlyOpen: true, first: 50, minPosition: $minPosition) {
        nodes {
          ...RequestFields
        }
      }
      recent: accessRequests(workspaceId: $workspaceId, first: 15, minPosition: $minPosition) {
        nodes {
          ...RequestFields
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  `,
  [RequestFields],
);
export type Requests = ResultOf<typeof RequestsQuery>;

/** What waits for the vendor's second person, wherever it is, and what others asked lately. */
export const VendorRequestsQuery = graphql(
  `
    query VendorRequests($minPosition: String) {
      open: vendorRequests(onlyOpen: true, first: 50, minPosition: $minPosition) {
        nodes {
          ...RequestFields
        }
      }
      recent: vendorRequests(first: 15, minPosition: $minPosition) {
        nodes {
          ...RequestFields
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  `,
  [RequestFields],
);

/** How a workspace's settings in force stand, name by name. */
export const WorkspaceSettingsQuery = graphql(`
  query WorkspaceSettings($workspaceId: ID!) {
    policy(workspaceId: $workspaceId) {
      settings {
        name
        value
      }
    }
  }
`);

const Refusal = graphql(`
  fragment Refusal on UserError @_unmask {
    __typename
    code
    message
    field
    ... on Refused {
      rule
      instead
    }
    ... on ReasonTooVague {
      hints
    }
    ... on StepUpRequired {
      maxAge
      acrValues
    }
  }
`);
export type RequestRefusal = ResultOf<typeof Refusal>;

export const ApproveAccess = graphql(
  `
    mutation ApproveAccess($input: ApproveAccessInput!) {
      approveAccess(input: $input) {
        position
        userErrors {
          ...Refusal
        }
      }
    }
  `,
  [Refusal],
);

export const DeclineAccess = graphql(
  `
    mutation DeclineAccess($input: DeclineAccessInput!) {
      declineAccess(input: $input) {
        position
        userErrors {
          ...Refusal
        }
      }
    }
  `,
  [Refusal],
);

export const AskForInformation = graphql(
  `
    mutation AskForInformation($input: AskForInformationInput!) {
      askForInformation(input: $input) {
        position
        userErrors {
          ...Refusal
        }
      }
    }
  `,
  [Refusal],
);

/** A staff member's own requests, with the names of the workspaces that they can be about. */
export const MyRequestsQuery = graphql(
  `
    query MyRequests($minPosition: String) {
      myRequests(first: 50, minPosition: $minPosition) {
        nodes {
          ...RequestFields
        }
        pageInfo {
          hasNextPage
        }
      }
      workspaces(first: 100) {
        nodes {
          id
          name
        }
      }
    }
  `,
  [RequestFields],
);

export const RequestAccess = graphql(
  `
    mutation RequestAccess($input: RequestAccessInput!) {
      requestAccess(input: $input) {
        position
        accessRequest {
          id
          phase
        }
        userErrors {
          ...Refusal
        }
      }
    }
  `,
  [Refusal],
);

export const GiveInformation = graphql(
  `
    mutation GiveInformation($input: GiveInformationInput!) {
      giveInformation(input: $input) {
        position
        userErrors {
          ...Refusal
        }
      }
    }
  `,
  [Refusal],
);

export const WithdrawAccess = graphql(
  `
    mutation WithdrawAccess($input: WithdrawAccessInput!) {
      withdrawAccess(input: $input) {
        position
        userErrors {
          ...Refusal
        }
      }
    }
  `,
  [Refusal],
);

export const ConfirmScope = graphql(
  `
    mutation ConfirmScope($input: ConfirmScopeInput!) {
      confirmScope(input: $input) {
        position
        userErrors {
          ...Refusal
        }
      }
    }
  `,
  [Refusal],
);
