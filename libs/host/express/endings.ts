import { END_SENTENCES, ENDINGS_PATH, type Ending } from '@gatebook/protocol';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface EndingsOptions {
  readonly service: string | URL;
  readonly productKey: string;
  readonly onEnding: (ending: Ending) => void;
}

const RETRY_MS = [200, 500, 1000, 2000, 5000] as const;
/** How long the stream may be away before the product must assume the worst. */
const DEAF_MS = 5000;
const LINE_BYTES = 64 * 1024;

/** Listens for visits' ends (`GET /v1/endings`, server-sent events), resuming where a broken stream stopped. */
export class Endings {
  readonly #options: EndingsOptions;
  #request: ClientRequest | undefined;
  #retry: NodeJS.Timeout | undefined;
  /** Since when nothing is heard, monotonic milliseconds; `undefined` while the stream is up. */
  #silentSince: number | undefined;
  #lastId: string | undefined;
  #failures = 0;
  #state: 'idle' | 'listening' | 'closed' = 'idle';

  constructor(options: EndingsOptions) {
    this.#options = options;
  }

  /** Whether ends may have gone unheard for longer than a moment. */
  get deaf(): boolean {
    return this.#silentSince !== undefined && performance.now() - this.#silentSince > DEAF_MS;
  }

  /** Begins to listen; does nothing the second time. */
  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'listening';
    this.#connect();
  }

  close(): void {
    this.#state = 'closed';
    clearTimeout(this.#retry);
    this.#request?.destroy();
  }

  #connect(): void {
    const url = new URL(ENDINGS_PATH, this.#options.service);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    this.#silentSince ??= performance.now();
    const request = send(url, {
      agent: false,
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${this.#options.productKey}`,
        ...(this.#lastId !== undefined && { 'last-event-id': this.#lastId }),
      },
    });
    this.#request = request;
    let over = false;
    const again = () => {
      if (over || this.#state === 'closed') return;
      over = true;
      request.destroy();
      const wait = RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)];
      this.#silentSince ??= performance.now();
      this.#retry = setTimeout(() => this.#connect(), wait).unref();
    };
    request.on('socket', (socket) => socket.unref());
    request.on('error', again);
    request.on('response', (response) => {
      if (response.statusCode !== 200) return again();
      this.#failures = 0;
      this.#silentSince = undefined;
      response.on('error', again);
      response.on('close', again);
      this.#read(response);
      return undefined;
    });
    request.end();
  }

  #read(response: IncomingMessage): void {
    let rest = '';
    let data = '';
    let event = '';
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      if (rest.length > LINE_BYTES) return response.destroy();
      for (const line of lines) {
        if (line === '') {
          if (event === 'ended') this.#heard(data);
          data = event = '';
        } else if (line.startsWith('id:')) this.#lastId = line.slice(3).trim();
        else if (line.startsWith('event:')) event = line.slice(6).trim();
        else if (line.startsWith('data:')) data += line.slice(5).trim();
      }
      return undefined;
    });
  }

  #heard(data: string): void {
    try {
      const ending = JSON.parse(data) as Partial<Ending> | null;
      const { session, cause } = ending ?? {};
      if (typeof session !== 'string' || cause === undefined) return;
      this.#options.onEnding({ ...(ending as Ending), sentence: ending?.sentence ?? END_SENTENCES[cause] });
    } catch {
      // A line that is no ending ends nothing; the next question tells.
    }
  }
}
