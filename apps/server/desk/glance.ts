/** A lane, as far as is read ahead of its turn. */
export interface Glanced {
  readonly kind: {
    glance?(states: readonly unknown[], commands: readonly unknown[]): number;
  };
  readonly known: { readonly state: unknown; readonly revision: number; readonly packed: string };
  /** The command that will be decided first. */
  readonly next: unknown;
}

/**
 * Reads ahead something of what the next turns of these lanes read; the number means nothing. Each loop goes one step
 * further than the one before: see `glanceAtBooks`.
 */
export function glanceAhead(lanes: readonly Glanced[]): number {
  let seen = 0;
  for (const { known } of lanes) seen += known.revision;
  for (const { known } of lanes) seen += known.packed.charCodeAt(0);
  for (const [kind, some] of Map.groupBy(lanes, ({ kind }) => kind)) {
    if (!kind.glance) continue;
    const states = some.map(({ known }) => known.state);
    const commands = some.map(({ next }) => next);
    seen += kind.glance(states, commands);
  }
  return seen;
}
