/** Put before a server by `--import`: how long its event loop stood still at most, since it was asked last. */
const TICK_MS = 1;

let longest = 0;
let last = performance.now();
setInterval(() => {
  const now = performance.now();
  longest = Math.max(longest, now - last - TICK_MS);
  last = now;
}, TICK_MS).unref();

process.on('message', (message) => {
  if (message !== 'stall') return;
  process.send?.({ stallMs: longest });
  longest = 0;
});
// Listening alone keeps no process alive.
process.channel?.unref();
