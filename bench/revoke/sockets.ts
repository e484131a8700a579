import { once } from 'node:events';
import { WebSocket } from 'ws';

const SIDE_BY_SIDE = 50;

/** Sockets that stand open, and when each of them was closed (`performance.now()`). */
export interface OpenSockets {
  /** Resolves when all are closed: when, and the close codes that came. */
  readonly closed: Promise<{ readonly at: readonly number[]; readonly codes: ReadonlySet<number> }>;
}

/** Opens as many sockets as there are greetings; each says its own, line by line, and waits for an acknowledgement. */
export async function openSockets(
  address: string,
  greetings: readonly (readonly string[])[],
  { acknowledged }: { readonly acknowledged: boolean },
): Promise<OpenSockets> {
  const at: number[] = [];
  const codes = new Set<number>();
  const all = Promise.withResolvers<{ at: number[]; codes: Set<number> }>();
  const open = async (lines: readonly string[]): Promise<void> => {
    const socket = new WebSocket(address, 'graphql-transport-ws', { perMessageDeflate: false });
    socket.on('close', (code) => {
      at.push(performance.now());
      codes.add(code);
      if (at.length === greetings.length) all.resolve({ at, codes });
    });
    await once(socket, 'open');
    const [first, ...others] = lines;
    if (first !== undefined) socket.send(first);
    if (acknowledged) await once(socket, 'message');
    for (const line of others) socket.send(line);
  };
  for (let from = 0; from < greetings.length; from += SIDE_BY_SIDE)
    await Promise.all(greetings.slice(from, from + SIDE_BY_SIDE).map(open));
  return { closed: all.promise };
}
