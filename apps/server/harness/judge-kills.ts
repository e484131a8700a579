export interface Acknowledged {
  readonly views: { readonly id: string; readonly record: string }[];
  /** Ids of signals that were answered. */
  readonly signals: string[];
}

export interface WrittenFact {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly commandId: string | undefined;
}

/** What is wrong with a log after kills, given what had been acknowledged; nothing where it holds. */
export function judgeKills(acknowledged: Acknowledged, written: readonly WrittenFact[]): string[] {
  const wrong = new Set<string>();
  const ids = new Map<string, number>();
  const lastOf = new Map<string, WrittenFact>();
  const casesOf = new Map<string, number>();
  for (const fact of written) {
    ids.set(fact.id, (ids.get(fact.id) ?? 0) + 1);
    const before = lastOf.get(fact.stream);
    if (fact.revision !== (before?.revision ?? -1) + 1) wrong.add('a revision stands twice, or one is missing');
    // A new area and its page are one command, and one append.
    if (before?.type === 'AreaEntered' && fact.type !== 'PageViewed') wrong.add('a command is half applied');
    if (fact.type === 'CaseOpened' && fact.commandId !== undefined) {
      casesOf.set(fact.commandId, (casesOf.get(fact.commandId) ?? 0) + 1);
    }
    lastOf.set(fact.stream, fact);
  }
  for (const { type } of lastOf.values()) if (type === 'AreaEntered') wrong.add('a command is half applied');
  for (const { id } of acknowledged.views) if (!ids.has(id)) wrong.add('an acknowledged view is lost');
  for (const count of ids.values()) if (count > 1) wrong.add('a fact stands twice');
  for (const id of acknowledged.signals) if (!casesOf.has(id)) wrong.add('an acknowledged signal is lost');
  for (const count of casesOf.values()) if (count > 1) wrong.add('a signal took effect twice');
  return [...wrong];
}
