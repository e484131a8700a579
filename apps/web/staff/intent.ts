/** What a staff member fills in to start a visit. */
export interface Typed {
  /** `''` until one is chosen, as of a case and a job. */
  readonly workspaceId: string;
  readonly caseRef: string;
  readonly job: string;
  readonly reason: string;
  readonly minutes: number;
  /** It is asked for, and begins once somebody approved it. */
  readonly asks?: boolean;
  /** The one action that is asked for, and what it is about. */
  readonly action?: string;
  readonly target?: string;
  /** What it is done with: JSON, as a link brought it or as it was filled in. */
  readonly args?: string;
  /** The id of the member as whom is looked, `''` until it is named; left out: as oneself, as support. */
  readonly viewAs?: string;
  /** The sensitive pages that are asked for, by id; left out: none. */
  readonly sensitive?: readonly string[];
  /** The one masked value that is asked for, by the catalogue's name, `''` until it is chosen; left out: none. */
  readonly field?: string;
  /** The product's id of the record whose value it is, `''` until it is named; left out: the workspace's own value. */
  readonly record?: string;
}

/** One start that is meant. Sent again with its id it has its one effect, whatever became of the first answer. */
export interface Intent {
  readonly commandId: string;
  /** What it was sent with. */
  readonly of: Typed;
}

/** The start that a press means: the one whose answer never came, unless something was edited since. */
export function intentOf(typed: Typed, unanswered: Intent | undefined, newId: () => string): Intent {
  if (unanswered && sameWish(unanswered.of, typed)) return unanswered;
  return { commandId: newId(), of: typed };
}

function sameWish(a: Typed, b: Typed): boolean {
  return (
    a.workspaceId === b.workspaceId &&
    a.caseRef === b.caseRef &&
    a.job === b.job &&
    a.reason === b.reason &&
    a.minutes === b.minutes &&
    a.asks === b.asks &&
    a.action === b.action &&
    a.target === b.target &&
    a.args === b.args &&
    a.viewAs === b.viewAs &&
    a.field === b.field &&
    a.record === b.record &&
    `${a.sensitive ?? []}` === `${b.sensitive ?? []}`
  );
}

/** What stands in a form, kept for one tab, one person and one address: it outlives signing in anew, and a reload. */
export interface Kept {
  readonly subject: string;
  readonly at: string;
  readonly typed: Typed;
  readonly unanswered?: Intent;
}

const KEY = 'gatebook-start';

export function keep(kept: Kept): void {
  sessionStorage.setItem(KEY, JSON.stringify(kept));
}

export function kept(subject: string, at: string): Kept | undefined {
  const text = sessionStorage.getItem(KEY);
  const found = text === null ? undefined : (JSON.parse(text) as Kept);
  return found?.subject === subject && found.at === at ? found : undefined;
}

export function forget(): void {
  sessionStorage.removeItem(KEY);
}
