import { Args, Context, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { ByIdArgs, COUNT_MAX, Cursors, type Connection } from '../paging.ts';
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
    const found = await this.all.page(principal, page);
    return this.cursors.connection('workspaces', found, () => Math.min(found.count, COUNT_MAX + 1));
  }

  @May('workspace')
  @Query(() => Workspace, { description: 'One workspace of yours.' })
  async workspace(@Args() { id, minPosition }: ByIdArgs, @Context() { principal }: GraphqlContext): Promise<Workspace> {
    await this.rights.waitFor(minPosition);
    const found = await this.all.byId(id, principal);
    if (!found) throw notFound();
    return found;
  }

  /** Of the book itself, and only where it is asked for: a list of workspaces opens no books. */
  @ResolveField(() => Int, {
    description: 'Revision of its book as it stands, for expectedRevision: every line moves it on.',
  })
  revision(@Parent() { id }: Workspace): Promise<number> {
    return this.all.revisionOf(id);
  }
}
