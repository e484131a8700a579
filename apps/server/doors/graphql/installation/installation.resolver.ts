import { Inject } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { labelFor } from '#domain/catalogue/catalogue';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { May } from '../permissions.ts';
import { Catalogue } from './installation.types.ts';

@Resolver(() => Catalogue)
export class InstallationResolver {
  constructor(@Inject(GRAPHQL_DOOR) private readonly door: GraphqlDoorOptions) {}

  @May('catalogue')
  @Query(() => Catalogue, { description: 'The product’s pages, actions and jobs, as a visit can be started for them.' })
  catalogue(): Catalogue {
    const { catalogue, policy } = this.door.desk.outside.installation;
    const entries = <Entry>(all: Readonly<Record<string, Entry>>) =>
      Object.entries(all).map(([id, entry]) => ({ id, ...entry }));
    return {
      areas: Object.entries(catalogue.areas).map(([id, label]) => ({ id, label })),
      pages: entries(catalogue.pages).map((page) => ({
        ...page,
        label: labelFor(page.label, null),
        area: page.area ?? null,
      })),
      actions: entries(catalogue.actions).map((action) => ({ ...action, label: labelFor(action.label, null) })),
      jobs: entries(catalogue.jobs).map((job) => ({ ...job, readOnly: job.mode === 'read' })),
      visits: policy.session,
    };
  }
}
