import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Inject, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, HttpAdapterHost } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { GraphQLModule, GraphQLSchemaHost } from '@nestjs/graphql';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { COMMAND_HANDLERS } from '../../desk/bus.ts';
import { Desk } from '../../desk/desk.ts';
import { Visits } from '../../desk/visits.ts';
import { ApiClient, StaffMember, SystemActor, WorkspaceMember } from './actors.ts';
import { Commands } from './commands.ts';
import { compiledQueries } from './compiled/compiled.ts';
import { KnownOperations } from './compiled/known-operations.ts';
import { answerShortly } from './compiled/short-way.ts';
import { costPlugin } from './cost.ts';
import { DenialGroupsResolver } from './denials/denial-groups.resolver.ts';
import { DenialsResolver } from './denials/denials.resolver.ts';
import { inputPipe, SpokenErrors } from './input-errors.ts';
import { Identities } from './identities.ts';
import { InstallationResolver } from './installation/installation.resolver.ts';
import { ensureFewValues, ensureShort, LIMITS, limitsRule } from './limits.ts';
import { LiveDoor } from './live/live-door.ts';
import { LiveResolver } from './live/live.resolver.ts';
import { overHttpRule } from './live/documents.ts';
import { MyVisitLogResolver } from './visit-log/my-visit-log.resolver.ts';
import { NodeResolver } from './node/node.resolver.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from './options.ts';
import { Cursors } from './paging.ts';
import { PastResolver } from './past/past.resolver.ts';
import { ensurePermissions } from './permissions.ts';
import { principalFrom, type GraphqlContext } from './principal.ts';
import { RequestResolver } from './request/request.resolver.ts';
import { Requests } from './request/requests.ts';
import { PolicyResolver } from './policy/policy.resolver.ts';
import { ReviewResolver } from './review/review.resolver.ts';
import { PermissionGuard, Rights } from './rights.ts';
import { EndedResolver } from './session/ended.resolver.ts';
import { SessionResolver } from './session/session.resolver.ts';
import { Sessions } from './session/sessions.ts';
import { StaffAccessResolver } from './staff-access/staff-access.resolver.ts';
import { errorSpeaker } from './spoken.ts';
import { refuseUntrusted } from './trusted-documents.ts';
import { USER_ERRORS } from './user-errors.ts';
import { ViewerResolver } from './viewer/viewer.resolver.ts';
import { ExportLogResolver } from './visit-log/export.resolver.ts';
import { VisitLogResolver } from './visit-log/visit-log.resolver.ts';
import { VisitLog } from './visit-log/visit-log.ts';
import { WorkspaceResolver } from './workspace/workspace.resolver.ts';
import { Workspaces } from './workspace/workspaces.ts';

const PATH = '/graphql';
const PARTS = Symbol('both ways to an answer');

/** The GraphQL door (graphql.md): Apollo on Fastify, for owners, staff and reviewers. */
@Module({})
export class GraphqlDoorModule implements OnModuleInit {
  constructor(
    private readonly schemaHost: GraphQLSchemaHost,
    private readonly http: HttpAdapterHost<FastifyAdapter>,
    @Inject(PARTS) private readonly parts: Parts,
  ) {}

  static forRoot(options: GraphqlDoorOptions): DynamicModule {
    const parts = partsOf(options);
    return {
      module: GraphqlDoorModule,
      imports: [
        CqrsModule.forRoot(),
        GraphQLModule.forRoot<ApolloDriverConfig>({
          driver: ApolloDriver,
          path: PATH,
          autoSchemaFile: true,
          sortSchema: true,
          buildSchemaOptions: {
            orphanedTypes: [...USER_ERRORS, StaffMember, WorkspaceMember, SystemActor, ApiClient],
            // Apollo checks the schema that it serves; a draft of it needs no check of its own at each start.
            skipCheck: true,
          },
          context: parts.contextFor,
          introspection: !options.production,
          graphiql: false,
          playground: false,
          csrfPrevention: true,
          allowBatchedHttpRequests: false,
          // Documents that a caller has stored under a hash would be memory for whoever fills it, and no guard.
          persistedQueries: false,
          hideSchemaDetailsFromClientErrors: true,
          includeStacktraceInErrorResponses: false,
          parseOptions: { maxTokens: LIMITS.tokens },
          validationRules: [limitsRule, overHttpRule],
          // No answer may be kept by a cache, so nothing has to be asked of each field for how long.
          plugins: [costPlugin(), compiledQueries(parts), ApolloServerPluginCacheControlDisabled()],
          formatError: errorSpeaker(options),
        }),
      ],
      providers: [
        { provide: GRAPHQL_DOOR, useValue: options },
        { provide: PARTS, useValue: parts },
        { provide: Desk, useValue: options.desk },
        { provide: Visits, useValue: options.visits },
        ...COMMAND_HANDLERS,
        { provide: APP_GUARD, useClass: PermissionGuard },
        { provide: APP_PIPE, useValue: inputPipe },
        { provide: APP_FILTER, useClass: SpokenErrors },
        Commands,
        Cursors,
        Identities,
        Requests,
        Rights,
        Sessions,
        VisitLog,
        Workspaces,
        DenialGroupsResolver,
        DenialsResolver,
        ExportLogResolver,
        InstallationResolver,
        LiveDoor,
        LiveResolver,
        MyVisitLogResolver,
        NodeResolver,
        PastResolver,
        RequestResolver,
        PolicyResolver,
        ReviewResolver,
        SessionResolver,
        EndedResolver,
        StaffAccessResolver,
        ViewerResolver,
        VisitLogResolver,
        WorkspaceResolver,
      ],
    };
  }

  /** @throws {PermissionMissing} the service doesn't start with an operation that anybody could call. */
  onModuleInit(): void {
    ensurePermissions(this.schemaHost.schema);
    // Every answer, also where Apollo never came to speak: what one person may read is kept by no cache (threat T60).
    const fastify = this.http.httpAdapter.getInstance();
    fastify.addHook('onRequest', (request, reply, done) => {
      if (request.routeOptions.url !== PATH) return done();
      void reply.header('cache-control', 'no-store');
      // No operation needs more, and what is not read is no garbage; a body that doesn't say its length has the service's limit.
      if (Number(request.headers['content-length'] ?? 0) <= LIMITS.bytes) return done();
      const message = `The body has more than ${LIMITS.bytes} bytes.`;
      void reply.code(413).send({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
    });
    fastify.addHook('preHandler', (request, reply, done) => {
      if (request.method !== 'POST' || request.routeOptions.url !== PATH) return done();
      answerShortly(request, reply, this.parts).then(
        (answer) => (answer ? void reply.header('content-type', answer.type).send(answer.text) : done()),
        done,
      );
    });
  }
}

/** What both ways to an answer share, Apollo's and the short one. */
function partsOf(options: GraphqlDoorOptions) {
  const contexts = new WeakMap<FastifyRequest, Promise<GraphqlContext>>();
  // Before the document is parsed: who isn't signed in is answered by status 401 and learns nothing.
  const contextOf = async (request: FastifyRequest, reply: FastifyReply): Promise<GraphqlContext> => {
    const principal = await principalFrom(request, options);
    ensureShort(request.body, request.query);
    ensureFewValues(request.body);
    refuseUntrusted(request, options.trustedDocuments);
    return { request, reply, principal };
  };
  return {
    isPlanned: options.isPlanned,
    known: new KnownOperations(),
    contextFor(request: FastifyRequest, reply: FastifyReply): Promise<GraphqlContext> {
      let context = contexts.get(request);
      if (!context) contexts.set(request, (context = contextOf(request, reply)));
      return context;
    },
  };
}

type Parts = ReturnType<typeof partsOf>;
