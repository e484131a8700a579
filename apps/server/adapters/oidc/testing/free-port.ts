import { createServer } from 'node:http';
import { randomInt } from 'node:crypto';

/** Below what systems give to outgoing connections: a service that is stopped and started again finds its port free. */
const [FROM, TO] = [20_000, 32_000];
const MOST_TRIES = 200;

/** A port of the loopback address that nobody listens at, for a service that must know its address before it starts. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const port = randomInt(FROM, TO);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port between ${FROM} and ${TO} is free.`);
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
