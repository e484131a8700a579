/** Inside the service: what is off just now. The modules that stand in others' places ask here. */
import { SWITCHES, type Switch } from './switches.ts';

export const isOff: Record<Switch, boolean> = { validation: false, logging: false, metrics: false, snapshots: false };
const hearing = new Map<Switch, ((off: boolean) => void)[]>();

/** For what has to be stopped and started; what is asked each time asks {@link isOff} itself. */
export function whenSwitched(part: Switch, hear: (off: boolean) => void): void {
  hearing.set(part, [...(hearing.get(part) ?? []), hear]);
}

/** These are off from now on, all others on. */
export function switchOff(parts: readonly Switch[]): void {
  for (const part of SWITCHES) {
    const off = parts.includes(part);
    if (isOff[part] === off) continue;
    isOff[part] = off;
    for (const hear of hearing.get(part) ?? []) hear(off);
  }
}
