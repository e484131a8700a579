import type { Actor } from '@gatebook/protocol';
import { PRESETS } from '../policy/presets.ts';
import type { Wanted } from '../request/request.ts';
import { factVersion, type DomainFact } from '../facts.ts';
import type { FactMetadata, StoredFact } from '#event-log/envelope';

/** The example of a kind of fact, as the log would give it back. */
type ExampleOf<Type extends DomainFact['type']> = StoredFact<Type, Extract<DomainFact, { type: Type }>['data']>;

const WS = 'ws_01kahg00000e008000000000w1';
const MARIA = 'mem_01kahg00000e008000000000m1';
const SAM = 'stf_01kahg00000e008000000000s1';
const JONAS = 'stf_01kahg00000e008000000000s2';
const CASE = 'case_01kahg00000e008000000000c1';
const SESSION = 'ses_01kahg00000e008000000000v1';
const REQUEST = 'req_01kahg00000e008000000000r1';
const GRANT = 'gr_01kahg00000e008000000000r1';
const ACTION = 'act_01kahg00000e008000000000a1';
const DIGEST = `sha256:${'5eed'.repeat(16)}`;
const PRODUCT = 'prd_01kahg00000e008000000000p1';

const member: Actor = { kind: 'member', id: MARIA };
const staff: Actor = { kind: 'staff', id: SAM };
const product: Actor = { kind: 'product', id: PRODUCT };
const system: Actor = { kind: 'system', id: 'clock' };
const operator: Actor = { kind: 'operator', id: 'operator' };

const BOOK = `workspace-${WS}`;
const STAFF = `staff-${SAM}`;

function example<Type extends DomainFact['type']>(
  stream: string,
  time: string,
  actor: Actor,
  type: Type,
  data: ExampleOf<Type>['data'],
  more: Partial<FactMetadata> = {},
): ExampleOf<Type> {
  // From the name alone: another example more or less must not change those that stand in the golden files.
  const digits = digitsOf(type);
  // What the clock ended was asked for by no command.
  const asked = actor !== system && {
    commandId: `019aa300-0000-7000-8001-0000${digits}`,
    commandDigest: `sha256:${digits.repeat(8)}`,
  };
  return {
    id: `019aa300-0000-7000-8000-0000${digits}`,
    type,
    data,
    metadata: {
      schemaVersion: factVersion(type),
      time: `2026-11-23T${time}.000Z`,
      actor,
      ...asked,
      $correlationId: 'sessionId' in data && data.sessionId !== null ? String(data.sessionId) : stream,
      codec: 'plain',
      ...more,
    },
    stream,
    revision: 4,
    position: '00000000000000000017',
    recordedAt: Date.parse(`2026-11-23T${time}.004Z`),
  };
}

/** Eight hexadecimal digits made of a name (FNV-1a, 32 bits). */
function digitsOf(name: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

const WANTED: Wanted = {
  pages: ['billing', 'invoice'],
  action: { name: 'invoice.retrySync', label: 'retry the failed sync of INV-88', target: 'INV-88', digest: DIGEST },
  field: null,
  minutes: 30,
  can: ['retry the failed sync of INV-88, once', 'open Billing', 'open Invoice'],
  cannot: ['change anything else', 'open Customer'],
};

/** One example of each kind of fact, in the order of the fact catalogue; one visit, from first to last. */
export const EXAMPLES: { readonly [Type in DomainFact['type']]: ExampleOf<Type> } = {
  WorkspaceRegistered: example(BOOK, '09:00:00', product, 'WorkspaceRegistered', {
    workspaceId: WS,
    externalId: 'harbour-dental',
    product: PRODUCT,
    name: 'Harbour Dental',
  }),
  WorkspaceClosed: example(BOOK, '18:00:00', product, 'WorkspaceClosed', { workspaceId: WS }),
  MemberRoleChanged: example(BOOK, '09:00:01', product, 'MemberRoleChanged', {
    memberId: MARIA,
    externalId: 'user-1',
    person: { issuer: 'https://members.example', subject: 'maria' },
    role: 'owner',
    personal: { subject: MARIA, name: 'Maria Lopez', email: 'maria@harbour.example' },
  }),
  CaseOpened: example(BOOK, '09:10:00', product, 'CaseOpened', {
    caseId: CASE,
    caseRef: 'CASE-123',
    personal: { subject: CASE, title: 'Invoices have not synced since Tuesday' },
  }),
  CaseClosed: example(BOOK, '12:00:00', product, 'CaseClosed', {
    caseId: CASE,
    caseRef: 'CASE-123',
    graceMinutes: 5,
  }),
  CaseMerged: example(BOOK, '10:12:00', product, 'CaseMerged', {
    caseId: CASE,
    caseRef: 'CASE-123',
    intoCaseId: 'case_01kahg00000e008000000000c2',
    intoCaseRef: 'CASE-124',
  }),
  CaseReassigned: example(BOOK, '10:15:00', product, 'CaseReassigned', {
    caseId: CASE,
    caseRef: 'CASE-123',
    staffId: SAM,
  }),
  PlanChanged: example(BOOK, '09:00:02', product, 'PlanChanged', { plan: 'business' }),
  StaffAccessEnabled: example(BOOK, '09:30:00', member, 'StaffAccessEnabled', {
    until: null,
    memberId: MARIA,
    withoutAreas: ['team'],
    onlyCase: CASE,
    policyRevision: 0,
    personal: { subject: MARIA, name: 'Maria Lopez' },
  }),
  StaffAccessDisabled: example(BOOK, '10:20:00', member, 'StaffAccessDisabled', {
    cause: 'owner',
    at: '2026-11-23T10:20:00.000Z',
    memberId: MARIA,
    personal: { subject: MARIA, name: 'Maria Lopez' },
  }),
  WorkspacePolicyTightened: example(BOOK, '09:45:00', member, 'WorkspacePolicyTightened', {
    memberId: MARIA,
    set: { 'session.capMinutes': 30, 'approval.asked': { 'every session': 'customer' } },
    cleared: ['consent.windowMinutes'],
    policyRevision: 0,
    personal: { subject: MARIA, name: 'Maria Lopez' },
  }),
  AccessRequested: example(BOOK, '09:40:00', staff, 'AccessRequested', {
    requestId: REQUEST,
    staffId: SAM,
    person: { issuer: 'https://staff.example', subject: 'sam' },
    kind: 'write',
    caseId: null,
    caseRef: null,
    job: 'invoice-sync-retry',
    viewAs: null,
    wanted: WANTED,
    extends: null,
    plannedStart: null,
    triggers: ['every session', 'every write'],
    asks: 'customer',
    lapsesAt: '2026-11-23T21:40:00.000Z',
    digest: DIGEST,
    reliedOn: { policy: 0, catalogue: 1, staff: 2 },
    personal: {
      subject: SAM,
      staffName: 'Sam Reed',
      staffEmail: 'sam@vendor.example',
      reason: 'Failed invoice sync since Tuesday',
      arguments: { force: true },
    },
  }),
  InformationAsked: example(BOOK, '09:42:00', member, 'InformationAsked', {
    requestId: REQUEST,
    by: { kind: 'member', memberId: MARIA },
    digest: DIGEST,
    personal: { subject: MARIA, name: 'Maria Lopez', question: 'Which invoice is it?' },
  }),
  InformationGiven: example(BOOK, '09:43:00', staff, 'InformationGiven', {
    requestId: REQUEST,
    digest: DIGEST,
    personal: { subject: SAM, name: 'Sam Reed', answer: 'INV-88, of last Tuesday' },
  }),
  FirstApprovalGiven: example(BOOK, '09:45:00', member, 'FirstApprovalGiven', {
    requestId: REQUEST,
    by: { kind: 'member', memberId: MARIA },
    granted: WANTED,
    change: null,
    digest: DIGEST,
    personal: { subject: MARIA, name: 'Maria Lopez', email: 'maria@harbour.example', message: null },
  }),
  AccessApproved: example(BOOK, '09:46:00', staff, 'AccessApproved', {
    requestId: REQUEST,
    grantId: GRANT,
    by: { kind: 'staff', staffId: 'stf_01kahg00000e008000000000s2' },
    granted: {
      ...WANTED,
      pages: ['billing'],
      minutes: 15,
      can: ['retry the failed sync of INV-88, once', 'open Billing'],
    },
    change: { removed: ['open Invoice'], added: [], minutes: { from: 30, to: 15 } },
    startBy: '2026-11-23T10:46:00.000Z',
    personal: { subject: 'stf_01kahg00000e008000000000s2', name: 'Lea Brandt', message: 'Billing is enough.' },
  }),
  AccessDeclined: example(BOOK, '09:47:00', member, 'AccessDeclined', {
    requestId: REQUEST,
    by: { kind: 'member', memberId: MARIA },
    personal: { subject: MARIA, name: 'Maria Lopez', message: 'We will do it ourselves.' },
  }),
  AccessWithdrawn: example(BOOK, '09:48:00', staff, 'AccessWithdrawn', {
    requestId: REQUEST,
    cause: 'by the staff member',
  }),
  AccessLapsed: example(BOOK, '21:40:00', system, 'AccessLapsed', {
    requestId: REQUEST,
    cause: 'nobody decided',
    at: '2026-11-23T21:40:00.000Z',
  }),
  ScopeConfirmed: example(BOOK, '09:50:00', staff, 'ScopeConfirmed', {
    requestId: REQUEST,
    grantId: GRANT,
    staffId: SAM,
  }),
  GrantLapsed: example(BOOK, '10:46:00', system, 'GrantLapsed', {
    grantId: GRANT,
    requestId: REQUEST,
    cause: 'not started in time',
    at: '2026-11-23T10:46:00.000Z',
  }),
  ActionAuthorised: example(BOOK, '10:02:00', staff, 'ActionAuthorised', {
    actionId: ACTION,
    sessionId: SESSION,
    grantId: GRANT,
    requestId: REQUEST,
    action: 'invoice.retrySync',
    label: 'retry the failed sync of INV-88',
    target: 'INV-88',
    caseRef: null,
    digest: DIGEST,
    reportBy: '2026-11-23T10:04:00.000Z',
    personal: { subject: 'INV-88', arguments: { force: true } },
  }),
  ActionReported: example(BOOK, '10:02:01', product, 'ActionReported', {
    actionId: ACTION,
    sessionId: SESSION,
    outcome: 'done',
    label: 'retry the failed sync of INV-88',
    caseRef: null,
    fields: ['invoice.syncState'],
    personal: { subject: ACTION, changes: [{ field: 'invoice.syncState', old: 'failed', new: 'synced' }] },
  }),
  FieldRevealed: example(BOOK, '10:03:00', staff, 'FieldRevealed', {
    sessionId: SESSION,
    grantId: GRANT,
    requestId: REQUEST,
    field: 'customer.taxId',
    record: 'cus_81',
  }),
  SessionStarted: example(BOOK, '10:00:00', staff, 'SessionStarted', {
    sessionId: SESSION,
    staffId: SAM,
    caseId: null,
    caseRef: null,
    job: 'invoice-sync',
    mode: 'read',
    pages: ['billing', 'invoice'],
    can: ['open Billing', 'open Invoice'],
    cannot: ['change anything', 'open Customer'],
    plannedEnd: '2026-11-23T11:00:00.000Z',
    idleMinutes: 15,
    pagesPerMinute: 120,
    enterBy: '2026-11-23T10:01:00.000Z',
    approvedBy: { kind: 'switch', memberId: MARIA },
    identityConfirmedAt: '2026-11-23T09:58:00.000Z',
    viewedAs: null,
    reliedOn: { policy: 0, catalogue: 1, staff: 2 },
    personal: {
      subject: SAM,
      staffName: 'Sam Reed',
      staffEmail: 'sam@vendor.example',
      reason: 'Failed invoice sync since Tuesday',
      approverName: 'Maria Lopez',
    },
  }),
  SessionEntered: example(BOOK, '10:00:07', staff, 'SessionEntered', { sessionId: SESSION }),
  AreaEntered: example(BOOK, '10:00:09', staff, 'AreaEntered', {
    sessionId: SESSION,
    area: 'billing',
    label: 'Billing',
  }),
  PageViewed: example(
    BOOK,
    '10:00:09',
    staff,
    'PageViewed',
    {
      sessionId: SESSION,
      page: 'invoice',
      label: 'Invoice INV-88',
      area: 'billing',
      record: 'INV-88',
      masked: ['email', 'last4'],
      input: true,
      catalogueRevision: 1,
      personal: { subject: 'INV-88', title: 'Invoice of Ada Example' },
    },
    { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
  ),
  RowsShown: example(BOOK, '10:00:12', staff, 'RowsShown', {
    sessionId: SESSION,
    view: '019aa300-0000-7000-8000-000000000011',
    page: 'invoice',
    label: 'Invoice INV-88',
    rows: 12,
  }),
  PartClicked: example(BOOK, '10:00:20', staff, 'PartClicked', {
    sessionId: SESSION,
    view: '019aa300-0000-7000-8000-000000000011',
    page: 'invoice',
    label: 'Invoice INV-88',
    part: 'How the total is made',
    input: true,
  }),
  PresenceConfirmed: example(BOOK, '10:14:00', staff, 'PresenceConfirmed', { sessionId: SESSION }),
  SessionEnded: example(BOOK, '10:29:00', system, 'SessionEnded', {
    sessionId: SESSION,
    cause: 'idle',
    at: '2026-11-23T10:29:00.000Z',
  }),
  LogExported: example(BOOK, '10:45:00', member, 'LogExported', {
    memberId: MARIA,
    format: 'csv',
    filter: { marks: ['viewed', 'refused'], from: '2026-11-01T00:00:00.000Z' },
    lines: 12,
    upTo: '00000000000000000016',
    personal: { subject: MARIA, name: 'Maria Lopez', search: 'invoice' },
  }),
  StaffEnabled: example(STAFF, '08:00:00', operator, 'StaffEnabled', {
    staffId: SAM,
    person: { issuer: 'https://staff.example', subject: 'sam' },
    roles: ['agent', 'lead'],
    personal: { subject: SAM, name: 'Sam Reed', email: 'sam@vendor.example' },
  }),
  StaffDisabled: example(STAFF, '17:00:00', operator, 'StaffDisabled', { staffId: SAM }),
  StaffSeatTaken: example(STAFF, '10:00:00', staff, 'StaffSeatTaken', {
    staffId: SAM,
    sessionId: SESSION,
    workspaceId: WS,
    until: '2026-11-23T11:00:00.000Z',
  }),
  StaffSeatReleased: example(STAFF, '10:29:00', system, 'StaffSeatReleased', { staffId: SAM, sessionId: SESSION }),
  PolicyChanged: example('installation', '07:00:00', operator, 'PolicyChanged', {
    policy: PRESETS['per-ticket'],
  }),
  CatalogueChanged: example('installation', '07:00:01', operator, 'CatalogueChanged', {
    catalogue: {
      areas: { billing: 'Billing', inbox: 'Inbox' },
      pages: {
        billing: { label: 'Billing', area: 'billing', class: 'view' },
        customer: { label: 'Customer {name}', area: 'inbox', class: 'sensitive', rows: 1 },
      },
      actions: {
        'invoice.retrySync': {
          label: 'retry the failed sync of {target}',
          area: 'billing',
          class: 'change',
          target: 'invoice',
        },
      },
      fields: { 'customer.email': { mask: 'email' } },
      jobs: { 'invoice-sync': { label: 'Failed invoice sync', pages: ['billing'], actions: [], mode: 'read' } },
    },
  }),
  AttemptDenied: example(`denials-${WS}`, '10:05:00', staff, 'AttemptDenied', {
    attempt: { command: 'ViewPage', label: 'open Customer', page: 'customer', record: 'cus_81' },
    rule: 'pageIsViewable',
    because: 'This page holds sensitive data and is not open in this visit.',
    instead: null,
    sessionId: SESSION,
    count: 1,
    since: '2026-11-23T10:05:00.000Z',
    personal: { subject: SAM, name: 'Sam Reed' },
  }),
  DenialsReviewed: example(`reviews-${SAM}`, '16:00:00', { kind: 'staff', id: JONAS }, 'DenialsReviewed', {
    personId: SAM,
    rule: 'pageIsViewable',
    upTo: '00000000000000000017',
    verdict: 'somebody to help',
    by: JONAS,
    personal: { subject: JONAS, name: 'Jonas Weber', note: 'Sam looks for invoices under customers.' },
  }),
};
