/**
 * Put before a server by `--import`: how long its event loop stood still at most, since it was asked last. Where other
 * processes want the core too, some of that is waiting for it, which Linux counts (schedstats, second figure).
 */
import { openSync, readSync } from 'node:fs';
import type { Standstill } from './service.ts';

const TICK_MS = 1;

const counts = open('/proc/self/schedstat');
const buffer = Buffer.alloc(100);
let longest: Standstill = { wallMs: 0, ownMs: 0 };
let last = performance.now();
let lastWaited = waitedMs();

setInterval(() => {
  const [now, waited] = [performance.now(), waitedMs()];
  const wallMs = now - last - TICK_MS;
  const ownMs = Math.max(wallMs - (waited - lastWaited), 0);
  longest = { wallMs: Math.max(longest.wallMs, wallMs), ownMs: Math.max(longest.ownMs, ownMs) };
  [last, lastWaited] = [now, waited];
}, TICK_MS).unref();

process.on('message', (message) => {
  if (message !== 'stall') return;
  process.send?.(longest);
  longest = { wallMs: 0, ownMs: 0 };
});
// Listening alone keeps no process alive.
process.channel?.unref();

/** How long this thread was ready to run and had no core, so far; 0 where nobody counts it. */
function waitedMs(): number {
  if (counts === undefined) return 0;
  const length = readSync(counts, buffer, 0, buffer.length, 0);
  return Number(buffer.toString('latin1', 0, length).split(' ')[1]) / 1e6;
}

function open(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch {
    return undefined;
  }
}
