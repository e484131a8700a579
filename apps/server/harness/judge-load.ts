/** What callers were told: ids of views that were answered with yes, and of commands with the fact that is their effect. */
export interface Told {
  readonly views: readonly { readonly id: string; readonly record: string }[];
  readonly commands: readonly { readonly id: string; readonly type: string }[];
}

export interface WrittenFact {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly commandId: string | undefined;
  /** Of a view. */
  readonly record: string | undefined;
  /** Epoch milliseconds. */
  readonly recordedAt: number;
}

/** The same page and record again within this time is the same view (design.md, section 6). */
const SAME_VIEW_MS = 30_000;

/** Facts that a command has once, whatever else it has. */
const ONE_EFFECT = ['CaseOpened', 'StaffAccessEnabled', 'StaffAccessDisabled', 'SessionStarted'];

/**
 * What is wrong with the books of workspaces after faults, given what callers were told; nothing where it holds. Callers
 * sent each command under one id, and each record of a page as one view, as often as it took.
 */
export function judgeLoad({ views, commands }: Told, written: readonly WrittenFact[]): string[] {
  const wrong = new Set<string>();
  const ids = new Set<string>();
  const effects = new Set<string>();
  const records = new Map<string, number>();
  const books = new Map<string, Book>();
  for (const fact of written) {
    const { id, type, stream, revision, commandId, record, recordedAt } = fact;
    if (ids.has(id)) wrong.add('a fact stands twice');
    ids.add(id);
    const book = books.get(stream) ?? { revision: -1, last: '', live: 0, owes: false };
    books.set(stream, book);
    if (revision !== book.revision + 1) wrong.add('a revision stands twice, or one is missing');
    // A new area and its page, an off and the ends of its visits: each is one command, and one append.
    if (book.last === 'AreaEntered' && type !== 'PageViewed') wrong.add('a command is half applied');
    if (book.owes && type !== 'SessionEnded') wrong.add('a command is half applied');
    if (type === 'SessionStarted') book.live++;
    if (type === 'SessionEnded') book.live--;
    book.owes = (type === 'StaffAccessDisabled' || book.owes) && book.live > 0;
    book.revision = revision;
    book.last = type;
    if (commandId !== undefined && ONE_EFFECT.includes(type)) {
      if (effects.has(`${commandId} ${type}`)) wrong.add('a command took effect twice');
      effects.add(`${commandId} ${type}`);
    }
    if (type === 'PageViewed' && record !== undefined) {
      if (recordedAt - (records.get(record) ?? -Infinity) < SAME_VIEW_MS) wrong.add('a view stands twice');
      records.set(record, recordedAt);
    }
  }
  for (const { last, owes } of books.values())
    if (last === 'AreaEntered' || owes) wrong.add('a command is half applied');
  for (const { id, record } of views) {
    if (!ids.has(id) || !records.has(record)) wrong.add('an acknowledged view is lost');
  }
  for (const { id, type } of commands) if (!effects.has(`${id} ${type}`)) wrong.add('an acknowledged command is lost');
  return [...wrong];
}

interface Book {
  revision: number;
  last: string;
  /** Visits that stand open. */
  live: number;
  /** An off was read, and not yet all the ends that belong to it. */
  owes: boolean;
}

/** How a log would be read that went wrong in each of the ways that the judge knows: it has to find every one. */
export function spoiled(
  { views, commands }: Told,
  written: readonly WrittenFact[],
): Readonly<Record<string, readonly WrittenFact[]>> {
  const last = (type: string) => written.findLast((fact) => fact.type === type);
  const again = last(commands.at(-1)?.type ?? '');
  const view = last('PageViewed');
  const ending = last('StaffAccessDisabled');
  const halved = written.filter(
    ({ stream, revision, type }) =>
      !(type === 'SessionEnded' && stream === ending?.stream && revision === ending.revision + 1),
  );
  const anew = 'ffffffff-0000-7000-8000-000000000000';
  return {
    'an acknowledged view is lost': written.filter(({ id }) => id !== views.at(-1)?.id),
    'an acknowledged command is lost': written.filter(
      ({ commandId, type }) => commandId !== commands.at(-1)?.id || type !== commands.at(-1)?.type,
    ),
    'a command took effect twice': renumbered([...written, ...(again ? [{ ...again, id: anew }] : [])]),
    'a view stands twice': renumbered([...written, ...(view ? [{ ...view, id: anew }] : [])]),
    'a fact stands twice': [...written, ...written.slice(-1)],
    'a revision stands twice, or one is missing': [...written, ...written.slice(-1)],
    'a command is half applied': renumbered(halved),
  };
}

/** The same facts with revisions in order, as if they had been written so. */
function renumbered(facts: readonly WrittenFact[]): WrittenFact[] {
  const next = new Map<string, number>();
  return facts.map((fact) => {
    const revision = next.get(fact.stream) ?? 0;
    next.set(fact.stream, revision + 1);
    return { ...fact, revision };
  });
}
