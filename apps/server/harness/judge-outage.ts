export interface Attempt {
  readonly workspaceId: string;
  readonly outcome: 'yes' | 'refused' | 'not now' | 'unanswered';
  /** Of the view's fact, where it was a yes. */
  readonly view?: string | undefined;
  /** Milliseconds of one passing time: when it was sent, and answered. */
  readonly began: number;
  readonly ended: number;
}

export interface Outage {
  readonly from: number;
  readonly until: number;
}

export interface OutageRun {
  readonly outages: readonly Outage[];
  readonly attempts: readonly Attempt[];
  /** When an off was acknowledged, by workspace. */
  readonly offs: ReadonlyMap<string, number>;
  /** The books of workspaces, in order. */
  readonly books: readonly { readonly id: string; readonly type: string; readonly stream: string }[];
  /** Denials because the gate could not decide: how many attempts each stands for, by workspace; each fact once. */
  readonly denied: ReadonlyMap<string, number>;
}

/** What is wrong with a run through outages of the log; nothing where it holds. */
export function judgeOutage({ outages, attempts, offs, books, denied }: OutageRun): string[] {
  const wrong = new Set<string>();
  const off = new Set<string>();
  const ids = new Set<string>();
  for (const { id, type, stream } of books) {
    ids.add(id);
    if (type === 'StaffAccessDisabled') off.add(stream);
    else if (type === 'PageViewed' && off.has(stream)) wrong.add('a view stands behind an off');
  }
  for (const workspaceId of offs.keys()) {
    if (!off.has(`workspace-${workspaceId}`)) wrong.add('an acknowledged off is not in the log');
  }
  const notNow = new Map<string, number>();
  const unanswered = new Map<string, number>();
  for (const { workspaceId, outcome, view, began, ended } of attempts) {
    if (outcome === 'not now') notNow.set(workspaceId, (notNow.get(workspaceId) ?? 0) + 1);
    if (outcome === 'unanswered') unanswered.set(workspaceId, (unanswered.get(workspaceId) ?? 0) + 1);
    if (outcome !== 'yes') continue;
    if (view === undefined || !ids.has(view)) wrong.add('a yes is not in the log');
    // Who asked meanwhile and is answered after it was waited for; an answer in between stands on nothing.
    if (outages.some(({ from, until }) => began >= from && ended < until)) {
      wrong.add('a yes was given while the log was away');
    }
    if (began > (offs.get(workspaceId) ?? Infinity)) wrong.add('a yes was given after an off was acknowledged');
  }
  for (const workspaceId of new Set([...notNow.keys(), ...denied.keys()])) {
    const [least, found] = [notNow.get(workspaceId) ?? 0, denied.get(workspaceId) ?? 0];
    if (found < least) wrong.add('a refused attempt’s denial is lost');
    // An attempt may be written down whose answer never came, because the service was killed.
    if (found > least + (unanswered.get(workspaceId) ?? 0))
      wrong.add('a denial stands for an attempt that nobody made');
  }
  return [...wrong];
}
