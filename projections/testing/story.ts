import type { Actor } from '@gatebook/protocol';
import { emptyCatalogue } from '#domain/catalogue/catalogue';
import { toInstant } from '#domain/fact';
import { factVersion, type DomainFact } from '#domain/facts';
import { defaultPolicy } from '#domain/policy/policy';
import { envelopeWith, type Envelope, type Fact, type StoredFact } from '#event-log/envelope';
import type { EventLog, RecordedFact } from '#event-log/port';

/** A fact and the stream that it goes to. */
export interface ToldFact {
  readonly stream: string;
  readonly fact: Fact;
}

/** The story begins at this instant unless told otherwise. */
export const STORY_BEGINS = Date.parse('2026-11-21T09:00:00.000Z');

export interface StoryOptions {
  /** Tells stories apart: their ids, names and cases end in it. */
  readonly n?: number;
  readonly begins?: number;
  /** How many pages are viewed beside the two of the story. */
  readonly morePages?: number;
  /** Where it stops: `inside` leaves the visit running. */
  readonly until?: 'inside' | 'off';
}

const PEOPLE = 'https://members.example';
const STAFF = 'https://staff.example';
export const envelope: Envelope = envelopeWith();

/** Who and what is in story number `n`. */
export function castOf(n: number) {
  const end = String(n).padStart(26, '0');
  return {
    workspace: `ws_${end}`,
    maria: `mem_1${end.slice(1)}`,
    adam: `mem_2${end.slice(1)}`,
    sam: `stf_${end}`,
    supportCase: `case_${end}`,
    session: `ses_${end}`,
  } as const;
}

/** Two members, a refusal, staff access on, a visit with two pages and a refusal, staff access off. */
export function story({ n = 1, begins = STORY_BEGINS, morePages = 0, until = 'off' }: StoryOptions = {}): ToldFact[] {
  const { workspace, maria, adam, sam, supportCase, session } = castOf(n);
  const book = `workspace-${workspace}`;
  const told: ToldFact[] = [];
  const product: Actor = { kind: 'product', id: 'prd_fernway' };
  const asMaria: Actor = { kind: 'member', id: maria };
  const asSam: Actor = { kind: 'staff', id: sam };

  const tell = (stream: string, minute: number, actor: Actor, fact: DomainFact) => {
    const number = (n * 1_000_000 + told.length).toString(16).padStart(12, '0');
    const metadata = {
      schemaVersion: factVersion(fact.type),
      time: toInstant(begins + minute * 60_000),
      actor,
      $correlationId: session,
      codec: envelope.codec,
    };
    told.push({ stream, fact: { id: `0199aa00-0000-7000-8000-${number}`, ...fact, metadata } });
  };
  const member = (memberId: `mem_${string}`, name: string, role: 'owner' | 'agent'): DomainFact => ({
    type: 'MemberRoleChanged',
    data: {
      memberId,
      externalId: name.toLowerCase(),
      person: { issuer: PEOPLE, subject: `${name.toLowerCase()}-${n}` },
      role,
      personal: { subject: memberId, name, email: `${name.toLowerCase()}@acme${n}.example` },
    },
  });
  const viewed = (page: string, label: string, input = true): DomainFact => ({
    type: 'PageViewed',
    data: { sessionId: session, page, label, area: null, record: null, masked: [], input, catalogueRevision: 1 },
  });
  const denied = (
    label: string,
    rule: 'staffAccessIsOn' | 'pageIsInScope' | 'memberBelongsHere',
    because: string,
    inside: boolean,
    count = 1,
  ): DomainFact => ({
    type: 'AttemptDenied',
    data: {
      attempt: { command: 'ViewPage', label },
      rule,
      because,
      instead: null,
      sessionId: inside ? session : null,
      count,
      since: toInstant(begins),
      personal: { subject: sam, name: 'Sam Lee' },
    },
  });

  if (n === 1) {
    const operator: Actor = { kind: 'operator', id: 'start' };
    tell('installation', 0, operator, { type: 'PolicyChanged', data: { policy: defaultPolicy } });
    const areas = { billing: 'Billing', inbox: 'Inbox' };
    tell('installation', 0, operator, { type: 'CatalogueChanged', data: { catalogue: { ...emptyCatalogue, areas } } });
  }
  tell(book, 0, product, {
    type: 'WorkspaceRegistered',
    data: { workspaceId: workspace, externalId: `acme-${n}`, product: 'fernway', name: `Acme ${n}` },
  });
  tell(book, 0, product, member(maria, 'Maria', 'owner'));
  tell(book, 0, product, member(adam, 'Adam', 'agent'));
  tell(book, 1, product, {
    type: 'CaseOpened',
    data: { caseId: supportCase, caseRef: `CASE-${n}`, personal: { subject: supportCase, title: 'No invoices' } },
  });
  tell(`staff-${sam}`, 1, product, {
    type: 'StaffEnabled',
    data: {
      staffId: sam,
      person: { issuer: STAFF, subject: `sam-${n}` },
      roles: ['agent'],
      personal: { subject: sam, name: 'Sam Lee', email: 'sam.lee@fernway.example' },
    },
  });
  const off = 'Staff access to this workspace is off.';
  tell(`denials-${workspace}`, 2, asSam, denied(`start a visit for CASE-${n}`, 'staffAccessIsOn', off, false));
  const nowhere = 'There is no such workspace.';
  tell(`denials-${sam}`, 3, asSam, denied('turn staff access on', 'memberBelongsHere', nowhere, false));
  tell(book, 10, asMaria, {
    type: 'StaffAccessEnabled',
    data: {
      until: toInstant(begins + 24 * 60 * 60_000),
      memberId: maria,
      withoutAreas: ['inbox'],
      onlyCase: null,
      policyRevision: 0,
      personal: { subject: maria, name: 'Maria' },
    },
  });
  const plannedEnd = toInstant(begins + 72 * 60_000);
  tell(`staff-${sam}`, 12, asSam, {
    type: 'StaffSeatTaken',
    data: { staffId: sam, sessionId: session, workspaceId: workspace, until: plannedEnd },
  });
  tell(book, 12, asSam, {
    type: 'SessionStarted',
    data: {
      sessionId: session,
      staffId: sam,
      caseId: supportCase,
      caseRef: `CASE-${n}`,
      job: null,
      mode: 'read',
      pages: ['billing', 'dashboard'],
      can: ['open Billing'],
      cannot: ['change anything'],
      plannedEnd,
      idleMinutes: 15,
      pagesPerMinute: 120,
      enterBy: toInstant(begins + 13 * 60_000),
      approvedBy: { kind: 'switch', memberId: maria },
      identityConfirmedAt: toInstant(begins + 11 * 60_000),
      viewedAs: null,
      reliedOn: { policy: 0, catalogue: 1, staff: 0 },
      personal: {
        subject: sam,
        staffName: 'Sam Lee',
        staffEmail: 'sam.lee@fernway.example',
        reason: 'Failed invoice sync since Tuesday',
        approverName: 'Maria',
      },
    },
  });
  tell(book, 12.5, asSam, { type: 'SessionEntered', data: { sessionId: session } });
  tell(book, 13, asSam, { type: 'AreaEntered', data: { sessionId: session, area: 'billing', label: 'Billing' } });
  tell(book, 13, asSam, viewed('billing', 'Billing'));
  tell(
    `denials-${workspace}`,
    14,
    asSam,
    denied('open Customers', 'pageIsInScope', 'This page is not in scope.', true, 3),
  );
  tell(book, 15, asSam, viewed('dashboard', 'Dashboard', false));
  for (let page = 0; page < morePages; page++) tell(book, 15, asSam, viewed('billing', `Invoice ${page}`));
  tell(book, 16, asSam, { type: 'PresenceConfirmed', data: { sessionId: session } });
  if (until === 'inside') return told;
  const at = toInstant(begins + 20 * 60_000);
  tell(book, 20, asMaria, {
    type: 'StaffAccessDisabled',
    data: { cause: 'owner', at, memberId: maria, personal: { subject: maria, name: 'Maria' } },
  });
  tell(book, 20, asMaria, { type: 'SessionEnded', data: { sessionId: session, cause: 'revoked', at } });
  tell(
    `staff-${sam}`,
    20,
    { kind: 'system', id: 'desk' },
    {
      type: 'StaffSeatReleased',
      data: { staffId: sam, sessionId: session },
    },
  );
  return told;
}

/** The facts as a log gives them back that holds nothing else; each recorded 50 ms after it was decided. */
export function placed(told: readonly ToldFact[]): StoredFact[] {
  const heads = new Map<string, number>();
  return told.map(({ stream, fact }, at) => {
    const revision = (heads.get(stream) ?? -1) + 1;
    heads.set(stream, revision);
    const position = String(at + 1).padStart(20, '0');
    return { ...fact, stream, revision, position, recordedAt: Date.parse(fact.metadata.time) + 50 };
  });
}

export function recorded(facts: readonly StoredFact[]): RecordedFact[] {
  return facts.map((fact) => {
    const { stream, revision, position, recordedAt } = fact;
    return { ...envelope.encode(fact), stream, revision, position, recordedAt };
  });
}

/** Appends the story to a log, fact by fact; returns the last one's position. */
export async function appendStory(log: EventLog, told: readonly ToldFact[]): Promise<string> {
  let position = '';
  for (const { stream, fact } of told) ({ position } = await log.append(stream, 'any', [envelope.encode(fact)]));
  return position;
}
