/** Work in a row holds the event loop no longer than this before others get a turn, milliseconds. */
const SLICE_MS = 5;

/**
 * Does many small tasks one after the other, and lets the event loop turn between slices: closing a thousand sockets in
 * one go would keep every other request waiting.
 */
export class Slices {
  readonly #tasks: (() => void | Promise<void>)[] = [];
  readonly #onError: (error: unknown) => void;
  #working: Promise<void> | undefined;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  add(task: () => void | Promise<void>): void {
    this.#tasks.push(task);
    this.#working ??= this.#work();
  }

  /** Resolves when nothing waits to be done. */
  async idle(): Promise<void> {
    while (this.#working) await this.#working;
  }

  async #work(): Promise<void> {
    // Whoever adds goes on adding first.
    await Promise.resolve();
    let since = performance.now();
    for (let task = this.#tasks.shift(); task; task = this.#tasks.shift()) {
      try {
        const done = task();
        if (done) await done;
      } catch (error) {
        this.#onError(error);
      }
      if (performance.now() - since < SLICE_MS) continue;
      await new Promise<void>((resolve) => setImmediate(resolve));
      since = performance.now();
    }
    this.#working = undefined;
  }
}
