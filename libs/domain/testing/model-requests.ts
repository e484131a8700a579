import { isStaffName, MEMBERS, STAFF, type By, type CaseName, type Decider, type StaffName } from './cast.ts';
import { most, type Asks } from './model-settings.ts';
import { isOpen, isUnused, MINUTE, type ModelRequest, type ModelVisit, type Place, type Scope } from './model-place.ts';
import {
  DEEDS,
  deedText,
  FIELDS,
  isBilling,
  OTHERWISE,
  VIEWABLE,
  wishOf,
  type Otherwise,
  type OtherwiseName,
  type Page,
  type Wish,
  type WishName,
} from './wishes.ts';

/** Asking and deciding, told more simply. Each says whether it is accepted, and does it then. */

const sameAddress = (a: string | null, b: string | null) => a?.toLowerCase() === b?.toLowerCase();

/** What can be had for a kind of wish: what is sensitive only where it is the point. */
const canBeHad = (page: Page, { kind }: Wish): boolean =>
  VIEWABLE.includes(page) || (page === 'customer' && kind === 'sensitive entry');

export interface Asking {
  readonly staff: StaffName;
  readonly wish: WishName;
  readonly caseName: CaseName | null;
  readonly minutes: number | null;
  readonly plannedStart: number | null;
  readonly saysWhy: boolean;
  /** The visit to go on from, for an extension; -1: none. */
  readonly visit: number;
}

export function ask(
  place: Place,
  { staff, wish: name, caseName: named, minutes, plannedStart, saysWhy, visit }: Asking,
): boolean {
  const { settings, now, withoutBilling } = place;
  const from = wishOf(name).extends ? place.visits[visit] : undefined;
  if (wishOf(name).extends && (from?.staff !== staff || from.end !== null)) return false;
  const wish = from ? goingOn(place, from, wishOf(name)) : wishOf(name);
  const caseName = named ?? from?.caseName ?? null;
  if (from && caseName !== from.caseName) return false;
  if (!place.mayCome(staff, caseName, saysWhy) || wish.bad) return false;
  const writes = wish.kind === 'write' || wish.kind === 'export';
  if (writes && !settings.writes) return false;

  const leftOut = place.until !== null && withoutBilling;
  const deedInBilling = wish.deed?.startsWith('retry') ?? false;
  // What is named beside something sensitive opens as far as the owner left it in.
  const mustOpen = wish.kind === 'sensitive entry' && wish.pages?.includes('customer') ? [] : wish.pages;
  if (leftOut && (deedInBilling || mustOpen?.some(isBilling))) return false;
  const viewedAs = wish.viewAs === undefined || wish.viewAs === 'nobody' ? null : place.roles[wish.viewAs];
  if (wish.viewAs !== undefined && viewedAs === null) return false;
  const longest = place.longest(wish.kind);
  if (minutes !== null && (minutes < 1 || minutes > longest)) return false;
  if (plannedStart !== null && (plannedStart < now - MINUTE || plannedStart > now + 7 * 24 * 60 * MINUTE)) return false;
  const deed = wish.deed === undefined ? null : deedText(DEEDS[wish.deed]);
  const field = wish.field === undefined ? null : FIELDS[wish.field];
  const scope: Scope = { pages: pagesFor(wish, leftOut), deed, field, minutes: minutes ?? longest };
  const own = place.requests.filter((request) => isOpen(request) && request.staff === staff);
  const target = wish.deed === undefined ? null : DEEDS[wish.deed].target;
  const isSame = (request: ModelRequest) =>
    request.wish.kind === wish.kind &&
    request.caseName === caseName &&
    request.wish.viewAs === wish.viewAs &&
    request.asked.field === field &&
    request.from === (from ? visit : -1);
  const isSameDeed = ({ wish: { deed: other } }: ModelRequest) =>
    (other === undefined ? null : DEEDS[other].name) === (wish.deed === undefined ? null : DEEDS[wish.deed].name) &&
    (other === undefined ? null : DEEDS[other].target) === target;
  const isSamePages = ({ asked }: ModelRequest) =>
    wish.kind !== 'sensitive entry' || isEqualSet(asked.pages, scope.pages);
  if (own.some((request) => isSame(request) && isSameDeed(request) && isSamePages(request))) return false;
  if (deed === null && scope.pages.length === 0) return false;
  const unbegun = place.requests.filter((request) => request.staff === staff && isUnused(request.grant));
  if (own.length + unbegun.length >= 5) return false;
  if (unbegun.some((request) => isSame(request) && hasIt(place, request, wish, scope, plannedStart))) return false;
  const hits = hitsOf(place, wish, scope);
  const asks = askedFor(place, hits);
  const request: ModelRequest = {
    staff,
    wish,
    from: from ? visit : -1,
    asked: scope,
    scope,
    plannedStart,
    hits,
    asks,
    lapsesAt: now + settings.lapse * MINUTE,
    caseName,
    state: 'waiting',
    changed: 0,
    first: null,
    end: null,
    grant: null,
  };
  place.requests.push(request);
  if (asks === null) approved(place, request, 'policy');
  return true;
}

/** Whether what was granted and not begun is all of the same wish, and still enough to begin on. */
function hasIt(place: Place, request: ModelRequest, wish: Wish, scope: Scope, plannedStart: number | null): boolean {
  const { grant } = request;
  return (
    grant !== null &&
    grant.scope.deed === scope.deed &&
    grant.scope.minutes >= scope.minutes &&
    scope.pages.every((page) => grant.scope.pages.includes(page)) &&
    request.wish.job === wish.job &&
    request.plannedStart === plannedStart &&
    isEnough(place, request, grant.scope, grant.by)
  );
}

/** More time for what a visit has: whatever of that can still be had. */
function goingOn(place: Place, from: ModelVisit, wish: Wish): Wish {
  const leftOut = place.until !== null && place.withoutBilling;
  const pages = from.pages.filter((page) => canBeHad(page, wish) && !(leftOut && isBilling(page)));
  const viewAs = from.request === null ? undefined : place.requests[from.request]?.wish.viewAs;
  return { ...wish, pages, ...(viewAs && { viewAs }) };
}

/** What a wish touches, by the roles of the moment. */
function hitsOf(place: Place, wish: Wish, scope: Scope): string[] {
  const hits = ['every session'];
  if (wish.kind === 'write') hits.push('every write');
  if (wish.kind === 'export') hits.push('export');
  if (wish.kind === 'reveal') hits.push('reveal');
  if (wish.deed === 'delete') hits.push('delete');
  if (scope.pages.includes('customer')) hits.push('sensitive page');
  const viewedAs = wish.viewAs === undefined || wish.viewAs === 'nobody' ? null : place.roles[wish.viewAs];
  if (viewedAs === 'owner' || viewedAs === 'admin') hits.push('sensitive account');
  return hits;
}

const isGone = (place: Place, { viewAs }: Wish): boolean =>
  viewAs !== undefined && (viewAs === 'nobody' || place.roles[viewAs] === null);

function sideOf(place: Place, request: ModelRequest): Asks | null {
  const now = hitsOf(place, request.wish, request.scope);
  return most(request.asks, askedFor(place, [...request.hits, ...now]));
}

/** Whether those who approved are still enough for it. */
export function isEnough(
  place: Place,
  { wish }: ModelRequest,
  scope: Scope,
  by: readonly (Decider | 'policy')[],
): boolean {
  if (isGone(place, wish)) return false;
  const vendor = by.some((one) => one !== 'policy' && isStaffName(one));
  const customer = by.some(
    (one) => one !== 'policy' && !isStaffName(one) && place.hasRole(one, place.settings.approvers),
  );
  const needed = askedFor(place, hitsOf(place, wish, scope));
  return needed === null || ((needed === 'vendor' || customer) && (needed === 'customer' || vendor));
}

/** The least that serves: the job's pages, else those of the deed's own area, else all that can be opened. */
function pagesFor(wish: Wish, leftOut: boolean): readonly Page[] {
  if (wish.pages && wish.kind === 'sensitive entry') return wish.pages.filter((page) => !(leftOut && isBilling(page)));
  if (wish.pages) return wish.pages;
  if (wish.field === 'email') return ['inquiry'];
  const inBilling = wish.job !== undefined || (wish.deed?.startsWith('retry') ?? false);
  const pages = inBilling ? VIEWABLE.filter(isBilling) : VIEWABLE;
  return leftOut ? pages.filter((page) => !isBilling(page)) : pages;
}

const isEqualSet = (a: readonly Page[], b: readonly Page[]): boolean => `${a.toSorted()}` === `${b.toSorted()}`;

function askedFor({ settings, until, askEach }: Place, hits: readonly string[]): Asks | null {
  const each = until !== null && askEach ? 'customer' : null;
  return hits.reduce<Asks | null>((sofar, hit) => most(sofar, settings.asked[hit] ?? null), each);
}

function approved(place: Place, request: ModelRequest, by: Decider | 'policy'): void {
  const { asked, scope } = request;
  const isChanged = !sameScope(asked, scope);
  place.endRequest(request, 'approved', by);
  request.grant = {
    state: isChanged ? 'to confirm' : 'ready',
    scope,
    startBy: Math.max(place.now, request.plannedStart ?? place.now) + place.settings.startBy * MINUTE,
    by: request.first ? [request.first.by, by] : [by],
    order: place.requests.filter(({ grant }) => grant !== null).length,
    visit: null,
    end: null,
  };
}

function sameScope(a: Scope, b: Scope): boolean {
  const samePages = a.pages.length === b.pages.length && a.pages.every((page) => b.pages.includes(page));
  return samePages && a.deed === b.deed && a.minutes === b.minutes;
}

/** Who gave the first of two must still be somebody who may. */
function firstStands(place: Place, { first }: ModelRequest): boolean {
  return first !== null && (isStaffName(first.by) || place.hasRole(first.by, place.settings.approvers));
}

/** Who gave the word that is asked for next. */
function turnOf(place: Place, request: ModelRequest): 'customer' | 'vendor' {
  const side = sideOf(place, request);
  if (side === 'both') return firstStands(place, request) ? 'vendor' : 'customer';
  return side === 'vendor' ? 'vendor' : 'customer';
}

function isRequester(by: Decider, { staff }: ModelRequest): boolean {
  if (isStaffName(by)) return by === staff || sameAddress(STAFF[by].email, STAFF[staff].email);
  // Sam has two more roles here: one by the same sign-in, one by the same address.
  return staff === 'sam' && (by === 'twin' || by === 'double');
}

function isFirst(by: Decider, { first }: ModelRequest): boolean {
  if (first === null) return false;
  return first.by === by || (isStaffName(by) && first.email !== null && sameAddress(first.email, STAFF[by].email));
}

export interface Approving {
  readonly by: Decider;
  readonly request: number;
  readonly shown: 'as it reads' | 'as it read before' | 'something else';
  readonly granted: OtherwiseName;
}

export function approve(place: Place, { by, request: index, shown, granted }: Approving): boolean {
  const request = place.requests[index];
  const { settings } = place;
  if (place.closed || !request || !isOpen(request) || isRequester(by, request) || isFirst(by, request)) return false;
  const turn = turnOf(place, request);
  if (isStaffName(by)) {
    if (!place.isLead(by) || place.liveOf(by) || turn !== 'vendor') return false;
  } else if (!place.hasRole(by, settings.approvers) || turn !== 'customer') return false;
  if (shown === 'something else' || (shown === 'as it read before' && request.changed > 0)) return false;
  if (!place.letsIn() || isGone(place, request.wish)) return false;
  if (request.scope.deed !== null && !settings.writes) return false;
  const otherwise: Otherwise | null = OTHERWISE[granted];
  if (otherwise && !mayBeChanged(place, request, otherwise, isStaffName(by) && request.first !== null)) return false;

  request.scope = changedBy(request.scope, otherwise);
  const side = sideOf(place, request);
  if (side === 'both' && turn === 'customer') {
    request.first = { by, email: isStaffName(by) ? null : MEMBERS[by as Exclude<By, 'stranger'>].email };
    request.state = 'waiting';
    request.changed++;
  } else approved(place, request, by);
  return true;
}

function mayBeChanged(place: Place, { scope, wish }: ModelRequest, otherwise: Otherwise, isSecond: boolean): boolean {
  const { pages, minutes, deed } = otherwise;
  const widen = place.settings.widen && !isSecond;
  if (!widen && changedBy(scope, otherwise).deed !== scope.deed) return false;
  const mayAdd = widen && wish.kind !== 'extension';
  const more = (pages ?? []).filter((page) => !scope.pages.includes(page));
  if (more.length > 0 && (!mayAdd || !more.every((page) => canBeHad(page, wish)))) return false;
  const longest = place.longest(wish.kind);
  if (minutes !== undefined && (minutes < 1 || minutes > (widen ? longest : Math.min(longest, scope.minutes))))
    return false;
  if (deed !== undefined && scope.deed === null) return false;
  if (deed !== undefined && wish.deed === 'delete' && DEEDS[deed].target === null) return false;
  // A value is shown on a page.
  return pages?.length !== 0 || scope.deed !== null;
}

function changedBy(scope: Scope, otherwise: Otherwise | null): Scope {
  if (otherwise === null) return scope;
  const { pages = scope.pages, minutes = scope.minutes, deed } = otherwise;
  if (deed === undefined || scope.deed === null) return { ...scope, pages, minutes };
  // The same deed, on what the approver says.
  const [name] = JSON.parse(scope.deed) as [string];
  return { ...scope, pages, minutes, deed: deedText({ ...DEEDS[deed], name }) };
}

/** Whoever could decide may ask, and may decline, whoever's turn it is. */
function mayTakeAway(place: Place, by: Decider): boolean {
  const { approvers, switchers } = place.settings;
  return isStaffName(by) ? place.isLead(by) : place.hasRole(by, [...approvers, ...switchers]);
}

export function question(place: Place, by: Decider, index: number, saysSomething: boolean): boolean {
  const request = place.requests[index];
  if (place.closed || !request || !isOpen(request) || !mayTakeAway(place, by) || !saysSomething) return false;
  request.state = 'information asked';
  request.changed++;
  return true;
}

export function answer(place: Place, staff: StaffName, index: number): boolean {
  const request = place.requests[index];
  if (place.closed || !place.enabled[staff] || request?.staff !== staff) return false;
  if (request.state !== 'information asked') return false;
  request.state = 'waiting';
  request.changed++;
  return true;
}

export function decline(place: Place, by: Decider, index: number): boolean {
  const request = place.requests[index];
  if (!request || !isOpen(request) || !mayTakeAway(place, by)) return false;
  place.endRequest(request, 'declined', by);
  return true;
}

export function withdraw(place: Place, staff: StaffName, index: number): boolean {
  const request = place.requests[index];
  if (request?.staff !== staff) return false;
  if (isUnused(request.grant)) {
    place.endGrant(request.grant, 'withdrawn');
    return true;
  }
  if (!isOpen(request)) return false;
  place.endRequest(request, 'withdrawn', 'by the staff member');
  return true;
}

export function confirm(place: Place, staff: StaffName, index: number): boolean {
  const request = place.requests[index];
  if (place.closed || !place.enabled[staff] || request?.staff !== staff || !isUnused(request.grant)) return false;
  request.grant.state = 'ready';
  return true;
}
