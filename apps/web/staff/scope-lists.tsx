import { grouped } from '#wording/grouped';
import { CanAndCannot } from '../parts/signs.tsx';

export { grouped };

/** The exact lists of a visit, by what is done: opening, and everything else. Nothing is left out. */
export function ScopeLists({ can, cannot }: { readonly can: readonly string[]; readonly cannot: readonly string[] }) {
  return (
    <CanAndCannot
      can={{ title: 'You can', items: can.length === 0 ? ['Open no page'] : grouped(can, 'and') }}
      cannot={{ title: 'You can’t', items: grouped(cannot, 'or') }}
    />
  );
}
