import type { RequestId, SessionId } from '@gatebook/protocol';
import { describeAttempt } from '../book/attempt.ts';
import { emptyBook, evolveBook, type Book, type BookFact } from '../book/book.ts';
import { decideBook, type BookCommand } from '../book/decide.ts';
import { attemptDenied, type DenialFact } from '../denial/denial.ts';
import type { Written } from '../fact.ts';
import type { Installation } from '../installation/installation.ts';
import { grantIdOf } from '../request/request.ts';
import type { Refusal } from '../rule.ts';
import { decideStaff, type StaffCommand } from '../staff/seat.ts';
import { evolveStaff, unknownStaff, type StaffFact, type StaffMember } from '../staff/staff.ts';
import {
  caseIdOf,
  idOf,
  MEMBERS,
  namedCase,
  personOf,
  secondRoles,
  STAFF,
  STAFF_NAMES,
  type MemberName,
  type StaffName,
} from './cast.ts';
import { digest } from './digest.ts';
import { indexOf, type Which } from './steps-choices.ts';
import type { Doing } from './steps.ts';
import { requestCommand } from './played-requests.ts';
import { case124Opened, harbour, staffPerson, workspaceOpen } from './story.ts';

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
  readonly staff = Object.fromEntries(
    STAFF_NAMES.map((name) => [name, { state: unknownStaff, lines: [] }]),
  ) as unknown as Record<StaffName, Stream<StaffMember, StaffFact>>;
  readonly denials: DenialFact[] = [];
  /** Sessions in the order in which they were started, and whose each is. */
  readonly sessions: { readonly id: SessionId; readonly staff: StaffName }[] = [];
  readonly requests: { readonly id: RequestId; readonly staff: StaffName }[] = [];
  readonly disabledAt = new Map<StaffName, number>();
  now: number;
  readonly #began: number;
  readonly installation: Installation;

  constructor(now: number, installation: Installation) {
    this.now = now;
    this.#began = now;
    this.installation = installation;
    for (const fact of [...workspaceOpen, ...secondRoles, case124Opened]) this.#write(this.book, [fact], evolveBook);
    for (const name of STAFF_NAMES) this.#staff(name, enable(name));
  }

  /** Does it; whether it was accepted. */
  do(doing: Doing): boolean {
    switch (doing.do) {
      case 'turnOn': {
        const withoutAreas = doing.withoutBilling ? ['billing'] : [];
        const onlyCase = doing.onlyCase === null ? null : caseIdOf(doing.onlyCase);
        const { minutes, askEach } = doing;
        const by = personOf(doing.by);
        return this.#book({ type: 'EnableStaffAccess', by, minutes, withoutAreas, onlyCase, askEach });
      }
      case 'turnOff':
        return this.#book({ type: 'DisableStaffAccess', by: personOf(doing.by) });
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
      case 'view': {
        const { page, input, staff, rows, click } = doing;
        const whose = this.#whose(doing);
        const partOf = doing.part ? (this.#newestView(whose.sessionId, page) ?? 'no such view') : null;
        const record = doing.part ? null : doing.record;
        const view = { type: 'ViewPage', ...whose, page, record, title: null, input, partOf } as const;
        const more = { ...(rows !== null && { rows }), ...(click && { click: 'Older ones' }) };
        return this.#book({ ...view, ...more }, staff);
      }
      case 'endByCustomer':
        return this.#book({ type: 'EndSession', sessionId: this.session(doing), by: personOf(doing.by) });
      case 'changeRole':
        return this.#book(roleOf(doing.member, doing.role));
      case 'openCase': {
        const { caseName } = doing;
        return this.#book({
          type: 'OpenCase',
          caseId: caseIdOf(caseName),
          caseRef: `CASE-${caseName}`,
          title: 'Invoices',
        });
      }
      case 'closeCase':
        return this.#book({ type: 'CloseCase', caseId: caseIdOf(doing.caseName) });
      case 'mergeCase': {
        const into = doing.caseName === '123' ? '124' : '123';
        return this.#book({
          type: 'MergeCase',
          caseId: caseIdOf(doing.caseName),
          intoCaseId: caseIdOf(into),
          intoCaseRef: `CASE-${into}`,
        });
      }
      case 'reassign': {
        const { caseName, to } = doing;
        const assignee = to === null ? null : idOf(to);
        return this.#book({
          type: 'ReassignCase',
          caseId: caseIdOf(caseName),
          caseRef: `CASE-${caseName}`,
          assignee,
        });
      }
      case 'closeWorkspace':
        return this.#book({ type: 'CloseWorkspace', workspaceId: harbour });
      case 'settle':
        return this.#book({ type: 'SettleBook' });
      case 'staff': {
        const { staff, enabled } = doing;
        const was = this.staff[staff].state.phase;
        if (was === 'enabled' && !enabled) this.disabledAt.set(staff, this.now);
        return (
          this.#staff(staff, enabled ? enable(staff) : { type: 'DisableStaff', staffId: idOf(staff) }) === undefined
        );
      }
      case 'removeStaff': {
        const { staff } = doing;
        const disabledAt = this.disabledAt.get(staff) ?? this.#began;
        return this.#book({ type: 'RemoveStaff', staffId: idOf(staff), disabledAt }, staff);
      }
      default: {
        const { command, staff } = requestCommand(this, doing);
        const accepted = this.#book(command, staff);
        if (accepted && command.type === 'RequestAccess' && doing.do === 'ask')
          this.requests.push({ id: command.requestId, staff: doing.staff });
        return accepted;
      }
    }
  }

  #start({ staff, minutes, reason, caseName, request }: Extract<Doing, { do: 'start' }>): boolean {
    const staffId = idOf(staff);
    const sessionId: SessionId = `ses_${this.book.lines.length}_${this.denials.length}`;
    const { now } = this;
    const grantId = request === null ? null : grantIdOf(this.request(staff, request));
    const start: BookCommand = {
      type: 'StartSession',
      sessionId,
      staffId,
      ...namedCase(caseName),
      job: null,
      reason,
      minutes,
      identityConfirmedAt: now,
      grantId,
    };
    // The holder of the seat is looked up where its visit is written, as the book stands with what is due.
    this.#book({ type: 'SettleBook' });
    const holder = this.staff[staff].state.seat?.sessionId ?? null;
    const holds = this.book.state.sessions.live().some(({ id }) => id === holder);
    const seat: StaffCommand = {
      type: 'TakeSeat',
      staffId,
      sessionId,
      workspaceId: harbour,
      until: now + 60 * 60_000,
      // A visit on a grant goes on from the one that the same person has here.
      holderIsOver: holds && grantId === null ? null : holder,
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
      installation: this.installation,
      now: this.now,
      digest,
    });
    this.#write(this.book, facts, evolveBook);
    for (const fact of facts) if (fact.type === 'SessionEnded') this.#freeSeat(fact.data.sessionId);
    if (refusal) this.#deny(command, refusal);
    return refusal === undefined;
  }

  #freeSeat(sessionId: SessionId): void {
    for (const staff of STAFF_NAMES) {
      if (this.staff[staff].state.seat?.sessionId === sessionId)
        this.#staff(staff, { type: 'ReleaseSeat', staffId: idOf(staff), sessionId });
    }
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
    const attempt = describeAttempt(command, this.installation.catalogue);
    const since = new Date(this.now).toISOString();
    this.denials.push(attemptDenied({ attempt, refusal, sessionId: null, count: 1, since }));
  }

  #whose(doing: { readonly staff: StaffName; readonly visit: Which }) {
    return { sessionId: this.session(doing), staffId: idOf(doing.staff) };
  }

  session({ staff, visit }: { readonly staff: StaffName; readonly visit: Which }): SessionId {
    return this.sessions[indexOf(this.sessions, staff, visit)]?.id ?? 'ses_never';
  }

  request(staff: StaffName, which: Which): RequestId {
    return this.requests[indexOf(this.requests, staff, which)]?.id ?? 'req_never';
  }

  #newestView(sessionId: SessionId, page: string): string | undefined {
    return this.book.lines.findLast(
      ({ fact }) => fact.type === 'PageViewed' && fact.data.sessionId === sessionId && fact.data.page === page,
    )?.id;
  }
}

function enable(name: StaffName): StaffCommand {
  const { email, roles } = STAFF[name];
  return { type: 'EnableStaff', staffId: idOf(name), ...staffPerson(name), name, email, roles: [...roles] };
}

function roleOf(name: MemberName, role: Extract<Doing, { do: 'changeRole' }>['role']): BookCommand {
  const { memberId, issuer, subject, name: shown, email } = MEMBERS[name];
  const externalId = `user-${subject}`;
  return { type: 'ChangeMemberRole', memberId, externalId, issuer, subject, name: shown, email, role };
}
