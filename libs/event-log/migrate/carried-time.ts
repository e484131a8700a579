import { MAX_FACT_BYTES } from '../port.ts';
import type { NewFact, RecordedFact } from '../port.ts';

const KEY = ',"$gatebookRecordedAt":';
const ALONE = '{"$gatebookRecordedAt":';
const TIME = /^(\d{1,16})\}$/;

/**
 * A fact that moves to another log, with the time at which the first one recorded it as the last key of its metadata.
 * The other log stamps its own time; whoever reads there takes the key off again ({@link carried}), so that texts, and
 * whatever is hashed of them, stay as they were. A fact so large that the key doesn't fit goes without.
 */
export function carrying({ id, type, data, metadata, recordedAt }: RecordedFact): NewFact {
  const whole = metadata === '{}' ? `${ALONE}${recordedAt}}` : `${metadata.slice(0, -1)}${KEY}${recordedAt}}`;
  const bytes = Buffer.byteLength(data) + Buffer.byteLength(whole) + type.length;
  return { id, type, data, metadata: bytes > MAX_FACT_BYTES ? metadata : whole };
}

/** Metadata as it was written first, and when that was recorded, epoch milliseconds; undefined: nothing is carried. */
export function carried(metadata: string): { readonly metadata: string; readonly recordedAt: number } | undefined {
  const at = metadata.lastIndexOf(KEY);
  const isAlone = at < 0 && metadata.startsWith(ALONE);
  if (at < 0 && !isAlone) return undefined;
  const [, time] = TIME.exec(metadata.slice(isAlone ? ALONE.length : at + KEY.length)) ?? [];
  if (time === undefined) return undefined;
  return { metadata: isAlone ? '{}' : `${metadata.slice(0, at)}}`, recordedAt: Number(time) };
}
