/**
 * A log as a service leaves it after some months, made up from a seed: workspaces, cases, switches, visits with many
 * views, denials. The same seed gives the same facts, byte for byte.
 */
import type { Actor, RuleCode } from '@gatebook/protocol';
import { emptyCatalogue } from '#domain/catalogue/catalogue';
import { toInstant } from '#domain/fact';
import { factVersion, type DomainFact } from '#domain/facts';
import { defaultPolicy } from '#domain/policy/policy';
import { envelopeWith, type Envelope, type FactMetadata } from '#event-log/envelope';
import type { NewFact } from '#event-log/port';

export interface ToldFact {
  readonly stream: string;
  readonly fact: NewFact;
}

export const envelope: Envelope = envelopeWith();

const BEGINS = Date.parse('2026-06-01T08:00:00.000Z');
/** So many facts a workspace gathers on average; with it the streams grow with the log. */
const FACTS_PER_WORKSPACE = 1000;
/** So many workspaces have something going on at a time. */
const AT_ONCE = 50;
const STAFF = 60;
const REASONS = [
  'Failed invoice sync since Tuesday',
  'The customer sees two plans on one bill',
  'Import of contacts stops at row 4,000',
  'Sign-in loop after the domain was moved',
];
const AREAS = { billing: 'Billing', inbox: 'Inbox', reports: 'Reports', settings: 'Settings' } as const;
const RULES: readonly RuleCode[] = ['staffAccessIsOn', 'pageIsInScope', 'memberBelongsHere'];

/** Facts in the order of the log: `count` of them, the story cut off wherever it then stands. */
export function* longStory(count: number, seed = 1): Generator<ToldFact, void, undefined> {
  const teller = new Teller(seed);
  const told = teller.all(count);
  for (let left = count; left > 0; left--) {
    const { value, done } = told.next();
    if (done) return;
    yield value;
  }
}

/** mulberry32: a small generator of numbers in [0, 1), enough to spread a story. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface StaffMember {
  readonly id: `stf_${string}`;
  readonly name: string;
}

class Teller {
  readonly #random: () => number;
  #now = BEGINS;

  constructor(seed: number) {
    this.#random = numbersFrom(seed);
  }

  /** Many workspaces' stories, woven into each other. */
  *all(count: number): Generator<ToldFact, void, undefined> {
    const operator: Actor = { kind: 'operator', id: 'start' };
    const catalogue = { ...emptyCatalogue, areas: AREAS };
    yield this.#tell('installation', operator, { type: 'PolicyChanged', data: { policy: defaultPolicy } });
    yield this.#tell('installation', operator, { type: 'CatalogueChanged', data: { catalogue } });
    const staff = Array.from({ length: STAFF }, (_, at): StaffMember => ({
      id: this.#id('stf'),
      name: `Sam Lee ${at}`,
    }));
    for (const { id, name } of staff) {
      const person = { issuer: 'https://staff.example', subject: id.slice(4) };
      const personal = { subject: id, name, email: `${id.slice(-6)}@fernway.example` };
      yield this.#tell(`staff-${id}`, PRODUCT, {
        type: 'StaffEnabled',
        data: { staffId: id, person, roles: ['agent'], personal },
      });
    }
    const workspaces = Math.max(1, Math.ceil(count / FACTS_PER_WORKSPACE));
    const all = Array.from({ length: workspaces }, (_, at) => this.#workspace(at, staff));
    for (;;) {
      // Those going on change little by little, so that every workspace has its days.
      const from = Math.floor(this.#random() * workspaces);
      for (let step = 0; step < AT_ONCE * 20; step++) {
        this.#now += Math.floor(this.#random() * 200);
        const next = all[(from + Math.floor(this.#random() * Math.min(AT_ONCE, workspaces))) % workspaces]?.next();
        if (next && !next.done) yield next.value;
      }
    }
  }

  *#workspace(at: number, staff: readonly StaffMember[]): Generator<ToldFact, void, undefined> {
    const workspace = this.#id('ws');
    const book = `workspace-${workspace}`;
    const members = ['Maria', 'Adam', 'Ines'].map((name) => ({ id: this.#id('mem'), name }));
    const [owner] = members as [(typeof members)[number]];
    yield this.#tell(book, PRODUCT, {
      type: 'WorkspaceRegistered',
      data: { workspaceId: workspace, externalId: `acme-${at}`, product: 'fernway', name: `Acme ${at}` },
    });
    for (const [place, { id, name }] of members.entries()) {
      const person = { issuer: 'https://members.example', subject: `${name.toLowerCase()}-${at}` };
      const personal = { subject: id, name, email: `${name.toLowerCase()}@acme${at}.example` };
      yield this.#tell(book, PRODUCT, {
        type: 'MemberRoleChanged',
        data: { memberId: id, externalId: `u-${at}-${place}`, person, role: place === 0 ? 'owner' : 'agent', personal },
      });
    }
    for (let number = 1; ; number++) {
      const caseId = this.#id('case');
      const caseRef = `CASE-${at}-${number}`;
      const personal = { subject: caseId, title: 'No invoices since the move' };
      yield this.#tell(book, PRODUCT, { type: 'CaseOpened', data: { caseId, caseRef, personal } });
      const asOwner: Actor = { kind: 'member', id: owner.id };
      const sam = this.#one(staff);
      if (this.#random() < 0.5) yield this.#denied(`denials-${workspace}`, sam, `start a visit for ${caseRef}`, null);
      if (this.#random() < 0.1) yield this.#denied(`denials-${sam.id}`, sam, 'turn staff access on', null);
      yield this.#tell(book, asOwner, {
        type: 'StaffAccessEnabled',
        data: {
          until: toInstant(this.#now + 24 * 3_600_000),
          memberId: owner.id,
          withoutAreas: this.#random() < 0.2 ? ['settings'] : [],
          onlyCase: null,
          policyRevision: 0,
          personal: { subject: owner.id, name: owner.name },
        },
      });
      for (let visit = 0; visit < 1 + this.#random() * 2; visit++) {
        yield* this.#visit(workspace, caseId, caseRef, this.#one(staff), owner);
      }
      const at2 = toInstant(this.#now);
      if (this.#random() < 0.7) {
        yield this.#tell(book, asOwner, {
          type: 'StaffAccessDisabled',
          data: { cause: 'owner', at: at2, memberId: owner.id, personal: { subject: owner.id, name: owner.name } },
        });
      }
      yield this.#tell(book, PRODUCT, { type: 'CaseClosed', data: { caseId, caseRef, graceMinutes: 15 } });
    }
  }

  *#visit(
    workspace: string,
    caseId: `case_${string}`,
    caseRef: string,
    sam: StaffMember,
    owner: { readonly id: `mem_${string}`; readonly name: string },
  ): Generator<ToldFact, void, undefined> {
    const book = `workspace-${workspace}`;
    const seat = `staff-${sam.id}`;
    const sessionId = this.#id('ses');
    const asSam: Actor = { kind: 'staff', id: sam.id };
    const plannedEnd = toInstant(this.#now + 3_600_000);
    const identityConfirmedAt = toInstant(this.#now - 60_000);
    const enterBy = toInstant(this.#now + 60_000);
    yield this.#tell(
      seat,
      asSam,
      {
        type: 'StaffSeatTaken',
        data: { staffId: sam.id, sessionId, workspaceId: workspace as `ws_${string}`, until: plannedEnd },
      },
      sessionId,
    );
    yield this.#tell(
      book,
      asSam,
      {
        type: 'SessionStarted',
        data: {
          sessionId,
          staffId: sam.id,
          caseId,
          caseRef,
          job: null,
          mode: 'read',
          pages: ['billing', 'customer', 'dashboard', 'integrations', 'invoices'],
          can: ['open Billing', 'open Customers', 'open Dashboard'],
          cannot: ['change anything', 'see card numbers'],
          plannedEnd,
          idleMinutes: 15,
          pagesPerMinute: 120,
          enterBy,
          approvedBy: { kind: 'switch', memberId: owner.id },
          identityConfirmedAt,
          viewedAs: null,
          reliedOn: { policy: 0, catalogue: 1, staff: 0 },
          personal: {
            subject: sam.id,
            staffName: sam.name,
            staffEmail: `${sam.id.slice(-6)}@fernway.example`,
            reason: this.#one(REASONS),
            approverName: owner.name,
          },
        },
      },
      sessionId,
    );
    yield this.#tell(book, asSam, { type: 'SessionEntered', data: { sessionId } }, sessionId);
    const views = 5 + Math.floor(this.#random() ** 2 * 80);
    let area: keyof typeof AREAS = 'billing';
    for (let view = 0; view < views; view++) {
      if (view === 0 || this.#random() < 0.1) {
        area = this.#one(Object.keys(AREAS) as (keyof typeof AREAS)[]);
        yield this.#tell(
          book,
          asSam,
          { type: 'AreaEntered', data: { sessionId, area, label: AREAS[area] } },
          sessionId,
        );
      }
      if (this.#random() < 0.03) yield this.#denied(`denials-${workspace}`, sam, 'open Customers', sessionId);
      if (this.#random() < 0.03) {
        yield this.#tell(book, asSam, { type: 'PresenceConfirmed', data: { sessionId } }, sessionId);
      }
      const record = this.#random() < 0.6 ? `cus_${Math.floor(this.#random() * 100_000)}` : null;
      const label = record === null ? AREAS[area] : `Customer ${record}`;
      const personal =
        record === null ? {} : { personal: { subject: record, title: `Customer Ada Example ${record}` } };
      const masked = record === null ? [] : (['email', 'personal-id'] as const);
      yield this.#tell(
        book,
        asSam,
        {
          type: 'PageViewed',
          data: {
            sessionId,
            page: record === null ? area : 'customer',
            label,
            area,
            record,
            masked: [...masked],
            input: this.#random() < 0.8,
            catalogueRevision: 1,
            ...personal,
          },
        },
        sessionId,
      );
    }
    const cause = this.#random() < 0.7 ? 'exited' : 'idle';
    const at = toInstant(this.#now);
    yield this.#tell(book, asSam, { type: 'SessionEnded', data: { sessionId, cause, at } }, sessionId);
    yield this.#tell(seat, DESK, { type: 'StaffSeatReleased', data: { staffId: sam.id, sessionId } }, sessionId);
  }

  #denied(stream: string, sam: StaffMember, label: string, sessionId: `ses_${string}` | null): ToldFact {
    return this.#tell(
      stream,
      { kind: 'staff', id: sam.id },
      {
        type: 'AttemptDenied',
        data: {
          attempt: { command: 'ViewPage', label },
          rule: this.#one(RULES),
          because: 'This page is not in the scope of the visit.',
          instead: null,
          sessionId,
          count: 1,
          since: toInstant(this.#now),
          personal: { subject: sam.id, name: sam.name },
        },
      },
    );
  }

  #tell(stream: string, actor: Actor, fact: DomainFact, correlation = this.#uuid()): ToldFact {
    const metadata: FactMetadata = {
      schemaVersion: factVersion(fact.type),
      time: toInstant(this.#now),
      actor,
      ...(fact.type !== 'PageViewed' &&
        actor.kind === 'member' && {
          commandId: this.#uuid(),
          commandDigest: `sha256:${this.#hex(64)}`,
        }),
      $correlationId: correlation,
      ...(fact.type === 'PageViewed' && { traceparent: `00-${this.#hex(32)}-${this.#hex(16)}-01` }),
      codec: envelope.codec,
    };
    return { stream, fact: envelope.encode({ id: this.#uuid(), ...fact, metadata }) };
  }

  #one<T>(of: readonly T[]): T {
    return of[Math.floor(this.#random() * of.length)] as T;
  }

  #hex(digits: number): string {
    let text = '';
    while (text.length < digits)
      text += Math.floor(this.#random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0');
    return text.slice(0, digits);
  }

  /** Begins with the time as version 7 does (RFC 9562, 5.7). */
  #uuid(): string {
    const time = this.#now.toString(16).padStart(12, '0');
    const random = this.#hex(18);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6)}`;
  }

  #id<Prefix extends string>(prefix: Prefix): `${Prefix}_${string}` {
    return `${prefix}_${this.#hex(26)}`;
  }
}

const PRODUCT: Actor = { kind: 'product', id: 'prd_fernway' };
const DESK: Actor = { kind: 'system', id: 'desk' };
