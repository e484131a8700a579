import { Inject } from '@nestjs/common';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { denialsPage, logPage, type DenialLine, type LogFilter, type LogLine } from '#projections/index';
import { shownActor } from '../actors.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { Cursors } from '../paging.ts';
import { May } from '../permission.ts';
import { notFound, principalOf, type GraphqlContext } from '../principal.ts';
import { PageArgs } from '../paging.ts';
import { Rights } from '../rights.ts';
import {
  DenialEntryConnection,
  DenialEntry,
  DenialsArgs,
  LogEntry,
  LogEntryConnection,
  Outcome,
  VisitLogArgs,
  type LogFilterInput,
} from './visit-log.types.ts';

@Resolver(() => LogEntry)
export class VisitLogResolver {
  private readonly cursors: Cursors;

  constructor(
    private readonly rights: Rights,
    @Inject(GRAPHQL_DOOR) private readonly door: GraphqlDoorOptions,
  ) {
    this.cursors = new Cursors(door.cursorKey);
  }

  @May('signed in')
  @Query(() => LogEntryConnection, {
    description: 'A workspace’s book: every visit, page, refusal; the newest line first.',
  })
  async visitLog(@Args() args: VisitLogArgs, @Context() context: GraphqlContext): Promise<LogEntryConnection> {
    const workspaceId = await this.rights.ensureMayRead(principalOf(context), args.workspaceId, 'the book');
    await this.rights.waitFor(args.minPosition);
    const list = `visitLog ${workspaceId}`;
    const page = this.cursors.pageFrom(list, args);
    const lines = await logPage(this.door.tables, { workspaceId, page, filter: filterFrom(args.filter) });
    return this.cursors.connection(list, lines, entryFrom);
  }

  @May('signed in')
  @Query(() => DenialEntryConnection, { description: 'What was refused in a workspace, the newest first.' })
  async denials(@Args() args: DenialsArgs, @Context() context: GraphqlContext): Promise<DenialEntryConnection> {
    const workspaceId = await this.rights.ensureMayRead(principalOf(context), args.workspaceId, 'the book');
    await this.rights.waitFor(args.minPosition);
    const list = `denials ${workspaceId}`;
    const denied = await denialsPage(this.door.tables, { workspaceId, page: this.cursors.pageFrom(list, args) });
    return this.cursors.connection(list, denied, denialFrom);
  }

  @May('staff')
  @Query(() => DenialEntryConnection, { description: 'What you were refused, wherever it was, the newest first.' })
  async myDenials(@Args() args: PageArgs, @Context() context: GraphqlContext): Promise<DenialEntryConnection> {
    const actorId = principalOf(context).staffId;
    if (actorId === undefined) throw notFound();
    await this.rights.waitFor(args.minPosition);
    const list = `denials of ${actorId}`;
    const denied = await denialsPage(this.door.tables, { actorId, page: this.cursors.pageFrom(list, args) });
    return this.cursors.connection(list, denied, denialFrom);
  }
}

function filterFrom(filter: LogFilterInput | null | undefined): LogFilter {
  const { sessionId, actorId, kinds, outcome, occurredAt } = filter ?? {};
  return {
    ...(sessionId != null && { session: sessionId }),
    ...(actorId != null && { actors: actorId.in }),
    ...(kinds != null && { kinds }),
    ...(outcome != null && { outcomes: [outcome] }),
    ...(occurredAt?.gte != null && { occurredFrom: occurredAt.gte.getTime() }),
    ...(occurredAt?.lt != null && { occurredBefore: occurredAt.lt.getTime() }),
  };
}

function entryFrom(line: LogLine): LogEntry {
  const { sentence, actor, onBehalfOf, technical, occurredAt, recordedAt, outcome, ...same } = line;
  return {
    ...same,
    occurredAt: new Date(occurredAt),
    recordedAt: new Date(recordedAt),
    summary: sentence.text,
    parts: sentence.parts.map(({ text, strong = false }) => ({ text, strong })),
    detail: sentence.detail ?? null,
    actor: shownActor(actor),
    onBehalfOf: onBehalfOf && shownActor(onBehalfOf),
    outcome: outcome as Outcome,
    technicalDetail: technical,
  };
}

function denialFrom({ id, position, occurredAt, sentence, rule, actor, sessionId, times }: DenialLine): DenialEntry {
  const summary = sentence.text;
  return {
    id,
    position,
    occurredAt: new Date(occurredAt),
    summary,
    detail: sentence.detail ?? null,
    rule,
    actor: shownActor(actor),
    sessionId,
    times,
  };
}
