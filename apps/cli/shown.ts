/** A time for people: theirs, with the zone's name, so that nobody takes it for UTC. */
export function shownTime(instant: string | number): string {
  return new Date(instant).toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
}

const ZONE = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' });

/** The time of a line, to the second, with the zone's name: "2026-11-21 10:01:00 CET". */
export function shownClock(instant: string | number): string {
  const at = new Date(instant);
  const zone = ZONE.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC';
  return `${at.toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'medium' })} ${zone}`;
}
