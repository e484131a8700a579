import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { REALMS } from './people.ts';
import { createRealmIssuer, type EmbeddedIssuers, type EmbeddedIssuersOptions } from './realm-issuer.ts';

export { CONSOLE_CLIENT_ID } from './realm-issuer.ts';
export type { EmbeddedIssuers, EmbeddedIssuersOptions, ProductClient } from './realm-issuer.ts';

/** People picked from a list are no sign-in for production (threats T67). */
export class EmbeddedSignInRefused extends Error {
  override readonly name = 'EmbeddedSignInRefused';
  constructor() {
    super(
      'The built-in sign-in lets anybody be anybody and is refused when NODE_ENV is "production". Configure your own OpenID issuers.',
    );
  }
}

/** The address of the service can't be used for the embedded issuers. */
export class PublicUrlInvalid extends Error {
  override readonly name = 'PublicUrlInvalid';
}

/** The addresses of the embedded issuers of a service at `publicUrl`, before or without mounting them. */
export function embeddedIssuersAt(publicUrl: string): EmbeddedIssuers {
  const url = URL.parse(publicUrl);
  if (!url || !/^https?:$/.test(url.protocol) || url.origin !== publicUrl.replace(/\/$/, '')) {
    throw new PublicUrlInvalid(`"${publicUrl}" is not an address like http://localhost:4000, without a path.`);
  }
  return {
    issuers: { members: `${url.origin}/oidc/members`, staff: `${url.origin}/oidc/staff` },
    resource: `${url.origin}/graphql`,
  };
}

/**
 * Serves both issuers below `/oidc` of a Fastify instance, or of Nest's adapter before `app.init()`. The routes keep
 * away from body parsers, pipes and guards, and answer only under the host of `publicUrl`.
 *
 * @throws {EmbeddedSignInRefused} in production.
 * @throws {PublicUrlInvalid} `publicUrl` is no bare origin.
 */
export function mountEmbeddedIssuers(
  app: FastifyInstance | { getInstance(): unknown },
  options: EmbeddedIssuersOptions,
): EmbeddedIssuers {
  if ((options.nodeEnv ?? process.env.NODE_ENV) === 'production') throw new EmbeddedSignInRefused();
  const addresses = embeddedIssuersAt(options.publicUrl);
  const fastify = ('getInstance' in app ? app.getInstance() : app) as FastifyInstance;
  const handlers = REALMS.map((realm) => ({ realm, handle: createRealmIssuer(realm, addresses, options) }));

  fastify.register(async (scope) => {
    // The issuer reads its own bodies: they are left on the wire.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    for (const { realm, handle } of handlers) {
      const prefix = `/oidc/${realm}`;
      const serve = (raw: IncomingMessage & { originalUrl?: string }, response: ServerResponse) => {
        // The issuer routes below its own prefix, and builds addresses from what stood before.
        raw.originalUrl = raw.url;
        raw.url = raw.url!.slice(prefix.length);
        void handle(raw, response);
      };
      scope.all(`${prefix}/*`, (request, reply) => {
        reply.hijack();
        serve(request.raw, reply.raw);
      });
    }
  });
  return addresses;
}
