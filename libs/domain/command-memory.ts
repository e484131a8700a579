import { isUuidV7, timeOfUuidV7 } from '@gatebook/protocol';
import type { Written } from './fact.ts';

/** How long a command id is remembered and, in turn, how old a command may be (design.md, section 3). */
export const COMMANDS_REMEMBERED_MS = 24 * 60 * 60 * 1000;
/** How far a command's id may lie ahead of the clock, for callers whose clock is fast. */
const COMMAND_AHEAD_MS = 5 * 60 * 1000;

interface RememberedCommand {
  readonly digest: string;
  readonly at: number;
  /** Revision of its first fact. */
  readonly revision: number;
  /** How many facts it has. */
  readonly count: number;
}

/** The commands of the last 24 hours that had an effect on a stream, from the facts' own metadata. */
export type CommandMemory = ReadonlyMap<string, RememberedCommand>;

export const noCommands: CommandMemory = new Map();

export function remember(memory: CommandMemory, { commandId, commandDigest, time, revision }: Written): CommandMemory {
  if (commandId === undefined || commandDigest === undefined) return memory;
  const next = new Map(memory);
  const known = next.get(commandId);
  next.set(
    commandId,
    known ? { ...known, count: known.count + 1 } : { digest: commandDigest, at: time, revision, count: 1 },
  );
  for (const [id, { at }] of next) {
    if (time - at <= COMMANDS_REMEMBERED_MS) break; // in order of time: the rest is younger
    next.delete(id);
  }
  return next;
}

export type Recalled =
  | { readonly kind: 'new' }
  | { readonly kind: 'repeated'; readonly revision: number; readonly count: number }
  | { readonly kind: 'reused' }
  | { readonly kind: 'stale' };

/** Whether a command was seen before: same id and payload, same id and another payload, or too old to tell (threat T44). */
export function recall(memory: CommandMemory, commandId: string, digest: string, now: number): Recalled {
  const known = memory.get(commandId);
  if (known && now - known.at <= COMMANDS_REMEMBERED_MS) {
    if (known.digest !== digest) return { kind: 'reused' };
    return { kind: 'repeated', revision: known.revision, count: known.count };
  }
  if (!isUuidV7(commandId)) return { kind: 'stale' };
  const age = now - timeOfUuidV7(commandId);
  // A remembered command may be a little older than its id's time says; a margin keeps the two limits from crossing.
  return age > COMMANDS_REMEMBERED_MS - COMMAND_AHEAD_MS || age < -COMMAND_AHEAD_MS
    ? { kind: 'stale' }
    : { kind: 'new' };
}
