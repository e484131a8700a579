import { Inject } from '@nestjs/common';
import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';
import { visitNotes, visitsLetIn, type Retold, type TablesReader } from '#projections/index';
import { Identities } from '../identities.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { Cursors, type Connection } from '../paging.ts';
import { May } from '../permissions.ts';
import type { GraphqlContext } from '../principal.ts';
import { Rights } from '../rights.ts';
import { EndedSessionsArgs, Session, SessionConnection } from './session.types.ts';
import { Sessions } from './sessions.ts';

type Read = (tables: TablesReader, sessionIds: readonly string[]) => Promise<ReadonlyMap<string, Retold>>;

/** What is told of visits afterwards: the notes of them to the customer (S4-57), and who let them in. */
@Resolver(() => Session)
export class EndedResolver {
  readonly #notes: DataLoader<string, Retold | undefined>;
  readonly #letIn: DataLoader<string, Retold | undefined>;

  constructor(
    private readonly sessions: Sessions,
    private readonly rights: Rights,
    private readonly identities: Identities,
    private readonly cursors: Cursors,
    @Inject(GRAPHQL_DOOR) { tables }: GraphqlDoorOptions,
  ) {
    // What is asked for together is read together; nothing is kept, as more may be known a moment later.
    const loader = (read: Read) =>
      new DataLoader<string, Retold | undefined>(
        async (ids) => {
          const found = await read(tables, ids);
          return ids.map((id) => found.get(id));
        },
        { cache: false },
      );
    this.#notes = loader(visitNotes);
    this.#letIn = loader(visitsLetIn);
  }

  @May('endedSessions')
  @Query(() => SessionConnection, {
    description: 'Visits to a workspace that have ended, each with its note; those that ended last come first.',
  })
  async endedSessions(
    @Args() args: EndedSessionsArgs,
    @Context() { principal }: GraphqlContext,
  ): Promise<Connection<Session>> {
    const { workspaceId, minPosition } = args;
    await this.rights.waitFor(minPosition);
    const list = `endedSessions ${workspaceId}`;
    const identity = await this.identities.shownTo(principal, workspaceId);
    const page = await this.sessions.ended(workspaceId, this.cursors.pageFrom(list, args), identity);
    return this.cursors.connection(list, page);
  }

  @ResolveField(() => String, {
    nullable: true,
    description:
      'The short note of the visit to the customer: who, for what, how long, what came of it. Null until its end is written.',
  })
  async note(@Parent() { id, endedAt, readBy }: Session): Promise<string | null> {
    return endedAt === null ? null : ((await this.#notes.load(id))?.as(readBy) ?? null);
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'Who let the staff member in, as a sentence. Null until the tables know of the visit.',
  })
  async letIn(@Parent() { id, readBy }: Session): Promise<string | null> {
    return (await this.#letIn.load(id))?.as(readBy) ?? null;
  }
}
