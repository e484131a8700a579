import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { People, Realm } from '../../adapters/oidc/people.ts';

/** How the pages sign people of one realm in: as a public client, by code and PKCE. */
export interface PagesSignIn {
  readonly issuer: string;
  readonly clientId: string;
  /** Space-separated. */
  readonly scope: string;
  /** The audience of access tokens, named as `resource` (RFC 8707); left out: the issuer knows it by the client. */
  readonly resource?: string;
}

export interface PagesDoorOptions {
  readonly publicUrl: string;
  readonly product: { readonly name: string; readonly url: string };
  /** The vendor's time zone, as IANA names it. */
  readonly timeZone: string;
  readonly signIn: Readonly<Record<Realm, PagesSignIn>>;
  /** The built-in people, where sign-in is embedded: the first page lets anybody be anybody. */
  readonly people: People | undefined;
  /** Origins of the issuers' token endpoints, asked for at each page; default: the issuers' own. */
  readonly tokenEndpoints?: () => Promise<readonly string[]>;
  /** Where the pages were built to; default: beside the built service. */
  readonly directory?: string;
}

/** Addresses that the pages answer for; everything else of the service stays as it is. */
const PAGES = ['/', '/signed-in', '/sign-in', '/owner', '/owner/*', '/staff', '/staff/*', '/review', '/review/*'];
const YEAR_MS = 365 * 86_400_000;
const PLACE = /(<script type="application\/json" id="gatebook-page">)\s*null\s*(<\/script>)/;

const BUILT = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../../../dist/apps/web/' : '../../../web/', import.meta.url),
);

/**
 * Serves the pages (apps/web): one document for all their addresses, and the files that it is built of, whose names
 * change with what is in them. `false` where they were not built.
 */
export function pagesDoor(fastify: FastifyInstance, options: PagesDoorOptions): boolean {
  const { directory = BUILT } = options;
  if (!existsSync(`${directory}/index.html`)) return false;
  const document = pageWith(readFileSync(`${directory}/index.html`, 'utf8'), options);

  fastify.register(fastifyStatic, {
    root: `${directory}/assets`,
    prefix: '/assets/',
    immutable: true,
    maxAge: YEAR_MS,
    index: false,
    // The frame around the files is built once: what is asked for is there, or it is not.
    wildcard: false,
  });
  for (const url of PAGES) {
    fastify.get(url, async (_request, reply) => {
      const endpoints = (await options.tokenEndpoints?.()) ?? [];
      return served(reply, contentSecurityPolicy(options, endpoints)).send(document);
    });
  }
  return true;
}

function served(reply: FastifyReply, policy: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('content-security-policy', policy)
    .header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
}

/** The page with what it has to know before it asks anything. */
function pageWith(html: string, { product, timeZone, signIn, people }: PagesDoorOptions): string {
  if (!PLACE.test(html)) throw new Error('The built pages have no place for what the service tells them.');
  const facts = { productName: product.name, productUrl: product.url, timeZone, signIn, people: people ?? null };
  // In a script element only "<" could end it (HTML, 13.1.2.6).
  const written = JSON.stringify(facts).replaceAll('<', '\\u003c');
  return html.replace(PLACE, (_, open: string, close: string) => `${open}${written}${close}`);
}

/**
 * Own files only: no inline script or style, no evaluated text, no frame around the pages. Scripts may talk to the service and to
 * the issuers; forms go to the product, which takes one-time codes.
 */
function contentSecurityPolicy(
  { publicUrl, product, signIn }: PagesDoorOptions,
  tokenEndpoints: readonly string[],
): string {
  const issuers = Object.values(signIn).map(({ issuer }) => new URL(issuer).origin);
  const elsewhere = [...new Set([...issuers, ...tokenEndpoints])].filter((origin) => origin !== publicUrl);
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self'`,
    `img-src 'self'`,
    `connect-src ${["'self'", publicUrl.replace(/^http/, 'ws'), ...elsewhere].join(' ')}`,
    `form-action ${["'self'", product.url].join(' ')}`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
    `require-trusted-types-for 'script'`,
  ].join('; ');
}
