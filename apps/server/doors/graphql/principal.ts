import { HeaderMap } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { StaffId } from '@gatebook/protocol';
import type { Person } from '#domain/book/context';
import { TokenRefused, type TokenRefusalCode } from '../../adapters/oidc/token-refused.ts';
import type { VerifiedPerson } from '../../adapters/oidc/token-verifier.ts';
import { staffIdOf } from '../../desk/identity.ts';
import type { GraphqlDoorOptions } from './options.ts';

/** Who calls: a verified person of one of the two realms. */
export interface Principal {
  readonly realm: VerifiedPerson['realm'];
  readonly person: Person;
  readonly email: string | null;
  /** Of staff only. */
  readonly staffId: StaffId | undefined;
  /** When they last proved who they are, epoch milliseconds. */
  readonly authTime: number | null;
  /** When the token ends, epoch milliseconds. */
  readonly expiresAt: number;
}

export interface GraphqlContext {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly principal: Principal;
}

/** Why a call has no principal: no token at all, or why it was refused. */
export type AnonymousCause = 'missing' | TokenRefusalCode;

/**
 * Who calls, by the access token in `Authorization: Bearer`; asked before the document is looked at, so that who isn't
 * signed in learns nothing of the schema. Nothing is stored of a refusal.
 *
 * @throws {GraphQLError} UNAUTHENTICATED with status 401, or TRY_AGAIN with 503 while an issuer's keys can't be read.
 */
export function principalFrom({ headers }: FastifyRequest, options: GraphqlDoorOptions): Promise<Principal> {
  return principalOf(headers.authorization, options);
}

/** Who calls, by the text `Bearer TOKEN`. @throws {GraphQLError} as {@link principalFrom}. */
export async function principalOf(
  authorization: string | undefined,
  { verifier, audiences, onRefusedAnonymously }: GraphqlDoorOptions,
): Promise<Principal> {
  const token = /^bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1];
  const refuse = (cause: AnonymousCause): GraphQLError => {
    onRefusedAnonymously?.(cause);
    return cause === 'issuer-unreachable' ? issuerAway() : unauthenticated(cause);
  };
  if (token === undefined) throw refuse('missing');
  const verified = (realm: VerifiedPerson['realm']) =>
    verifier.verify(token, { realms: [realm], use: 'access', audience: audiences[realm] });
  let person: VerifiedPerson;
  try {
    person = await verified('members').catch((error: unknown) => {
      if (error instanceof TokenRefused && error.code === 'unknown-issuer') return verified('staff');
      throw error;
    });
  } catch (error) {
    if (error instanceof TokenRefused) throw refuse(error.code);
    throw error;
  }
  const { realm, issuer, subject, name = null, email = null, authTime = null, expiresAt } = person;
  return {
    realm,
    person: { issuer, subject, name },
    email,
    staffId: realm === 'staff' ? staffIdOf(issuer, subject) : undefined,
    authTime,
    expiresAt,
  };
}

/** One sentence for all causes; which one it was is told in a metric (RFC 6750, section 3). */
function unauthenticated(cause: AnonymousCause): GraphQLError {
  const challenge = cause === 'missing' ? 'Bearer' : 'Bearer error="invalid_token"';
  return new GraphQLError('Sign in first: the access token is missing or not valid.', {
    extensions: {
      code: 'UNAUTHENTICATED',
      http: { status: 401, headers: new HeaderMap([['www-authenticate', challenge]]) },
    },
  });
}

function issuerAway(): GraphQLError {
  return new GraphQLError('Your sign-in can’t be checked right now. Try again.', {
    extensions: { code: 'TRY_AGAIN', http: { status: 503, headers: new HeaderMap([['retry-after', '1']]) } },
  });
}
