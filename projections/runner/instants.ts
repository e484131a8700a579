import type { FactMetadata } from '#event-log/envelope';

let lastText = '';
let lastInstant = NaN;
let lastMinute = 'no minute';
let lastMinuteBegins = NaN;

/**
 * When the fact was decided, epoch milliseconds; NaN where its time is none. Every projection asks it of a fact before
 * the next fact comes, and reading the text takes longer than most folds: the last answer is kept.
 */
export function decidedAt({ time }: Pick<FactMetadata, 'time'>): number {
  if (time === lastText) return lastInstant;
  lastInstant = inLastMinute(time) ?? Date.parse(time);
  lastText = time;
  return lastInstant;
}

/** `YYYY-MM-DDTHH:MM:SS.mmmZ` in the minute of the one before, as most facts of a log are. */
function inLastMinute(time: string): number | undefined {
  if (time.length !== 24 || time[19] !== '.' || time[23] !== 'Z') return undefined;
  if (!time.startsWith(lastMinute)) {
    lastMinute = time.slice(0, 17);
    lastMinuteBegins = Date.parse(`${lastMinute}00.000Z`);
  }
  const seconds = digit(time, 17) * 10 + digit(time, 18);
  const instant = lastMinuteBegins + seconds * 1000 + digit(time, 20) * 100 + digit(time, 21) * 10 + digit(time, 22);
  // Where one of them is no digit, it is left to who knows all ways to write a time.
  return seconds < 60 && !Number.isNaN(instant) ? instant : undefined;
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : NaN;
}
