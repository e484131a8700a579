/** In the place of the service's stores: while snapshots are off, nothing is kept. */
import { keptBooks as realKeptBooks, keptOutside as realKeptOutside } from '#server/stores';
import { isOff } from './state.ts';

export * from '#server/stores';

export const keptBooks: typeof realKeptBooks = (snapshots) => switched(realKeptBooks(snapshots));
export const keptOutside: typeof realKeptOutside = (snapshots) => switched(realKeptOutside(snapshots));

function switched<Kept extends { keep(...what: never[]): void }>(kept: Kept): Kept {
  const keep = kept.keep.bind(kept);
  return { ...kept, keep: (...what: never[]) => isOff.snapshots || keep(...what) };
}
