import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { prefixOf, type WorkspaceId } from '@gatebook/protocol';
import { isOpenOrDecidedBy } from '#projections/index';
import { EVERYTHING } from '#wording/wording';
import { Identities } from '../identities.ts';
import { ByIdArgs } from '../paging.ts';
import { May, type PermissionName } from '../permissions.ts';
import type { GraphqlContext, Principal } from '../principal.ts';
import { Requests } from '../request/requests.ts';
import { Rights } from '../rights.ts';
import { sessionAs, Sessions } from '../session/sessions.ts';
import { VisitLog } from '../visit-log/visit-log.ts';
import { Workspaces } from '../workspace/workspaces.ts';
import { Node } from './node.types.ts';

@Resolver(() => Node)
export class NodeResolver {
  constructor(
    private readonly rights: Rights,
    private readonly identities: Identities,
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
        if (!(await this.#may(principal, 'activeSessions', session?.workspaceId)) || !session) return null;
        // Everybody in a workspace may know who is inside; what came of it is for those who answer for it.
        if (session.endedAt !== null && !(await this.#may(principal, 'endedSessions', session.workspaceId)))
          return null;
        return sessionAs(await this.identities.shownTo(principal, session.workspaceId), session);
      }
      case 'req': {
        const request = await this.requests.byId(id, EVERYTHING);
        if (request && request.staffId === principal.staffId) return request;
        if (!(await this.#may(principal, 'accessRequests', request?.workspaceId)) || !request) return null;
        const decided = await this.rights.decisionsReadIn(request.workspaceId as WorkspaceId, principal);
        if (decided !== 'all' && !isOpenOrDecidedBy(request, decided)) return null;
        const identity = await this.identities.shownTo(principal, request.workspaceId);
        return (await this.requests.byId(id, identity)) ?? null;
      }
      default: {
        const line = await this.log.line(id);
        if (!(await this.#may(principal, 'visitLog', line?.workspaceId)) || !line) return null;
        return (await this.log.line(id, await this.identities.shownTo(principal, line.workspaceId))) ?? null;
      }
    }
  }

  #may(principal: Principal, what: PermissionName, workspaceId: string | undefined): Promise<boolean> {
    return this.rights.allows(principal, what, workspaceId, { operation: 'node' });
  }
}
