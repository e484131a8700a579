import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { GraphQLModule, GraphQLSchemaHost } from '@nestjs/graphql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { COMMAND_HANDLERS } from '../../desk/bus.ts';
import { Desk } from '../../desk/desk.ts';
import { Visits } from '../../desk/visits.ts';
import { AccessResolver } from './access/access.resolver.ts';
import { ApiClient, StaffMember, SystemActor, WorkspaceMember } from './actors.ts';
import { Commands } from './commands.ts';
import { InputErrors, inputPipe } from './input-errors.ts';
import { LIMITS, limitsRule } from './limits.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from './options.ts';
import { ensurePermissions } from './permission.ts';
import { PermissionGuard, type GraphqlContext } from './principal.ts';
import { Rights } from './rights.ts';
import { SessionResolver } from './session/session.resolver.ts';
import { USER_ERRORS } from './user-errors.ts';
import { VisitLogResolver } from './visit-log/visit-log.resolver.ts';
import { WorkspaceResolver } from './workspace/workspace.resolver.ts';

/** Errors that the caller may read as they are; any other is named without its words. */
const SPOKEN = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'PROJECTION_LAG',
  'TRY_AGAIN',
  'DOCUMENT_TOO_LARGE',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
]);

/** The GraphQL door (graphql.md): Apollo on Fastify, for owners, staff and reviewers. */
@Module({})
export class GraphqlDoorModule implements OnModuleInit {
  constructor(private readonly schemaHost: GraphQLSchemaHost) {}

  static forRoot(options: GraphqlDoorOptions): DynamicModule {
    return {
      module: GraphqlDoorModule,
      imports: [
        CqrsModule.forRoot(),
        GraphQLModule.forRoot<ApolloDriverConfig>({
          driver: ApolloDriver,
          path: '/graphql',
          autoSchemaFile: true,
          sortSchema: true,
          buildSchemaOptions: { orphanedTypes: [...USER_ERRORS, StaffMember, WorkspaceMember, SystemActor, ApiClient] },
          context: (request: FastifyRequest, reply: FastifyReply): GraphqlContext => ({ request, reply }),
          // Who is signed in may look at the schema; it is published anyway.
          introspection: !options.production,
          graphiql: false,
          playground: false,
          csrfPrevention: true,
          allowBatchedHttpRequests: false,
          hideSchemaDetailsFromClientErrors: true,
          includeStacktraceInErrorResponses: false,
          parseOptions: { maxTokens: LIMITS.tokens },
          validationRules: [limitsRule],
          formatError(formatted, error) {
            if (SPOKEN.has(String(formatted.extensions?.['code']))) {
              const { message, locations, path, extensions } = formatted;
              return { message, locations, path, extensions: { code: extensions?.['code'] } };
            }
            options.onError(error instanceof GraphQLError ? (error.originalError ?? error) : error);
            return { message: 'Something went wrong here.', extensions: { code: 'INTERNAL' } };
          },
          plugins: [
            {
              async requestDidStart({ response }) {
                response.http.headers.set('cache-control', 'no-store');
              },
            },
          ],
        }),
      ],
      providers: [
        { provide: GRAPHQL_DOOR, useValue: options },
        { provide: Desk, useValue: options.desk },
        { provide: Visits, useValue: options.visits },
        ...COMMAND_HANDLERS,
        { provide: APP_GUARD, useClass: PermissionGuard },
        { provide: APP_PIPE, useValue: inputPipe },
        { provide: APP_FILTER, useClass: InputErrors },
        Commands,
        Rights,
        AccessResolver,
        SessionResolver,
        VisitLogResolver,
        WorkspaceResolver,
      ],
    };
  }

  /** @throws {PermissionMissing} the service doesn't start with an operation that anybody could call. */
  onModuleInit(): void {
    ensurePermissions(this.schemaHost.schema);
  }
}
