/**
 * What a workspace with two staff members does, told a second time and more simply than the domain tells it: whole
 * visits in one list, no facts, no rules by name. The model-based spec holds the two against each other.
 */
export interface Limits {
  readonly idleMs: number;
  readonly entryMs: number;
  readonly pagesPerMinute: number;
  readonly liveAtOnce: number;
  readonly graceMs: number;
}

export type StaffName = 'sam' | 'priya';
export type MemberName = 'maria' | 'adam' | 'vic';
export type By = MemberName | 'stranger';
export type Role = 'owner' | 'admin' | 'viewer' | null;
export type Page = 'dashboard' | 'billing' | 'invoice' | 'customer' | 'nope';

interface ModelVisit {
  readonly staff: StaffName;
  readonly cap: number;
  readonly enterBy: number;
  readonly withoutBilling: boolean;
  lastInput: number;
  entered: boolean;
  /** Views with a line: the page with its record, and when. */
  readonly seen: { readonly what: string; readonly page: Page; readonly at: number }[];
  /** Milliseconds of the pace that pages have used up and time has not given back. */
  debt: number;
  debtAt: number;
  end: number | null;
  forgotten: boolean;
}

const MINUTE = 60_000;
const SWITCHERS: readonly Role[] = ['owner', 'admin'];

export class Model {
  now: number;
  closed = false;
  until: number | null = null;
  withoutBilling = false;
  /** The switch is on for a case that nobody here visits for. */
  otherCaseOnly = false;
  caseOpen = true;
  graceEnds: number | null = null;
  readonly roles: Record<By, Role> = { maria: 'owner', adam: 'admin', vic: 'viewer', stranger: null };
  readonly enabled: Record<StaffName, boolean> = { sam: true, priya: true };
  readonly visits: ModelVisit[] = [];
  readonly #limits: Limits;

  constructor(now: number, limits: Limits) {
    this.now = now;
    this.#limits = limits;
  }

  /** Lets time go to `now`; whatever runs out on the way ends at its own instant. */
  passTo(now: number): void {
    this.now = now;
    for (const visit of this.live()) {
      const end = this.#runsOut(visit);
      if (end <= now) visit.end = end;
    }
    if (this.until !== null && this.until <= now) this.until = null;
  }

  live(): ModelVisit[] {
    return this.visits.filter((visit) => visit.end === null);
  }

  /** Instants at which a comparison turns, still to come. */
  instantsAhead(): number[] {
    const all = this.live().flatMap((visit) => [this.#runsOut(visit), visit.cap, visit.enterBy, ...paces(visit)]);
    if (this.until !== null) all.push(this.until);
    return all.filter((at) => at > this.now && Number.isFinite(at)).sort((a, b) => a - b);
  }

  #runsOut(visit: ModelVisit): number {
    const { idleMs } = this.#limits;
    return Math.min(this.until ?? 0, visit.cap, visit.lastInput + idleMs, this.graceEnds ?? Infinity);
  }

  #maySwitch(by: By): boolean {
    return SWITCHERS.includes(this.roles[by]);
  }

  #everybodyOut(): void {
    this.until = null;
    for (const visit of this.live()) visit.end = this.now;
  }

  turnOn(by: By, minutes: number, withoutBilling: boolean, otherCaseOnly: boolean): boolean {
    if (this.closed || !this.#maySwitch(by) || minutes < 1) return false;
    this.until = this.now + minutes * MINUTE;
    this.withoutBilling = withoutBilling;
    this.otherCaseOnly = otherCaseOnly;
    return true;
  }

  turnOff(by: By): boolean {
    if (!this.#maySwitch(by)) return false;
    this.#everybodyOut();
    return true;
  }

  mayTakeSeat(staff: StaffName): boolean {
    return this.enabled[staff] && !this.live().some((visit) => visit.staff === staff);
  }

  start(staff: StaffName, minutes: number, sayWhy: boolean): boolean {
    const { until } = this;
    if (this.closed || !this.mayTakeSeat(staff) || until === null || !this.caseOpen || !sayWhy) return false;
    if (this.otherCaseOnly || minutes < 1 || minutes > 60 || this.live().length >= this.#limits.liveAtOnce)
      return false;
    for (const visit of this.visits) {
      if (visit.end !== null && this.now - visit.end >= 15 * MINUTE) visit.forgotten = true;
    }
    this.visits.push({
      staff,
      cap: Math.min(this.now + minutes * MINUTE, until),
      enterBy: this.now + this.#limits.entryMs,
      withoutBilling: this.withoutBilling,
      lastInput: this.now,
      entered: false,
      seen: [],
      debt: 0,
      debtAt: this.now,
      end: null,
      forgotten: false,
    });
    return true;
  }

  /** The visit, where this staff member may go on with it now. */
  #usable(staff: StaffName, index: number): ModelVisit | undefined {
    const visit = this.visits[index];
    const may = this.enabled[staff] && !this.otherCaseOnly;
    return may && visit?.staff === staff && visit.end === null ? visit : undefined;
  }

  enter(staff: StaffName, index: number): boolean {
    const visit = this.#usable(staff, index);
    if (!visit || visit.entered || this.now >= visit.enterBy) return false;
    visit.entered = true;
    visit.lastInput = this.now;
    return true;
  }

  stay(staff: StaffName, index: number): boolean {
    const visit = this.#usable(staff, index);
    if (visit) visit.lastInput = this.now;
    return visit !== undefined;
  }

  goOn(staff: StaffName, index: number): boolean {
    return this.#usable(staff, index) !== undefined;
  }

  /** Opens a page; `part`: something that belongs to the newest view of the page. */
  view(staff: StaffName, index: number, page: Page, record: string | null, input: boolean, part: boolean): boolean {
    const visit = this.#usable(staff, index);
    if (!visit || page === 'customer' || page === 'nope') return false;
    if ((page === 'billing' || page === 'invoice') && (this.withoutBilling || visit.withoutBilling)) return false;
    if (part) return visit.seen.some((seen) => seen.page === page);

    const what = `${page} ${record}`;
    if (visit.seen.some((seen) => seen.what === what && this.now - seen.at < 30_000)) return true;
    const debt = Math.max(0, visit.debt - (this.now - visit.debtAt));
    if (debt >= MINUTE) {
      visit.end = this.now;
      return false;
    }
    visit.debt = debt + MINUTE / this.#limits.pagesPerMinute;
    visit.debtAt = this.now;
    visit.seen.push({ what, page, at: this.now });
    if (input) visit.lastInput = this.now;
    return true;
  }

  exit(staff: StaffName, index: number): boolean {
    const visit = this.visits[index];
    if (!visit || visit.forgotten || visit.staff !== staff) return false;
    visit.end ??= this.now;
    return true;
  }

  endByCustomer(by: By, index: number): boolean {
    const visit = this.visits[index];
    if (!this.#maySwitch(by) || !visit || visit.forgotten) return false;
    visit.end ??= this.now;
    return true;
  }

  changeRole(member: MemberName, role: Role): boolean {
    if (this.closed) return false;
    const hadOwner = Object.values(this.roles).includes('owner');
    this.roles[member] = role;
    if (hadOwner && !Object.values(this.roles).includes('owner')) this.#everybodyOut();
    return true;
  }

  openCase(): boolean {
    if (this.closed) return false;
    this.caseOpen = true;
    this.graceEnds = null;
    return true;
  }

  closeCase(): boolean {
    if (this.closed) return false;
    if (this.caseOpen) this.graceEnds = this.now + this.#limits.graceMs;
    this.caseOpen = false;
    return true;
  }

  closeWorkspace(): boolean {
    if (this.closed) return false;
    this.closed = true;
    this.#everybodyOut();
    return true;
  }
}

function paces({ debt, debtAt, seen }: ModelVisit): number[] {
  const newest = seen.at(-1);
  return [debtAt + debt - MINUTE, ...(newest ? [newest.at + 30_000] : [])];
}
