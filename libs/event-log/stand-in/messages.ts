import type { Shared, Streams } from './generated.ts';
import { GoogleEmpty, shared, streams } from './generated.ts';
import type { Expected } from './refusals.ts';
import { Refused, streamIdentifier } from './refusals.ts';
import type { ProposedEvent, StoredEvent } from './stored.ts';
import { JSON_CONTENT } from './stored.ts';
import type { Landed } from './writer.ts';

type AnyProposed = Streams.BatchAppendReq.ProposedMessage | Streams.AppendReq.ProposedMessage;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The recorded time goes out in units of 100 ns. */
const TICKS_PER_MS = 10_000n;

export function streamName(identifier: Shared.StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

/** What a client says that it expects of a stream, in any of the requests that say it. */
interface SaysExpected {
  hasAny(): boolean;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
}

export function expectedFrom(options: SaysExpected, revision: string): Expected {
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  if (options.hasAny()) return 'any';
  return BigInt(revision);
}

/** @throws {Refused} no type, or no UUID for an id. */
export function proposedEvent(message: AnyProposed): ProposedEvent {
  const said = message.getMetadataMap();
  const type = said.get('type') ?? '';
  if (type === '') throw new Refused({ kind: 'bad-request', message: 'An event has a type.' });
  const id = uuidText(message.getId()).toLowerCase();
  if (!UUID.test(id)) throw new Refused({ kind: 'bad-request', message: 'An event has a UUID for its id.' });
  return {
    id,
    type,
    contentType: said.get('content-type') ?? JSON_CONTENT,
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

/** Bytes of an event as the limit of one append counts them. */
export const sizeOf = ({ type, data, metadata }: ProposedEvent) => data.length + metadata.length + 2 * type.length;

export function uuidText(uuid: Shared.UUID | undefined): string {
  const structured = uuid?.getStructured();
  if (!structured) return uuid?.getString() ?? '';
  const bits = (signed: string) => BigInt.asUintN(64, BigInt(signed)).toString(16).padStart(16, '0');
  const hex = bits(structured.getMostSignificantBits()) + bits(structured.getLeastSignificantBits());
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** How a client wants ids told. */
export type UuidForm = 'text' | 'structured';

export function uuidMessage(id: string, form: UuidForm): Shared.UUID {
  if (form === 'text') return new shared.UUID().setString(id);
  const hex = id.replaceAll('-', '');
  const bits = (from: number) => String(BigInt.asIntN(64, BigInt(`0x${hex.slice(from, from + 16)}`)));
  const structured = new shared.UUID.Structured();
  structured.setMostSignificantBits(bits(0)).setLeastSignificantBits(bits(16));
  return new shared.UUID().setStructured(structured);
}

/** `link`: the event that points to `event`; an unresolved pointer has no event. */
export function eventMessage(
  event: StoredEvent | undefined,
  link: StoredEvent | undefined,
  form: UuidForm,
): Streams.ReadResp {
  const read = new streams.ReadResp.ReadEvent();
  if (event) read.setEvent(recorded(event, form));
  if (link) read.setLink(recorded(link, form));
  read.setCommitPosition(String((link ?? event)!.place));
  return new streams.ReadResp().setEvent(read);
}

function recorded(event: StoredEvent, form: UuidForm): Streams.ReadResp.ReadEvent.RecordedEvent {
  const place = String(event.place);
  const message = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(uuidMessage(event.id, form))
    .setStreamIdentifier(streamIdentifier(event.stream))
    .setStreamRevision(String(event.revision))
    .setCommitPosition(place)
    .setPreparePosition(place)
    .setData(event.data)
    .setCustomMetadata(event.metadata);
  const map = message.getMetadataMap();
  map.set('type', event.type);
  map.set('content-type', event.contentType);
  map.set('created', String(BigInt(event.recordedAt) * TICKS_PER_MS));
  return message;
}

export function confirmation(id: string): Streams.ReadResp {
  return new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(id));
}

export function checkpoint(place: number): Streams.ReadResp {
  const at = String(place);
  const reached = new streams.ReadResp.Checkpoint().setCommitPosition(at).setPreparePosition(at);
  return new streams.ReadResp().setCheckpoint(reached);
}

export const caughtUp = () => new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());

export function streamNotFound(stream: string): Streams.ReadResp {
  const identifier = streamIdentifier(stream);
  return new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifier),
  );
}

export function appendAnswer({ revision, place }: Landed): Streams.AppendResp {
  const success = new streams.AppendResp.Success();
  if (revision < 0) success.setNoStream(new shared.Empty());
  else success.setCurrentRevision(String(revision));
  if (place === undefined) success.setNoPosition(new shared.Empty());
  else {
    const at = String(place);
    success.setPosition(new streams.AppendResp.Position().setCommitPosition(at).setPreparePosition(at));
  }
  return new streams.AppendResp().setSuccess(success);
}

export function batchSuccess({ revision, place }: Landed): Streams.BatchAppendResp.Success {
  const success = new streams.BatchAppendResp.Success();
  if (revision < 0) success.setNoStream(new GoogleEmpty());
  else success.setCurrentRevision(String(revision));
  if (place === undefined) success.setNoPosition(new GoogleEmpty());
  else {
    const at = String(place);
    success.setPosition(new shared.AllStreamPosition().setCommitPosition(at).setPreparePosition(at));
  }
  return success;
}
