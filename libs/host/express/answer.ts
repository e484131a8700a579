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
  readonly strip: () => string;
  /** Sends a page of ours. */
  readonly send: (page: Page) => void;
  /** Set on whatever is sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookie: string | undefined;
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
  let phase: 'waiting' | 'page' | 'passing' | 'refused' = 'waiting';
  const held: Buffer[] = [];
  let heldBytes = 0;

  const restore = () => Object.assign(res, original);

  function refuse(page: Page) {
    phase = 'refused';
    held.length = 0;
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    restore();
    gate.send(page);
    // The product goes on writing to an answer that is over.
    res.write = () => true;
    res.end = (...given: unknown[]) => {
      callbackOf(given)?.();
      return res;
    };
    res.writeHead = () => res;
    res.flushHeaders = () => undefined;
  }

  /** Decides, once, what becomes of the answer. */
  function begin(hasBody: boolean) {
    const stop = gate.stop();
    if (stop) return refuse(stop);
    const type = typeOf(res);
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
    if (gate.cookie !== undefined) res.appendHeader('set-cookie', gate.cookie);
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

  res.write = ((...given: unknown[]) => {
    if (phase === 'waiting') begin(true);
    if (phase === 'passing' || phase === 'refused') return (res.write as (...all: unknown[]) => boolean)(...given);
    hold(given[0], given[1]);
    callbackOf(given)?.();
    return true;
  }) as ServerResponse['write'];

  res.end = ((...given: unknown[]) => {
    const [chunk, encoding] = typeof given[0] === 'function' ? [] : given;
    const hasBody = chunk !== undefined && chunk !== null;
    if (phase === 'waiting') begin(hasBody && bytesOf(chunk, encoding).length > 0);
    if (phase === 'passing' || phase === 'refused') return (res.end as (...all: unknown[]) => unknown)(...given);
    if (hasBody) hold(chunk, encoding);
    const callback = callbackOf(given);
    if (callback) res.once('finish', callback);
    if (phase === 'page') sendPage();
    return res;
  }) as ServerResponse['end'];

  res.flushHeaders = () => {
    if (phase === 'waiting') begin(true);
    if (phase === 'passing') original.flushHeaders();
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
