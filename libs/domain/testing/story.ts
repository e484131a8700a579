import type {
  CaseId,
  GrantId,
  MemberId,
  MemberRole,
  RequestId,
  SessionId,
  StaffId,
  WorkspaceId,
} from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { Person } from '../book/context.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { newInstallation, type Installation } from '../installation/installation.ts';
import type { GrantFact } from '../grant/grant.ts';
import type { RequestFact, Wanted } from '../request/request.ts';
import type { SessionFact } from '../session/session.ts';
import { digest } from './digest.ts';
import type { KnobName } from '../policy/knobs.ts';
import type { Tightening } from '../policy/tighten.ts';
import type { StaffAccessFact } from '../staff-access/staff-access.ts';
import { unknownStaff, type StaffMember } from '../staff/staff.ts';

/** The made-up day of the specs; `10:00`, `10:00:30` and `10:00:30.500` are moments of it, `1d 10:00` of the day after. */
export function clock(text: string): number {
  const [, days = '0', time] = /^(?:(\d+)d )?(.+)$/.exec(text) ?? [];
  const [hours = '', minutes = '', seconds = '0'] = (time ?? '').split(':');
  const sinceMidnight = (Number(hours) * 60 + Number(minutes)) * 60_000 + Math.round(Number(seconds) * 1000);
  return Date.UTC(2026, 10, 23) + Number(days) * 86_400_000 + sinceMidnight;
}

/** A moment of the day as it stands in a fact. */
export const instantOf = (text: string): string => new Date(clock(text)).toISOString();

const MEMBERS_ISSUER = 'https://members.example';
const STAFF_ISSUER = 'https://staff.example';

export const harbour: WorkspaceId = 'ws_harbour';
export const case123: CaseId = 'case_123';
export const case124: CaseId = 'case_124';
export const samsVisit: SessionId = 'ses_sam';
export const priyasVisit: SessionId = 'ses_priya';
export const samsRequest: RequestId = 'req_sam';
export const samsGrant: GrantId = 'gr_sam';
/** The digest of Sam’s request, as a decider was shown it. */
export const SHOWN = 'sha256:shown';

export interface Persona extends Person {
  readonly memberId: MemberId;
  readonly role: MemberRole;
  readonly name: string;
}

const member = (subject: string, name: string, role: MemberRole): Persona => ({
  memberId: `mem_${subject}`,
  issuer: MEMBERS_ISSUER,
  subject,
  name,
  role,
});

export const maria = member('maria', 'Maria Lopez', 'owner');
export const adam = member('adam', 'Adam Novak', 'admin');
export const mona = member('mona', 'Mona Berg', 'manager');
export const ana = member('ana', 'Ana Silva', 'agent');
export const vic = member('vic', 'Vic Moss', 'viewer');
/** A verified person who is no member of the workspace. */
export const stranger: Person = { issuer: MEMBERS_ISSUER, subject: 'stranger', name: 'Nobody Here' };

const staffMember = (name: string, email: string): StaffMember => ({
  ...unknownStaff,
  phase: 'enabled',
  roles: ['agent'],
  shown: { name, email },
});

export const sam: StaffId = 'stf_sam';
export const priya: StaffId = 'stf_priya';
export const samEnabled = staffMember('Sam Reed', 'sam@vendor.example');
export const priyaEnabled = staffMember('Priya Shah', 'priya@vendor.example');
export const staffPerson = (subject: string): { issuer: string; subject: string } => ({
  issuer: STAFF_ISSUER,
  subject,
});

export const catalogue: Catalogue = {
  areas: { billing: 'Billing', inbox: 'Inbox', team: 'Team' },
  pages: {
    dashboard: { label: 'Dashboard', class: 'view' },
    billing: { label: 'Billing', area: 'billing', class: 'view' },
    invoice: { label: 'Invoice {record}', area: 'billing', class: 'view' },
    inquiry: { label: 'Inquiry {record}', area: 'inbox', class: 'view' },
    team: { label: 'Team', area: 'team', class: 'view' },
    customer: { label: 'Customer {name}', area: 'inbox', class: 'sensitive', rows: 1 },
    keys: { label: 'API keys', class: 'never' },
  },
  actions: {
    'invoice.retrySync': { label: 'retry the failed sync of {target}', area: 'billing', class: 'change' },
    'portal.open': { label: 'open the customer portal', class: 'never' },
  },
  fields: {
    'customer.email': { mask: 'email', pages: ['inquiry'] },
    'card.number': { mask: 'last4' },
    'owner.email': { mask: 'email' },
  },
  jobs: {
    'invoice-sync': { label: 'Failed invoice sync', pages: ['billing', 'invoice'], actions: [], mode: 'read' },
    'invoice-fix': {
      label: 'Mend an invoice',
      pages: ['billing', 'invoice'],
      actions: ['invoice.retrySync'],
      mode: 'edit',
    },
  },
};

export const installation: Installation = { ...newInstallation, catalogue, catalogueRevision: 3, policyRevision: 2 };

export const registered: BookFact = {
  type: 'WorkspaceRegistered',
  data: { workspaceId: harbour, externalId: 'acme-1', product: 'prd_demo', name: 'Harbour Dental' },
};

/** The fact that a person has a role here; `null`: they left. */
export function hasRole({ memberId, issuer, subject, name }: Persona, role: MemberRole | null): BookFact {
  return {
    type: 'MemberRoleChanged',
    data: {
      memberId,
      externalId: `user-${subject}`,
      person: { issuer, subject },
      role,
      personal: { subject: memberId, name, email: `${subject}@harbour.example` },
    },
  };
}

export const case123Opened: BookFact = {
  type: 'CaseOpened',
  data: {
    caseId: case123,
    caseRef: 'CASE-123',
    personal: { subject: case123, title: 'Invoices have not synced' },
  },
};
export const case123Closed: BookFact = {
  type: 'CaseClosed',
  data: { caseId: case123, caseRef: 'CASE-123', graceMinutes: 5 },
};
export const case124Opened: BookFact = {
  type: 'CaseOpened',
  data: { caseId: case124, caseRef: 'CASE-124', personal: { subject: case124, title: 'Wrong tax rate' } },
};

/** The workspace with its five people and one open case; staff access is off, as in every new workspace. */
export const workspaceOpen: readonly BookFact[] = [
  registered,
  ...[maria, adam, mona, ana, vic].map((persona) => hasRole(persona, persona.role)),
  case123Opened,
];

export function accessOn(
  data: Partial<Extract<StaffAccessFact, { type: 'StaffAccessEnabled' }>['data']> = {},
): BookFact {
  return {
    type: 'StaffAccessEnabled',
    data: {
      until: instantOf('1d 09:00'),
      memberId: maria.memberId,
      withoutAreas: [],
      onlyCase: null,
      policyRevision: 2,
      personal: { subject: maria.memberId, name: maria.name },
      ...data,
    },
  };
}

/** Maria set these for the workspace, and went back to the installation's for those. */
export const logExported = {
  type: 'LogExported' as const,
  data: {
    memberId: maria.memberId,
    format: 'csv' as const,
    filter: {},
    lines: 3,
    upTo: null,
    personal: { subject: maria.memberId, name: maria.name },
  },
} satisfies BookFact;

export const tightenedTo = (set: Tightening, cleared: KnobName[] = []): BookFact => ({
  type: 'WorkspacePolicyTightened',
  data: {
    memberId: maria.memberId,
    set,
    cleared,
    policyRevision: 2,
    personal: { subject: maria.memberId, name: maria.name },
  },
});

export const accessOffBy = ({ memberId, name }: Persona, at: string): BookFact => ({
  type: 'StaffAccessDisabled',
  data: { cause: 'owner', at: instantOf(at), memberId, personal: { subject: memberId, name } },
});

type Started = Extract<SessionFact, { type: 'SessionStarted' }>['data'];

/** Sam's visit for CASE-123, started at 10:00 with every page that a read visit may open. */
export function started(data: Partial<Started> = {}): BookFact {
  return {
    type: 'SessionStarted',
    data: {
      sessionId: samsVisit,
      staffId: sam,
      caseId: case123,
      caseRef: 'CASE-123',
      job: null,
      mode: 'read',
      pages: ['dashboard', 'billing', 'invoice', 'inquiry', 'team'],
      can: ['open Dashboard', 'open Billing', 'open Invoice', 'open Inquiry', 'open Team'],
      cannot: [
        'change anything',
        'open Customer',
        'open API keys',
        'retry the failed sync',
        'open the customer portal',
      ],
      plannedEnd: instantOf('11:00'),
      idleMinutes: 15,
      pagesPerMinute: 120,
      rowsInAll: 2000,
      enterBy: instantOf('10:01'),
      approvedBy: { kind: 'switch', memberId: maria.memberId },
      identityConfirmedAt: instantOf('09:58'),
      viewedAs: null,
      reliedOn: { policy: 2, catalogue: 3, staff: 7 },
      personal: {
        subject: sam,
        staffName: 'Sam Reed',
        staffEmail: 'sam@vendor.example',
        reason: 'Failed invoice sync since Tuesday',
        approverName: maria.name,
      },
      ...data,
    },
  };
}

export const entered = (sessionId: SessionId = samsVisit): BookFact => ({
  type: 'SessionEntered',
  data: { sessionId },
});

export function viewed(data: Partial<Extract<SessionFact, { type: 'PageViewed' }>['data']> = {}): BookFact {
  return {
    type: 'PageViewed',
    data: {
      sessionId: samsVisit,
      page: 'dashboard',
      label: 'Dashboard',
      area: null,
      record: null,
      masked: ['email', 'last4'],
      input: true,
      catalogueRevision: 3,
      ...data,
    },
  };
}

/** An open page of Sam's visit shows rows beyond its own line. */
export function rowsShown(
  data: Partial<Extract<SessionFact, { type: 'RowsShown' }>['data']> & { view: string },
): BookFact {
  return {
    type: 'RowsShown',
    data: { sessionId: samsVisit, page: 'dashboard', label: 'Dashboard', rows: 1, ...data },
  };
}

/** Something of an open page of Sam's visit was clicked. */
export function clicked(
  data: Partial<Extract<SessionFact, { type: 'PartClicked' }>['data']> & { view: string },
): BookFact {
  return {
    type: 'PartClicked',
    data: { sessionId: samsVisit, page: 'dashboard', label: 'Dashboard', part: 'Last week', input: true, ...data },
  };
}

export const areaEntered = (area: string, label: string): BookFact => ({
  type: 'AreaEntered',
  data: { sessionId: samsVisit, area, label },
});

export const ended = (
  cause: Extract<SessionFact, { type: 'SessionEnded' }>['data']['cause'],
  at: string,
  sessionId: SessionId = samsVisit,
): BookFact => ({ type: 'SessionEnded', data: { sessionId, cause, at: instantOf(at) } });

export const windowEnded = (at: string): BookFact => ({
  type: 'StaffAccessDisabled',
  data: { cause: 'window ended', at: instantOf(at), memberId: null },
});

type RequestData<Type extends RequestFact['type']> = Extract<RequestFact, { type: Type }>['data'];

const retry = (target: string) => ({
  name: 'invoice.retrySync',
  label: `retry the failed sync of ${target}`,
  target,
  digest: digest({ action: 'invoice.retrySync', target, arguments: {} }),
});

/** What Sam asks for: to retry the sync of one invoice, once, with the pages of billing. */
export const samsWish: Wanted = {
  pages: ['billing', 'invoice'],
  action: retry('INV-88'),
  field: null,
  minutes: 30,
  can: ['retry the failed sync of INV-88, once', 'open Billing', 'open Invoice'],
  cannot: [
    'change anything else',
    'open Dashboard',
    'open Inquiry',
    'open Team',
    'open Customer',
    'open API keys',
    'open the customer portal',
  ],
};

/** Sam asked for it; it waits for the customer until 22:00. */
export function requested(data: Partial<RequestData<'AccessRequested'>> = {}): BookFact {
  return {
    type: 'AccessRequested',
    data: {
      requestId: samsRequest,
      staffId: sam,
      person: staffPerson('sam'),
      kind: 'write',
      caseId: case123,
      caseRef: 'CASE-123',
      job: null,
      viewAs: null,
      wanted: samsWish,
      extends: null,
      plannedStart: null,
      triggers: ['every session', 'every write'],
      asks: 'customer',
      lapsesAt: instantOf('22:00'),
      digest: SHOWN,
      reliedOn: { policy: 2, catalogue: 3, staff: 7 },
      personal: {
        subject: sam,
        staffName: 'Sam Reed',
        staffEmail: 'sam@vendor.example',
        reason: 'Failed invoice sync since Tuesday',
        arguments: null,
      },
      ...data,
    },
  };
}

export function approved(data: Partial<RequestData<'AccessApproved'>> = {}): BookFact {
  return {
    type: 'AccessApproved',
    data: {
      requestId: samsRequest,
      grantId: samsGrant,
      by: { kind: 'member', memberId: maria.memberId },
      granted: samsWish,
      change: null,
      startBy: instantOf('11:00'),
      personal: { subject: maria.memberId, name: maria.name, message: null },
      ...data,
    },
  };
}

/** Maria gave the first of two approvals. */
export const approvedFirst: BookFact = {
  type: 'FirstApprovalGiven',
  data: {
    requestId: samsRequest,
    by: { kind: 'member', memberId: maria.memberId },
    granted: samsWish,
    change: null,
    digest: 'sha256:approved-first',
    personal: { subject: maria.memberId, name: maria.name, email: 'maria@harbour.example', message: null },
  },
};

export const declined: BookFact = {
  type: 'AccessDeclined',
  data: {
    requestId: samsRequest,
    by: { kind: 'member', memberId: maria.memberId },
    personal: { subject: maria.memberId, name: maria.name, message: null },
  },
};

export const questioned: BookFact = {
  type: 'InformationAsked',
  data: {
    requestId: samsRequest,
    by: { kind: 'member', memberId: maria.memberId },
    digest: 'sha256:questioned',
    personal: { subject: maria.memberId, name: maria.name, question: 'Which invoice is it?' },
  },
};

/** Sam came in on the grant, to do the one thing. */
export const startedOnGrant = (data: Partial<Started> = {}): BookFact =>
  started({
    mode: 'write',
    pages: samsWish.pages,
    can: samsWish.can,
    cannot: samsWish.cannot,
    plannedEnd: instantOf('10:30'),
    approvedBy: { kind: 'member', memberId: maria.memberId },
    grantId: samsGrant,
    requestId: samsRequest,
    action: { name: 'invoice.retrySync', label: 'retry the failed sync of INV-88' },
    ...data,
  });

/** What was approved is done now: the grant is spent. */
export function authorised(data: Partial<Extract<GrantFact, { type: 'ActionAuthorised' }>['data']> = {}): BookFact {
  const { name, label, target, digest: of } = retry('INV-88');
  return {
    type: 'ActionAuthorised',
    data: {
      actionId: 'act_one',
      sessionId: samsVisit,
      grantId: samsGrant,
      requestId: samsRequest,
      action: name,
      label,
      target,
      caseRef: 'CASE-123',
      digest: of,
      reportBy: instantOf('10:02:20'),
      personal: { subject: 'INV-88', arguments: null },
      ...data,
    },
  };
}

export const outcomeUnknown: BookFact = {
  type: 'ActionReported',
  data: {
    actionId: 'act_one',
    sessionId: samsVisit,
    outcome: 'unknown',
    label: 'retry the failed sync of INV-88',
    caseRef: 'CASE-123',
    fields: [],
  },
};
