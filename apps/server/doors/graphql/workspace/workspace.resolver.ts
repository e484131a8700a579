import { Args, Context, ID, Query, Resolver } from '@nestjs/graphql';
import { Cursors, type Connection } from '../paging.ts';
import { May } from '../permissions.ts';
import type { GraphqlContext } from '../principal.ts';
import { notFound, Rights } from '../rights.ts';
import { Workspace, WorkspaceConnection, WorkspacesArgs } from './workspace.types.ts';
import { Workspaces } from './workspaces.ts';

@Resolver(() => Workspace)
export class WorkspaceResolver {
  constructor(
    private readonly all: Workspaces,
    private readonly rights: Rights,
    private readonly cursors: Cursors,
  ) {}

  @May('workspaces')
  @Query(() => WorkspaceConnection, {
    description: 'Members: the workspaces that are yours. Staff: those that visits could go to.',
  })
  async workspaces(
    @Args() args: WorkspacesArgs,
    @Context() { principal }: GraphqlContext,
  ): Promise<Connection<Workspace>> {
    await this.rights.waitFor(args.minPosition);
    const page = this.cursors.pageFrom('workspaces', args);
    return this.cursors.connection('workspaces', await this.all.page(principal, page));
  }

  @May('workspace')
  @Query(() => Workspace, { description: 'One workspace of yours.' })
  async workspace(
    @Args('id', { type: () => ID, description: 'The workspace.' }) id: string,
    @Context() { principal }: GraphqlContext,
  ): Promise<Workspace> {
    const found = await this.all.byId(id, principal);
    if (!found) throw notFound();
    return found;
  }
}
