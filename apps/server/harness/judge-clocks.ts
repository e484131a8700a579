export interface ClockedView {
  readonly workspaceId: string;
  /** Asked at an instance whose clock was right all along. */
  readonly atRightClock: boolean;
  readonly outcome: 'yes' | 'refused' | 'not now';
  /** True time, epoch milliseconds: asked, and answered. */
  readonly began: number;
  readonly ended: number;
}

export interface ClockedFact {
  readonly workspaceId: string;
  readonly type: string;
  /** When the log's clock, which is right, says that it was recorded, epoch milliseconds. */
  readonly recordedAt: number;
}

export interface ClockedRun {
  /** When each visit is truly over, epoch milliseconds, by workspace: its window, its cap, its idle time. */
  readonly trueEnds: ReadonlyMap<string, number>;
  readonly views: readonly ClockedView[];
  /** Of a log with a clock of its own; absent where the log's clock is the one that jumps. */
  readonly facts?: readonly ClockedFact[];
}

/** What was decided in time may be on its way to the log for so long: then an append's outcome counts as unknown. */
const ON_ITS_WAY_MS = 2000;
const ENDS = ['SessionEnded', 'StaffAccessDisabled'];

/** What is wrong with a run in which a clock jumped, by true time; nothing where it holds. */
export function judgeClocks({ trueEnds, views, facts = [] }: ClockedRun): string[] {
  const wrong = new Set<string>();
  const endOf = (workspaceId: string) => trueEnds.get(workspaceId) ?? Infinity;
  for (const { workspaceId, atRightClock, outcome, began, ended } of views) {
    const end = endOf(workspaceId);
    if (outcome === 'yes' && began >= end) wrong.add('a yes was given after the true end');
    if (atRightClock && outcome === 'refused' && ended < end) wrong.add('a visit was refused before its true end');
    if (atRightClock && outcome === 'not now') wrong.add('an instance whose clock is right could not decide');
  }
  for (const { workspaceId, type, recordedAt } of facts) {
    const end = endOf(workspaceId);
    if (type === 'PageViewed' && recordedAt >= end + ON_ITS_WAY_MS) wrong.add('a view was written after the true end');
    if (ENDS.includes(type) && recordedAt < end) wrong.add('an end was written before its true time');
  }
  return [...wrong];
}
