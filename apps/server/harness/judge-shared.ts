export interface SharedRun {
  /** Views that were answered with yes. */
  readonly views: {
    readonly workspaceId: string;
    readonly view: string;
    /** It was asked for after the workspace's off had been acknowledged. */
    readonly afterOff: boolean;
  }[];
  /** Workspaces that were turned off, and whether that was acknowledged. */
  readonly offs: Map<string, boolean>;
  /** The log, in order. */
  written?: { readonly id: string; readonly type: string; readonly stream: string; readonly revision: number }[];
}

/** What is wrong with a run over several instances, by the log's order and by the answers; nothing where it holds. */
export function judgeShared({ views, offs, written = [] }: SharedRun): string[] {
  const wrong = new Set<string>();
  const ids = new Set<string>();
  const last = new Map<string, number>();
  const off = new Set<string>();
  for (const { id, type, stream, revision } of written) {
    if (ids.has(id)) wrong.add('a fact stands twice');
    ids.add(id);
    if (revision !== (last.get(stream) ?? -1) + 1) wrong.add('a revision stands twice, or one is missing');
    last.set(stream, revision);
    if (type === 'StaffAccessDisabled') off.add(stream);
    else if (type === 'PageViewed' && off.has(stream)) wrong.add('a view stands behind an off');
  }
  for (const [workspaceId, acknowledged] of offs) {
    if (acknowledged && !off.has(`workspace-${workspaceId}`)) wrong.add('an acknowledged off is not in the log');
  }
  for (const { view, afterOff } of views) {
    if (afterOff) wrong.add('a yes was given after an off was acknowledged');
    if (!ids.has(view)) wrong.add('a yes is not in the log');
  }
  return [...wrong];
}
