import { isUtf8 } from 'node:buffer';

import { invalidAppend } from '../limits.ts';
import type { NewFact, RecordedFact } from '../port.ts';

/** An event as a client of EventStoreDB sends it. */
export interface ProposedEvent {
  /** UUID, lower case. */
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** An event as such a client reads it. */
export interface StoredEvent extends ProposedEvent {
  readonly stream: string;
  readonly revision: bigint;
  /** Its place in the log, which is both its commit and its prepare position. */
  readonly place: number;
  /** Epoch milliseconds. */
  readonly recordedAt: number;
  /** The end of a stream that was deleted for ever. */
  readonly isTombstone: boolean;
}

export const JSON_CONTENT = 'application/json';
const BINARY_CONTENT = 'application/octet-stream';

const WRAPPED_TYPE = 'ForeignEvent';
const WRAPPED_METADATA = '{"storedBy":"event-log/stand-in"}';

/** The revision that EventStoreDB gives to a tombstone, and the `$tb` that stands for "soft deleted": 2^63 - 1. */
export const DELETED = 9_223_372_036_854_775_807n;

interface Wrapped {
  readonly type: string;
  readonly contentType: string;
  readonly data: string;
  readonly dataIs: 'text' | 'base64';
  readonly metadata: string;
  readonly metadataIs: 'text' | 'base64';
  readonly tombstone?: true;
}

/** What the port would take itself is stored as it is, so that Gatebook reads it too; all else is wrapped. */
export function toFact(stream: string, event: ProposedEvent): NewFact {
  const plain = event.contentType === JSON_CONTENT && event.type !== WRAPPED_TYPE && asPlain(event);
  if (plain && invalidAppend(stream, 'any', [plain]) === undefined) return plain;
  return wrap(event);
}

export function tombstoneFact(id: string): NewFact {
  const none = new Uint8Array();
  return wrap({ id, type: '$streamDeleted', contentType: BINARY_CONTENT, data: none, metadata: none }, true);
}

function asPlain({ id, type, data, metadata }: ProposedEvent): NewFact | undefined {
  if (!isText(data) || !isText(metadata)) return undefined;
  return { id, type, data: text(data), metadata: text(metadata) };
}

function wrap({ id, type, contentType, data, metadata }: ProposedEvent, isTombstone = false): NewFact {
  const dataIs = isText(data) ? 'text' : 'base64';
  const metadataIs = isText(metadata) ? 'text' : 'base64';
  const wrapped: Wrapped = {
    type,
    contentType,
    data: dataIs === 'text' ? text(data) : base64(data),
    dataIs,
    metadata: metadataIs === 'text' ? text(metadata) : base64(metadata),
    metadataIs,
    ...(isTombstone ? { tombstone: true } : undefined),
  };
  return { id, type: WRAPPED_TYPE, data: JSON.stringify(wrapped), metadata: WRAPPED_METADATA };
}

export function toEvent(fact: RecordedFact): StoredEvent {
  const { id, stream, recordedAt } = fact;
  const place = Number(fact.position);
  const revision = BigInt(fact.revision);
  if (fact.type !== WRAPPED_TYPE || fact.metadata !== WRAPPED_METADATA) {
    return {
      id,
      type: fact.type,
      contentType: JSON_CONTENT,
      data: bytes(fact.data, 'text'),
      metadata: bytes(fact.metadata, 'text'),
      stream,
      revision,
      place,
      recordedAt,
      isTombstone: false,
    };
  }
  const wrapped = JSON.parse(fact.data) as Wrapped;
  const isTombstone = wrapped.tombstone === true;
  return {
    id,
    type: wrapped.type,
    contentType: wrapped.contentType,
    data: bytes(wrapped.data, wrapped.dataIs),
    metadata: bytes(wrapped.metadata, wrapped.metadataIs),
    stream,
    revision: isTombstone ? DELETED : revision,
    place,
    recordedAt,
    isTombstone,
  };
}

/** A zero byte may stand in UTF-8, but SQLite's own functions take it for the end of a text. */
const isText = (data: Uint8Array) => isUtf8(data) && !data.includes(0);

const view = (data: Uint8Array) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const text = (data: Uint8Array) => view(data).toString('utf8');
const base64 = (data: Uint8Array) => view(data).toString('base64');

function bytes(stored: string, is: 'text' | 'base64'): Uint8Array {
  const buffer = Buffer.from(stored, is === 'text' ? 'utf8' : 'base64');
  // The protocol's runtime takes a plain Uint8Array only.
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
