import { calendarDay, dayAndTime } from '../time/time.ts';
import type { Part } from '../parts/lines.tsx';
import type { LogLine } from './operations.ts';

/** Lines as they are laid out: days, in them visits and the lines between, the newest first. */
export interface BookDay {
  /** Any instant of the day. */
  readonly at: number;
  readonly blocks: readonly (VisitBlock | LooseBlock)[];
}

export interface VisitBlock {
  readonly kind: 'visit';
  readonly sessionId: string;
  readonly open: boolean;
  /** "Sam Lee came in for CASE-123". */
  readonly heading: string;
  readonly began: number | undefined;
  readonly ended: number | undefined;
  /** In written order. */
  readonly lines: readonly LogLine[];
  /** What was tried after the end, in written order. */
  readonly after: readonly LogLine[];
}

export interface LooseBlock {
  readonly kind: 'loose';
  /** Each stands for itself: the newest first. */
  readonly lines: readonly LogLine[];
}

/** What is read of a fact beside its sentence. Everything in it may be erased, or of a version that isn't known here. */
export interface FactData {
  readonly caseRef?: string;
  readonly rule?: string;
  readonly instead?: string | null;
  readonly personal?: { readonly staffName?: string; readonly reason?: string };
}

export function factData({ technicalDetail }: Pick<LogLine, 'technicalDetail'>): FactData {
  const { data } = technicalDetail as { data?: FactData | null };
  return data ?? {};
}

/**
 * @param lines the newest first, as they come.
 * @param inside visits that go on.
 */
export function bookOf(lines: readonly LogLine[], inside: ReadonlySet<string>, zone: string): readonly BookDay[] {
  const days: { at: number; blocks: (VisitBlock | { kind: 'loose'; lines: LogLine[] })[] }[] = [];
  const ofVisit = Map.groupBy(
    lines.filter(({ sessionId }) => sessionId !== null),
    ({ sessionId }) => sessionId!,
  );
  const placed = new Set<string>();
  for (const line of lines) {
    if (line.sessionId !== null && placed.has(line.sessionId)) continue;
    const at = Date.parse(line.occurredAt);
    let today = days.at(-1);
    if (!today || calendarDay(today.at, zone) !== calendarDay(at, zone)) days.push((today = { at, blocks: [] }));
    if (line.sessionId !== null) {
      placed.add(line.sessionId);
      today.blocks.push(visitOf(line.sessionId, ofVisit.get(line.sessionId)!.toReversed(), inside));
      continue;
    }
    const last = today.blocks.at(-1);
    if (last?.kind === 'loose') last.lines.push(line);
    else today.blocks.push({ kind: 'loose', lines: [line] });
  }
  return days;
}

function visitOf(sessionId: string, written: readonly LogLine[], inside: ReadonlySet<string>): VisitBlock {
  const start = written.find(({ kind }) => kind === 'SessionStarted');
  const end = written.find(({ kind }) => kind === 'SessionEnded');
  const { caseRef, personal } = start ? factData(start) : {};
  const who = personal?.staffName ?? written.map(({ actor }) => staffName(actor)).find((name) => name !== null);
  return {
    kind: 'visit',
    sessionId,
    open: !end && inside.has(sessionId),
    heading: `${who ?? 'A staff member'} came in${caseRef === undefined ? '' : ` for ${caseRef}`}`,
    began: start && Date.parse(start.occurredAt),
    ended: end && Date.parse(end.occurredAt),
    lines: written.filter((line) => !end || line.number <= end.number),
    after: written.filter((line) => end && line.number > end.number),
  };
}

function staffName(actor: LogLine['actor']): string | null {
  return actor.__typename === 'StaffMember' ? actor.name : null;
}

/** "4 pages viewed, 2 refused": what a visit came to, as far as its lines are here. */
export function tally({ lines, after }: VisitBlock): string {
  const count = (mark: string) => [...lines, ...after].filter((line) => line.mark === mark).length;
  const [viewed, changed, refused] = [count('viewed'), count('changed'), count('refused')];
  return [
    viewed === 0 ? 'no page viewed' : `${viewed} ${viewed === 1 ? 'page' : 'pages'} viewed`,
    changed === 0 ? 'nothing changed' : `${changed} changed`,
    ...(refused > 0 ? [`${refused} refused`] : []),
  ].join(', ');
}

const WRITTEN_TIME = /(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC/;
/** Kinds of lines whose sentences hold a time of Gatebook's own. A staff member's reason is never touched. */
const HOLD_A_TIME = new Set(['StaffAccessEnabled', 'StaffAccessDisabled']);

/** The sentence with the time that it names in the reader's zone; the log itself speaks in UTC. */
export function partsInZone(
  { kind, parts }: Pick<LogLine, 'kind' | 'parts'>,
  now: number,
  zone: string,
): readonly Part[] {
  if (!HOLD_A_TIME.has(kind)) return parts;
  return parts.map((part) => ({
    ...part,
    text: part.text.replace(WRITTEN_TIME, (_, day: string, time: string) =>
      dayAndTime(Date.parse(`${day}T${time}:00Z`), now, zone),
    ),
  }));
}
