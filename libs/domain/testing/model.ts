import type { By, CaseName, MemberName, Role, StaffName } from './cast.ts';
import { isEnough } from './model-requests.ts';
import { isLooser, type Change } from './model-settings.ts';
import { isOpen, isUnused, MINUTE, Place, type ModelVisit, type Scope } from './model-place.ts';
import { DEEDS, deedText, isBilling, VIEWABLE, type DeedName, type Field, type Page } from './wishes.ts';

const AREAS: Readonly<Record<Page, string | null>> = {
  dashboard: null,
  billing: 'billing',
  invoice: 'billing',
  inquiry: 'inbox',
  team: 'team',
  customer: 'inbox',
  keys: null,
  nope: null,
};
const OTHER: Readonly<Record<CaseName, CaseName>> = { '123': '124', '124': '123' };

export interface Starting {
  readonly staff: StaffName;
  readonly caseName: CaseName | null;
  readonly minutes: number | null;
  /** The reason is one, and on a grant the approved one. */
  readonly saysWhy: boolean;
  /** The request whose grant it begins on; -1: one that never was; `null`: without any. */
  readonly request: number | null;
}

export interface Looking {
  readonly page: Page;
  readonly record: string | null;
  readonly input: boolean;
  /** It belongs to the newest view of the page. */
  readonly part: boolean;
  /** Something of the page is clicked. */
  readonly click: boolean;
  /** How many rows the product counts; `null`: it doesn't. */
  readonly rows: number | null;
}

/** The switch, the visits, and what the product tells. Each says whether it is accepted, and does it then. */
export class Model extends Place {
  #maySwitch(by: By): boolean {
    return this.hasRole(by, this.settings.switchers);
  }

  turnOn(
    by: By,
    minutes: number | null,
    withoutBilling: boolean,
    onlyCase: CaseName | null,
    askEach: boolean,
  ): boolean {
    const { mode, longest, window } = this.settings;
    if (this.closed || !this.#maySwitch(by) || (onlyCase !== null && !this.cases[onlyCase].open)) return false;
    if (minutes !== null && (mode !== 'switch' || minutes < 1 || minutes > (longest ?? 525_600))) return false;
    const lasts = mode === 'switch' ? (minutes ?? window ?? Infinity) : Infinity;
    this.until = this.now + lasts * MINUTE;
    this.since = this.now;
    this.onBy = by;
    this.blocked = false;
    this.withoutBilling = withoutBilling;
    this.onlyCase = onlyCase;
    this.askEach = askEach;
    return true;
  }

  turnOff(by: By): boolean {
    if (!this.#maySwitch(by)) return false;
    const matters = this.until !== null || this.settings.mode !== 'switch' || this.somethingStands();
    if (matters) this.everybodyOut('owner');
    return true;
  }

  start({ staff, caseName: named, minutes, saysWhy, request: index }: Starting): boolean {
    const { settings, now } = this;
    const own = this.liveOf(staff);
    if (!this.enabled[staff] || (own && index === null)) return false;
    const request = index === null ? undefined : this.requests[index];
    const caseName = named ?? (request?.staff === staff ? request.caseName : null);
    if (!this.mayCome(staff, caseName, saysWhy)) return false;
    const grant = request?.grant ?? null;
    let most = settings.cap;
    if (index !== null) {
      if (request?.staff !== staff || request.caseName !== caseName || grant?.state !== 'ready') return false;
      if (request.plannedStart !== null && now < request.plannedStart) return false;
      if (grant.scope.deed !== null && !settings.writes) return false;
      if (!isEnough(this, request, grant.scope, grant.by)) return false;
      most = Math.min(grant.scope.minutes, this.longest(request.wish.kind));
    } else if (settings.asked['every session'] !== undefined || (this.until !== null && this.askEach)) return false;
    if (minutes !== null && (minutes < 1 || minutes > most)) return false;
    if (this.live().filter((visit) => visit.staff !== staff).length >= settings.live) return false;

    for (const visit of this.visits) {
      if (visit.end !== null && now - visit.end.at >= 15 * MINUTE) visit.forgotten = true;
    }
    if (own) this.endVisit(own, 'scope changed');
    const leftOut = this.until !== null && this.withoutBilling;
    const scope: Scope | undefined = grant?.scope;
    this.visits.push({
      staff,
      began: now,
      cap: Math.min(now + (minutes ?? most) * MINUTE, this.until ?? Infinity),
      enterBy: now + settings.entrySeconds * 1000,
      idleMs: settings.idle * MINUTE,
      pages: scope?.pages ?? VIEWABLE.filter((page) => !leftOut || !isBilling(page)),
      bySwitch: settings.mode === 'switch',
      request: grant && index,
      caseName,
      lastInput: now,
      entered: false,
      area: null,
      seen: [],
      rows: 0,
      rowsInAll: settings.rows,
      debt: 0,
      debtAt: now,
      msPerPage: MINUTE / settings.pace,
      end: null,
      forgotten: false,
    });
    if (grant) {
      grant.state = 'in use';
      grant.visit = this.visits.length - 1;
    }
    return true;
  }

  /** The visit, where this staff member may go on with it now. */
  #usable(staff: StaffName, index: number): ModelVisit | undefined {
    const visit = this.visits[index];
    if (!this.enabled[staff] || visit?.staff !== staff || visit.end !== null) return undefined;
    if (!this.gateIsOpen(visit.bySwitch)) return undefined;
    return this.until === null || this.onlyCase === null || this.onlyCase === visit.caseName ? visit : undefined;
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

  view(staff: StaffName, index: number, { page, record, input, part, click, rows }: Looking): boolean {
    const visit = this.#usable(staff, index);
    if (!visit?.pages.includes(page)) return false;
    if (isBilling(page) && this.until !== null && this.withoutBilling) return false;
    if (!part && click) return false;
    if (part && !visit.seen.some((seen) => seen.page === page)) return false;
    if (part && click && this.settings.clicks) {
      if (!this.#paced(visit)) return false;
      if (input) visit.lastInput = this.now;
    }
    if (part) return this.#shows(visit, rows ?? 0);

    const shown = rows ?? (page === 'customer' ? 1 : 0);
    const brief = this.settings.brief && page !== 'customer';
    const what = brief ? page : `${page} ${record}`;
    const area = AREAS[page];
    const moves = area !== null && area !== visit.area;
    const sameFor = brief && !moves ? Math.max(30_000, Math.min(5 * MINUTE, visit.idleMs / 3)) : 30_000;
    if (visit.seen.some((seen) => seen.what === what && this.now - seen.at < sameFor)) return this.#shows(visit, shown);
    // Too fast comes before too much.
    if (!this.#paced(visit) || !this.#shows(visit, shown)) return false;
    visit.seen.push({ what, page, at: this.now });
    if (moves) visit.area = area;
    if (input) visit.lastInput = this.now;
    return true;
  }

  /** One page or click more, within the pace; faster than that ends it. */
  #paced(visit: ModelVisit): boolean {
    const debt = Math.max(0, visit.debt - (this.now - visit.debtAt));
    if (debt >= MINUTE) {
      this.endVisit(visit, 'too fast');
      return false;
    }
    visit.debt = debt + visit.msPerPage;
    visit.debtAt = this.now;
    return true;
  }

  /** So many rows more; more than the visit needs end it. */
  #shows(visit: ModelVisit, rows: number): boolean {
    const isTooMuch = rows > 0 && visit.rows + rows > visit.rowsInAll;
    if (isTooMuch) this.endVisit(visit, 'too fast');
    else visit.rows += rows;
    return !isTooMuch;
  }

  perform(staff: StaffName, index: number, deed: DeedName): boolean {
    const visit = this.#usable(staff, index);
    const grant = this.#grantOf(visit);
    if (!visit || grant?.state !== 'in use' || grant.scope.deed !== deedText(DEEDS[deed])) return false;
    if (deed.startsWith('retry') && this.until !== null && this.withoutBilling) return false;
    grant.state = 'spent';
    const reportBy = this.now + this.settings.reportSeconds * 1000;
    this.deeds.push({ visit: index, reportBy, told: [] });
    return true;
  }

  reveal(staff: StaffName, index: number, field: Field): boolean {
    const visit = this.#usable(staff, index);
    const grant = this.#grantOf(visit);
    if (grant?.state !== 'in use' || grant.scope.field !== field) return false;
    // A value is shown on a page: on one that the catalogue names, else on any of the visit's.
    const named = visit?.pages.filter((page) => field.field === 'customer.email' && page === 'inquiry') ?? [];
    const shows = named.length > 0 ? named : (visit?.pages ?? []);
    if (this.until !== null && this.withoutBilling && shows.every(isBilling)) return false;
    grant.state = 'spent';
    return true;
  }

  #grantOf(visit: ModelVisit | undefined) {
    return visit === undefined || visit.request === null ? null : (this.requests[visit.request]?.grant ?? null);
  }

  /** The product tells what came of it: once, in time or late. */
  report(index: number, visit: number, outcome: 'done' | 'failed'): boolean {
    const deed = this.deeds[index];
    if (deed?.visit !== visit || deed.told.some((told) => told !== 'unknown')) return false;
    deed.told.push(outcome);
    return true;
  }

  exit(staff: StaffName, index: number): boolean {
    const visit = this.visits[index];
    if (!visit || visit.forgotten || visit.staff !== staff) return false;
    if (visit.end === null) this.endVisit(visit, 'exited');
    return true;
  }

  endByCustomer(by: By, index: number): boolean {
    const visit = this.visits[index];
    if (!this.#maySwitch(by) || !visit || visit.forgotten) return false;
    if (visit.end !== null) return true;
    this.endVisit(visit, 'ended by owner');
    for (const request of this.requests.filter(({ from }) => from === index)) {
      if (isOpen(request)) this.endRequest(request, 'declined', by);
      else if (isUnused(request.grant)) this.endGrant(request.grant, 'session ended');
    }
    return true;
  }

  tighten(by: By, change: Change | 'none'): boolean {
    const role = this.roles[by];
    const may = role === 'owner' || (role === 'admin' && this.settings.switchers.includes('admin'));
    if (this.closed || !may) return false;
    if (change === 'none') {
      if (this.changes.size === 0) return false;
      this.changes.clear();
    } else {
      if (this.changes.has(change) || isLooser(change, this.installation)) return false;
      // Both are about the same clock.
      if (change === 'shorter') this.changes.delete('looser');
      if (change === 'looser') this.changes.delete('shorter');
      this.changes.add(change);
    }
    this.settingsChanged();
    return true;
  }

  changeRole(member: MemberName, role: Role): boolean {
    if (this.closed) return false;
    const isNews = this.roles[member] !== role;
    const hadOwner = Object.values(this.roles).includes('owner');
    this.roles[member] = role;
    if (hadOwner && !Object.values(this.roles).includes('owner')) this.everybodyOut('no owner left');
    else if (isNews && (role === null || !this.settings.approvers.includes(role))) {
      for (const { grant } of this.requests) {
        if (isUnused(grant) && grant.by.includes(member)) this.endGrant(grant, 'approver left');
      }
    }
    return true;
  }

  openCase(name: CaseName): boolean {
    if (this.closed) return false;
    if (!this.cases[name].open) this.cases[name] = { open: true, graceEnds: null, whose: null };
    return true;
  }

  closeCase(name: CaseName): boolean {
    if (this.closed) return false;
    const known = this.cases[name];
    if (!known.open) return true;
    this.cases[name] = { ...known, open: false, graceEnds: this.now + this.settings.grace * MINUTE };
    this.takeBack((request) => request.caseName === name, ['lapsed', 'case closed']);
    return true;
  }

  /** A closed case is remembered for those who are inside for it, and by a switch that names it. */
  #isKnown(name: CaseName): boolean {
    const named = this.until !== null && this.onlyCase === name;
    return this.cases[name].open || named || this.live().some((visit) => visit.caseName === name);
  }

  mergeCase(name: CaseName): boolean {
    if (this.closed) return false;
    if (!this.#isKnown(name)) return true;
    const into = OTHER[name];
    if (!this.cases[into].open) return false;
    for (const visit of this.live()) if (visit.caseName === name) visit.caseName = into;
    for (const request of this.requests) if (request.caseName === name) request.caseName = into;
    if (this.onlyCase === name) this.onlyCase = into;
    this.cases[name] = { open: false, graceEnds: null, whose: null };
    return true;
  }

  reassign(name: CaseName, to: StaffName | null): boolean {
    if (this.closed || !this.#isKnown(name)) return false;
    const whose = to ?? 'nobody';
    if (this.cases[name].whose === whose) return true;
    this.cases[name].whose = whose;
    for (const visit of this.live()) {
      if (visit.caseName === name && visit.staff !== to) this.endVisit(visit, 'case reassigned');
    }
    const others = (request: { caseName: CaseName | null; staff: StaffName }) =>
      request.caseName === name && request.staff !== to;
    this.takeBack(others, ['withdrawn', 'case reassigned']);
    return true;
  }

  closeWorkspace(): boolean {
    if (this.closed) return false;
    this.closed = true;
    this.everybodyOut('workspace closed');
    return true;
  }

  staffMember(staff: StaffName, enabled: boolean): void {
    if (this.enabled[staff] && !enabled) this.disabledAt[staff] = this.now;
    this.enabled[staff] = enabled;
  }

  /** The workspace hears that somebody was disabled, perhaps when they are back. */
  removeStaff(staff: StaffName): void {
    const isBack = this.enabled[staff];
    const visit = this.liveOf(staff);
    if (visit && (!isBack || visit.began <= this.disabledAt[staff])) this.endVisit(visit, 'staff disabled');
    if (isBack) return;
    this.takeBack((request) => request.staff === staff, ['withdrawn', 'staff disabled']);
    for (const { grant } of this.requests) {
      if (isUnused(grant) && grant.by.includes(staff)) this.endGrant(grant, 'approver left');
    }
  }
}
