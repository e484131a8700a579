/** One whole HTTP/1.1 response at the start of a text. */
export interface Response {
  readonly status: number;
  /** Where the body starts; equal to `end` when there is none. */
  readonly bodyAt: number;
  /** The first byte behind the response. */
  readonly end: number;
}

const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked/i;

/**
 * Finds the response at the start of `text` (latin1, one character a byte); undefined while bytes are missing. Knows
 * what the servers of these benches send, a length or chunks, and throws on anything else: a load generator that
 * guesses measures nonsense.
 */
export function readResponse(text: string): Response | undefined {
  const headEnd = text.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  if (!text.startsWith('HTTP/1.1 ')) throw new Error(`not an HTTP/1.1 response: ${JSON.stringify(text.slice(0, 40))}`);
  const status = Number(text.slice(9, 12));
  const bodyAt = headEnd + HEAD_END.length;
  const length = LENGTH.exec(text);
  // A match behind the head would be the body's own text.
  if (length && length.index < headEnd) {
    const end = bodyAt + Number(length[1]);
    return end <= text.length ? { status, bodyAt, end } : undefined;
  }
  if (status === 204 || status === 304) return { status, bodyAt, end: bodyAt };
  const chunked = CHUNKED.exec(text);
  if (!chunked || chunked.index >= headEnd) throw new Error('a response with neither content-length nor chunks');
  const end = endOfChunks(text, bodyAt);
  return end === undefined ? undefined : { status, bodyAt, end };
}

function endOfChunks(text: string, from: number): number | undefined {
  let at = from;
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error('a chunk without a size');
    if (size === 0) {
      // Trailers, or the bare end: either way the response stops at the first empty line.
      const end = text.indexOf(HEAD_END, lineEnd);
      return end < 0 ? undefined : end + HEAD_END.length;
    }
    at = lineEnd + 2 + size + 2;
    if (at > text.length) return undefined;
  }
}
