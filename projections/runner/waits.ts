interface Wait {
  readonly position: string;
  readonly settle: (reached: boolean) => void;
}

/** Who waits for the tables to reach a position, and until when. */
export class Waits {
  #all: Wait[] = [];

  begin(position: string, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const wait: Wait = {
        position,
        settle: (reached) => {
          clearTimeout(timer);
          this.#all = this.#all.filter((other) => other !== wait);
          resolve(reached);
        },
      };
      const timer = setTimeout(() => wait.settle(false), timeoutMs);
      this.#all.push(wait);
    });
  }

  reached(position: string): void {
    for (const wait of [...this.#all]) if (wait.position <= position) wait.settle(true);
  }

  /** Nothing will be reached any more. */
  end(): void {
    for (const { settle } of [...this.#all]) settle(false);
  }
}

/** Resolves after a while, or at once when the signal aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener('abort', wake);
  });
}
