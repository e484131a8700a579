import * as v from 'valibot';
import { memoryOf, type CommandMemory } from './command-memory.ts';

const finite = v.pipe(v.number(), v.finite());

/** A memory of commands as JSON can hold it. */
export const packedCommands = v.strictObject({
  last: finite,
  /** Id, digest, time, revision of the first fact, number of facts; in order of their facts. */
  list: v.array(v.strictTuple([v.string(), v.string(), finite, finite, finite])),
});
export type PackedCommands = v.InferOutput<typeof packedCommands>;

export function packCommands(commands: CommandMemory): PackedCommands {
  return {
    last: commands.last,
    list: commands.list().map(({ id, digest, at, revision, count }) => [id, digest, at, revision, count]),
  };
}

export function unpackCommands({ last, list }: PackedCommands): CommandMemory {
  return memoryOf(
    list.map(([id, digest, at, revision, count]) => ({ id, digest, at, revision, count })),
    last,
  );
}
