import { activeSessionsProjection } from './active-sessions/fold.ts';
import type { activeSessions } from './active-sessions/table.ts';
import { areasProjection } from './areas/fold.ts';
import type { areas } from './areas/table.ts';
import { deadlinesProjection } from './deadlines/fold.ts';
import type { deadlines, seats } from './deadlines/table.ts';
import { denialsProjection } from './denials/fold.ts';
import type { denials } from './denials/table.ts';
import { peopleProjection } from './people/fold.ts';
import type { people } from './people/table.ts';
import { requestsProjection } from './requests/fold.ts';
import type { requests } from './requests/table.ts';
import type { Projection, RowOf } from './runner/table.ts';
import { reviewsProjection } from './reviews/fold.ts';
import type { denialReviews } from './reviews/table.ts';
import { staffAccessProjection } from './staff-access/fold.ts';
import type { staffAccess } from './staff-access/table.ts';
import { visitLogProjection } from './visit-log/fold.ts';
import type { recordings, visitLog, visits } from './visit-log/table.ts';
import { workspacesProjection } from './workspaces/fold.ts';
import type { cases, members, workspaces } from './workspaces/table.ts';

/** Every projection, in the order in which a fact reaches them. A new one is named here and in {@link Schema}. */
export const PROJECTIONS: readonly Projection[] = [
  visitLogProjection,
  activeSessionsProjection,
  staffAccessProjection,
  requestsProjection,
  denialsProjection,
  reviewsProjection,
  deadlinesProjection,
  peopleProjection,
  workspacesProjection,
  areasProjection,
];

/** The tables as queries see them. */
export interface Schema {
  visit_log: RowOf<typeof visitLog>;
  visits: RowOf<typeof visits>;
  recordings: RowOf<typeof recordings>;
  active_sessions: RowOf<typeof activeSessions>;
  staff_access: RowOf<typeof staffAccess>;
  requests: RowOf<typeof requests>;
  denials: RowOf<typeof denials>;
  denial_reviews: RowOf<typeof denialReviews>;
  deadlines: RowOf<typeof deadlines>;
  seats: RowOf<typeof seats>;
  people: RowOf<typeof people>;
  workspaces: RowOf<typeof workspaces>;
  members: RowOf<typeof members>;
  cases: RowOf<typeof cases>;
  areas: RowOf<typeof areas>;
}
