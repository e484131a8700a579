import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * The connections of a server that is asked to stop. Node waits for a connection on which nothing was ever asked, or
 * only the head of a question came, as for one whose answer is being made; a browser opens such ones in advance.
 */
export class Connections {
  /** Each connection that speaks HTTP, with the answers that are being made on it. */
  readonly #answers = new Map<Duplex, number>();
  #draining = false;
  #drained: () => void = () => undefined;

  constructor(server: Server) {
    server.on('connection', (socket) => this.#opened(socket));
    // What became a WebSocket is closed by its door.
    server.on('upgrade', ({ socket }) => {
      this.#answers.delete(socket);
      // Its door takes nobody any more.
      if (this.#draining) socket.on('error', () => undefined).destroy();
    });
    server.prependListener('request', ({ socket }, response: ServerResponse) => {
      if (!this.#answers.has(socket)) return;
      this.#answers.set(socket, this.#answers.get(socket)! + 1);
      response.once('close', () => this.#answered(socket));
    });
  }

  /**
   * Lets go at once of every connection on which no answer is being made, of each other after its answer, and of all
   * after `patienceMs`; takes no new ones. Resolves when every answer is sent or given up: to close the server before
   * would cut those that are made and not sent yet.
   */
  async drain(patienceMs: number): Promise<void> {
    this.#draining = true;
    for (const [socket, answers] of this.#answers) if (answers === 0) socket.destroy();
    const patience = setTimeout(() => {
      for (const socket of this.#answers.keys()) socket.destroy();
      this.#drained();
    }, patienceMs);
    patience.unref();
    if (!this.#isAnswering) return;
    await new Promise<void>((resolve) => (this.#drained = resolve));
  }

  get #isAnswering(): boolean {
    return [...this.#answers.values()].some((answers) => answers > 0);
  }

  #opened(socket: Duplex): void {
    if (this.#draining) {
      socket.destroy();
      return;
    }
    this.#answers.set(socket, 0);
    socket.once('close', () => this.#answers.delete(socket));
  }

  #answered(socket: Duplex): void {
    const answers = this.#answers.get(socket);
    if (answers === undefined) return;
    this.#answers.set(socket, answers - 1);
    if (!this.#draining || answers > 1) return;
    socket.end();
    if (!this.#isAnswering) this.#drained();
  }
}
