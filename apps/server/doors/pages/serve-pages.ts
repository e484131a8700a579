import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { CONSOLE_CLIENT_ID, embeddedIssuersAt } from '../../adapters/oidc/embedded-issuers.ts';
import type { People } from '../../adapters/oidc/people.ts';
import type { Config } from '../../config/config.ts';
import { pagesDoor, type PagesSignIn } from './pages-door.ts';
import { TokenEndpoints } from './token-endpoints.ts';

export interface ServePagesOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly people: People | undefined;
  /** Where the pages were built to; default: beside the built service. */
  readonly directory: string | undefined;
  /** How many times as long as usual an issuer is waited for; default 1. */
  readonly patience?: number | undefined;
}

/** Serves the pages where they can sign people in; the start says where they can't. */
export function servePages(fastify: FastifyInstance, options: ServePagesOptions): void {
  const { config, logger, people, directory, patience } = options;
  const { publicUrl, product } = config;
  const signIn = pagesSignIn(config);
  if (!signIn) {
    const needed = 'GATEBOOK_PAGES_MEMBERS_CLIENT_ID and GATEBOOK_PAGES_STAFF_CLIENT_ID';
    logger.warn(`The pages are not served: ${needed} are not set.`);
    return;
  }
  const issuers = { members: signIn.members.issuer, staff: signIn.staff.issuer };
  const onFault = (issuer: string, error: unknown) =>
    logger.warn({ issuer, err: error }, 'an issuer could not be asked where it takes codes');
  const endpoints = new TokenEndpoints(issuers, onFault, patience);
  const served = pagesDoor(fastify, {
    publicUrl,
    product,
    timeZone: config.timeZone,
    signIn,
    people,
    ...(config.signIn.kind === 'oidc' && { tokenEndpoints: () => endpoints.origins() }),
    ...(directory !== undefined && { directory }),
  });
  if (!served) logger.warn('The pages were not built, and are not served.');
}

/** How the pages sign people in; `undefined`: the vendor's issuers know no client of theirs. */
function pagesSignIn({ signIn, publicUrl, pages }: Config): Record<'members' | 'staff', PagesSignIn> | undefined {
  if (signIn.kind === 'oidc') {
    if (!pages) return undefined;
    const at = (realm: 'members' | 'staff'): PagesSignIn => {
      const { issuer, audience } = signIn[realm];
      // As a resource an audience is an absolute address without a fragment (RFC 8707, section 2); others are the client's.
      const named = URL.canParse(audience) && !audience.includes('#');
      return { issuer, clientId: pages[realm], scope: pages.scope, ...(named && { resource: audience }) };
    };
    return { members: at('members'), staff: at('staff') };
  }
  const { issuers, resource } = embeddedIssuersAt(publicUrl);
  const own = (realm: 'members' | 'staff'): PagesSignIn => ({
    issuer: issuers[realm],
    clientId: CONSOLE_CLIENT_ID,
    scope: 'openid profile email',
    resource,
  });
  return { members: own('members'), staff: own('staff') };
}
