import { END_SENTENCES, ENDINGS_PATH, type Ending } from '@gatebook/protocol';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface EndingsOptions {
  readonly service: string | URL;
  readonly productKey: string;
  /** Milliseconds that only go forward. */
  readonly monotonic: () => number;
  readonly onEnding: (ending: Ending) => void;
  /** After so long a silence the stream counts as broken, milliseconds. Default: 2,500. */
  readonly silentMs?: number;
}

const RETRY_MS = [200, 500, 1000, 2000, 5000] as const;
/** How long the stream may be away before the product must assume the worst. */
const DEAF_MS = 5000;
/** The service says twice a second how far it looked: silence for this long is a broken stream, not a calm one. */
const SILENT_MS = 2500;
const LINE_BYTES = 64 * 1024;
const UNKNOWN_CAUSE = 'This visit has ended.';

/** Listens for visits' ends (`GET /v1/endings`, server-sent events), resuming where a broken stream stopped. */
export class Endings {
  readonly #options: EndingsOptions;
  #request: ClientRequest | undefined;
  #retry: NodeJS.Timeout | undefined;
  /** When the service last said how far it looked, or listening began; monotonic milliseconds. */
  #heardAt: number | undefined;
  #lastId: string | undefined;
  #failures = 0;
  #state: 'idle' | 'listening' | 'closed' = 'idle';

  constructor(options: EndingsOptions) {
    this.#options = options;
  }

  /** Whether ends may have gone unheard for longer than a moment. */
  get deaf(): boolean {
    return this.#heardAt !== undefined && this.#options.monotonic() - this.#heardAt > DEAF_MS;
  }

  /** Begins to listen; does nothing the second time. */
  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'listening';
    this.#heardAt = this.#options.monotonic();
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
      this.#retry = setTimeout(() => this.#connect(), wait).unref();
    };
    request.on('socket', (socket) => socket.unref());
    request.on('error', again);
    request.setTimeout(this.#options.silentMs ?? SILENT_MS, again);
    request.on('response', (response) => {
      if (response.statusCode !== 200) return again();
      this.#failures = 0;
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
    let id: string | undefined;
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      if (rest.length > LINE_BYTES) return response.destroy();
      for (const line of lines) {
        if (line === '') {
          if (event === 'ended') this.#heard(data);
          data = event = '';
          // Not before the event is whole: one that broke off must come again. And only a position in the log shows that
          // the service still looks for ends.
          if (id !== undefined) {
            this.#lastId = id;
            this.#heardAt = this.#options.monotonic();
          }
          id = undefined;
        } else if (line.startsWith('id:')) id = line.slice(3).trim();
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
      // A newer service may know more causes than this release; an end is an end.
      const known: string | undefined = END_SENTENCES[cause];
      this.#options.onEnding({ ...(ending as Ending), sentence: ending?.sentence ?? known ?? UNKNOWN_CAUSE });
    } catch {
      // A line that is no ending ends nothing; the next question tells.
    }
  }
}
