import type { FormatTime } from './sentence.ts';

/** As `utcTime` writes it. */
const TIME = String.raw`(?<time>\d{4}-\d\d-\d\d \d\d:\d\d) UTC`;
const place = (before: string, after = '', flags = '') =>
  new RegExp(String.raw`(?<=${before})${TIME}(?=${after})`, flags);

/**
 * Where a kind of line names a time of Gatebook's own. Only there: what people wrote, a staff member's reason first of
 * all, is never touched.
 */
const PLACES: Readonly<Record<string, RegExp>> = {
  StaffAccessEnabled: place(' until '),
  AccessRequested: place(
    String.raw`^It is planned for |^(?:It is planned for [-\d: ]{16} UTC\. )?It lapses `,
    String.raw`\.`,
    'g',
  ),
  AccessApproved: place('It is begun by ', ' or not at all\\.$'),
  ActionAuthorised: place('^What came of it is told by ', String.raw`\.`),
  LogExported: place(String.raw`^Only lines [^“]*(?:from|before) `, '', 'g'),
  StaffSeatTaken: place(' until ', '$'),
  AttemptDenied: place(String.raw` \d+ times since `, '$'),
};

/**
 * A line's sentence, a part of it, or its detail, with the times that it names told otherwise: the log's lines come in
 * UTC, and people read them in their own zone. `kind`: the type of the line's fact.
 */
export function timesRetold(kind: string, text: string, tell: FormatTime): string {
  const where = Object.hasOwn(PLACES, kind) ? PLACES[kind] : undefined;
  if (!where) return text;
  return text.replace(where, (_, time: string) => tell(Date.parse(`${time.replace(' ', 'T')}:00Z`)));
}
