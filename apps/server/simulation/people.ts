import type { SessionId, StaffId, WorkspaceId } from '@gatebook/protocol';
import type { BookCommand } from '#domain/book/decide';
import type { Person } from '#domain/book/context';
import type { Catalogue } from '#domain/catalogue/catalogue';
import { defaultPolicy, type Policy } from '#domain/policy/policy';
import type { StaffCommand } from '#domain/staff/seat';
import { caseIdOf, memberIdOf, staffIdOf, workspaceIdOf } from '../desk/identity.ts';
import type { Random } from './random.ts';

const PRODUCT = 'fernway';
const STAFF_ISSUER = 'https://staff.example';
const MEMBERS_ISSUER = 'https://members.example';

export const catalogue: Catalogue = {
  areas: { billing: 'Billing', inbox: 'Inbox' },
  pages: {
    dashboard: { label: 'Dashboard', class: 'view' },
    billing: { label: 'Billing', area: 'billing', class: 'view' },
    invoice: { label: 'Invoice {record}', area: 'billing', class: 'view' },
    inquiry: { label: 'Inquiry {record}', area: 'inbox', class: 'view' },
    customer: { label: 'Customer {name}', area: 'inbox', class: 'sensitive' },
  },
  actions: {},
  fields: { 'customer.email': { mask: 'email' } },
  jobs: {},
};

/** Short windows, caps and idle times, so that all of them run out. */
export function policyOf(random: Random): Policy {
  return {
    ...defaultPolicy,
    consent: { ...defaultPolicy.consent, windowMinutes: random.whole(1, 4), longestWindowMinutes: 10 },
    session: {
      ...defaultPolicy.session,
      capMinutes: 2,
      idleMinutes: 1,
      entrySeconds: random.whole(5, 10),
      caseGraceMinutes: random.whole(0, 1),
      pagesPerMinute: random.of([60, 600, 100_000]),
    },
  };
}

export const STAFF = ['sam', 'priya', 'noor', 'eli'].map((subject) => ({
  subject,
  id: staffIdOf(STAFF_ISSUER, subject),
}));
const MEMBERS = ['maria', 'adam', 'vic'] as const;
const ROLES = { maria: 'owner', adam: 'admin', vic: 'viewer' } as const;
export const CASES = ['CASE-1', 'CASE-2'] as const;
const REASONS = ['Failed invoice sync since Tuesday', 'The invoices of March show a wrong rate', 'x'];
const PAGES = ['dashboard', 'billing', 'invoice', 'invoice', 'inquiry', 'inquiry', 'customer', 'nowhere'];

export const WORKSPACES = ['acme', 'harbour', 'mill'].map((name) => workspaceIdOf(PRODUCT, name));

export function enabling(staff: (typeof STAFF)[number]): StaffCommand {
  const { id: staffId, subject } = staff;
  const email = `${subject}@vendor.example`;
  return { type: 'EnableStaff', staffId, issuer: STAFF_ISSUER, subject, name: subject, email, roles: ['agent'] };
}

function roleOf(workspaceId: WorkspaceId, name: (typeof MEMBERS)[number], role: 'owner' | 'admin' | 'viewer' | null) {
  const email = `${name}@customer.example`;
  const memberId = memberIdOf(workspaceId, name);
  const externalId = name;
  return { type: 'ChangeMemberRole', memberId, externalId, issuer: MEMBERS_ISSUER, subject: name, name, email, role };
}

/** What a product tells of a new workspace. */
export function tellings(workspaceId: WorkspaceId, number: number): BookCommand[] {
  return [
    { type: 'RegisterWorkspace', workspaceId, externalId: `w${number}`, product: PRODUCT, name: `Customer ${number}` },
    ...MEMBERS.map((name) => roleOf(workspaceId, name, ROLES[name]) as BookCommand),
    ...CASES.map((caseRef): BookCommand => {
      return { type: 'OpenCase', caseId: caseIdOf(workspaceId, caseRef), caseRef, title: 'Invoices' };
    }),
  ];
}

export interface KnownVisit {
  readonly workspaceId: WorkspaceId;
  readonly staffId: StaffId;
  readonly sessionId: SessionId;
}

export interface Wish {
  readonly actor: { readonly kind: 'member' | 'staff' | 'product' | 'system'; readonly id: string };
  readonly command: BookCommand;
}

/** What somebody does at a workspace, drawn; visits that began lately are used most. */
export class People {
  visits: KnownVisit[] = [];
  readonly #random: Random;
  /** Weighs what takes away and what the product tells. */
  quarrelsome = 1;

  constructor(random: Random) {
    this.#random = random;
  }

  wish(workspaceId: WorkspaceId): Wish {
    const random = this.#random;
    const q = this.quarrelsome;
    const what = random.weighted({
      view: 60,
      enter: 5,
      stay: 3,
      goOn: 4,
      on: 9,
      off: 2 * q,
      exit: q,
      end: q,
      openCase: 2,
      closeCase: 0.5 * q,
      role: 0.7 * q,
      settle: 6,
      close: 0.01 * q,
    });
    const by = this.#person();
    const asMember = { kind: 'member', id: memberIdOf(workspaceId, by.subject) } as const;
    const product = { kind: 'product', id: PRODUCT } as const;
    switch (what) {
      case 'on': {
        const minutes = random.chance(0.7) ? null : random.whole(1, 11);
        const withoutAreas = random.chance(0.1) ? ['billing'] : [];
        const onlyCase = random.chance(0.1) ? caseIdOf(workspaceId, random.of(CASES)) : null;
        return { actor: asMember, command: { type: 'EnableStaffAccess', by, minutes, withoutAreas, onlyCase } };
      }
      case 'off':
        return { actor: asMember, command: { type: 'DisableStaffAccess', by } };
      case 'end': {
        const visit = this.#visitIn(workspaceId);
        const sessionId = visit?.sessionId ?? 'ses_never';
        return { actor: asMember, command: { type: 'EndSession', sessionId, by } };
      }
      case 'openCase': {
        const caseRef = random.of(CASES);
        const caseId = caseIdOf(workspaceId, caseRef);
        return { actor: product, command: { type: 'OpenCase', caseId, caseRef, title: 'Invoices' } };
      }
      case 'closeCase':
        return { actor: product, command: { type: 'CloseCase', caseId: caseIdOf(workspaceId, random.of(CASES)) } };
      case 'role': {
        const role = random.of(['owner', 'owner', 'admin', 'viewer', null] as const);
        return { actor: product, command: roleOf(workspaceId, random.of(MEMBERS), role) as BookCommand };
      }
      case 'settle':
        return { actor: { kind: 'system', id: 'clock' }, command: { type: 'SettleBook' } };
      case 'close':
        return { actor: product, command: { type: 'CloseWorkspace', workspaceId } };
      default:
        return this.#inVisit(workspaceId, what);
    }
  }

  knows(workspaceId: WorkspaceId): boolean {
    return this.visits.some((visit) => visit.workspaceId === workspaceId);
  }

  /** The visit was said to be over: mostly nobody tries it again. */
  heardOfEnd(sessionId: string): void {
    if (this.#random.chance(0.5)) this.visits = this.visits.filter((visit) => visit.sessionId !== sessionId);
  }

  /** An owner turns staff access off. */
  off(workspaceId: WorkspaceId): Wish {
    const by = { issuer: MEMBERS_ISSUER, subject: 'maria', name: 'maria' };
    const actor = { kind: 'member' as const, id: memberIdOf(workspaceId, 'maria') };
    return { actor, command: { type: 'DisableStaffAccess', by } };
  }

  /** A page opened in a visit. */
  view({ staffId, sessionId }: KnownVisit): Wish {
    const random = this.#random;
    const page = random.of(PAGES);
    const record = page === 'dashboard' || page === 'billing' ? null : `R-${random.whole(1, 400)}`;
    const input = random.chance(0.6);
    return {
      actor: { kind: 'staff', id: staffId },
      command: { type: 'ViewPage', sessionId, staffId, page, record, title: null, input, partOf: null },
    };
  }

  #inVisit(workspaceId: WorkspaceId, what: 'view' | 'enter' | 'stay' | 'goOn' | 'exit'): Wish {
    const visit = this.#visitIn(workspaceId) ?? {
      workspaceId,
      staffId: this.#random.of(STAFF).id,
      sessionId: 'ses_never' as const,
    };
    if (what === 'view') return this.view(visit);
    const type = {
      enter: 'EnterSession',
      stay: 'ConfirmPresence',
      goOn: 'ContinueVisit',
      exit: 'ExitSession',
    } as const;
    // Somebody else's visit, now and then.
    const staffId = this.#random.chance(0.02) ? this.#random.of(STAFF).id : visit.staffId;
    return {
      actor: { kind: 'staff', id: staffId },
      command: { type: type[what], sessionId: visit.sessionId, staffId },
    };
  }

  #visitIn(workspaceId: WorkspaceId): KnownVisit | undefined {
    const all = this.visits.filter((visit) => visit.workspaceId === workspaceId);
    return all.at(this.#random.chance(0.8) ? -1 : -this.#random.whole(1, Math.max(1, Math.min(6, all.length))));
  }

  #person(): Person {
    const subject = this.#random.weighted({ maria: 8, adam: 3, vic: 0.5, stranger: 0.3 });
    return { issuer: MEMBERS_ISSUER, subject, name: subject };
  }

  reason(): string {
    return this.#random.chance(0.9) ? this.#random.of(REASONS.slice(0, 2)) : this.#random.of(REASONS);
  }
}
