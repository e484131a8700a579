import type { SessionId, StaffId } from '@gatebook/protocol';
import { describeAttempt } from '../book/attempt.ts';
import { emptyBook, evolveBook, type Book, type BookFact } from '../book/book.ts';
import { decideBook, type BookCommand } from '../book/decide.ts';
import { attemptDenied, type DenialFact } from '../denial/denial.ts';
import type { Written } from '../fact.ts';
import type { Installation } from '../installation/installation.ts';
import type { Refusal } from '../rule.ts';
import { decideStaff, type StaffCommand } from '../staff/seat.ts';
import { evolveStaff, unknownStaff, type StaffFact, type StaffMember } from '../staff/staff.ts';
import type { By, MemberName, StaffName } from './model.ts';
import { indexOf, type Doing, type Which } from './steps.ts';
import {
  adam,
  case123,
  case124,
  case124Opened,
  harbour,
  maria,
  staffPerson,
  stranger,
  vic,
  workspaceOpen,
} from './story.ts';
import { digest } from './digest.ts';

const MEMBERS = { maria, adam, vic } as const;
const PEOPLE: Record<By, typeof stranger> = { ...MEMBERS, stranger };

export interface Line<Fact> extends Written {
  readonly fact: Fact;
}

interface Stream<State, Fact> {
  state: State;
  readonly lines: Line<Fact>[];
}

/** Plays steps against the domain as the desk does: the seat first, then the book, every refusal a denial. */
export class Played {
  readonly book: Stream<Book, BookFact> = { state: emptyBook, lines: [] };
  readonly staff: Record<StaffName, Stream<StaffMember, StaffFact>> = {
    sam: { state: unknownStaff, lines: [] },
    priya: { state: unknownStaff, lines: [] },
  };
  readonly denials: DenialFact[] = [];
  /** Sessions in the order in which they were started, and whose each is. */
  readonly sessions: { readonly id: SessionId; readonly staff: StaffName }[] = [];
  now: number;
  readonly #installation: Installation;

  constructor(now: number, installation: Installation) {
    this.now = now;
    this.#installation = installation;
    for (const fact of [...workspaceOpen, case124Opened]) this.#write(this.book, [fact], evolveBook);
    for (const name of ['sam', 'priya'] as const) this.#staff(name, enable(name));
  }

  /** Does it; whether it was accepted. */
  do(doing: Doing): boolean {
    switch (doing.do) {
      case 'turnOn': {
        const withoutAreas = doing.withoutBilling ? ['billing'] : [];
        const onlyCase = doing.otherCaseOnly ? case124 : null;
        const { minutes } = doing;
        return this.#book({ type: 'EnableStaffAccess', by: PEOPLE[doing.by], minutes, withoutAreas, onlyCase });
      }
      case 'turnOff':
        return this.#book({ type: 'DisableStaffAccess', by: PEOPLE[doing.by] });
      case 'start':
        return this.#start(doing);
      case 'enter':
        return this.#book({ type: 'EnterSession', ...this.#whose(doing) }, doing.staff);
      case 'stay':
        return this.#book({ type: 'ConfirmPresence', ...this.#whose(doing) }, doing.staff);
      case 'goOn':
        return this.#book({ type: 'ContinueVisit', ...this.#whose(doing) }, doing.staff);
      case 'exit':
        return this.#book({ type: 'ExitSession', ...this.#whose(doing) }, doing.staff);
      case 'perform': {
        const action = 'invoice.retrySync';
        const what = { action, record: null, arguments: null, actionId: 'act_any' as const };
        return this.#book({ type: 'PerformAction', ...this.#whose(doing), ...what }, doing.staff);
      }
      case 'view': {
        const { page, input, staff } = doing;
        const whose = this.#whose(doing);
        const partOf = doing.part ? (this.#newestView(whose.sessionId, page) ?? 'no such view') : null;
        const record = doing.part ? null : doing.record;
        return this.#book({ type: 'ViewPage', ...whose, page, record, title: null, input, partOf }, staff);
      }
      case 'endByCustomer':
        return this.#book({ type: 'EndSession', sessionId: this.#session(doing), by: PEOPLE[doing.by] });
      case 'changeRole':
        return this.#book(roleOf(doing.member, doing.role));
      case 'openCase':
        return this.#book({ type: 'OpenCase', caseId: case123, caseRef: 'CASE-123', title: 'Invoices' });
      case 'closeCase':
        return this.#book({ type: 'CloseCase', caseId: case123 });
      case 'closeWorkspace':
        return this.#book({ type: 'CloseWorkspace', workspaceId: harbour });
      case 'settle':
        return this.#book({ type: 'SettleBook' });
      case 'staff': {
        const { staff, enabled } = doing;
        return (
          this.#staff(staff, enabled ? enable(staff) : { type: 'DisableStaff', staffId: idOf(staff) }) === undefined
        );
      }
    }
  }

  #start({ staff, minutes, reason }: Extract<Doing, { do: 'start' }>): boolean {
    const staffId = idOf(staff);
    const sessionId: SessionId = `ses_${this.book.lines.length}_${this.denials.length}`;
    const { now } = this;
    const start: BookCommand = {
      type: 'StartSession',
      sessionId,
      staffId,
      caseId: case123,
      caseRef: 'CASE-123',
      job: null,
      reason,
      minutes,
      identityConfirmedAt: now,
      grantId: null,
    };
    // The holder of the seat is looked up where its visit is written, as the book stands with what is due.
    this.#book({ type: 'SettleBook' });
    const holder = this.staff[staff].state.seat?.sessionId ?? null;
    const holds = this.book.state.sessions.some(({ id, phase }) => id === holder && phase === 'live');
    const seat: StaffCommand = {
      type: 'TakeSeat',
      staffId,
      sessionId,
      workspaceId: harbour,
      until: now + 60 * 60_000,
      holderIsOver: holds ? null : holder,
    };
    const refused = this.#staff(staff, seat);
    if (refused) {
      this.#deny(start, refused);
      return false;
    }
    const accepted = this.#book(start, staff);
    if (accepted) this.sessions.push({ id: sessionId, staff });
    else this.#staff(staff, { type: 'ReleaseSeat', staffId, sessionId });
    return accepted;
  }

  #book(command: BookCommand, staff: StaffName = 'sam'): boolean {
    const { state, lines } = this.staff[staff];
    const { facts, refusal } = decideBook(command, {
      book: this.book.state,
      staff: state,
      staffRevision: lines.length - 1,
      installation: this.#installation,
      now: this.now,
      digest,
    });
    this.#write(this.book, facts, evolveBook);
    if (refusal) this.#deny(command, refusal);
    return refusal === undefined;
  }

  #staff(name: StaffName, command: StaffCommand): Refusal | undefined {
    const { facts, refusal } = decideStaff(command, this.staff[name].state, this.now);
    this.#write(this.staff[name], facts, evolveStaff);
    return refusal;
  }

  #write<State, Fact>(
    stream: Stream<State, Fact>,
    facts: readonly Fact[],
    evolve: (state: State, fact: Fact, written: Written) => State,
  ): void {
    for (const fact of facts) {
      const revision = stream.lines.length;
      const written: Written = {
        id: `view-${revision}`,
        revision,
        time: this.now,
        actor: { kind: 'system', id: 'spec' },
      };
      stream.lines.push({ ...written, fact });
      stream.state = evolve(stream.state, fact, written);
    }
  }

  #deny(command: BookCommand, refusal: Refusal): void {
    const attempt = describeAttempt(command, this.#installation.catalogue);
    const since = new Date(this.now).toISOString();
    this.denials.push(attemptDenied({ attempt, refusal, sessionId: null, count: 1, since }));
  }

  #whose(doing: { readonly staff: StaffName; readonly visit: Which }) {
    return { sessionId: this.#session(doing), staffId: idOf(doing.staff) };
  }

  #session({ staff, visit }: { readonly staff: StaffName; readonly visit: Which }): SessionId {
    return this.sessions[indexOf(this.sessions, staff, visit)]?.id ?? 'ses_never';
  }

  #newestView(sessionId: SessionId, page: string): string | undefined {
    return this.book.lines.findLast(
      ({ fact }) => fact.type === 'PageViewed' && fact.data.sessionId === sessionId && fact.data.page === page,
    )?.id;
  }
}

export const idOf = (name: StaffName): StaffId => `stf_${name}`;

function enable(name: StaffName): StaffCommand {
  const email = `${name}@vendor.example`;
  return { type: 'EnableStaff', staffId: idOf(name), ...staffPerson(name), name, email, roles: ['agent'] };
}

function roleOf(name: MemberName, role: Extract<Doing, { do: 'changeRole' }>['role']): BookCommand {
  const { memberId, issuer, subject, name: shown } = MEMBERS[name];
  const email = `${subject}@harbour.example`;
  return {
    type: 'ChangeMemberRole',
    memberId,
    externalId: `user-${subject}`,
    issuer,
    subject,
    name: shown,
    email,
    role,
  };
}
