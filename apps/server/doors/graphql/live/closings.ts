import type { WebSocket } from 'ws';
import type { Slices } from './slices.ts';

/** Closes whose answers are awaited at a time: what all of them cost when they come in one burst is no standstill. */
const TOGETHER = 200;
/** Where nobody answers for this long, so many are no longer waited for: the dead keep nobody else waiting. */
const PATIENCE_MS = 5;
const GIVEN_UP = 64;

/** Closes many sockets in turn, few enough at a time: an answer costs as much as a close, and answers come in bursts. */
export class Closings {
  readonly #slices: Slices;
  readonly #unanswered = new Set<WebSocket>();
  #onRoom: (() => void) | undefined;

  constructor(slices: Slices) {
    this.#slices = slices;
  }

  add(ws: WebSocket, close: () => void | Promise<void>): void {
    this.#slices.add(() =>
      this.#unanswered.size < TOGETHER ? this.#close(ws, close) : this.#room().then(() => this.#close(ws, close)),
    );
  }

  #close(ws: WebSocket, close: () => void | Promise<void>): void | Promise<void> {
    if (ws.readyState === ws.CLOSED) return undefined;
    this.#unanswered.add(ws);
    ws.once('close', () => {
      this.#unanswered.delete(ws);
      // Woken for many at once, not for each.
      if (this.#unanswered.size <= TOGETHER / 2) this.#onRoom?.();
    });
    return close();
  }

  /** Asked by one at a time: closings are in a row. */
  #room(): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(patience);
        this.#onRoom = undefined;
        resolve();
      };
      const patience = setTimeout(() => {
        for (const ws of [...this.#unanswered].slice(0, GIVEN_UP)) this.#unanswered.delete(ws);
        go();
      }, PATIENCE_MS);
      this.#onRoom = go;
    });
  }
}
