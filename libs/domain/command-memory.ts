import { isUuidV7, timeOfUuidV7 } from '@gatebook/protocol';
import type { Written } from './fact.ts';
import { behindText, behindWhole, packedText, packedWhole, textAt, wholeAt } from './packed.ts';

/** How long a command id is remembered and, in turn, how old a command may be (design.md, section 3). */
export const COMMANDS_REMEMBERED_MS = 24 * 60 * 60 * 1000;
/** How far a command's id may lie ahead of the clock, for callers whose clock is fast. */
const COMMAND_AHEAD_MS = 5 * 60 * 1000;

export interface RememberedCommand {
  readonly id: string;
  readonly digest: string;
  readonly at: number;
  /** Revision of its first fact. */
  readonly revision: number;
  /** How many facts it has. */
  readonly count: number;
}

/**
 * Commands gathered from packed ones. Memories share it and add to it in place: each sees only what stood there when it
 * was made, so that none is ever changed.
 */
interface Generation {
  /** By id, in order; the number says which place in the order. */
  readonly commands: Map<string, { readonly place: number; readonly command: RememberedCommand }>;
  /** How many of them this memory sees. */
  readonly seen: number;
  /** When the first of them were gathered; whatever older generations hold is older. */
  readonly since: number;
  /** When the last of them was written. */
  readonly until: number;
}

const NOBODY: Generation = { commands: new Map(), seen: 0, since: Infinity, until: -Infinity };
/** So many commands stand packed, which is all that most workspaces have in a day; more are found by their id. */
const PACKED_MOST = 32;

/**
 * The commands of the last 24 hours that had an effect on a stream, from the facts' own metadata. It is never changed:
 * what is remembered on top of it is another memory.
 */
export class CommandMemory {
  /** The newest commands, oldest first, one behind the other. */
  readonly newest: string;
  readonly newestCount: number;
  readonly young: Generation;
  /** All older than `young`. */
  readonly old: Generation;
  /** Time of the newest fact of a command, epoch milliseconds. */
  readonly last: number;

  constructor(newest: string, newestCount: number, young: Generation, old: Generation, last: number) {
    this.last = last;
    this.newest = newest;
    this.newestCount = newestCount;
    this.young = young;
    this.old = old;
  }

  has(id: string): boolean {
    return this.find(id) !== undefined;
  }

  find(id: string): RememberedCommand | undefined {
    const at = placeOf(this.newest, id);
    return at === undefined ? (seenIn(this.young, id) ?? seenIn(this.old, id)) : commandAt(this.newest, at);
  }

  /** Those of the 24 hours up to `last`, in order of their facts. */
  list(): RememberedCommand[] {
    const all = new Map<string, RememberedCommand>();
    for (const { commands, seen } of [this.old, this.young])
      for (const { place, command } of commands.values()) if (place < seen) all.set(command.id, command);
    for (let at = 0; at < this.newest.length; at = behind(this.newest, at)) {
      const command = commandAt(this.newest, at);
      all.set(command.id, command);
    }
    return [...all.values()]
      .filter(({ at }) => this.last - at <= COMMANDS_REMEMBERED_MS)
      .sort((a, b) => a.revision - b.revision);
  }
}

export const noCommands = new CommandMemory('', 0, NOBODY, NOBODY, 0);

export function remember(memory: CommandMemory, { commandId, commandDigest, time, revision }: Written): CommandMemory {
  if (commandId === undefined || commandDigest === undefined) return memory;
  const known = memory.find(commandId);
  const command =
    known && time - known.at <= COMMANDS_REMEMBERED_MS
      ? { ...known, count: known.count + 1 }
      : { id: commandId, digest: commandDigest, at: time, revision, count: 1 };
  return withCommand(memory, command, time);
}

/** The memory that has this list, in the order of their facts. */
export function memoryOf(commands: readonly RememberedCommand[], last: number): CommandMemory {
  return commands.reduce((memory, command) => withCommand(memory, command, last), noCommands);
}

function withCommand(memory: CommandMemory, command: RememberedCommand, time: number): CommandMemory {
  const { young, old } = memory;
  let { newest, newestCount } = memory;
  const known = placeOf(newest, command.id);
  if (known !== undefined) {
    newest = newest.slice(0, known) + packed(command) + newest.slice(behind(newest, known));
  } else {
    newest += packed(command);
    newestCount++;
  }
  while (newestCount > 1 && time - commandAt(newest, 0).at > COMMANDS_REMEMBERED_MS) {
    newest = newest.slice(behind(newest, 0));
    newestCount--;
  }
  const stillYoung = time - young.until > COMMANDS_REMEMBERED_MS ? NOBODY : young;
  const stillOld = time - old.until > COMMANDS_REMEMBERED_MS ? NOBODY : old;
  if (newestCount <= PACKED_MOST) return new CommandMemory(newest, newestCount, stillYoung, stillOld, time);

  // What is a day old leaves as a whole: nothing is looked through to find it.
  const full = time - stillYoung.since > COMMANDS_REMEMBERED_MS;
  return new CommandMemory(
    '',
    0,
    gathered(full ? NOBODY : stillYoung, newest, time),
    full ? stillYoung : stillOld,
    time,
  );
}

function gathered(generation: Generation, newest: string, time: number): Generation {
  const added: RememberedCommand[] = [];
  for (let at = 0; at < newest.length; at = behind(newest, at)) added.push(commandAt(newest, at));

  // Another memory has added to it since, or one of these stands there already: then it is no longer ours to add to.
  const ours =
    generation !== NOBODY &&
    generation.commands.size === generation.seen &&
    !added.some(({ id }) => generation.commands.has(id));
  const commands = ours
    ? generation.commands
    : new Map([...generation.commands].filter(([, { place }]) => place < generation.seen));
  let { seen, until } = generation;
  for (const command of added) {
    const place = commands.get(command.id)?.place ?? seen++;
    commands.set(command.id, { place, command });
    until = Math.max(until, command.at);
  }
  return { commands, seen, since: Math.min(generation.since, time), until };
}

function seenIn({ commands, seen }: Generation, id: string): RememberedCommand | undefined {
  const found = commands.get(id);
  return found && found.place < seen ? found.command : undefined;
}

function packed({ id, digest, at, revision, count }: RememberedCommand): string {
  return packedText(id) + packedText(digest) + [at, revision, count].map(packedWhole).join('');
}

function commandAt(text: string, at: number): RememberedCommand {
  const digestAt = behindText(text, at);
  const timeAt = behindText(text, digestAt);
  const revisionAt = behindWhole(text, timeAt);
  return {
    id: textAt(text, at) ?? '',
    digest: textAt(text, digestAt) ?? '',
    at: wholeAt(text, timeAt),
    revision: wholeAt(text, revisionAt),
    count: wholeAt(text, behindWhole(text, revisionAt)),
  };
}

function behind(text: string, at: number): number {
  const timeAt = behindText(text, behindText(text, at));
  return behindWhole(text, behindWhole(text, behindWhole(text, timeAt)));
}

/** Where a command stands among the packed ones. */
function placeOf(text: string, id: string): number | undefined {
  const wanted = packedText(id);
  if (!text.includes(wanted)) return undefined;
  for (let at = 0; at < text.length; at = behind(text, at)) if (text.startsWith(wanted, at)) return at;
  return undefined;
}

export type Recalled =
  | { readonly kind: 'new' }
  | { readonly kind: 'repeated'; readonly revision: number; readonly count: number }
  | { readonly kind: 'reused' }
  | { readonly kind: 'stale' };

/** Whether a command was seen before: same id and payload, same id and another payload, or too old to tell (threat T44). */
export function recall(memory: CommandMemory, commandId: string, digest: string, now: number): Recalled {
  const known = memory.find(commandId);
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
