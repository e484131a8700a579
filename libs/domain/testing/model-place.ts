import type { EndCause, MemberRole } from '@gatebook/protocol';
import {
  MEMBERS,
  STAFF,
  STAFF_NAMES,
  type By,
  type CaseName,
  type Decider,
  type Role,
  type StaffName,
} from './cast.ts';
import { withChanges, type Asks, type Change, type Settings } from './model-settings.ts';
import type { Field, Page, Wish } from './wishes.ts';

/*
 * What a workspace with a handful of people does, told a second time and more simply than the domain tells it: whole
 * visits and requests in two lists, no facts, no rules by name. The model-based spec holds the two against each other.
 */

export const MINUTE = 60_000;

export interface ModelVisit {
  readonly staff: StaffName;
  readonly began: number;
  readonly cap: number;
  readonly enterBy: number;
  readonly idleMs: number;
  readonly pages: readonly Page[];
  /** It was let in by the switch, which must stay on then. */
  readonly bySwitch: boolean;
  readonly request: number | null;
  caseName: CaseName | null;
  lastInput: number;
  entered: boolean;
  area: string | null;
  /** Views with a line: the page with its record, and when. */
  readonly seen: { readonly what: string; readonly page: Page; readonly at: number }[];
  /** Rows of data that it was shown, and may be shown in all. */
  rows: number;
  readonly rowsInAll: number;
  /** Milliseconds of the pace that pages have used up and time has not given back. */
  debt: number;
  debtAt: number;
  readonly msPerPage: number;
  end: { readonly at: number; readonly cause: EndCause } | null;
  forgotten: boolean;
}

/** What is to be had: pages, one deed or one field as a text, and for how long. */
export interface Scope {
  readonly pages: readonly Page[];
  readonly deed: string | null;
  readonly field: Field | null;
  readonly minutes: number;
}

export interface ModelGrant {
  state: 'to confirm' | 'ready' | 'in use' | 'spent' | 'ended';
  readonly scope: Scope;
  readonly startBy: number;
  readonly by: readonly (Decider | 'policy')[];
  /** How many grants were given before. */
  readonly order: number;
  visit: number | null;
  end: { readonly at: number; readonly cause: string } | null;
}

export interface ModelRequest {
  readonly staff: StaffName;
  readonly wish: Wish;
  /** The visit that it goes on from; -1: none. */
  readonly from: number;
  readonly asked: Scope;
  scope: Scope;
  readonly plannedStart: number | null;
  readonly hits: readonly string[];
  readonly asks: Asks | null;
  readonly lapsesAt: number;
  caseName: CaseName | null;
  state: 'waiting' | 'information asked' | 'approved' | 'declined' | 'withdrawn' | 'lapsed';
  /** How often it has come to read otherwise since it was asked. */
  changed: number;
  first: { readonly by: Decider; readonly email: string | null } | null;
  end: { readonly at: number; readonly cause: string } | null;
  grant: ModelGrant | null;
}

export interface ModelDeed {
  readonly visit: number;
  readonly reportBy: number;
  readonly told: ('unknown' | 'done' | 'failed')[];
}

export type CaseState = { open: boolean; graceEnds: number | null; whose: StaffName | 'nobody' | null };

/** Everything that there is, and time. */
export class Place {
  now: number;
  closed = false;
  /** The switch is on until then, perhaps for ever; `null`: off. */
  until: number | null = null;
  /** Somebody turned it off, as against never on. */
  blocked = false;
  withoutBilling = false;
  onlyCase: CaseName | null = null;
  askEach = false;
  /** Who turned it on last. */
  onBy: By = 'stranger';
  /** When it was turned on last. */
  since = 0;
  readonly cases: Record<CaseName, CaseState> = {
    '123': { open: true, graceEnds: null, whose: null },
    '124': { open: true, graceEnds: null, whose: null },
  };
  readonly roles: Record<By, Role>;
  readonly enabled: Record<StaffName, boolean>;
  readonly disabledAt: Record<StaffName, number>;
  readonly visits: ModelVisit[] = [];
  readonly requests: ModelRequest[] = [];
  readonly deeds: ModelDeed[] = [];
  readonly changes = new Set<Change>();
  readonly installation: Settings;

  constructor(now: number, installation: Settings) {
    this.now = now;
    this.installation = installation;
    const { maria, adam, vic, twin, double } = MEMBERS;
    this.roles = {
      maria: maria.role,
      adam: adam.role,
      vic: vic.role,
      twin: twin.role,
      double: double.role,
      stranger: null,
    };
    this.enabled = Object.fromEntries(STAFF_NAMES.map((name) => [name, true])) as Record<StaffName, boolean>;
    this.disabledAt = Object.fromEntries(STAFF_NAMES.map((name) => [name, now])) as Record<StaffName, number>;
  }

  #settings: Settings | undefined;
  get settings(): Settings {
    return (this.#settings ??= withChanges(this.installation, this.changes));
  }
  settingsChanged(): void {
    this.#settings = undefined;
  }

  /** Lets time go to `now`; whatever runs out on the way ends at its own instant. */
  passTo(now: number): void {
    for (;;) {
      const next = Math.min(...this.#instants());
      if (next > now) break;
      this.now = Math.max(this.now, next);
      if (this.until !== null && this.until <= next) this.everybodyOut('window ended');
      for (const visit of this.live()) {
        const end = this.runsOut(visit);
        if (end.at <= next) this.endVisit(visit, end.cause);
      }
      for (const request of this.requests) {
        if (isOpen(request) && request.lapsesAt <= next) this.endRequest(request, 'lapsed', 'nobody decided');
        if (isUnused(request.grant) && request.grant.startBy <= next)
          this.endGrant(request.grant, 'not started in time');
      }
      for (const deed of this.deeds) if (deed.told.length === 0 && deed.reportBy <= next) deed.told.push('unknown');
    }
    this.now = now;
  }

  /** Instants at which something runs out. */
  #instants(): number[] {
    const all = this.live().map((visit) => this.runsOut(visit).at);
    if (this.until !== null) all.push(this.until);
    for (const request of this.requests) {
      if (isOpen(request)) all.push(request.lapsesAt);
      else if (isUnused(request.grant)) all.push(request.grant.startBy);
    }
    for (const { told, reportBy } of this.deeds) if (told.length === 0) all.push(reportBy);
    return all;
  }

  /** Instants at which a comparison turns, still to come. */
  instantsAhead(): number[] {
    const all = [
      ...this.#instants(),
      ...this.live().flatMap((visit) => [visit.cap, visit.enterBy, ...paces(visit)]),
      ...this.requests.flatMap(({ plannedStart, grant }) => (isUnused(grant) && plannedStart ? [plannedStart] : [])),
    ];
    return all.filter((at) => at > this.now && Number.isFinite(at)).sort((a, b) => a - b);
  }

  live(): ModelVisit[] {
    return this.visits.filter((visit) => visit.end === null);
  }

  liveOf(staff: StaffName): ModelVisit | undefined {
    return this.visits.find((visit) => visit.end === null && visit.staff === staff);
  }

  runsOut(visit: ModelVisit): { readonly at: number; readonly cause: EndCause } {
    let end: { at: number; cause: EndCause } = { at: this.until ?? Infinity, cause: 'window ended' };
    if (visit.cap < end.at) end = { at: visit.cap, cause: 'reached its cap' };
    if (visit.lastInput + visit.idleMs < end.at) end = { at: visit.lastInput + visit.idleMs, cause: 'idle' };
    const grace = (visit.caseName === null ? null : this.cases[visit.caseName].graceEnds) ?? Infinity;
    return grace < end.at ? { at: grace, cause: 'case closed' } : end;
  }

  endVisit(visit: ModelVisit, cause: EndCause): void {
    visit.end = { at: this.now, cause };
    const grant = visit.request === null ? null : (this.requests[visit.request]?.grant ?? null);
    if (grant?.state === 'in use') this.endUsed(grant, 'session ended');
  }

  endRequest(request: ModelRequest, state: ModelRequest['state'], cause: string): void {
    request.state = state;
    request.end = { at: this.now, cause };
  }

  /** A grant of a visit alone is used up by the visit: nothing of it lapses. */
  endUsed(grant: ModelGrant, cause: string): void {
    const visitAlone = grant.scope.deed === null && grant.scope.field === null;
    if (grant.state === 'in use' && visitAlone) grant.state = 'spent';
    else this.endGrant(grant, cause);
  }

  endGrant(grant: ModelGrant, cause: string): void {
    grant.state = 'ended';
    grant.end = { at: this.now, cause };
  }

  /** Requests that wait and grants that nobody used, all or some, come to nothing. */
  takeBack(
    which: (request: ModelRequest) => boolean,
    as: readonly [state: 'lapsed' | 'withdrawn', cause: string, ofGrant?: string],
  ): void {
    const [state, cause, ofGrant = cause] = as;
    for (const request of this.requests) {
      if (!which(request)) continue;
      if (isOpen(request)) this.endRequest(request, state, cause);
      if (isUnused(request.grant)) this.endGrant(request.grant, ofGrant);
    }
  }

  /** The gate shuts, and nothing that was allowed before is left. */
  everybodyOut(why: 'owner' | 'window ended' | 'no owner left' | 'workspace closed'): void {
    const causes = { owner: 'revoked', 'no owner left': 'revoked' } as const;
    const cause: EndCause = why === 'owner' || why === 'no owner left' ? causes[why] : why;
    const lapse = why === 'workspace closed' ? why : 'access off';
    this.until = null;
    if (why === 'owner') this.blocked = true;
    // The grants go first: what a visit had of one goes with the access and not with the visit.
    for (const { grant } of this.requests) {
      if (grant && grant.state !== 'ended' && grant.state !== 'spent') this.endUsed(grant, lapse);
    }
    this.takeBack(() => true, ['lapsed', lapse]);
    for (const visit of this.live()) this.endVisit(visit, cause);
  }

  /** Whether anything runs or waits here that an off would end. */
  somethingStands(): boolean {
    return this.live().length > 0 || this.requests.some((request) => isOpen(request) || isUnused(request.grant));
  }

  hasRole(by: By, roles: readonly MemberRole[]): boolean {
    const role = this.roles[by];
    return role !== null && roles.includes(role);
  }

  isLead(staff: StaffName): boolean {
    return this.enabled[staff] && STAFF[staff].roles.some((role) => this.settings.leads.includes(role));
  }

  /** Whether the gate lets anybody in. */
  gateIsOpen(bySwitch = this.settings.mode === 'switch'): boolean {
    return this.until !== null || (!bySwitch && !this.blocked);
  }

  /** Whether it lets anybody begin or be granted something: where nobody turned it on, an owner could turn it off. */
  letsIn(): boolean {
    const { mode, longest } = this.settings;
    const knowsEnds = mode === 'switch' && longest !== null;
    if (knowsEnds && this.until === Infinity && this.now >= this.since + longest * MINUTE) return false;
    return this.gateIsOpen() && (this.until !== null || Object.values(this.roles).includes('owner'));
  }

  /** What must be right of whoever comes to the gate, for a visit or to ask for one. */
  mayCome(staff: StaffName, caseName: CaseName | null, saysWhy: boolean): boolean {
    if (caseName === null && this.settings.caseNeeded) return false;
    const { open, whose } = caseName === null ? { open: true, whose: null } : this.cases[caseName];
    const mayVisit = STAFF[staff].roles.some((role) => this.settings.visitors.includes(role));
    if (this.closed || !this.enabled[staff] || !mayVisit || !this.letsIn() || !open || !saysWhy) return false;
    if (whose !== null && whose !== 'nobody' && whose !== staff) return false;
    // Two of the members are Sam, who lets nobody in but others.
    const isOwn = staff === 'sam' && (this.onBy === 'twin' || this.onBy === 'double') && this.roles[this.onBy] !== null;
    if (this.settings.mode === 'switch' && this.until !== null && isOwn) return false;
    return this.until === null || this.onlyCase === null || this.onlyCase === caseName;
  }

  longest(kind: string): number {
    const { cap, writeCap } = this.settings;
    return kind === 'write' || kind === 'export' ? Math.min(cap, writeCap) : cap;
  }
}

export function isOpen({ state }: ModelRequest): boolean {
  return state === 'waiting' || state === 'information asked';
}

export function isUnused(grant: ModelGrant | null): grant is ModelGrant {
  return grant?.state === 'to confirm' || grant?.state === 'ready';
}

function paces({ debt, debtAt, seen }: ModelVisit): number[] {
  const newest = seen.at(-1);
  return [debtAt + debt - MINUTE, ...(newest ? [newest.at + 30_000] : [])];
}
