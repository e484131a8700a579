import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { useMinute } from '../live.ts';
import { clockTime, dayAndTime, exactTime, shortly, utcTime } from './time.ts';

/** The viewer's own zone, by their browser. */
export const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
const KEPT = 'gatebook-zone';

interface Zone {
  readonly zone: string;
  readonly choose: (zone: string) => void;
}

const Chosen = createContext<Zone>({ zone: OWN_ZONE, choose: () => undefined });

/** The zone that every time on the page is written in: the viewer's own, or the one that they chose. */
export function ZoneProvider({ children }: { readonly children: ReactNode }) {
  const [zone, setZone] = useState(() => known(localStorage.getItem(KEPT)) ?? OWN_ZONE);
  const chosen = useMemo(
    () => ({
      zone,
      choose(next: string) {
        if (next === OWN_ZONE) localStorage.removeItem(KEPT);
        else localStorage.setItem(KEPT, next);
        setZone(next);
      },
    }),
    [zone],
  );
  return <Chosen value={chosen}>{children}</Chosen>;
}

/** What was kept may be of another browser, or no zone at all. */
function known(zone: string | null): string | undefined {
  try {
    return zone === null ? undefined : new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

export function useZone(): Zone {
  return useContext(Chosen);
}

type Shape = 'clock' | 'shortly' | 'day and time' | 'exact';

/** A time in the reader's zone; held or hovered it says its seconds and UTC. */
export function Time({ at, shape = 'clock' }: { readonly at: number; readonly shape?: Shape }) {
  const { zone } = useZone();
  const now = useMinute();
  const written = {
    clock: () => clockTime(at, zone),
    shortly: () => shortly(at, now, zone),
    'day and time': () => dayAndTime(at, now, zone),
    exact: () => exactTime(at, zone),
  }[shape]();
  return (
    <time className="nb" dateTime={new Date(at).toISOString()} title={utcTime(at)}>
      {written}
    </time>
  );
}
