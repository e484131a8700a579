import type { CaseId, SessionId, StaffId } from '@gatebook/protocol';
import type { ConsentMode } from '../policy/knobs.ts';
import { behindText, NUMBER_WIDTH, numberAt, packedNumber, packedText, textAt } from '../packed.ts';

/** The pages that a visit may open, and what people are told of it. Sessions with equal scopes share one. */
export interface Scope {
  readonly pages: ReadonlySet<string>;
  readonly can: readonly string[];
  readonly cannot: readonly string[];
}

/** What is the same for all sessions that were started for a case under the same policy: they share it. */
export interface Terms {
  /** `null`: the visit is for no case. */
  readonly caseId: CaseId | null;
  readonly caseRef: string | null;
  /** `null`: it began without one. */
  readonly job: string | null;
  readonly scope: Scope;
  readonly idleMs: number;
  readonly msPerPage: number;
  /** How many rows of data it may be shown in all; infinite: it began before there was such a budget. */
  readonly rowsInAll: number;
  /** What let staff in when the visit began. */
  readonly consent: ConsentMode;
}

/** A view that the session remembers, to tell a repeat and to know the page that a part belongs to. */
export interface View {
  readonly id: string;
  readonly page: string;
  readonly record: string | null;
  readonly at: number;
}

/** For showing only; no rule reads it. */
export interface Shown {
  readonly staffName: string;
  readonly staffEmail: string;
  readonly approverName: string | null;
}

export interface LiveSessionFields {
  readonly id: SessionId;
  readonly staffId: StaffId;
  readonly terms: Terms;
  readonly startedAt: number;
  /** The session is live before this instant, not at it. */
  readonly plannedEnd: number;
  readonly enterBy: number;
  readonly identityConfirmedAt: number;
  readonly lastInputAt: number;
  /** How far the budget of pages is spent: an instant that each page moves on by `msPerPage`. */
  readonly pacedUntil: number;
  /** How many rows of data it was shown. */
  readonly rows: number;
  readonly entered: boolean;
  readonly area: string | null;
  readonly shown: Shown | null;
  /** Newest last, at most {@link VIEWS_REMEMBERED}. */
  readonly views: readonly View[];
}

/** More than a person opens within the time in which a repeat counts as the same view. */
export const VIEWS_REMEMBERED = 32;

// Where each part stands: numbers first, then texts one behind the other, then the views, newest first.
const PLANNED_END = 0;
const ENTER_BY = PLANNED_END + NUMBER_WIDTH;
const STARTED_AT = ENTER_BY + NUMBER_WIDTH;
const IDENTITY_CONFIRMED_AT = STARTED_AT + NUMBER_WIDTH;
const LAST_INPUT_AT = IDENTITY_CONFIRMED_AT + NUMBER_WIDTH;
const PACED_UNTIL = LAST_INPUT_AT + NUMBER_WIDTH;
const ENTERED = PACED_UNTIL + NUMBER_WIDTH;
const ROWS = ENTERED + 1;
/** Three characters count further than any budget goes. */
const ROWS_WIDTH = 3;
const MOST_ROWS = 2 ** (8 * ROWS_WIDTH) - 1;
const ID = ROWS + ROWS_WIDTH;

/** A visit that is going on. It is never changed, and small: what isn't shared stands in one string. */
export class LiveSession {
  readonly terms: Terms;
  readonly packed: string;

  private constructor(terms: Terms, packed: string) {
    this.terms = terms;
    this.packed = packed;
  }

  static from(fields: LiveSessionFields): LiveSession {
    const { shown } = fields;
    const packed = [
      ...[fields.plannedEnd, fields.enterBy, fields.startedAt, fields.identityConfirmedAt].map(packedNumber),
      ...[fields.lastInputAt, fields.pacedUntil].map(packedNumber),
      fields.entered ? '1' : '0',
      packedRows(fields.rows),
      ...[fields.id, fields.staffId, fields.area].map(packedText),
      ...[shown?.staffName ?? null, shown?.staffEmail ?? null, shown?.approverName ?? null].map(packedText),
      ...fields.views.map(packedView).reverse(),
    ];
    return new LiveSession(fields.terms, packed.join(''));
  }

  /** Whether its id is this one, packed: so that one is found among many without unpacking theirs. */
  hasId(packedId: string): boolean {
    return this.packed.startsWith(packedId, ID);
  }

  /** Reads ahead what a decision about it reads: whose it is, and its numbers. A number that means nothing. */
  glance(): number {
    return this.packed.charCodeAt(0) + this.packed.charCodeAt(ID) + this.packed.charCodeAt(ID + 40);
  }

  get phase(): 'live' {
    return 'live';
  }
  get id(): SessionId {
    return textAt(this.packed, ID) as SessionId;
  }
  get staffId(): StaffId {
    return textAt(this.packed, behindTexts(this.packed, 1)) as StaffId;
  }
  get caseId(): CaseId | null {
    return this.terms.caseId;
  }
  get caseRef(): string | null {
    return this.terms.caseRef;
  }
  get job(): string | null {
    return this.terms.job;
  }
  get pages(): ReadonlySet<string> {
    return this.terms.scope.pages;
  }
  get can(): readonly string[] {
    return this.terms.scope.can;
  }
  get cannot(): readonly string[] {
    return this.terms.scope.cannot;
  }
  get consent(): ConsentMode {
    return this.terms.consent;
  }
  get idleMs(): number {
    return this.terms.idleMs;
  }
  get msPerPage(): number {
    return this.terms.msPerPage;
  }
  get plannedEnd(): number {
    return numberAt(this.packed, PLANNED_END);
  }
  get enterBy(): number {
    return numberAt(this.packed, ENTER_BY);
  }
  get startedAt(): number {
    return numberAt(this.packed, STARTED_AT);
  }
  get identityConfirmedAt(): number {
    return numberAt(this.packed, IDENTITY_CONFIRMED_AT);
  }
  get lastInputAt(): number {
    return numberAt(this.packed, LAST_INPUT_AT);
  }
  get pacedUntil(): number {
    return numberAt(this.packed, PACED_UNTIL);
  }
  get rowsInAll(): number {
    return this.terms.rowsInAll;
  }
  get rows(): number {
    return rowsAt(this.packed);
  }
  get entered(): boolean {
    return this.packed[ENTERED] === '1';
  }
  get area(): string | null {
    return textAt(this.packed, behindTexts(this.packed, 2));
  }
  get shown(): Shown | null {
    const nameAt = behindTexts(this.packed, 3);
    const emailAt = behindText(this.packed, nameAt);
    const staffName = textAt(this.packed, nameAt);
    const staffEmail = textAt(this.packed, emailAt);
    if (staffName === null || staffEmail === null) return null;
    return { staffName, staffEmail, approverName: textAt(this.packed, behindText(this.packed, emailAt)) };
  }
  get views(): readonly View[] {
    const views: View[] = [];
    for (let at = behindTexts(this.packed, 6); at < this.packed.length; at = behindView(this.packed, at))
      views.push(viewAt(this.packed, at));
    return views.reverse();
  }

  /** The id of the newest view of this page with this record that was opened after a time. */
  viewSince(page: string, record: string | null, after: number): string | undefined {
    return firstView(
      this.packed,
      packedText(page) + packedText(record),
      (at) => numberAt(this.packed, at) > after,
      () => true,
    );
  }

  /** Whether it remembers this view of this page; `record`: with this record, `null`: with any or none. */
  hasView(id: string, page: string, record: string | null): boolean {
    const wanted = packedText(page) + (record === null ? '' : packedText(record));
    const wantedId = packedText(id);
    const found = firstView(
      this.packed,
      wanted,
      () => true,
      (at) => this.packed.startsWith(wantedId, at),
    );
    return found !== undefined;
  }

  /** Something was done in it. */
  active(at: number, entered = this.entered): LiveSession {
    const { packed } = this;
    const parts = [packed.slice(0, LAST_INPUT_AT), packedNumber(at), packed.slice(PACED_UNTIL, ENTERED)];
    return new LiveSession(this.terms, [...parts, entered ? '1' : '0', packed.slice(ROWS)].join(''));
  }

  /** It goes on under other terms: its case was merged into another. */
  under(terms: Terms): LiveSession {
    return new LiveSession(terms, this.packed);
  }

  inArea(area: string): LiveSession {
    const at = behindTexts(this.packed, 2);
    const parts = [this.packed.slice(0, at), packedText(area), this.packed.slice(behindText(this.packed, at))];
    return new LiveSession(this.terms, parts.join(''));
  }

  /** Something of an open page was clicked: it is paced as a page is. */
  clicked(at: number, input: boolean): LiveSession {
    const { packed } = this;
    const parts = [
      packed.slice(0, LAST_INPUT_AT),
      input ? packedNumber(at) : packed.slice(LAST_INPUT_AT, PACED_UNTIL),
      packedNumber(Math.max(this.pacedUntil, at) + this.terms.msPerPage),
      packed.slice(ENTERED),
    ];
    return new LiveSession(this.terms, parts.join(''));
  }

  /** A page that is open shows so many rows of data more. */
  shownRows(rows: number): LiveSession {
    const { packed } = this;
    const parts = [packed.slice(0, ROWS), packedRows(rowsAt(packed) + rows), packed.slice(ID)];
    return new LiveSession(this.terms, parts.join(''));
  }

  /** `rows`: how many rows of data the page shows. */
  viewed(view: View, input: boolean, rows = 0): LiveSession {
    const { packed, terms } = this;
    const viewsAt = behindTexts(packed, 6);
    let end = viewsAt;
    for (let kept = 1; kept < VIEWS_REMEMBERED && end < packed.length; kept++) end = behindView(packed, end);
    const parts = [
      packed.slice(0, LAST_INPUT_AT),
      input ? packedNumber(view.at) : packed.slice(LAST_INPUT_AT, PACED_UNTIL),
      packedNumber(Math.max(this.pacedUntil, view.at) + terms.msPerPage),
      packed.slice(ENTERED, ROWS),
      rows === 0 ? packed.slice(ROWS, ID) : packedRows(rowsAt(packed) + rows),
      packed.slice(ID, viewsAt),
      packedView(view),
      packed.slice(viewsAt, end),
    ];
    return new LiveSession(terms, parts.join(''));
  }
}

// Functions and no private methods, which would take eight bytes of each visit.

function packedRows(rows: number): string {
  const most = Math.min(rows, MOST_ROWS);
  return String.fromCharCode(most >> 16, (most >> 8) & 0xff, most & 0xff);
}

function rowsAt(packed: string): number {
  return (packed.charCodeAt(ROWS) << 16) | (packed.charCodeAt(ROWS + 1) << 8) | packed.charCodeAt(ROWS + 2);
}

/** The first view, newest first, whose page and record begin so, as long as `goesOn` holds of where its time stands. */
function firstView(
  packed: string,
  begins: string,
  goesOn: (timeAt: number) => boolean,
  is: (idAt: number) => boolean,
): string | undefined {
  for (let at = behindTexts(packed, 6); at < packed.length; at = behindView(packed, at)) {
    if (!goesOn(at)) return undefined;
    const idAt = at + NUMBER_WIDTH;
    if (is(idAt) && packed.startsWith(begins, behindText(packed, idAt))) return textAt(packed, idAt) ?? undefined;
  }
  return undefined;
}

/** Where the texts from the id on are over, so many of them: behind all six the views begin. */
function behindTexts(packed: string, texts: number): number {
  let at = ID;
  for (let i = 0; i < texts; i++) at = behindText(packed, at);
  return at;
}

function packedView({ id, page, record, at }: View): string {
  return packedNumber(at) + packedText(id) + packedText(page) + packedText(record);
}

function viewAt(packed: string, at: number): View {
  const idAt = at + NUMBER_WIDTH;
  const pageAt = behindText(packed, idAt);
  return {
    id: textAt(packed, idAt) ?? '',
    page: textAt(packed, pageAt) ?? '',
    record: textAt(packed, behindText(packed, pageAt)),
    at: numberAt(packed, at),
  };
}

function behindView(packed: string, at: number): number {
  return behindText(packed, behindText(packed, behindText(packed, at + NUMBER_WIDTH)));
}

const scopes = new Map<string, Scope>();
/** An installation has a handful: one for each job, and for what owners left out. */
const SCOPES_SHARED = 1000;

/** The scope with these lists: the same one for equal lists. */
export function sharedScope(pages: readonly string[], can: readonly string[], cannot: readonly string[]): Scope {
  const key = JSON.stringify([pages, can, cannot]);
  let scope = scopes.get(key);
  if (!scope) {
    if (scopes.size >= SCOPES_SHARED) scopes.clear();
    scopes.set(key, (scope = { pages: new Set(pages), can, cannot }));
  }
  return scope;
}

export function sameTerms(a: Terms, b: Terms): boolean {
  return (
    a.caseId === b.caseId &&
    a.caseRef === b.caseRef &&
    a.job === b.job &&
    sameScope(a.scope, b.scope) &&
    a.idleMs === b.idleMs &&
    a.msPerPage === b.msPerPage &&
    a.rowsInAll === b.rowsInAll &&
    a.consent === b.consent
  );
}

/** Equal scopes are the same one as a rule; those that were made long apart can be two. */
export function sameScope(a: Scope, b: Scope): boolean {
  return a === b || (sameList([...a.pages], [...b.pages]) && sameList(a.can, b.can) && sameList(a.cannot, b.cannot));
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}
