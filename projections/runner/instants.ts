import type { FactMetadata } from '#event-log/envelope';

let lastText = '';
let lastInstant = NaN;

/**
 * When the fact was decided, epoch milliseconds; NaN where its time is none. Every projection asks it of a fact before
 * the next fact comes, and reading the text takes longer than most folds: the last answer is kept.
 */
export function decidedAt({ time }: Pick<FactMetadata, 'time'>): number {
  if (time === lastText) return lastInstant;
  lastInstant = Date.parse(time);
  lastText = time;
  return lastInstant;
}
