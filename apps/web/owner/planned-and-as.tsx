import type { Request } from '../requests/operations.ts';
import { first } from '../requests/told.ts';
import { Time } from '../time/zone.tsx';

/** What a yes is about beside the lists: when the visit is planned for, and as whom it looks (S1-4, S4-32). */
export function PlannedAndAs({ request }: { readonly request: Request }) {
  const { plannedStart, viewAs, viewAsName, staffName } = request;
  return (
    <>
      {viewAs !== null && (
        <p>
          Viewing as <b>{viewAsName ?? 'a member whose name is erased'}</b>: {first(staffName)} would see what they see.
        </p>
      )}
      {plannedStart !== null && (
        <p>
          Planned for{' '}
          <b>
            <Time at={Date.parse(plannedStart)} shape="day and time" />
          </b>
          , and not before.
        </p>
      )}
    </>
  );
}
