import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { Cursors, type Connection } from '../paging.ts';
import { May } from '../permissions.ts';
import type { GraphqlContext } from '../principal.ts';
import { notFound, Rights } from '../rights.ts';
import { VisitLog } from './visit-log.ts';
import { MyVisitLogArgs, VisitLine, VisitLineConnection } from './visit-log.types.ts';

@Resolver(() => VisitLine)
export class MyVisitLogResolver {
  constructor(
    private readonly log: VisitLog,
    private readonly rights: Rights,
    private readonly cursors: Cursors,
  ) {}

  @May('myVisitLog')
  @Query(() => VisitLineConnection, {
    description: 'The lines of your own visit, in written order, and what you tried after its end.',
  })
  async myVisitLog(
    @Args() args: MyVisitLogArgs,
    @Context() { principal }: GraphqlContext,
  ): Promise<Connection<VisitLine>> {
    const { sessionId, minPosition } = args;
    await this.rights.waitFor(minPosition);
    const list = `lines of ${sessionId}`;
    const page = await this.log.ofOwnVisit(principal.staffId ?? '', sessionId, this.cursors.pageFrom(list, args));
    if (!page) {
      // Lines of others are for reviewers, in the book itself: whoever asks for them here leaves a line as well.
      await this.rights.allows(principal, 'visitLog', undefined, { operation: 'myVisitLog' });
      throw notFound();
    }
    return this.cursors.connection(list, page);
  }
}
