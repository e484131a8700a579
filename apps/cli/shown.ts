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

/** The time of a line, to the second. */
export function shownClock(instant: string | number): string {
  return new Date(instant).toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });
}
