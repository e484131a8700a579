/** Facts as a service writes them, in any number: for logs that are written in one go, without a decision. */
import {
  typedId,
  type CaseId,
  type MemberId,
  type SessionId,
  type StaffId,
  type WorkspaceId,
} from '@gatebook/protocol';
import type { BookFact } from '#domain/book/book';
import { toInstant } from '#domain/fact';
import { factVersion } from '#domain/facts';
import { envelopeWith } from '#event-log/envelope';
import { MAX_APPEND_FACTS, type EventLog, type NewFact } from '#event-log/port';

const envelope = envelopeWith();
export const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Nothing of a bench runs out while it runs. */
const VISIT_MINUTES = 12 * 60;
const PAGES = ['dashboard', 'billing', 'invoice', 'inquiry', 'team'];

let serial = 0;
/** A UUIDv7 of one instant; no two are the same. */
export function newUuid(time: number): string {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${(serial++).toString(16).padStart(12, '0')}`;
}

export const staffIdOf = (number: number, epoch: number): StaffId => typedId('stf', uuidOf(number, epoch));
export const workspaceIdOf = (number: number, epoch: number): WorkspaceId => typedId('ws', uuidOf(number, epoch));
export const sessionIdOf = (number: number, epoch: number): SessionId => typedId('ses', uuidOf(number, epoch));

function uuidOf(number: number, epoch: number): string {
  const hex = epoch.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-9000-${number.toString(16).padStart(12, '0')}`;
}

export function encoded(fact: BookFact, time: number, by: 'product' | StaffId, correlation: string): NewFact {
  const commanded = fact.type === 'SessionStarted' || fact.type === 'StaffAccessEnabled';
  const commandId = newUuid(time);
  return envelope.encode({
    ...fact,
    id: newUuid(time),
    metadata: {
      schemaVersion: factVersion(fact.type),
      time: toInstant(time),
      actor: by === 'product' ? { kind: 'product', id: 'bench' } : { kind: 'staff', id: by },
      ...(commanded && { commandId, commandDigest: `sha256:${commandId.replaceAll('-', '').repeat(2)}` }),
      $correlationId: correlation,
      ...(commanded && { $causationId: commandId }),
      codec: 'plain',
    },
  });
}

/** A workspace with its owner and a case; staff access is on. */
export function opening(number: number, epoch: number): BookFact[] {
  const memberId = memberOf(number, epoch);
  const name = `Owner ${number}`;
  return [
    {
      type: 'WorkspaceRegistered',
      data: {
        workspaceId: workspaceIdOf(number, epoch),
        externalId: `customer-${number}`,
        product: 'bench',
        name: `Customer ${number}`,
      },
    },
    {
      type: 'MemberRoleChanged',
      data: {
        memberId,
        externalId: `owner-${number}`,
        person: { issuer: 'https://members.example.test', subject: `owner-${number}` },
        role: 'owner',
        personal: { subject: memberId, name, email: `owner-${number}@customer.example` },
      },
    },
    {
      type: 'CaseOpened',
      data: {
        caseId: caseOf(number, epoch),
        caseRef: 'CASE-1',
        personal: { subject: caseOf(number, epoch), title: 'Failed invoice sync' },
      },
    },
    {
      type: 'StaffAccessEnabled',
      data: {
        until: toInstant(epoch + 20 * DAY),
        memberId,
        withoutAreas: [],
        onlyCase: null,
        policyRevision: 0,
        personal: { subject: memberId, name },
      },
    },
  ];
}

/** A visit begins. */
export function start(workspace: number, session: number, staff: number, epoch: number, at = epoch): BookFact {
  const staffId = staffIdOf(staff, epoch);
  return {
    type: 'SessionStarted',
    data: {
      sessionId: sessionIdOf(session, epoch),
      staffId,
      caseId: caseOf(workspace, epoch),
      caseRef: 'CASE-1',
      job: null,
      mode: 'read',
      pages: PAGES,
      can: PAGES.map((page) => `open ${page}`),
      cannot: ['change anything', 'open API keys', 'open the customer portal'],
      plannedEnd: toInstant(at + VISIT_MINUTES * MINUTE),
      idleMinutes: VISIT_MINUTES,
      pagesPerMinute: 100_000,
      enterBy: toInstant(at + MINUTE),
      approvedBy: { kind: 'switch', memberId: memberOf(workspace, epoch) },
      identityConfirmedAt: toInstant(at - MINUTE),
      viewedAs: null,
      reliedOn: { policy: 0, catalogue: 0, staff: 0 },
      personal: {
        subject: staffId,
        staffName: `Staff ${session}`,
        staffEmail: `staff-${session}@vendor.example`,
        reason: 'Failed invoice sync since Tuesday',
        approverName: `Owner ${workspace}`,
      },
    },
  };
}

export const enter = (session: number, epoch: number): BookFact => ({
  type: 'SessionEntered',
  data: { sessionId: sessionIdOf(session, epoch) },
});

export function view(session: number, number: number, epoch: number): BookFact {
  const page = PAGES[number % PAGES.length]!;
  return {
    type: 'PageViewed',
    data: {
      sessionId: sessionIdOf(session, epoch),
      page,
      label: `${page} R${number}`,
      area: null,
      record: `R${number}`,
      masked: ['email', 'last4'],
      input: true,
      catalogueRevision: 0,
    },
  };
}

export const exit = (session: number, epoch: number, at: number): BookFact => ({
  type: 'SessionEnded',
  data: { sessionId: sessionIdOf(session, epoch), cause: 'exited', at: toInstant(at) },
});

const memberOf = (workspace: number, epoch: number): MemberId => typedId('mem', uuidOf(workspace, epoch));
const caseOf = (workspace: number, epoch: number): CaseId => typedId('case', uuidOf(workspace, epoch));

/** Writes into streams that nobody else writes to; what is handed over in one turn shares a flush. */
export class Filling {
  readonly #log: EventLog;
  readonly #revisions = new Map<string, number>();
  #turn: Promise<unknown>[] = [];
  #facts = 0;
  count = 0;

  constructor(log: EventLog) {
    this.#log = log;
  }

  async add(stream: string, facts: readonly NewFact[]): Promise<void> {
    for (let from = 0; from < facts.length; from += MAX_APPEND_FACTS) {
      const some = facts.slice(from, from + MAX_APPEND_FACTS);
      const last = this.#revisions.get(stream);
      this.#revisions.set(stream, (last ?? -1) + some.length);
      this.#turn.push(this.#log.append(stream, last ?? 'none', some));
      this.#facts += some.length;
      this.count += some.length;
      if (this.#facts >= 5000) await this.done();
    }
  }

  async done(): Promise<void> {
    const turn = this.#turn;
    this.#turn = [];
    this.#facts = 0;
    await Promise.all(turn);
  }

  revisionOf(stream: string): number {
    return this.#revisions.get(stream) ?? -1;
  }
}
