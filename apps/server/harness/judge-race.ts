export interface RaceView {
  readonly yes: boolean;
  /** Id of the view's fact, where the answer was yes. */
  readonly view: string | undefined;
  /** Asked after the off had been acknowledged. */
  readonly afterOff: boolean;
}

export interface Race {
  readonly views: readonly RaceView[];
  /** The workspace's stream, in order. */
  readonly stream: readonly { readonly type: string; readonly id: string }[];
}

/** What is wrong with a race, judged from the log's order and from the answers; nothing where it holds. */
export function judgeRace({ views, stream }: Race): string[] {
  const wrong: string[] = [];
  const off = stream.findIndex(({ type }) => type === 'StaffAccessDisabled');
  if (off < 0) wrong.push('the off does not stand in the log');
  if (stream.slice(off + 1).some(({ type }) => type === 'PageViewed')) wrong.push('a view stands behind the off');
  if (stream.filter(({ type }) => type === 'SessionEnded').length !== 1)
    wrong.push('the session has not exactly one end');
  if (views.some(({ yes, afterOff }) => yes && afterOff)) wrong.push('a yes was given after the off was acknowledged');
  const written = new Set(stream.filter(({ type }) => type === 'PageViewed').map(({ id }) => id));
  if (views.some(({ yes, view }) => yes && (view === undefined || !written.has(view))))
    wrong.push('a yes is not in the log');
  return wrong;
}
