import { Silence } from './errors.ts';

/** What a call answers, or {@link Silence} after `ms`: the client keeps no deadline of its own for most calls. */
export async function within<Answer>(ms: number, call: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Silence(ms)), ms);
  });
  call.catch(() => undefined);
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A read of the gRPC library. */
export interface Cancellable<Item> {
  iterator(options: { destroyOnReturn: boolean }): AsyncIterable<Item>;
  on(event: 'error', heard: (error: unknown) => void): unknown;
  destroy(error: Error): unknown;
  resume(): unknown;
  cancel(): void;
}

/**
 * The items of a read, until it is left or nothing comes for longer than `ms`. The time that the caller takes doesn't
 * count. A server that looks through much and finds nothing is silent too: `isThere` can ask it half way, and while it
 * answers it is waited for.
 */
export async function* itemsWithin<Item>(
  ms: number,
  reading: Promise<Cancellable<Item>>,
  isThere?: (ms: number) => Promise<unknown>,
): AsyncGenerator<Item> {
  const leave = (read: Cancellable<Item>) => {
    read.on('error', () => undefined);
    read.cancel();
    // What is on its way runs out: a call that nobody reads to its end never ends.
    read.resume();
  };
  let waitingSince: number | undefined = performance.now();
  let asking = false;
  const read = await within(ms, reading).catch((error: unknown) => {
    reading.then(leave, () => undefined);
    throw error;
  });
  read.on('error', () => undefined);
  const ask = async () => {
    asking = true;
    try {
      await isThere!(ms / 2);
      if (waitingSince !== undefined) waitingSince = performance.now();
    } catch {
      // It is silent, and the watch will say so.
    } finally {
      asking = false;
    }
  };
  const watch = setInterval(() => {
    if (waitingSince === undefined) return;
    const waited = performance.now() - waitingSince;
    if (waited > ms) read.destroy(new Silence(ms));
    else if (waited > ms / 2 && isThere && !asking) void ask();
  }, ms / 4);
  try {
    for await (const item of read.iterator({ destroyOnReturn: false })) {
      waitingSince = undefined;
      yield item;
      waitingSince = performance.now();
    }
  } finally {
    clearInterval(watch);
    leave(read);
  }
}
