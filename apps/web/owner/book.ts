import { timesRetold } from '#wording/written-times';
import { calendarDay, dayAndTime } from '../time/time.ts';
import type { Part } from '../parts/lines.tsx';
import type { LogLine } from './operations.ts';
import { caseInWords } from '../parts/case-in-words.ts';

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
  /** Of one that goes on: what it may do beside looking, in words. */
  readonly mode: string | undefined;
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
  readonly caseRef?: string | null;
  readonly rule?: string;
  readonly attempt?: { readonly command?: string };
  readonly instead?: string | null;
  readonly personal?: { readonly staffName?: string; readonly reason?: string };
}

export function factData({ technicalDetail }: Pick<LogLine, 'technicalDetail'>): FactData {
  const { data } = technicalDetail as { data?: FactData | null };
  return data ?? {};
}

type Inside = ReadonlyMap<string, string>;

/**
 * @param lines the newest first, as they come.
 * @param inside visits that go on, each with what it may do beside looking, in words.
 */
export function bookOf(lines: readonly LogLine[], inside: Inside, zone: string): readonly BookDay[] {
  const days: { at: number; blocks: (VisitBlock | { kind: 'loose'; lines: LogLine[] })[] }[] = [];
  const ofVisit = Map.groupBy(
    lines.filter((line) => visitAt(line) !== null),
    ({ sessionId }) => sessionId!,
  );
  const placed = new Set<string>();
  for (const line of lines) {
    const sessionId = visitAt(line);
    if (sessionId !== null && placed.has(sessionId)) continue;
    const at = Date.parse(line.occurredAt);
    let today = days.at(-1);
    if (!today || calendarDay(today.at, zone) !== calendarDay(at, zone)) days.push((today = { at, blocks: [] }));
    if (sessionId !== null) {
      placed.add(sessionId);
      today.blocks.push(visitOf(sessionId, ofVisit.get(sessionId)!.toReversed(), inside));
      continue;
    }
    const last = today.blocks.at(-1);
    if (last?.kind === 'loose') last.lines.push(line);
    else today.blocks.push({ kind: 'loose', lines: [line] });
  }
  return days;
}

/** The visit that a line stands with. One that was refused before it began was none: nobody came in. */
function visitAt(line: LogLine): string | null {
  return factData(line).attempt?.command === 'StartSession' ? null : line.sessionId;
}

function visitOf(sessionId: string, written: readonly LogLine[], inside: Inside): VisitBlock {
  const start = written.find(({ kind }) => kind === 'SessionStarted');
  const end = written.find(({ kind }) => kind === 'SessionEnded');
  const { caseRef, personal } = start ? factData(start) : {};
  const who = personal?.staffName ?? written.map(({ actor }) => staffName(actor)).find((name) => name !== null);
  return {
    kind: 'visit',
    sessionId,
    open: !end && inside.has(sessionId),
    mode: inside.get(sessionId),
    heading: `${who ?? 'A staff member'} came in${caseRef === undefined ? '' : ` ${caseInWords(caseRef)}`}`,
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
  const all = [...lines, ...after];
  const count = (mark: string) => all.filter((line) => line.mark === mark).length;
  const revealed = all.filter(({ kind }) => kind === 'FieldRevealed').length;
  const [viewed, changed, refused] = [count('viewed') - revealed, count('changed'), count('refused')];
  return [
    viewed === 0 ? 'no page viewed' : `${viewed} ${viewed === 1 ? 'page' : 'pages'} viewed`,
    ...(revealed > 0 ? [`${revealed} masked ${revealed === 1 ? 'value' : 'values'} shown`] : []),
    changed === 0 ? 'nothing changed' : `${changed} changed`,
    ...(refused > 0 ? [`${refused} refused`] : []),
  ].join(', ');
}

/** The sentence and its detail with the times that they name in the reader's zone; the log itself speaks in UTC. */
export function inZone<SomeLine extends Pick<LogLine, 'kind' | 'parts' | 'detail'>>(
  { kind, parts, detail }: SomeLine,
  now: number,
  zone: string,
): { readonly parts: readonly Part[]; readonly detail: string | null } {
  const told = (text: string) => timesRetold(kind, text, (at) => dayAndTime(at, now, zone));
  return {
    parts: parts.map((part) => ({ ...part, text: told(part.text) })),
    detail: detail === null ? null : told(detail),
  };
}

/** The same for the sentence of something that was refused. */
export function refusalInZone(summary: string, now: number, zone: string): string {
  return timesRetold('AttemptDenied', summary, (at) => dayAndTime(at, now, zone));
}

/** Whether a line tells of something within a page: it stands under the page's own. */
export function isWithinPage({ kind }: Pick<LogLine, 'kind'>): boolean {
  return kind === 'PartClicked' || kind === 'RowsShown';
}
