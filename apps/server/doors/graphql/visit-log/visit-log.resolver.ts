import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { Identities } from '../identities.ts';
import { Cursors, type Connection } from '../paging.ts';
import { May } from '../permissions.ts';
import type { GraphqlContext } from '../principal.ts';
import { Rights } from '../rights.ts';
import { VisitLog } from './visit-log.ts';
import { LogEntry, LogEntryConnection, LogFacets, LogFacetsArgs, VisitLogArgs } from './visit-log.types.ts';

@Resolver(() => LogEntry)
export class VisitLogResolver {
  constructor(
    private readonly log: VisitLog,
    private readonly rights: Rights,
    private readonly identities: Identities,
    private readonly cursors: Cursors,
  ) {}

  @May('visitLog')
  @Query(() => LogEntryConnection, {
    description: 'A workspace’s book: every visit, page, refusal; the newest line first.',
  })
  async visitLog(@Args() args: VisitLogArgs, @Context() { principal }: GraphqlContext): Promise<Connection<LogEntry>> {
    const { workspaceId, filter, minPosition } = args;
    await this.rights.waitFor(minPosition);
    const list = `visitLog ${workspaceId}`;
    const identity = await this.identities.shownTo(principal, workspaceId);
    const page = await this.log.page(workspaceId, this.cursors.pageFrom(list, args), filter, identity);
    return this.cursors.connection(list, page, () => this.log.count(workspaceId, filter));
  }

  @May('visitLogFacets')
  @Query(() => LogFacets, { description: 'People and cases that a workspace’s book can be filtered by.' })
  async visitLogFacets(
    @Args() { workspaceId, minPosition }: LogFacetsArgs,
    @Context() { principal }: GraphqlContext,
  ): Promise<LogFacets> {
    await this.rights.waitFor(minPosition);
    return this.log.facets(workspaceId, await this.identities.shownTo(principal, workspaceId));
  }
}
