import { jsonEvent, type AllStreamRecordedEvent, type JSONEventData, type RecordedEvent } from '@eventstore/db-client';

import type { NewFact, RecordedFact } from '../port.ts';
import { positionText } from './position.ts';

/** Holds a text that JSON.parse and JSON.stringify would not give back as it was. */
const TEXT = '$text';

/**
 * A fact as an event of content type application/json, which the server's own pages and other clients can read. The
 * client takes and gives parsed JSON only; what it would not give back letter by letter is carried as a text.
 */
export function eventOf({ id, type, data, metadata }: NewFact): JSONEventData {
  return jsonEvent({ id, type, data: carried(data), metadata: carried(metadata) } as Parameters<typeof jsonEvent>[0]);
}

function carried(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { [TEXT]: text };
  }
  const isPlain = value !== null && typeof value === 'object' && !isText(value) && JSON.stringify(value) === text;
  return isPlain ? (value as object) : { [TEXT]: text };
}

export function factOf(event: RecordedEvent | AllStreamRecordedEvent): RecordedFact {
  const { streamId: stream, revision, id, type, data, metadata, created, position } = event as AllStreamRecordedEvent;
  return {
    id,
    type,
    data: textOf(data),
    metadata: textOf(metadata),
    stream,
    revision: Number(revision),
    position: positionText(position.commit),
    recordedAt: created.getTime(),
  };
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '{}';
  if (value instanceof Uint8Array || ArrayBuffer.isView(value))
    return Buffer.from(value as Uint8Array).toString('utf8');
  if (typeof value === 'string') return value;
  return isText(value) ? value[TEXT] : JSON.stringify(value);
}

function isText(value: unknown): value is { readonly [TEXT]: string } {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, TEXT)) return false;
  return Object.keys(value).length === 1 && typeof (value as { [TEXT]: unknown })[TEXT] === 'string';
}

/** The server's own: statistics, metadata, links. */
export function isSystemStream(stream: string): boolean {
  return stream.startsWith('$');
}
