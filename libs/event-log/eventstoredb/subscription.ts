import { LogUnavailable } from '../port.ts';
import type { ReadCall, Streams } from './calls.ts';

/**
 * The messages of one subscription, taken one by one: what isn't taken waits at the server. It can be waited for with a
 * limit, so that whoever follows can look for itself when it hears nothing.
 */
export class Subscription {
  readonly #call: ReadCall;
  #failure: unknown;
  #wake: (() => void) | undefined;

  constructor(call: ReadCall) {
    this.#call = call;
    const wake = () => this.#wake?.();
    const over = (error: unknown) => {
      this.#failure ??= error;
      wake();
    };
    call
      .on('readable', wake)
      .on('error', over)
      .on('end', () => over(new LogUnavailable('EventStoreDB ended the subscription.')))
      .on('close', () => over(new LogUnavailable('EventStoreDB closed the subscription.')));
  }

  /** The next message; undefined: none is here. */
  next(): Streams.ReadResp | undefined {
    return (this.#call.read() as Streams.ReadResp | null) ?? undefined;
  }

  /** @throws why it is over, once all that came before is taken. */
  ensureUnbroken(): void {
    if (this.#failure !== undefined && this.#call.readableLength === 0) throw this.#failure;
  }

  /** Resolves when there may be a message, when it is over, when the signal aborts, and after `ms` at the latest. */
  async news(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#call.readableLength > 0 || this.#failure !== undefined || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', resolve as () => void);
    await promise;
    signal.removeEventListener('abort', resolve as () => void);
    clearTimeout(timer);
    this.#wake = undefined;
  }

  end(): void {
    this.#call.cancel();
    // What is on its way runs out: a call that nobody reads to its end never ends.
    this.#call.removeAllListeners('readable').resume();
  }
}
