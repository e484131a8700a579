import type { Actor } from '@gatebook/protocol';
import type { DomainFact } from '#domain/facts';
import type { Names } from './names.ts';
import { sentence, type FormatTime, type Mark, type Piece, type Sentence } from './sentence.ts';

/** Everything beside the fact that a line is made of. */
export interface Around {
  readonly names: Names;
  readonly time: FormatTime;
  readonly actor: Actor;
  /** For whom they acted, where the fact says so: the member as whom they looked. */
  readonly onBehalfOf: Actor | undefined;
  /** When the fact was decided, epoch milliseconds. */
  readonly at: number;
}

/** The mark of a kind of fact, without a sentence; what is unknown is a dot. */
export function markOf(type: string): Mark {
  return MARKS[type as DomainFact['type']] ?? 'dot';
}

const MARKS: Readonly<Record<DomainFact['type'], Mark>> = {
  WorkspaceRegistered: 'dot',
  WorkspaceClosed: 'dot',
  MemberRoleChanged: 'dot',
  CaseOpened: 'dot',
  CaseClosed: 'dot',
  CaseMerged: 'dot',
  CaseReassigned: 'dot',
  PlanChanged: 'dot',
  StaffAccessEnabled: 'dot',
  StaffAccessDisabled: 'dot',
  WorkspacePolicyTightened: 'dot',
  LogExported: 'dot',
  AccessRequested: 'asked',
  InformationAsked: 'asked',
  InformationGiven: 'asked',
  FirstApprovalGiven: 'approved',
  AccessApproved: 'approved',
  AccessDeclined: 'refused',
  AccessWithdrawn: 'dot',
  AccessLapsed: 'dot',
  ScopeConfirmed: 'approved',
  GrantLapsed: 'dot',
  ActionAuthorised: 'changed',
  ActionReported: 'changed',
  FieldRevealed: 'viewed',
  SessionStarted: 'in',
  SessionEntered: 'dot',
  AreaEntered: 'dot',
  PageViewed: 'viewed',
  RowsShown: 'dot',
  PartClicked: 'dot',
  PresenceConfirmed: 'dot',
  SessionEnded: 'out',
  StaffEnabled: 'dot',
  StaffDisabled: 'dot',
  StaffSeatTaken: 'dot',
  StaffSeatReleased: 'dot',
  PolicyChanged: 'dot',
  CatalogueChanged: 'dot',
  AttemptDenied: 'refused',
  DenialsReviewed: 'dot',
};

/** A line with the mark of its fact. */
export function line(fact: DomainFact, pieces: readonly Piece[], detail?: string): Sentence {
  return sentence(MARKS[fact.type], pieces, detail);
}

/** Who is in a visit. */
export function visitorOf(sessionId: string, names: Names): string {
  const session = names.sessions.get(sessionId);
  return session ? (session.staffName ?? staffCalled(session.staffId, names)) : 'A staff member';
}

/** Behind what somebody asks for, is granted or comes in for: as whom they look (S1-4, S3-13); as support, nothing. */
export function viewingAs(memberId: string | null | undefined, names: Names): string {
  return memberId ? `, viewing as ${memberCalled(memberId, names)}` : '';
}

/** Who does something in a visit, with the member as whom they look. */
export function actingOf(sessionId: string, names: Names): string {
  const as = viewingAs(names.sessions.get(sessionId)?.viewedAs, names);
  return `${visitorOf(sessionId, names)}${as === '' ? '' : `${as},`}`;
}

/** What somebody is called: their name, or what they are with their pseudonymous id. */
export function actorCalled(actor: Actor, names: Names): string {
  switch (actor.kind) {
    case 'staff':
      return staffCalled(actor.id, names);
    case 'member':
      return memberCalled(actor.id, names);
    case 'product':
      return 'The product';
    case 'operator':
      return 'An operator';
    case 'system':
      return 'Gatebook';
  }
}

export function staffCalled(id: string, names: Names): string {
  return names.people.get(id) ?? `Staff member ${id}`;
}

export function memberCalled(id: string, names: Names): string {
  return names.people.get(id) ?? `Member ${id}`;
}
