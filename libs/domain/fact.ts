import type { Actor } from '@gatebook/protocol';
import * as v from 'valibot';

/**
 * A kind of fact: its past-tense name, what it says, and the shape of its data. The shape serves three readers: the
 * compiler, the check of what is read back from the log, and the fact catalogue in `docs/facts.md`.
 */
export interface FactKind<Type extends string = string, Schema extends v.GenericSchema = v.GenericSchema> {
  readonly type: Type;
  /** One sentence for people. */
  readonly says: string;
  readonly schema: Schema;
  /** The schema version that writers write. The shape tells what was written by an earlier one, and is read as well. */
  readonly version: number;
}

export function factKind<const Type extends string, Entries extends v.ObjectEntries>(
  type: Type,
  says: string,
  entries: Entries,
  version = 1,
): FactKind<Type, v.ObjectSchema<Entries, undefined>> {
  return { type, says, schema: v.object(entries), version };
}

/** The fact of a kind, as decided and as folded. */
export type FactOf<Kind> =
  Kind extends FactKind<infer Type, infer Schema>
    ? { readonly type: Type; readonly data: v.InferOutput<Schema> }
    : never;

/** What the log knows about a fact beside its data, as far as folds read it. */
export interface Written {
  readonly id: string;
  readonly revision: number;
  /** When it was decided, epoch milliseconds; never earlier than the fact before it in its stream. */
  readonly time: number;
  readonly actor: Actor;
  readonly commandId?: string;
  readonly commandDigest?: string;
}

/** RFC 3339, UTC, milliseconds: how every time stands in a fact. */
export const instant = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  // A time that is no time compares with nothing: a visit that ended then would never end.
  v.check((text) => !Number.isNaN(Date.parse(text)), 'must be a time that there is'),
);

/** Epoch milliseconds as they stand in a fact. */
export function toInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** A time from a fact as epoch milliseconds. */
export function fromInstant(text: string): number {
  return Date.parse(text);
}

/** Ids in facts; the schema checks the prefix, the type carries it. */
export function idWith<const P extends string>(prefix: P): v.GenericSchema<`${P}_${string}`> {
  return v.custom<`${P}_${string}`>(
    (value) => typeof value === 'string' && value.startsWith(`${prefix}_`),
    `must be an id that begins with ${prefix}_`,
  );
}
