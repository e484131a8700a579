import type { Actor } from '@gatebook/protocol';
import { emptyCatalogue } from '#domain/catalogue/catalogue';
import type { DomainFact } from '#domain/facts';
import type { ExportFact } from '#domain/log-export/log-export';
import { evolveNames, noNames, type Names, type SpokenFact } from '../wording.ts';

const maria: Actor = { kind: 'member', id: 'mem_maria' };
export const sam: Actor = { kind: 'staff', id: 'stf_sam' };
const product: Actor = { kind: 'product', id: 'prd_fernway' };
const clock: Actor = { kind: 'system', id: 'clock' };

export function said(fact: DomainFact, actor: Actor = sam, time = '2026-11-24T14:02:00.000Z'): SpokenFact {
  return { ...fact, metadata: { time, actor } };
}

export const registered = said(
  {
    type: 'WorkspaceRegistered',
    data: { workspaceId: 'ws_acme', externalId: 'acme', product: 'fernway', name: 'Acme' },
  },
  product,
);
export const mariaJoined = said(
  {
    type: 'MemberRoleChanged',
    data: {
      memberId: 'mem_maria',
      externalId: 'u1',
      person: { issuer: 'https://members.example', subject: 'maria' },
      role: 'owner',
      personal: { subject: 'mem_maria', name: 'Maria Ortiz', email: 'maria@acme.example' },
    },
  },
  product,
);
export const samEnabled = said({
  type: 'StaffEnabled',
  data: {
    staffId: 'stf_sam',
    person: { issuer: 'https://staff.example', subject: 'sam' },
    roles: ['agent', 'lead'],
    personal: { subject: 'stf_sam', name: 'Sam Lee', email: 'sam.lee@fernway.example' },
  },
});
export const caseOpened = said(
  {
    type: 'CaseOpened',
    data: { caseId: 'case_123', caseRef: 'CASE-123', personal: { subject: 'case_123', title: 'Invoices don’t sync' } },
  },
  product,
);
export const catalogueChanged = said(
  {
    type: 'CatalogueChanged',
    data: {
      catalogue: {
        ...emptyCatalogue,
        areas: { inbox: 'Inbox', files: 'Files', billing: 'Billing' },
        pages: {
          billing: { label: 'Billing', area: 'billing', class: 'view' },
          team: { label: 'Team', class: 'view' },
        },
        fields: { 'card.number': { mask: 'last4' } },
      },
    },
  },
  { kind: 'operator', id: 'start' },
);
export const started = said({
  type: 'SessionStarted',
  data: {
    sessionId: 'ses_1',
    staffId: 'stf_sam',
    caseId: 'case_123',
    caseRef: 'CASE-123',
    job: null,
    mode: 'read',
    pages: ['billing'],
    can: ['open Billing'],
    cannot: ['change anything'],
    plannedEnd: '2026-11-24T15:02:00.000Z',
    idleMinutes: 15,
    pagesPerMinute: 120,
    enterBy: '2026-11-24T14:03:00.000Z',
    approvedBy: { kind: 'switch', memberId: 'mem_maria' },
    identityConfirmedAt: '2026-11-24T14:01:00.000Z',
    viewedAs: null,
    reliedOn: { policy: 0, catalogue: 1, staff: 0 },
    personal: {
      subject: 'stf_sam',
      staffName: 'Sam Lee',
      staffEmail: 'sam.lee@fernway.example',
      reason: 'Failed invoice sync since Tuesday',
      approverName: 'Maria Ortiz',
    },
  },
});

export const names: Names = [registered, mariaJoined, samEnabled, caseOpened, catalogueChanged, started].reduce(
  evolveNames,
  noNames,
);

export const viewed = (label: string, title?: string): SpokenFact =>
  said({
    type: 'PageViewed',
    data: {
      sessionId: 'ses_1',
      page: 'billing',
      label,
      area: 'billing',
      record: null,
      masked: [],
      input: true,
      catalogueRevision: 1,
      ...(title !== undefined && { personal: { subject: 'cus_81', title } }),
    },
  });

export const shows = (rows: number): SpokenFact =>
  said({ type: 'RowsShown', data: { sessionId: 'ses_1', view: 'view-1', page: 'billing', label: 'Billing', rows } });

export const clicked = (part: string): SpokenFact =>
  said({
    type: 'PartClicked',
    data: { sessionId: 'ses_1', view: 'view-1', page: 'billing', label: 'Billing', part, input: true },
  });

export const ended = (cause: Extract<DomainFact, { type: 'SessionEnded' }>['data']['cause']): SpokenFact =>
  said({ type: 'SessionEnded', data: { sessionId: 'ses_1', cause, at: '2026-11-24T14:17:30.000Z' } });

export const off = (cause: Extract<DomainFact, { type: 'StaffAccessDisabled' }>['data']['cause']): SpokenFact =>
  said(
    {
      type: 'StaffAccessDisabled',
      data: {
        cause,
        at: '2026-11-24T14:20:00.000Z',
        memberId: cause === 'owner' ? 'mem_maria' : null,
        ...(cause === 'owner' && { personal: { subject: 'mem_maria', name: 'Maria Ortiz' } }),
      },
    },
    cause === 'owner' ? maria : clock,
  );

export const enabled = said(
  {
    type: 'StaffAccessEnabled',
    data: {
      until: '2026-11-25T13:50:00.000Z',
      memberId: 'mem_maria',
      withoutAreas: [],
      onlyCase: null,
      policyRevision: 0,
      personal: { subject: 'mem_maria', name: 'Maria Ortiz' },
    },
  },
  maria,
);

export const denied = said({
  type: 'AttemptDenied',
  data: {
    attempt: { command: 'ViewPage', label: 'open Customers', page: 'customers' },
    rule: 'pageIsInScope',
    because: 'This page is not in the scope of this visit.',
    instead: 'A new problem is a new visit, with a new reason.',
    sessionId: 'ses_1',
    count: 1,
    since: '2026-11-24T14:11:00.000Z',
    personal: { subject: 'stf_sam', name: 'Sam Lee' },
  },
});

/** The same fact with other data. */
export function changed(fact: SpokenFact, data: object): SpokenFact {
  return { ...fact, data: { ...(fact.data as object), ...data } };
}

/** Maria took lines of the book along. */
export const logExported = (change: Partial<ExportFact['data']> = {}): SpokenFact =>
  said(
    {
      type: 'LogExported',
      data: {
        ...{ memberId: 'mem_maria', format: 'csv', filter: {}, lines: 12, upTo: '00000000000000000016' },
        personal: { subject: 'mem_maria', name: 'Maria Ortiz' },
        ...change,
      },
    },
    maria,
  );
