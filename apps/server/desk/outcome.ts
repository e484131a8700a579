import type { Actor } from '@gatebook/protocol';
import type { Refusal } from '#domain/rule';
import type { Fact } from '#event-log/envelope';

/** Who sends a command, and under which id. */
export interface Caller {
  readonly actor: Actor;
  readonly onBehalfOf?: Actor;
  /** UUIDv7; with it the command has one effect however often it is sent. */
  readonly commandId?: string;
  /** Over the command's canonical JSON; goes with `commandId`. */
  readonly commandDigest?: string;
  /** What the facts belong to: a session, else the command itself. */
  readonly correlationId?: string;
  readonly traceparent?: string;
  /** Revision of the stream that the sender decided by: elsewhere the command has no effect, unless it only takes away. */
  readonly expectedRevision?: number;
}

/** What came of a command. Every answer stands on facts that are durable. */
export type Outcome<DomainFact> =
  | {
      readonly kind: 'accepted';
      /** In order, as written; empty where there was nothing to write. */
      readonly facts: readonly Fact<string, unknown>[];
      /** The same facts, typed. */
      readonly decided: readonly DomainFact[];
      /** Position of the last fact written, or of the state that it was decided on. */
      readonly position: string;
      readonly view?: string;
    }
  /** Its effect stands already: the facts from `revision` on, `count` of them. */
  | { readonly kind: 'repeated'; readonly revision: number; readonly count: number; readonly position: string }
  /**
   * It would have been done, but the stream is no longer where the sender saw it. A condition of the sender's own, and no
   * rule of the book: nothing is written, no denial either, and the same command may be sent again with another revision.
   */
  | { readonly kind: 'stale'; readonly currentRevision: number; readonly position: string }
  | {
      readonly kind: 'refused';
      readonly refusal: Refusal;
      readonly position: string;
      /** The ends that were due by the clock and got written on the way. */
      readonly facts: readonly Fact<string, unknown>[];
      readonly decided: readonly DomainFact[];
    };
