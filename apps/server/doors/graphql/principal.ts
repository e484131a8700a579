import { CanActivate, ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { StaffId } from '@gatebook/protocol';
import type { Person } from '#domain/book/context';
import type { VerifiedPerson } from '../../adapters/oidc/token-verifier.ts';
import { staffIdOf } from '../../desk/identity.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from './options.ts';
import { PERMISSION, type Permission } from './permission.ts';

/** Who calls: a verified person of one of the two realms. */
export interface Principal {
  readonly realm: VerifiedPerson['realm'];
  readonly person: Person;
  /** Of staff only. */
  readonly staffId: StaffId | undefined;
  /** When they last proved who they are, epoch milliseconds. */
  readonly authTime: number | null;
}

export interface GraphqlContext {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  principal?: Principal;
}

/** The principal of a call that the guard let through. */
export function principalOf(context: GraphqlContext): Principal {
  if (!context.principal) throw new Error('The guard let a call through without a principal.');
  return context.principal;
}

const unauthenticated = () =>
  new GraphQLError('Sign in first: the access token is missing or not valid.', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401, headers: new Map([['www-authenticate', 'Bearer']]) } },
  });

/** Foreign and missing get the same answer. */
export const notFound = () =>
  new GraphQLError('There is no such thing, or it is not yours to see.', { extensions: { code: 'FORBIDDEN' } });

/** Checks the token of each call and the permission of each operation; what declares none is closed. */
@Injectable()
export class PermissionGuard implements CanActivate {
  readonly #options: GraphqlDoorOptions;
  readonly #reflector: Reflector;

  constructor(@Inject(GRAPHQL_DOOR) options: GraphqlDoorOptions, reflector: Reflector) {
    this.#options = options;
    this.#reflector = reflector;
  }

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const permission = this.#reflector.get<Permission | undefined>(PERMISSION, execution.getHandler());
    const context = GqlExecutionContext.create(execution).getContext<GraphqlContext>();
    context.principal ??= await principalFrom(context.request, this.#options);
    const { realm } = context.principal;
    const allowed =
      permission === 'signed in' ||
      (permission === 'member' && realm === 'members') ||
      (permission === 'staff' && realm === 'staff');
    if (!allowed) throw notFound();
    return true;
  }
}

async function principalFrom(
  { headers }: FastifyRequest,
  { verifier, audiences }: GraphqlDoorOptions,
): Promise<Principal> {
  const token = /^bearer ([^\s]+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) throw unauthenticated();
  const verified = (realm: VerifiedPerson['realm']) =>
    verifier.verify(token, { realms: [realm], use: 'access', audience: audiences[realm] });
  const person = await verified('members')
    .catch(() => verified('staff'))
    .catch(() => {
      throw unauthenticated();
    });
  const { realm, issuer, subject, name = null, authTime = null } = person;
  return {
    realm,
    person: { issuer, subject, name },
    staffId: realm === 'staff' ? staffIdOf(issuer, subject) : undefined,
    authTime,
  };
}
