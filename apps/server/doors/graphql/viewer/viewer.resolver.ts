import { Inject } from '@nestjs/common';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { PAGE_MAX, PositionArgs } from '../paging.ts';
import { May } from '../permissions.ts';
import type { GraphqlContext } from '../principal.ts';
import { Rights } from '../rights.ts';
import { Workspaces } from '../workspace/workspaces.ts';
import { Viewer } from './viewer.types.ts';

@Resolver(() => Viewer)
export class ViewerResolver {
  constructor(
    private readonly rights: Rights,
    private readonly workspaces: Workspaces,
    @Inject(GRAPHQL_DOOR) private readonly door: GraphqlDoorOptions,
  ) {}

  @May('viewer')
  @Query(() => Viewer, { description: 'Who you are.' })
  async viewer(@Args() { minPosition }: PositionArgs, @Context() { principal }: GraphqlContext): Promise<Viewer> {
    await this.rights.waitFor(minPosition);
    const { realm, person, email, staffId } = principal;
    const isStaff = staffId !== undefined;
    const { phase, roles } = this.door.desk.outside.staff(staffId).state;
    const theirs = isStaff ? [] : (await this.workspaces.page(principal, { first: PAGE_MAX })).items;
    const memberships = theirs.map(({ id, name, role }) => ({
      workspaceId: id,
      workspaceName: name,
      role: role ?? '',
    }));
    return { realm, name: person.name, email, isStaff, staffRoles: phase === 'enabled' ? roles : [], memberships };
  }
}
