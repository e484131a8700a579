import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { GraphqlDoorModule } from './doors/graphql/graphql-door.module.ts';
import type { GraphqlDoorOptions } from './doors/graphql/options.ts';
import { HttpErrors } from './doors/http-errors.ts';

/** What stands inside Nest: the GraphQL door and the command bus. The other doors are routes on Fastify itself. */
@Module({})
export class AppModule {
  static with(options: GraphqlDoorOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [GraphqlDoorModule.forRoot(options)],
      providers: [{ provide: APP_FILTER, useClass: HttpErrors }],
    };
  }
}
