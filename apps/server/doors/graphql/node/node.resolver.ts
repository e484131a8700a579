import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { prefixOf } from '@gatebook/protocol';
import { ByIdArgs } from '../paging.ts';
import { May, type PermissionName } from '../permissions.ts';
import type { GraphqlContext, Principal } from '../principal.ts';
import { Requests } from '../request/requests.ts';
import { Rights } from '../rights.ts';
import { Sessions } from '../session/sessions.ts';
import { VisitLog } from '../visit-log/visit-log.ts';
import { Workspaces } from '../workspace/workspaces.ts';
import { Node } from './node.types.ts';

@Resolver(() => Node)
export class NodeResolver {
  constructor(
    private readonly rights: Rights,
    private readonly workspaces: Workspaces,
    private readonly sessions: Sessions,
    private readonly requests: Requests,
    private readonly log: VisitLog,
  ) {}

  /** What is missing takes the same way as what is foreign, and leaves the same line (threats T34, T35). */
  @May('node')
  @Query(() => Node, {
    nullable: true,
    description:
      'A workspace, a visit, a request or a line of a book by its id; null where there is none, or it is not yours.',
  })
  async node(@Args() { id, minPosition }: ByIdArgs, @Context() { principal }: GraphqlContext): Promise<Node | null> {
    await this.rights.waitFor(minPosition);
    switch (prefixOf(id)) {
      case 'ws':
        return (await this.#may(principal, 'workspace', id))
          ? ((await this.workspaces.byId(id, principal)) ?? null)
          : null;
      case 'ses': {
        const session = await this.sessions.byId(id);
        if (session && session.staffId === principal.staffId) return session;
        return (await this.#may(principal, 'activeSessions', session?.workspaceId)) ? (session ?? null) : null;
      }
      case 'req': {
        const request = await this.requests.byId(id);
        if (request && request.staffId === principal.staffId) return request;
        return (await this.#may(principal, 'accessRequests', request?.workspaceId)) ? (request ?? null) : null;
      }
      default: {
        const line = await this.log.line(id);
        return (await this.#may(principal, 'visitLog', line?.workspaceId)) ? (line ?? null) : null;
      }
    }
  }

  #may(principal: Principal, what: PermissionName, workspaceId: string | undefined): Promise<boolean> {
    return this.rights.allows(principal, what, workspaceId, { operation: 'node' });
  }
}
