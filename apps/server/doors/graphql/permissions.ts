import { SetMetadata } from '@nestjs/common';
import type { GraphQLSchema } from 'graphql';
import type { MemberRole } from '@gatebook/protocol';

/**
 * Kinds of staff. `visitor`: has a role that policy lets open visits; `approver`: one that it lets decide for the vendor.
 */
export type StaffKind = 'visitor' | 'reviewer' | 'approver';

/** Who may call an operation. Roles are those of today: of members in the book, of staff in the vendor's directory. */
export interface Permission {
  /** Follows "tried to" in the line that a refusal leaves. */
  readonly tries: string;
  /**
   * `decided`: the book's own rules say, and write a refusal down as they do. Roles: the member's role in the workspace
   * that is asked about; `decider`: each role that its settings let decide about requests.
   */
  readonly members: 'anybody' | 'decided' | 'nobody' | readonly (MemberRole | 'decider')[];
  readonly staff: 'anybody' | 'decided' | 'nobody' | readonly StaffKind[];
}

const WHOLE_TEAM = ['owner', 'admin', 'manager', 'agent', 'viewer'] as const;
/** Reads all of the workspace's book. */
export const ANSWERS_FOR_IT: readonly MemberRole[] = ['owner', 'admin', 'manager'];
/** Whoever decides about requests reads those that wait and what they decided, whatever their role (S2-5). */
const READS_REQUESTS = [...ANSWERS_FOR_IT, 'decider'] as const;

/** Every operation's permission, and why it is so. */
export const PERMISSIONS = {
  // What the sign-in says anyway.
  viewer: { tries: 'read who they are', members: 'anybody', staff: 'anybody' },
  // The list holds what the asker may see, and can be empty.
  workspaces: { tries: 'list workspaces', members: 'anybody', staff: 'anybody' },
  // Staff find the workspace that a case is of; they see its name and open cases, nothing of its members.
  workspace: { tries: 'look up a workspace', members: WHOLE_TEAM, staff: ['visitor', 'reviewer'] },
  // Each type behind it has its own permission, asked when the thing is known.
  node: { tries: 'look something up by its id', members: 'anybody', staff: 'anybody' },
  // Everybody in the customer's team may know whether support can come in, and who is inside.
  staffAccess: { tries: 'read whether staff access is on', members: WHOLE_TEAM, staff: ['reviewer'] },
  activeSessions: { tries: 'read who is inside', members: WHOLE_TEAM, staff: ['reviewer'] },
  // What support saw, and what was refused, is for those who answer for the workspace; reviewers check every visit.
  visitLog: { tries: 'read the visit log', members: ANSWERS_FOR_IT, staff: ['reviewer'] },
  visitLogFacets: { tries: 'read who and what the visit log speaks of', members: ANSWERS_FOR_IT, staff: ['reviewer'] },
  endedSessions: { tries: 'read the notes of visits', members: ANSWERS_FOR_IT, staff: ['reviewer'] },
  denials: { tries: 'read what was refused', members: ANSWERS_FOR_IT, staff: ['reviewer'] },
  // What was is for those who may read the lines that it is made of: members of today, not of then.
  workspaceAt: { tries: 'read how the workspace stood', members: ANSWERS_FOR_IT, staff: ['reviewer'] },
  // What is told live is what can be read, by the same people.
  sessionChanged: { tries: 'follow who is inside', members: WHOLE_TEAM, staff: ['reviewer'] },
  staffAccessChanged: { tries: 'follow the switch of staff access', members: WHOLE_TEAM, staff: ['reviewer'] },
  logEntryAppended: { tries: 'follow the visit log', members: ANSWERS_FOR_IT, staff: ['reviewer'] },
  requestChanged: {
    tries: 'follow what is asked for',
    members: READS_REQUESTS,
    staff: ['reviewer', 'approver'],
  },
  myRequestChanged: { tries: 'follow their requests', members: 'nobody', staff: ['visitor', 'reviewer'] },
  vendorRequestChanged: { tries: 'follow what waits for the vendor', members: 'nobody', staff: ['approver'] },
  // Of a staff member's own visit, or as who may follow all; asked when the visit is known.
  accessRevoked: { tries: 'follow the end of a visit', members: 'anybody', staff: 'anybody' },
  mySessionChanged: { tries: 'follow their visit', members: 'nobody', staff: ['visitor', 'reviewer'] },
  // A staff member's own visits and no others.
  myVisits: { tries: 'list their visits', members: 'nobody', staff: ['visitor', 'reviewer'] },
  // The lines of a staff member's own visits, as the customer reads them, and of no others.
  myVisitLog: { tries: 'read the lines of their visit', members: 'nobody', staff: ['visitor', 'reviewer'] },
  // Every visit of every workspace, for those who check them.
  visits: { tries: 'list the visits of everybody', members: 'nobody', staff: ['reviewer'] },
  // What was refused to whom, everywhere, and what is to be made of it, for those who check it.
  denialGroups: { tries: 'read what was refused to everybody', members: 'nobody', staff: ['reviewer'] },
  reviewDenials: { tries: 'review what was refused', members: 'nobody', staff: ['reviewer'] },
  // Refusals of the asker's own attempts, which they were told at once.
  myDenials: { tries: 'list what they were refused', members: 'anybody', staff: 'anybody' },
  // Pages and jobs are the vendor's own words; members see them where they matter, as areas of the switch.
  catalogue: { tries: 'read the catalogue', members: 'nobody', staff: ['visitor', 'reviewer'] },
  // What is in force is no secret of those who live under it: the customer who answers, and staff who come in.
  policy: { tries: 'read the settings', members: ANSWERS_FOR_IT, staff: ['visitor', 'reviewer', 'approver'] },
  // A workspace's own settings are the customer's, as consent is.
  tightenPolicy: { tries: 'change the workspace’s settings', members: 'decided', staff: 'nobody' },
  // Who decides for the vendor may close at once, and open nothing: that is the operator's, by the files.
  changePolicy: { tries: 'change the policy', members: 'nobody', staff: ['approver'] },
  changeCatalogue: { tries: 'change the catalogue', members: 'nobody', staff: ['approver'] },
  // Consent is the customer's: no staff token reaches these, whatever the workspace's books say of its holder (T19, T20).
  enableStaffAccess: { tries: 'turn staff access on', members: 'decided', staff: 'nobody' },
  disableStaffAccess: { tries: 'turn staff access off', members: 'decided', staff: 'nobody' },
  // Who reads the book may take it along; what the vendor takes along is no matter of one customer's book.
  exportLog: { tries: 'export the visit log', members: 'decided', staff: 'nobody' },
  endSession: { tries: 'end a visit', members: 'decided', staff: 'nobody' },
  // Visits are staff members' own.
  startSession: { tries: 'start a visit', members: 'nobody', staff: 'decided' },
  exitSession: { tries: 'exit a visit', members: 'nobody', staff: 'decided' },
  // What was asked for and decided: for those who answer for the workspace or decide; reviewers check it, leads decide.
  accessRequests: { tries: 'read what was asked for', members: READS_REQUESTS, staff: ['reviewer', 'approver'] },
  // What waits for the vendor's second person, wherever it is; the list never holds the asker's own.
  vendorRequests: { tries: 'read what waits for the vendor', members: 'nobody', staff: ['approver'] },
  // A staff member's own requests and no others.
  myRequests: { tries: 'list their requests', members: 'nobody', staff: ['visitor', 'reviewer'] },
  // Asking is staff's own; deciding is for whom the rules name, on both sides.
  requestAccess: { tries: 'ask for access', members: 'nobody', staff: 'decided' },
  giveInformation: { tries: 'answer about a request', members: 'nobody', staff: 'decided' },
  withdrawAccess: { tries: 'take a request back', members: 'nobody', staff: 'decided' },
  confirmScope: { tries: 'confirm a scope', members: 'nobody', staff: 'decided' },
  askForInformation: { tries: 'ask about a request', members: 'decided', staff: 'decided' },
  approveAccess: { tries: 'approve a request', members: 'decided', staff: 'decided' },
  declineAccess: { tries: 'decline a request', members: 'decided', staff: 'decided' },
  confirmPresence: { tries: 'stay in a visit', members: 'nobody', staff: 'decided' },
} as const satisfies Record<string, Permission>;

export type PermissionName = keyof typeof PERMISSIONS;

export const PERMISSION = 'gatebook:permission';
const declared = new Set<string>();

/** Declares which permission a query or mutation needs. An operation without it keeps the service from starting. */
export function May(permission: PermissionName): MethodDecorator {
  return (target, key, descriptor) => {
    declared.add(String(key));
    SetMetadata(PERMISSION, permission)(target, key, descriptor as TypedPropertyDescriptor<unknown>);
  };
}

/** Somebody added an operation and said nothing about who may call it. */
export class PermissionMissing extends Error {
  override readonly name = 'PermissionMissing';
  readonly operations: readonly string[];
  constructor(operations: readonly string[]) {
    super(`These operations declare no permission (@May): ${operations.join(', ')}.`);
    this.operations = operations;
  }
}

/** @throws {PermissionMissing} */
export function ensurePermissions(schema: GraphQLSchema): void {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const missing = roots.flatMap((root) => Object.keys(root?.getFields() ?? {})).filter((name) => !declared.has(name));
  if (missing.length > 0) throw new PermissionMissing(missing);
}
