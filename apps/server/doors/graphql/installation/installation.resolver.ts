import { Inject } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { May } from '../permissions.ts';
import { Catalogue } from './installation.types.ts';
import { shownCatalogue } from './shown.ts';

@Resolver(() => Catalogue)
export class InstallationResolver {
  constructor(@Inject(GRAPHQL_DOOR) private readonly door: GraphqlDoorOptions) {}

  @May('catalogue')
  @Query(() => Catalogue, { description: 'The product’s pages, actions and jobs, as a visit can be started for them.' })
  catalogue(): Catalogue {
    return shownCatalogue(this.door.desk.outside.installation);
  }
}
