import { Inject } from '@nestjs/common';
import { Args, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';
import { reviewedCount, visitCounts, type TablesReader, type VisitCounts, type VisitFilter } from '#projections/index';
import type { Mark } from '#wording/wording';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { COUNT_MAX, Cursors, type Connection } from '../paging.ts';
import { May } from '../permissions.ts';
import { Rights } from '../rights.ts';
import { Session, SessionConnection } from '../session/session.types.ts';
import { Sessions } from '../session/sessions.ts';
import { VisitOrder, VisitsArgs, type VisitFilterInput } from './review.types.ts';
import { namesOfWorkspaces } from '../workspace/names.ts';

/** What those who check visits ask, and what stands at a visit beside its own terms. */
@Resolver(() => Session)
export class ReviewResolver {
  readonly #tables: TablesReader;
  // What is asked for together is read together; nothing is kept, as a visit that goes on has other counts a moment later.
  readonly #counts = new DataLoader<string, VisitCounts>(
    async (ids) => {
      const counts = await visitCounts(this.#tables, ids);
      return ids.map((id) => counts.get(id) ?? { viewed: 0, revealed: 0, clicked: 0, changed: 0, refused: 0 });
    },
    { cache: false },
  );
  readonly #names = namesOfWorkspaces(() => this.#tables);

  constructor(
    private readonly sessions: Sessions,
    private readonly rights: Rights,
    private readonly cursors: Cursors,
    @Inject(GRAPHQL_DOOR) { tables }: GraphqlDoorOptions,
  ) {
    this.#tables = tables;
  }

  @May('visits')
  @Query(() => SessionConnection, { description: 'Visits to all workspaces, for those who check them.' })
  async visits(@Args() args: VisitsArgs): Promise<Connection<Session>> {
    const order = args.order ?? VisitOrder.NEWEST_FIRST;
    const filter = filterFrom(args.filter);
    await this.rights.waitFor(args.minPosition);
    const list = `visits, ${order}`;
    const page = await this.sessions.reviewed({ filter, order, page: this.cursors.pageFrom(list, args) });
    return this.cursors.connection(list, page, () => reviewedCount(this.#tables, filter, COUNT_MAX + 1));
  }

  @ResolveField(() => String, { description: 'What the customer calls the workspace.' })
  workspaceName(@Parent() { workspaceId }: Session): Promise<string> {
    return this.#names.load(workspaceId);
  }

  @ResolveField(() => Int, { description: 'How many pages were viewed; a page viewed twice counts twice.' })
  async viewedCount(@Parent() { id }: Session): Promise<number> {
    return (await this.#counts.load(id)).viewed;
  }

  @ResolveField(() => Int, { description: 'How many masked values were shown, as it was approved.' })
  async revealedCount(@Parent() { id }: Session): Promise<number> {
    return (await this.#counts.load(id)).revealed;
  }

  @ResolveField(() => Int, { description: 'How many clicks within pages were written, where the settings want them.' })
  async clickedCount(@Parent() { id }: Session): Promise<number> {
    return (await this.#counts.load(id)).clicked;
  }

  @ResolveField(() => Int, { description: 'How many changes were made; one whose outcome is unknown counts.' })
  async changedCount(@Parent() { id }: Session): Promise<number> {
    return (await this.#counts.load(id)).changed;
  }

  @ResolveField(() => Int, { description: 'How many lines tell of something that was refused.' })
  async refusedCount(@Parent() { id }: Session): Promise<number> {
    return (await this.#counts.load(id)).refused;
  }
}

function filterFrom(filter: VisitFilterInput | null | undefined): VisitFilter {
  const { workspace, staff, mark, startedAt } = filter ?? {};
  return {
    ...(workspace != null && { workspaces: workspace.id.in }),
    ...(staff != null && { staff: staff.id.in }),
    ...(mark != null && { marks: mark.in as readonly Mark[] }),
    ...(startedAt?.gte != null && { startedFrom: startedAt.gte.getTime() }),
    ...(startedAt?.lt != null && { startedBefore: startedAt.lt.getTime() }),
  };
}
