import { carried } from '../migrate/carried-time.ts';
import type { NewFact, RecordedFact } from '../port.ts';
import { shared, streams, uuidText } from './calls.ts';
import type { Streams } from './calls.ts';
import { positionText } from './position.ts';

type Recorded = Streams.ReadResp.ReadEvent.RecordedEvent;

/** The server's own pages, and other clients, read such data as JSON. */
const JSON_CONTENT = 'application/json';

/** The recorded time comes in units of 100 ns. */
const TICKS_PER_MS = 10_000n;

/** A fact on its way to the server: data and metadata are the texts themselves, byte for byte. */
export function proposed({ id, type, data, metadata }: NewFact): Streams.BatchAppendReq.ProposedMessage {
  const message = new streams.BatchAppendReq.ProposedMessage()
    .setId(new shared.UUID().setString(id))
    .setData(bytes(data))
    .setCustomMetadata(bytes(metadata));
  message.getMetadataMap().set('type', type).set('content-type', JSON_CONTENT);
  return message;
}

const bytes = (text: string): Uint8Array => {
  const buffer = Buffer.from(text, 'utf8');
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
};

const text = (of: Uint8Array) => Buffer.from(of.buffer, of.byteOffset, of.length).toString('utf8');

/** An event that may be a fact, before anything of it is read that isn't needed. */
export interface Event {
  readonly stream: string;
  readonly type: string;
  readonly commit: bigint;
  readonly recorded: Recorded;
}

export function eventOf(message: Streams.ReadResp): Event | undefined {
  const read = message.getEvent();
  // A link is in the log for itself; what it points to is read where it stands.
  const recorded = read?.getLink() ?? read?.getEvent();
  if (!recorded) return undefined;
  return {
    stream: text(recorded.getStreamIdentifier()?.getStreamName_asU8() ?? new Uint8Array()),
    type: recorded.getMetadataMap().get('type') ?? '',
    commit: BigInt(recorded.getCommitPosition()),
    recorded,
  };
}

export function factOf(event: Event): RecordedFact {
  const { stream, type, commit, recorded } = event;
  const metadata = recorded.getCustomMetadata_asU8().length === 0 ? '{}' : text(recorded.getCustomMetadata_asU8());
  return {
    id: uuidText(recorded.getId()),
    type,
    data: text(recorded.getData_asU8()),
    stream,
    revision: Number(recorded.getStreamRevision()),
    position: positionText(commit),
    // What came from another log keeps the time at which that one recorded it.
    ...(carried(metadata) ?? { metadata, recordedAt: stampedAt(event) }),
  };
}

/** When this server recorded it, epoch milliseconds. */
export const stampedAt = ({ recorded }: Event) =>
  Number(BigInt(recorded.getMetadataMap().get('created') ?? 0) / TICKS_PER_MS);

/** Statistics, metadata, links, tombstones: what the server keeps for itself is no fact. */
export const isFact = ({ stream, type }: Event) => !stream.startsWith('$') && !type.startsWith('$');
