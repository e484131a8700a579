/** What followers wait for: rung after each commit. */
export class Bell {
  readonly #waiting = new Set<() => void>();

  ring(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Resolves when it rings, when the signal aborts, or after `ms`; never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      // Waiting for facts alone keeps no process alive.
      const timer = setTimeout(wake, ms).unref();
      signal.addEventListener('abort', wake);
      this.#waiting.add(wake);
    });
  }
}
