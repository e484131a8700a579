/** A mark on an axis from 0 to 1. */
export interface Placed {
  readonly at: number;
  readonly mark: string;
}

export interface Mark extends Placed {
  /** How many it stands for. */
  readonly count: number;
}

/** Nearer than this they would cover each other on the narrowest axis. */
const NEAREST = 0.045;
/** The graver is seen where marks meet. */
const GRAVITY = ['viewed', 'refused', 'changed', 'emergency'];

/** Marks that would cover each other are drawn as one, in the place of the first, by the gravest of them. */
export function marksToScale(placed: readonly Placed[]): readonly Mark[] {
  const marks: Mark[] = [];
  for (const { at, mark } of placed) {
    const last = marks.at(-1);
    if (!last || at - last.at >= NEAREST) marks.push({ at, mark, count: 1 });
    else {
      const graver = GRAVITY.indexOf(mark) > GRAVITY.indexOf(last.mark) ? mark : last.mark;
      marks[marks.length - 1] = { at: last.at, mark: graver, count: last.count + 1 };
    }
  }
  return marks;
}
