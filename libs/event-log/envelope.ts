import type { Actor } from '@gatebook/protocol';
import type { NewFact, RecordedFact } from './port.ts';

/**
 * A fact's metadata, named as CloudEvents names it, with EventStoreDB's own two conventions for correlation
 * (visit.md, "One fact as it is stored").
 */
export interface FactMetadata {
  readonly schemaVersion: number;
  /** When it was decided: RFC 3339, UTC, milliseconds. Never earlier than the stream's fact before it. */
  readonly time: string;
  readonly actor: Actor;
  readonly onBehalfOf?: Actor;
  /** Id of the command that was decided (UUIDv7). */
  readonly commandId?: string;
  /** `sha256:` and hex, over the command's canonical JSON; facts that carry it make their command id known. */
  readonly commandDigest?: string;
  readonly $correlationId: string;
  readonly $causationId?: string;
  /** W3C Trace Context. */
  readonly traceparent?: string;
  /** Which codec wrote `data.personal`. */
  readonly codec: string;
}

/** A fact as code works with it: `data` parsed, `personal` opened. */
export interface Fact<Type extends string = string, Data = unknown> {
  readonly id: string;
  readonly type: Type;
  readonly data: Data;
  readonly metadata: FactMetadata;
}

/** A fact read back, with its place and the log's own time. */
export interface StoredFact<Type extends string = string, Data = unknown> extends Fact<Type, Data> {
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  /** Epoch milliseconds, the log's clock. */
  readonly recordedAt: number;
}

/** What is stored cannot be read: broken JSON, a codec that nobody has. It is shown as unknown, never dropped. */
export class UnreadableFact extends Error {
  override readonly name = 'UnreadableFact';
  readonly fact: RecordedFact;

  constructor(fact: RecordedFact, why: string) {
    super(`Fact ${fact.id} (${fact.type}, ${fact.stream} revision ${fact.revision}) can't be read: ${why}.`);
    this.fact = fact;
  }
}

/**
 * Seals and opens the personal part of a fact. The plain codec leaves it as it is; one that encrypts per subject takes
 * this seam, and hashes, folds and decisions never notice, because none of them reads `personal`.
 */
export interface PersonalCodec {
  /** Stands in each fact's metadata as `codec`. */
  readonly name: string;
  seal(personal: unknown): unknown;
  open(sealed: unknown): unknown;
}

export const plainCodec: PersonalCodec = {
  name: 'plain',
  seal: (personal) => personal,
  open: (sealed) => sealed,
};

export interface Envelope {
  /** Name of the codec that writes; it belongs into each fact's metadata. */
  readonly codec: string;
  /** Names of all codecs that it reads. */
  readonly codecs: readonly string[];
  encode(fact: Fact): NewFact;
  /** @throws {UnreadableFact} */
  decode(recorded: RecordedFact): StoredFact;
}

/** The envelope that writes with `codec` and reads what it or any of `readable` wrote. */
export function envelopeWith(codec: PersonalCodec = plainCodec, readable: readonly PersonalCodec[] = []): Envelope {
  const codecs = new Map([codec, ...readable].map((known) => [known.name, known]));

  return {
    codec: codec.name,
    codecs: [...codecs.keys()],

    encode(fact) {
      // A sealed part under another codec's name could never be opened again.
      if (fact.metadata.codec !== codec.name) {
        throw new Error(`Fact ${fact.id} names the codec "${fact.metadata.codec}", but "${codec.name}" writes it.`);
      }
      const data = JSON.stringify(withSealed(fact.data as { personal?: unknown }, codec));
      return { id: fact.id, type: fact.type, data, metadata: JSON.stringify(fact.metadata) };
    },

    decode(recorded) {
      const metadata = parseObject(recorded, recorded.metadata, 'metadata') as unknown as FactMetadata;
      const data = parseObject(recorded, recorded.data, 'data');
      const known = codecs.get(metadata.codec);
      if (!known)
        throw new UnreadableFact(recorded, `its codec is "${String(metadata.codec)}", which is not known here`);
      if (data['personal'] !== undefined) data['personal'] = known.open(data['personal']);
      return {
        id: recorded.id,
        type: recorded.type,
        data,
        metadata,
        stream: recorded.stream,
        revision: recorded.revision,
        position: recorded.position,
        recordedAt: recorded.recordedAt,
      };
    },
  };
}

/** Most facts of the hot path have no personal part, and are taken as they are. */
function withSealed(data: { readonly personal?: unknown }, codec: PersonalCodec): object {
  if (data.personal === undefined) return data;
  return { ...data, personal: codec.seal(data.personal) };
}

function parseObject(recorded: RecordedFact, text: string, part: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnreadableFact(recorded, `its ${part} is not JSON`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new UnreadableFact(recorded, `its ${part} is not a JSON object`);
  }
  return value as Record<string, unknown>;
}
