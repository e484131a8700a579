import { MASK_KINDS, type MaskKind } from '@gatebook/protocol';
import { fieldLabel } from '#domain/request/scope';
import { isWithinPage } from '../owner/book.ts';
import type { LogLine } from '../owner/operations.ts';

/** What is read of a visit's facts beside their sentences. Everything in them may be erased, or of another version. */
interface VisitData {
  readonly pages?: readonly string[];
  readonly cannot?: readonly string[];
  readonly idleMinutes?: number;
  readonly page?: string;
  readonly label?: string;
  readonly area?: string | null;
  readonly masked?: readonly string[];
  readonly attempt?: { readonly label?: string };
  readonly rule?: string;
  readonly action?: { readonly label: string } | string | null;
  readonly actionId?: string;
  readonly outcome?: string;
  readonly count?: number;
  readonly requestId?: string;
  readonly granted?: { readonly field?: Parameters<typeof fieldLabel>[0] | null };
  readonly personal?: { readonly title?: string };
}

function dataOf({ technicalDetail }: Pick<LogLine, 'technicalDetail'>): VisitData {
  return (technicalDetail as { data?: VisitData | null }).data ?? {};
}

export type Step = LineStep | ViewsStep | GapStep;

export interface LineStep {
  readonly kind: 'line';
  readonly line: LogLine;
  /** The line of the arrival in the product, where it follows the start of the visit. */
  readonly arrived?: LogLine;
}

/** Pages that were opened one after the other. */
export interface ViewsStep {
  readonly kind: 'views';
  /** In written order, moves between areas included. */
  readonly lines: readonly LogLine[];
  readonly views: number;
  /** By page, in the order of their first opening. */
  readonly pages: readonly { readonly label: string; readonly times: number }[];
}

/** A time in which nothing was written, epoch milliseconds. */
export interface GapStep {
  readonly kind: 'gap';
  readonly from: number;
  readonly to: number;
}

export interface Timeline {
  /** Up to the end of the visit. */
  readonly steps: readonly Step[];
  /** What was tried after it. */
  readonly after: readonly Step[];
}

/** The request that a line is of or, of the start of a visit, that it began on; `undefined`: none. */
export const requestOf = (line: LogLine): string | undefined => dataOf(line).requestId;

/** A gap is drawn from here on: a fifth of the time after which a visit that nobody uses ends. */
export function shortestGap(idleMs: number): number {
  return Math.max(idleMs / 5, 60_000);
}

export const at = (line: Pick<LogLine, 'occurredAt'>): number => Date.parse(line.occurredAt);

/**
 * @param lines in written order.
 * @param now where the visit goes on: up to when nothing more was written.
 */
export function timelineOf(lines: readonly LogLine[], idleMs: number, now?: number): Timeline {
  const end = lines.findIndex(({ kind }) => kind === 'SessionEnded');
  const during = end < 0 ? lines : lines.slice(0, end + 1);
  const steps = stepsOf(during, shortestGap(idleMs));
  const last = during.at(-1);
  if (now !== undefined && last && now - at(last) >= shortestGap(idleMs))
    steps.push({ kind: 'gap', from: at(last), to: now });
  return { steps, after: stepsOf(lines.slice(during.length), Infinity) };
}

function stepsOf(lines: readonly LogLine[], gapMs: number): Step[] {
  const steps: Step[] = [];
  let views: LogLine[] = [];
  const close = () => {
    if (views.length > 0) steps.push(...viewsFrom(views));
    views = [];
  };
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    if (before && at(line) - at(before) >= gapMs) {
      close();
      steps.push({ kind: 'gap', from: at(before), to: at(line) });
    }
    const last = steps.at(-1);
    if (line.kind === 'PageViewed' || line.kind === 'AreaEntered' || (views.length > 0 && isWithinPage(line)))
      views.push(line);
    else if (line.kind === 'SessionEntered' && views.length === 0 && last?.kind === 'line' && last.line === before)
      steps[steps.length - 1] = { ...last, arrived: line };
    else {
      close();
      steps.push({ kind: 'line', line });
    }
  }
  close();
  return steps;
}

function viewsFrom(lines: readonly LogLine[]): Step[] {
  const viewed = lines.filter(({ kind }) => kind === 'PageViewed');
  // A page that was viewed alone says more by its own line, and a move without a page is one too.
  if (viewed.length === 0) return lines.map((line) => ({ kind: 'line', line }));
  if (viewed.length === 1)
    return lines.filter(({ kind }) => kind !== 'AreaEntered').map((line) => ({ kind: 'line', line }));
  const pages = new Map<string, number>();
  for (const line of viewed) pages.set(pageTitle(line), (pages.get(pageTitle(line)) ?? 0) + 1);
  return [
    {
      kind: 'views',
      lines,
      views: viewed.length,
      pages: [...pages].map(([label, times]) => ({ label, times })),
    },
  ];
}

/** What people call the page that a line tells of. */
export function pageTitle(line: LogLine): string {
  const { label, personal } = dataOf(line);
  return personal?.title ?? label ?? 'a page';
}

/** What a visit was allowed, and what came of it: evidence of what was not touched as well (S1-63, S1-84). */
export interface Scope {
  readonly idleMs: number | undefined;
  /** Pages that it could open, those opened first; `views` 0: never. */
  readonly pages: readonly { readonly label: string; readonly views: number }[];
  readonly opened: number;
  /** The one action that was approved, and what came of it; `undefined`: to look, and change nothing. */
  readonly action: { readonly label: string; readonly used: string } | undefined;
  /** The one masked value that was approved to be shown, whether it was, and its mask by the catalogue of today; `undefined`: none. */
  readonly reveal: { readonly label: string; readonly used: string; readonly mask: string | undefined } | undefined;
  /** What was tried and refused, by what it was. */
  readonly refused: readonly { readonly label: string; readonly times: number }[];
  /** Areas of the product in which nothing was opened. */
  readonly untouched: readonly string[];
  /** Kinds of fields that were masked on the pages opened. */
  readonly masked: readonly MaskKind[];
  /** What the visit could not do, as it was told. */
  readonly cannot: readonly string[];
}

export interface Declaration {
  readonly areas: readonly { readonly id: string; readonly label: string }[];
  readonly pages: readonly { readonly id: string; readonly label: string; readonly area: string | null }[];
  readonly fields?: readonly { readonly id: string; readonly mask: string }[];
}

/**
 * @param declared the catalogue of today, for names; what it has forgotten is called as the lines call it.
 * @param before what let the staff member in: the approval says which masked value may be shown.
 */
export function scopeOf(lines: readonly LogLine[], declared: Declaration, before: readonly LogLine[] = []): Scope {
  const start = lines.find(({ kind }) => kind === 'SessionStarted');
  const { pages = [], cannot = [], idleMinutes } = start ? dataOf(start) : {};
  const viewed = lines.filter(({ kind }) => kind === 'PageViewed').map(dataOf);
  const views = (id: string) => viewed.filter(({ page }) => page === id).length;
  const named = (id: string) =>
    declared.pages.find((page) => page.id === id)?.label ?? viewed.find(({ page }) => page === id)?.label ?? id;
  const allowed = pages.map((id) => ({ label: named(id), views: views(id) }));
  const refused = new Map<string, number>();
  const end = lines.findIndex(({ kind }) => kind === 'SessionEnded');
  const { action } = start ? dataOf(start) : {};
  const field = before.flatMap((line) =>
    line.kind === 'AccessApproved' ? (dataOf(line).granted?.field ?? []) : [],
  )[0];
  const reveal = field && `see ${fieldLabel(field)}`;
  const isShown = lines.some(({ kind }) => kind === 'FieldRevealed');
  const approvedAction = typeof action === 'object' ? action?.label : undefined;
  const approved = approvedAction ?? reveal;
  const cameOfIt = outcomeIn(lines);
  let otherValues = 0;
  for (const [index, line] of lines.entries()) {
    if (line.kind !== 'AttemptDenied') continue;
    const { attempt, rule = '', count = 1 } = dataOf(line);
    const isAfter = end >= 0 && index > end;
    const notAsApproved = attempt?.label === approved && !isAfter ? NOT_AS_APPROVED[rule] : undefined;
    // What was approved was left undone, and tried with other values instead: one row says it.
    if (rule === 'actionIsApproved' && notAsApproved !== undefined && cameOfIt === undefined) {
      otherValues += count;
      continue;
    }
    // "open Customer" is told of the page, as the other rows are.
    const what = attempt?.label?.replace(/^open /, '') ?? 'something';
    const label = isAfter ? `${what}, after the end` : `${what}${notAsApproved ?? ''}`;
    refused.set(label, (refused.get(label) ?? 0) + count);
  }
  const areas = new Set(viewed.map(({ area }) => area));
  return {
    idleMs: idleMinutes === undefined ? undefined : idleMinutes * 60_000,
    pages: allowed.toSorted((a, b) => Number(b.views > 0) - Number(a.views > 0)),
    opened: allowed.filter(({ views: times }) => times > 0).length,
    action:
      approvedAction === undefined
        ? undefined
        : {
            label: approvedAction,
            used: cameOfIt ?? (otherValues > 0 ? refusedTimes(otherValues, 'other values') : 'not used'),
          },
    reveal:
      reveal === undefined
        ? undefined
        : {
            label: reveal,
            used: isShown ? 'shown' : 'not shown',
            mask: declared.fields?.find(({ id }) => id === field?.field)?.mask,
          },
    refused: [...refused].map(([label, times]) => ({ label, times })),
    untouched: declared.areas.filter(({ id }) => !areas.has(id)).map(({ label }) => label),
    masked: MASK_KINDS.filter((kind) => viewed.some(({ masked }) => masked?.includes(kind))),
    cannot,
  };
}

/** How a refused attempt at the approved action differed from what was approved, by the rule that refused it. */
const NOT_AS_APPROVED: Readonly<Record<string, string>> = {
  actionIsApproved: ', with other values',
  grantIsUnspent: ', once more',
};

const OUTCOMES: Readonly<Record<string, string>> = {
  done: 'done',
  failed: 'tried, and failed',
  unknown: 'let happen, outcome unknown',
};

/** What came of the one action of a visit; `undefined`: it was not begun. */
function outcomeIn(lines: readonly LogLine[]): string | undefined {
  const reported = lines.findLast(({ kind }) => kind === 'ActionReported');
  if (reported) return OUTCOMES[dataOf(reported).outcome ?? 'unknown'] ?? 'let happen';
  return lines.some(({ kind }) => kind === 'ActionAuthorised') ? 'let happen, outcome not told yet' : undefined;
}

/** "refused", "refused 2 times"; in brackets what of it was. */
export function refusedTimes(times: number, what?: string): string {
  return `${times === 1 ? 'refused' : `refused ${times} times`}${what === undefined ? '' : ` (${what})`}`;
}

/** Lines without the second one of each action: that it was let happen and what came of it are one change. */
export function oncePerAction(lines: readonly LogLine[]): readonly LogLine[] {
  const begun = new Set(lines.flatMap((line) => (line.kind === 'ActionAuthorised' ? [dataOf(line).actionId] : [])));
  return lines.filter((line) => line.kind !== 'ActionReported' || !begun.has(dataOf(line).actionId));
}
