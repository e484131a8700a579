import { createServer } from 'node:http';
import { randomInt } from 'node:crypto';

/** Below what systems give to outgoing connections: a service that is stopped and started again finds its port free. */
const [FROM, TO] = [20_000, 32_000];
/** Each of jest's workers draws from a part of its own: a port that is free is not taken by another before it is used. */
const PARTS = 8;
const PORTS = (TO - FROM) / PARTS;
const MOST_TRIES = 200;

const part = Number(process.env['JEST_WORKER_ID'] ?? 0) % PARTS;
/** Nor by the same: what was drawn may be in use only later. */
const drawn = new Set<number>();

/** A port of the loopback address that nobody listens at, for a service that must know its address before it starts. */
export async function freePort(): Promise<number> {
  const from = FROM + part * PORTS;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const port = randomInt(from, from + PORTS);
    if (drawn.has(port)) continue;
    drawn.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port between ${from} and ${from + PORTS} is free.`);
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  const listening = new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!(await listening)) return false;
  await new Promise((resolve) => probe.close(resolve));
  return true;
}
