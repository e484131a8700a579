import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { SessionId, WorkspaceId } from '@gatebook/protocol';
import { toInstant } from '#domain/fact';
import type { ExportFilter } from '#domain/log-export/log-export';
import { Commands } from '../commands.ts';
import { Identities } from '../identities.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { May } from '../permissions.ts';
import type { GraphqlContext, Principal } from '../principal.ts';
import { Rights } from '../rights.ts';
import { ExportLogInput, ExportLogPayload, LogExport } from './export.types.ts';
import { VisitLog } from './visit-log.ts';
import type { LogFilterInput } from './visit-log.types.ts';

@Resolver(() => LogExport)
export class ExportLogResolver {
  constructor(
    private readonly commands: Commands,
    private readonly log: VisitLog,
    private readonly rights: Rights,
    private readonly identities: Identities,
    @Inject(GRAPHQL_DOOR) private readonly door: GraphqlDoorOptions,
  ) {}

  @May('exportLog')
  @Mutation(() => ExportLogPayload, {
    description: 'Writes down that lines of the book are taken along as a file (owners, admins and managers).',
  })
  async exportLog(
    @Args('input', { description: 'Which lines, and into what.' }) input: ExportLogInput,
    @Context() { principal }: GraphqlContext,
  ): Promise<ExportLogPayload> {
    const { format, filter } = input;
    const workspaceId = input.workspaceId as WorkspaceId;
    const extent = await this.#extent(workspaceId, filter, principal);
    const sent = await this.commands.send(input, principal, {
      type: 'ExportLog',
      by: principal.person,
      format,
      filter: written(filter),
      search: filter?.search?.trim() ? filter.search.trim() : null,
      ...extent,
    });
    if (sent.userErrors.length > 0) return { ...sent, export: null };
    // Sent again, it is what the first one wrote.
    const known = await this.log.exported(workspaceId, input.commandId, sent.position);
    return { ...sent, export: known ?? { format, ...extent } };
  }

  /** Counted for those only who may read what is counted. */
  async #extent(workspaceId: WorkspaceId, filter: LogFilterInput | null | undefined, principal: Principal) {
    const { state } = await this.door.desk.look(workspaceId);
    const mayRead = this.rights.holds(principal, 'visitLog', state);
    if (!mayRead) return { lines: null, upTo: null };
    return this.log.extent(workspaceId, filter, this.identities.inBook(principal, state));
  }
}

/** The filter as the fact has it; the words that were searched for stand with what names people. */
function written(filter: LogFilterInput | null | undefined): ExportFilter {
  const { sessionId, actor, kind, mark, outcome, occurredAt } = filter ?? {};
  return {
    ...(sessionId != null && { sessionId: sessionId as SessionId }),
    ...(actor != null && { actors: actor.id.in }),
    ...(kind != null && { kinds: kind.in }),
    ...(mark != null && { marks: mark.in }),
    ...(outcome != null && { outcomes: outcome.in }),
    ...(occurredAt?.gte != null && { from: toInstant(occurredAt.gte.getTime()) }),
    ...(occurredAt?.lt != null && { before: toInstant(occurredAt.lt.getTime()) }),
  };
}
