/** Times as people read them (design-language.md, "Setting things"). All instants are epoch milliseconds. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();
function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...options });
  formats.set(key, known);
  return known;
}

function parts(at: number, zone: string, options: Intl.DateTimeFormatOptions): Record<string, string> {
  return Object.fromEntries(
    format(zone, options)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
}

/** "14:03". */
export function clockTime(at: number, zone: string): string {
  const { hour, minute } = parts(at, zone, { hour: '2-digit', minute: '2-digit' });
  return `${hour}:${minute}`;
}

/** "Tue 24 Nov"; with its year where that is another one than `now`'s. */
export function day(at: number, now: number, zone: string): string {
  const shape = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
  const { weekday, day: date, month, year } = parts(at, zone, shape);
  const words = `${weekday} ${date} ${month?.slice(0, 3)}`;
  return year === parts(now, zone, shape)['year'] ? words : `${words} ${year}`;
}

/** The calendar day in a zone, "2026-11-24": the same for two instants exactly when they fall on one day there. */
export function calendarDay(at: number, zone: string): string {
  const { year, month, day: date } = parts(at, zone, { year: 'numeric', month: '2-digit', day: '2-digit' });
  return `${year}-${month}-${date}`;
}

/** "Today, Tue 24 Nov", "Yesterday, Mon 23 Nov", "Thu 19 Nov": a heading. */
export function dayHeading(at: number, now: number, zone: string): string {
  const words = day(at, now, zone);
  const key = calendarDay(at, zone);
  if (key === calendarDay(now, zone)) return `Today, ${words}`;
  return key === calendarDay(now - DAY, zone) ? `Yesterday, ${words}` : words;
}

/** "Wed 25 Nov, 13:50": where the day matters. */
export function dayAndTime(at: number, now: number, zone: string): string {
  return `${day(at, now, zone)}, ${clockTime(at, zone)}`;
}

/** "today at 13:50", "on Mon 23 Nov at 13:50": inside a sentence about the past. */
export function whenItWas(at: number, now: number, zone: string): string {
  const time = clockTime(at, zone);
  return calendarDay(at, zone) === calendarDay(now, zone) ? `today at ${time}` : `on ${day(at, now, zone)} at ${time}`;
}

/** "14:32", or with its day where that isn't today. */
export function shortly(at: number, now: number, zone: string): string {
  return calendarDay(at, zone) === calendarDay(now, zone) ? clockTime(at, zone) : dayAndTime(at, now, zone);
}

/** "18 min", "23 h 36 min", "6 d 23 h"; under a minute in seconds, so that the end can be watched. */
export function span(ms: number): string {
  if (ms < MINUTE) return `${Math.max(Math.ceil(ms / 1000), 0)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  const [first, second] = ms < 2 * DAY ? [HOUR, MINUTE] : [DAY, HOUR];
  const rest = Math.floor((ms % first) / second);
  const [big, small] = first === HOUR ? ['h', 'min'] : ['d', 'h'];
  return `${Math.floor(ms / first)} ${big}${rest > 0 ? ` ${rest} ${small}` : ''}`;
}

/** "2 s ago", "3 min ago": how old what is shown is. */
export function ago(ms: number): string {
  return ms < 1000 ? 'just now' : `${span(ms < MINUTE ? Math.floor(ms / 1000) * 1000 : ms)} ago`;
}

/** "14:11:27, 13:11:27 UTC". */
export function exactTime(at: number, zone: string): string {
  const { hour, minute, second } = parts(at, zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return zone === 'UTC' ? utcTime(at) : `${hour}:${minute}:${second}, ${utcTime(at)}`;
}

/** "13:11:27 UTC". */
export function utcTime(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`;
}

/** "Berlin (UTC+1)". */
export function zoneName(zone: string, at: number): string {
  if (zone === 'UTC') return 'UTC';
  const offset = parts(at, zone, { timeZoneName: 'shortOffset' })['timeZoneName']?.replace('GMT', 'UTC') ?? '';
  return `${zone.split('/').at(-1)?.replaceAll('_', ' ')} (${offset})`;
}

/** The instant at which a calendar day begins in a zone; `undefined` where the text is no day. */
export function dayBegins(text: string, zone: string): number | undefined {
  const utc = Date.parse(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(utc)) return undefined;
  // The zone's offset is read twice: the first guess may stand on the other side of a clock change.
  const offsetAt = (at: number) => {
    const p = parts(at, zone, {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    return Date.parse(`${p['year']}-${p['month']}-${p['day']}T${p['hour']}:${p['minute']}:${p['second']}Z`) - at;
  };
  return utc - offsetAt(utc - offsetAt(utc));
}
