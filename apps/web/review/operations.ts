import { graphql, type ResultOf } from '../graphql/graphql.ts';

const ReviewedFields = graphql(`
  fragment ReviewedFields on Session @_unmask {
    id
    workspaceId
    workspaceName
    staffId
    staffName
    staffEmail
    caseRef
    job
    reason
    letIn
    viewedAs
    viewedAsName
    startedAt
    plannedEnd
    idleEndsAt
    endedAt
    endCause
    currentPage
    viewedCount
    revealedCount
    changedCount
    refusedCount
  }
`);
export type ReviewedVisit = ResultOf<typeof ReviewedFields>;

/** A page of a week's visits; how many of them changed or were refused something; the last visit before the week. */
export const WeekQuery = graphql(
  `
    query VisitsOfWeek(
      $filter: VisitFilterInput!
      $changed: VisitFilterInput!
      $refused: VisitFilterInput!
      $all: VisitFilterInput!
      $earlier: VisitFilterInput!
      $order: VisitOrder!
      $first: Int
      $after: String
      $last: Int
      $before: String
    ) {
      visits(filter: $filter, order: $order, first: $first, after: $after, last: $last, before: $before) {
        nodes {
          ...ReviewedFields
        }
        pageInfo {
          startCursor
          endCursor
          hasNextPage
          hasPreviousPage
        }
        totalCount
      }
      all: visits(filter: $all, first: 1) {
        totalCount
      }
      changed: visits(filter: $changed, first: 1) {
        totalCount
      }
      refused: visits(filter: $refused, first: 1) {
        totalCount
      }
      earlier: visits(filter: $earlier, first: 1) {
        nodes {
          startedAt
        }
      }
    }
  `,
  [ReviewedFields],
);
export type WeekRead = ResultOf<typeof WeekQuery>;

/** The list alone: what "Copy as GraphQL" gives, and what a visit's neighbours are found in. */
export const VisitsQuery = graphql(`
  query Visits($filter: VisitFilterInput!, $order: VisitOrder!, $first: Int!, $after: String) {
    visits(filter: $filter, order: $order, first: $first, after: $after) {
      nodes {
        id
        staffName
        workspaceName
        caseRef
        startedAt
        endedAt
        endCause
        viewedCount
        changedCount
        refusedCount
      }
      pageInfo {
        endCursor
        hasNextPage
      }
      totalCount
    }
  }
`);

export const ReviewedVisitQuery = graphql(
  `
    query ReviewedVisit($id: ID!, $minPosition: String) {
      node(id: $id, minPosition: $minPosition) {
        __typename
        ... on Session {
          ...ReviewedFields
        }
      }
    }
  `,
  [ReviewedFields],
);

/** What the vendor declared: pages by their names, and the areas that they are in. */
export const CatalogueQuery = graphql(`
  query ReviewedCatalogue {
    catalogue {
      areas {
        id
        label
      }
      pages {
        id
        label
        area
      }
      fields {
        id
        mask
      }
      jobs {
        id
        label
      }
    }
  }
`);
export type Declared = ResultOf<typeof CatalogueQuery>['catalogue'];

export const WorkspacesQuery = graphql(`
  query ReviewedWorkspaces {
    workspaces(first: 100) {
      nodes {
        id
        name
      }
    }
  }
`);
export type Workspaces = ResultOf<typeof WorkspacesQuery>['workspaces']['nodes'];
