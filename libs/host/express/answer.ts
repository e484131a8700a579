import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { withStrip } from './html.ts';
import type { Page } from './pages.ts';

/** What stands between the product's answer and the browser. */
export interface AnswerGate {
  /** Asked when the first byte would leave: the page that is sent instead, if it may not. */
  readonly stop: () => Page | undefined;
  /** A file would be opened or downloaded; `undefined` where that may be. */
  readonly file: () => Page | undefined;
  /** The answer can't be given the strip, or breaks the contract otherwise. */
  readonly broken: (why: string) => Page;
  /** Whether a browser asked for this as a page of its own, as against a picture or a fetch of a page. */
  readonly isDocument: boolean;
  /** While something that the answer shows is still being written down: resolves to the page that is sent instead, if any. */
  readonly until: () => Promise<Page | undefined> | undefined;
  readonly strip: () => string;
  /** Sends a page of ours. */
  readonly send: (page: Page) => void;
  /** Set on whatever is sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookie: () => string | undefined;
  /** Why what the answer shows was not counted, where it had to be. */
  readonly uncounted: () => string | undefined;
}

/** What a page shows within itself. Everything else is a file to a browser, and files stay closed (S0-43, S1-66). */
const SHOWN_INLINE =
  /^(?:text\/(?:html|css|javascript|plain|event-stream)|application\/(?:javascript|json|[a-z.-]+\+json|manifest\+json)|image\/[a-z0-9.+-]+|font\/[a-z0-9-]+)$/;
/** A page is held until it is whole, so that it leaves with its strip or not at all. */
const PAGE_BYTES = 16 * 1024 * 1024;

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[];

/**
 * Takes over how `res` answers: nothing of it leaves unless `gate` lets its first byte through, pages get the strip, and
 * nothing is left in a cache.
 */
export function guardAnswer(res: ServerResponse, gate: AnswerGate): void {
  const original = {
    writeHead: res.writeHead.bind(res) as (...given: unknown[]) => ServerResponse,
    write: res.write.bind(res) as (...given: unknown[]) => boolean,
    end: res.end.bind(res) as (...given: unknown[]) => ServerResponse,
    flushHeaders: res.flushHeaders.bind(res),
  };
  /** How the answer is given once it may be: through the gate, then as ever. */
  let inner: Pick<ServerResponse, 'write' | 'end' | 'flushHeaders'>;
  /** What the product has called while something was being written down; `undefined`: nothing is. */
  let later: (() => unknown)[] | undefined;
  let phase: 'waiting' | 'page' | 'passing' | 'refused' = 'waiting';
  const held: Buffer[] = [];
  let heldBytes = 0;

  function restore() {
    res.writeHead = original.writeHead;
    inner = original as typeof inner;
  }

  function refuse(page: Page) {
    phase = 'refused';
    held.length = 0;
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    restore();
    gate.send(page);
    // The product goes on writing to an answer that is over.
    inner = {
      write: () => true,
      end: (...given: unknown[]) => {
        callbackOf(given)?.();
        return res;
      },
      flushHeaders: () => undefined,
    };
    res.writeHead = () => res;
  }

  /** Keeps a call for when that is written down of which it may show something; whether it does. */
  function kept(call: () => unknown): boolean {
    if (phase === 'refused') return false;
    const until = later ? undefined : gate.until();
    if (!later && !until) return false;
    later = [...(later ?? []), call];
    if (until) void release(until);
    return true;
  }

  async function release(first: Promise<Page | undefined>) {
    for (let next: typeof first | undefined = first; next; next = gate.until()) {
      const page = await next;
      if (!page) continue;
      later = undefined;
      if (phase === 'passing') return res.destroy();
      return refuse(page);
    }
    const calls = later ?? [];
    later = undefined;
    for (const call of calls) call();
    if (!res.writableEnded) res.emit('drain');
    return undefined;
  }

  /** Decides, once, what becomes of the answer. */
  function begin(hasBody: boolean) {
    const stop = gate.stop();
    if (stop) return refuse(stop);
    const type = typeOf(res);
    const uncounted = res.statusCode < 300 ? gate.uncounted() : undefined;
    if (uncounted !== undefined) return refuse(gate.broken(uncounted));
    const bodiless = !hasBody || res.statusCode === 204 || res.statusCode === 304;
    const disposition = String(res.getHeader('content-disposition') ?? 'inline').trim();
    const file = gate.file();
    // Whatever is not `inline` is a download (RFC 6266, section 4.2).
    if (file && !/^inline(?:$|[\s;])/i.test(disposition)) return refuse(file);
    if (type === 'text/html') {
      if (unmarkable(res)) return refuse(gate.broken('A page was encoded before the strip could be put into it.'));
      phase = 'page';
      return undefined;
    }
    if (file && !bodiless && (!SHOWN_INLINE.test(type) || (gate.isDocument && res.statusCode < 300))) {
      return refuse(file);
    }
    pass();
    return undefined;
  }

  function pass() {
    phase = 'passing';
    for (const name of ['etag', 'last-modified', 'expires', 'age']) res.removeHeader(name);
    for (const [name, value] of Object.entries(gate.headers)) res.setHeader(name, value);
    const cookie = gate.cookie();
    if (cookie !== undefined) res.appendHeader('set-cookie', cookie);
    restore();
  }

  function hold(chunk: unknown, encoding: unknown) {
    const bytes = bytesOf(chunk, encoding);
    heldBytes += bytes.length;
    if (heldBytes > PAGE_BYTES) return refuse(gate.broken('A page was too long to be given the strip.'));
    held.push(bytes);
    return undefined;
  }

  function sendPage() {
    const stop = gate.stop();
    if (stop) return refuse(stop);
    const page = Buffer.concat(held).toString('latin1');
    const bytes = Buffer.from(gate.isDocument ? withStrip(page, gate.strip()) : page, 'latin1');
    const bodiless = res.req.method === 'HEAD' || res.statusCode === 204 || res.statusCode === 304;
    res.removeHeader('content-length');
    res.removeHeader('transfer-encoding');
    pass();
    if (bodiless) original.end();
    else {
      res.setHeader('content-length', bytes.length);
      original.end(bytes);
    }
    return undefined;
  }

  res.writeHead = ((status: number, ...rest: unknown[]) => {
    res.statusCode = status;
    if (typeof rest[0] === 'string') res.statusMessage = rest[0];
    setHeaders(
      res,
      rest.find((given): given is Headers => typeof given === 'object' && given !== null),
    );
    return res;
  }) as ServerResponse['writeHead'];

  const write = ((...given: unknown[]) => {
    if (phase === 'waiting') begin(true);
    if (phase === 'passing' || phase === 'refused') return (inner.write as (...all: unknown[]) => boolean)(...given);
    hold(given[0], given[1]);
    callbackOf(given)?.();
    return true;
  }) as ServerResponse['write'];

  const end = ((...given: unknown[]) => {
    const [chunk, encoding] = typeof given[0] === 'function' ? [] : given;
    const hasBody = chunk !== undefined && chunk !== null;
    if (phase === 'waiting') begin(hasBody && bytesOf(chunk, encoding).length > 0);
    if (phase === 'passing' || phase === 'refused') return (inner.end as (...all: unknown[]) => unknown)(...given);
    if (hasBody) hold(chunk, encoding);
    const callback = callbackOf(given);
    if (callback) res.once('finish', callback);
    if (phase === 'page') sendPage();
    return res;
  }) as ServerResponse['end'];

  const flushHeaders = () => {
    if (phase === 'waiting') begin(true);
    if (phase === 'passing') original.flushHeaders();
  };

  inner = { write, end, flushHeaders };
  res.write = ((...given: unknown[]) => {
    const call = () => (inner.write as (...all: unknown[]) => boolean)(...given);
    return kept(call) ? false : call();
  }) as ServerResponse['write'];
  res.end = ((...given: unknown[]) => {
    const call = () => (inner.end as (...all: unknown[]) => unknown)(...given);
    if (!kept(call)) call();
    return res;
  }) as ServerResponse['end'];
  res.flushHeaders = () => {
    const call = () => inner.flushHeaders();
    if (!kept(call)) call();
  };
  res.writeEarlyHints = () => undefined;
}

function typeOf(res: ServerResponse): string {
  const [type = ''] = String(res.getHeader('content-type') ?? '').split(';');
  return type.trim().toLowerCase();
}

function unmarkable(res: ServerResponse): boolean {
  const encoding = String(res.getHeader('content-encoding') ?? 'identity').toLowerCase();
  return encoding !== 'identity' || /charset="?utf-(?:16|32)/i.test(String(res.getHeader('content-type')));
}

function setHeaders(res: ServerResponse, headers: Headers | undefined) {
  if (headers === undefined) return;
  if (!Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) res.setHeader(name, value);
    return;
  }
  const flat = headers.flat() as (string | number)[];
  for (let at = 0; at + 1 < flat.length; at += 2) res.setHeader(String(flat[at]), flat[at + 1] ?? '');
}

function bytesOf(chunk: unknown, encoding: unknown): Buffer {
  return typeof chunk === 'string'
    ? Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
    : Buffer.from(chunk as Uint8Array);
}

function callbackOf(given: readonly unknown[]): (() => void) | undefined {
  return given.find((one): one is () => void => typeof one === 'function');
}
