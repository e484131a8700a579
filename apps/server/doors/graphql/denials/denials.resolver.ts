import { Inject } from '@nestjs/common';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { denialsCount, denialsPage, type DenialLine } from '#projections/index';
import { strangerIdOf } from '../../../desk/identity.ts';
import { shownActor } from '../actors.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { COUNT_MAX, Cursors, PageArgs, type Connection } from '../paging.ts';
import { May } from '../permissions.ts';
import type { GraphqlContext } from '../principal.ts';
import { Rights } from '../rights.ts';
import { Denial, DenialConnection, DenialsArgs } from './denials.types.ts';

@Resolver(() => Denial)
export class DenialsResolver {
  constructor(
    private readonly rights: Rights,
    private readonly cursors: Cursors,
    @Inject(GRAPHQL_DOOR) private readonly door: GraphqlDoorOptions,
  ) {}

  @May('denials')
  @Query(() => DenialConnection, { description: 'What was refused in a workspace, the newest first.' })
  denials(@Args() args: DenialsArgs): Promise<Connection<Denial>> {
    return this.#page(`denials ${args.workspaceId}`, args, { workspaceId: args.workspaceId });
  }

  @May('myDenials')
  @Query(() => DenialConnection, {
    description:
      'What you were refused, the newest first. Staff: wherever it was. Members: outside the workspaces that are yours.',
  })
  myDenials(@Args() args: PageArgs, @Context() { principal }: GraphqlContext): Promise<Connection<Denial>> {
    const { staffId, person } = principal;
    const actorId = staffId ?? strangerIdOf(person.issuer, person.subject);
    return this.#page(`denials of ${actorId}`, args, { actorId });
  }

  async #page(list: string, args: PageArgs, of: Parameters<typeof denialsCount>[1]): Promise<Connection<Denial>> {
    await this.rights.waitFor(args.minPosition);
    const denied = await denialsPage(this.door.tables, { ...of, page: this.cursors.pageFrom(list, args) });
    const shownPage = { ...denied, items: denied.items.map(shown) };
    return this.cursors.connection(list, shownPage, () => denialsCount(this.door.tables, of, COUNT_MAX + 1));
  }
}

function shown({ sentence, actor, occurredAt, recordedAt, since, ...same }: DenialLine): Denial {
  return {
    ...same,
    occurredAt: new Date(occurredAt),
    recordedAt: new Date(recordedAt),
    since: new Date(since),
    summary: sentence.text,
    detail: sentence.detail ?? null,
    actor: shownActor(actor),
  };
}
