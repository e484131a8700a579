import type { StoredEvent } from './stored.ts';
import { DELETED } from './stored.ts';

/** Who may do what with a stream: names of users and groups; `$all` is everybody. */
export interface Acl {
  readonly $r?: string | readonly string[];
  readonly $w?: string | readonly string[];
  readonly $d?: string | readonly string[];
  readonly $mr?: string | readonly string[];
  readonly $mw?: string | readonly string[];
}

/** What a stream's metadata says to the server. */
export interface StreamMetadata {
  readonly maxCount?: number;
  /** Seconds. */
  readonly maxAge?: number;
  readonly truncateBefore?: number;
  readonly isSoftDeleted: boolean;
  readonly acl?: Acl;
  /** The whole object, own keys of the client included. */
  readonly raw: Readonly<Record<string, unknown>>;
}

export const NO_METADATA: StreamMetadata = { isSoftDeleted: false, raw: {} };

/** Of a metadata stream only the newest event is ever read. */
export const OF_METADATA_STREAMS: StreamMetadata = { ...NO_METADATA, maxCount: 1 };

export const METADATA_TYPE = '$metadata';

export const isMetadataStream = (stream: string) => stream.startsWith('$$');
/** The metadata of metadata: there is no such stream. */
export const isImpossibleStream = (stream: string) => stream.startsWith('$$$$') || stream === '$$';
export const metadataStreamOf = (stream: string) => `$$${stream}`;
export const originalOf = (stream: string) => (isMetadataStream(stream) ? stream.slice(2) : stream);

/** Anything but a JSON object says nothing. */
export function metadataFrom(event: Pick<StoredEvent, 'data'> | undefined): StreamMetadata {
  if (!event) return NO_METADATA;
  let raw: Record<string, unknown>;
  try {
    raw = JSON.parse(Buffer.from(event.data).toString('utf8')) as Record<string, unknown>;
  } catch {
    return NO_METADATA;
  }
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw)) return NO_METADATA;
  const truncateBefore = wholeNumber(raw['$tb']);
  return {
    maxCount: wholeNumber(raw['$maxCount']),
    maxAge: wholeNumber(raw['$maxAge']),
    truncateBefore,
    // The number has no exact place among JavaScript's; it is the only one up there that anybody writes.
    isSoftDeleted: truncateBefore !== undefined && truncateBefore >= Number(DELETED),
    acl: raw['$acl'] as Acl | undefined,
    raw,
  };
}

const wholeNumber = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);

/** What a soft deletion writes: everything that the metadata said before is gone. */
export const SOFT_DELETION = `{"$tb":${DELETED}}`;

/** What the first append after a soft deletion writes: the stream goes on, its old events stay hidden. */
export function undeletion(metadata: StreamMetadata, before: number): string {
  return JSON.stringify({ ...metadata.raw, $tb: before });
}

/** The first revision that a read may show, age aside. */
export function firstVisible({ maxCount, truncateBefore }: StreamMetadata, last: number): number {
  return Math.max(0, truncateBefore ?? 0, maxCount === undefined ? 0 : last - maxCount + 1);
}
