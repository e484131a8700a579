import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const VISIT_COOKIE = '__Host-gatebook-visit';

const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';
export const visitCookie = (token: string) => `${VISIT_COOKIE}=${token}; ${ATTRIBUTES}`;
export const noVisitCookie = `${VISIT_COOKIE}=; ${ATTRIBUTES}; Max-Age=0`;

/**
 * A one-time code that waits while its person signs in at the product: as long as a code is good, and never in an address.
 * Lax, since the browser comes back from the sign-in's site.
 */
const CODE_COOKIE = '__Host-gatebook-code';
const CODE_ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';
const CODE_WAITS_SEC = 60;
export const codeCookie = (code: string) => `${CODE_COOKIE}=${code}; ${CODE_ATTRIBUTES}; Max-Age=${CODE_WAITS_SEC}`;
export const noCodeCookie = `${CODE_COOKIE}=; ${CODE_ATTRIBUTES}; Max-Age=0`;

/** Whether a code can wait in a cookie, as every code of Gatebook's can. */
export function canWait(code: string): boolean {
  return /^[\w.~-]{1,512}$/.test(code);
}

export function waitingCodeOf(req: IncomingMessage): string | undefined {
  const code = cookieOf(req, CODE_COOKIE);
  return code !== undefined && canWait(code) ? code : undefined;
}

/** The visit's token; an empty text where the cookie is there and holds nothing that could be one. */
export function visitTokenOf(req: IncomingMessage): string | undefined {
  const value = cookieOf(req, VISIT_COOKIE);
  return value === undefined || /^[\w.~+/=-]{1,3500}$/.test(value) ? value : '';
}

function cookieOf({ headers: { cookie = '' } }: IncomingMessage, name: string): string | undefined {
  for (const pair of cookie.split(';')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/**
 * Whether the request comes from a page of this very site, as far as the browser says (Fetch Metadata, else Origin). One
 * that says neither is no browser's: the strict cookie is what stands in its way.
 */
export function isOwn({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return headers.origin === undefined || hostOf(headers.origin) === headers.host;
}

export function hostOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).host : undefined;
}

/** A person did this, as against a script: what keeps a visit from going idle (S4-62). */
export function isInput(req: IncomingMessage): boolean {
  if (req.headers['sec-fetch-user'] === '?1') return true;
  const form = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\b/i;
  const mode = req.headers['sec-fetch-mode'];
  return (
    req.method === 'POST' &&
    (mode === undefined || mode === 'navigate') &&
    form.test(req.headers['content-type'] ?? '') &&
    isOwn(req)
  );
}

/** Whether the answer will be a page of its own; `otherwise` where the browser doesn't say. */
export function isDocument({ headers }: IncomingMessage, otherwise: boolean): boolean {
  const to = headers['sec-fetch-dest'];
  return to === undefined ? otherwise : /^(?:document|iframe|frame|embed|object|fencedframe)$/.test(String(to));
}

/**
 * An address without what may be secret in it (threats T51): `/c/t0k3n` is `/c/:x`. Names are small letters and hyphens;
 * everything else is a parameter.
 */
export function routeTemplate(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const shown = segments
    .slice(0, 6)
    .map((segment) => (/^[a-z]{1,24}(?:-[a-z]{1,24}){0,3}$/.test(segment) ? segment : ':x'));
  return `/${shown.join('/')}`;
}

const FORM_BYTES = 8 * 1024;

/** A small posted form, whether or not something has read the body already. */
export async function formOf(req: IncomingMessage & { body?: unknown }): Promise<Readonly<Record<string, string>>> {
  let fields: [string, unknown][] = [];
  if (typeof req.body === 'object' && req.body !== null) fields = Object.entries(req.body);
  else if (!req.readableEnded && /^application\/x-www-form-urlencoded\b/i.test(req.headers['content-type'] ?? '')) {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of req as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > FORM_BYTES) return {};
      chunks.push(chunk);
    }
    fields = [...new URLSearchParams(Buffer.concat(chunks).toString('utf8'))];
  }
  return Object.fromEntries(fields.filter((field): field is [string, string] => typeof field[1] === 'string'));
}

/** A path of this site, and of no other: `//elsewhere` and `/\\elsewhere` are none. */
export function ownPath(text: string | undefined): string | undefined {
  return text !== undefined && /^\/(?![/\\])[^\\\u0000-\u001f]*$/.test(text) ? text : undefined;
}

/** E-mail address and expiry that a sign-in's ID token states. The product's sign-in checked it; here it is only read. */
export function statedBy(idToken: string): { readonly email?: string; readonly expiresAt?: number } {
  const { email, exp } = claimsOf(idToken);
  return {
    ...(typeof email === 'string' && { email }),
    ...(typeof exp === 'number' && { expiresAt: exp * 1000 }),
  };
}

/** Whose visit a token says it is; the service compares it with what it knows. */
export function visitStatedBy(token: string) {
  const { act, ws } = claimsOf(token);
  const staff = (act as { sub?: unknown } | null | undefined)?.sub;
  return typeof staff === 'string' && typeof ws === 'string' ? { staff, ws, viewAt: () => undefined } : undefined;
}

function claimsOf(jwt: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function sameEmail(a: string | undefined, b: string): boolean {
  return a !== undefined && b !== '' && a.toLowerCase() === b.toLowerCase();
}

/** The path as the browser asked for it, wherever the gate is mounted. */
export function pathOf({ baseUrl, path }: { readonly baseUrl: string; readonly path: string }): string {
  return baseUrl + path;
}

/** A UUID of version 7 for a time in epoch milliseconds (RFC 9562, section 5.7). */
export function uuidV7(at: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(at, 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
