import { Args, Query, Resolver } from '@nestjs/graphql';
import { Cursors, type Connection } from '../paging.ts';
import { May } from '../permissions.ts';
import { Rights } from '../rights.ts';
import { VisitLog } from './visit-log.ts';
import { LogEntry, LogEntryConnection, LogFacets, LogFacetsArgs, VisitLogArgs } from './visit-log.types.ts';

@Resolver(() => LogEntry)
export class VisitLogResolver {
  constructor(
    private readonly log: VisitLog,
    private readonly rights: Rights,
    private readonly cursors: Cursors,
  ) {}

  @May('visitLog')
  @Query(() => LogEntryConnection, {
    description: 'A workspace’s book: every visit, page, refusal; the newest line first.',
  })
  async visitLog(@Args() args: VisitLogArgs): Promise<Connection<LogEntry>> {
    const { workspaceId, filter, minPosition } = args;
    await this.rights.waitFor(minPosition);
    const list = `visitLog ${workspaceId}`;
    const page = await this.log.page(workspaceId, this.cursors.pageFrom(list, args), filter);
    return this.cursors.connection(list, page, () => this.log.count(workspaceId, filter));
  }

  @May('visitLogFacets')
  @Query(() => LogFacets, { description: 'People and cases that a workspace’s book can be filtered by.' })
  async visitLogFacets(@Args() { workspaceId, minPosition }: LogFacetsArgs): Promise<LogFacets> {
    await this.rights.waitFor(minPosition);
    return this.log.facets(workspaceId);
  }
}
