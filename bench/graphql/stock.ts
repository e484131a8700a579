/**
 * The list as Nest's own guide builds it: Nest on Express, Apollo with its defaults, a validation pipe, a guard, and a
 * resolver that does the service's work. Decorators stand as calls: this file runs as it is, without a build.
 */
import 'reflect-metadata';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module, UseGuards, ValidationPipe, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Args, GqlExecutionContext, GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { EVERYTHING } from '#wording/wording';
import { ApiClient, StaffMember, SystemActor, WorkspaceMember } from '#server/doors/graphql/actors';
import { Cursors } from '#server/doors/graphql/paging';
import { VisitLog } from '#server/doors/graphql/visit-log/visit-log';
import { LogEntryConnection, VisitLogArgs } from '#server/doors/graphql/visit-log/visit-log.types';
import { announce } from '../baselines/announce.ts';
import { worldOf } from './list.ts';

const { tables, cursorKey, mayRead } = await worldOf(process.argv[2]);
const cursors = new Cursors({ cursorKey });
const log = new VisitLog({ tables } as never);

interface Context {
  readonly req: { readonly headers: { readonly authorization?: string } };
}

class SignedInGuard implements CanActivate {
  canActivate(execution: ExecutionContext): Promise<boolean> {
    const graphql = GqlExecutionContext.create(execution);
    const { req } = graphql.getContext<Context>();
    return mayRead(req.headers.authorization, graphql.getArgs<VisitLogArgs>().workspaceId);
  }
}

class LogResolver {
  async visitLog(args: VisitLogArgs) {
    const list = `visitLog ${args.workspaceId}`;
    const page = await log.page(args.workspaceId, cursors.pageFrom(list, args), args.filter, EVERYTHING);
    return cursors.connection(list, page, () => log.count(args.workspaceId, args.filter));
  }
}

class StockModule {}

decorate(LogResolver.prototype, 'visitLog', VisitLogArgs);
Resolver()(LogResolver);
Module({
  imports: [
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      buildSchemaOptions: { orphanedTypes: [StaffMember, WorkspaceMember, SystemActor, ApiClient] },
    }),
  ],
  providers: [LogResolver],
})(StockModule);

function decorate(prototype: object, method: string, takes: unknown): void {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, method)!;
  Reflect.defineMetadata('design:paramtypes', [takes], prototype, method);
  Args()(prototype, method, 0);
  UseGuards(SignedInGuard)(prototype, method, descriptor);
  Query(() => LogEntryConnection)(prototype, method, descriptor);
}

const app = await NestFactory.create<NestExpressApplication>(StockModule, new ExpressAdapter(), { logger: ['error'] });
app.useGlobalPipes(new ValidationPipe({ transform: true }));
await app.listen(0, '127.0.0.1');
announce([(app.getHttpServer().address() as AddressInfo).port], () => tables.close());
