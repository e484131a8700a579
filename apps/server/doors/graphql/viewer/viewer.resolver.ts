import { Inject } from '@nestjs/common';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import type { WorkspaceId } from '@gatebook/protocol';
import { memberWho } from '#domain/workspace/workspace';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { PAGE_MAX, PositionArgs } from '../paging.ts';
import { May } from '../permissions.ts';
import type { GraphqlContext, Principal } from '../principal.ts';
import { Rights } from '../rights.ts';
import { Workspaces } from '../workspace/workspaces.ts';
import { Viewer, type Membership } from './viewer.types.ts';

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
    const found = await Promise.all(theirs.map(({ id, name }) => this.#membership(id as WorkspaceId, name, person)));
    const memberships = found.filter((membership) => membership !== undefined);
    return {
      realm,
      name: person.name,
      email,
      isStaff,
      staffRoles: phase === 'enabled' ? roles : [],
      decidesForVendor: isStaff && this.rights.isStaff(principal, 'approver'),
      memberships,
    };
  }

  /** By the book of this moment, which the list was made from as well. */
  async #membership(
    workspaceId: WorkspaceId,
    workspaceName: string,
    { issuer, subject }: Principal['person'],
  ): Promise<Membership | undefined> {
    const { state } = await this.door.desk.look(workspaceId);
    const member = memberWho(state.workspace, issuer, subject);
    return member && { workspaceId, workspaceName, memberId: member.id, role: member.role };
  }
}
