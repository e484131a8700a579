import { Inject } from '@nestjs/common';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { denialsCount, denialsPage, type DenialLine, type DenialsQuery } from '#projections/index';
import { strangerIdOf } from '../../../desk/identity.ts';
import { shownActor } from '../actors.ts';
import { Identities } from '../identities.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { COUNT_MAX, Cursors, PageArgs, type Connection } from '../paging.ts';
import { May } from '../permissions.ts';
import type { GraphqlContext } from '../principal.ts';
import { Rights } from '../rights.ts';
import { Denial, DenialConnection, DenialsArgs, type TriedAction } from './denials.types.ts';

@Resolver(() => Denial)
export class DenialsResolver {
  constructor(
    private readonly rights: Rights,
    private readonly identities: Identities,
    private readonly cursors: Cursors,
    @Inject(GRAPHQL_DOOR) private readonly door: GraphqlDoorOptions,
  ) {}

  @May('denials')
  @Query(() => DenialConnection, { description: 'What was refused in a workspace, the newest first.' })
  async denials(@Args() args: DenialsArgs, @Context() { principal }: GraphqlContext): Promise<Connection<Denial>> {
    const { workspaceId } = args;
    const identity = await this.identities.shownTo(principal, workspaceId);
    return this.#page(`denials ${workspaceId}`, args, { workspaceId, identity });
  }

  @May('myDenials')
  @Query(() => DenialConnection, {
    description:
      'What you were refused, the newest first. Staff: wherever it was. Members: outside the workspaces that are yours.',
  })
  myDenials(@Args() args: PageArgs, @Context() { principal }: GraphqlContext): Promise<Connection<Denial>> {
    const { staffId, person } = principal;
    const actorId = staffId ?? strangerIdOf(person.issuer, person.subject);
    const mayKnow = staffId === undefined || this.rights.isStaff(principal, 'visitor', 'reviewer');
    return this.#page(`denials of ${actorId}`, args, { actorId }, mayKnow ? asMissing : withoutWorkspace);
  }

  async #page(
    list: string,
    args: PageArgs,
    of: Parameters<typeof denialsCount>[1] & Pick<DenialsQuery, 'identity'>,
    told: (line: Denial) => Denial = (line) => line,
  ): Promise<Connection<Denial>> {
    await this.rights.waitFor(args.minPosition);
    const denied = await denialsPage(this.door.tables, { ...of, page: this.cursors.pageFrom(list, args) });
    const shownPage = { ...denied, items: denied.items.map((line) => told(shown(line))) };
    return this.cursors.connection(list, shownPage, () => denialsCount(this.door.tables, of, COUNT_MAX + 1));
  }
}

function shown({
  sentence,
  actor,
  action,
  field,
  record,
  tried,
  occurredAt,
  recordedAt,
  since,
  ...same
}: DenialLine): Denial {
  return {
    ...same,
    action: action === null ? null : triedAction(action, record, tried),
    field: field === null ? null : { field, record },
    occurredAt: new Date(occurredAt),
    recordedAt: new Date(recordedAt),
    since: new Date(since),
    summary: sentence.text,
    detail: sentence.detail ?? null,
    actor: shownActor(actor),
  };
}

export function triedAction(name: string, target: string | null, tried: DenialLine['tried']): TriedAction {
  return { name, target, argumentsJson: tried === null ? null : JSON.stringify(tried) };
}

/** A workspace that isn't theirs and one that isn't there are one line to whoever asked (threat T35). */
function asMissing(line: Denial): Denial {
  return line.rule === 'memberBelongsHere' ? { ...line, rule: 'workspaceIsOpen' } : line;
}

/**
 * Staff who are not enabled, or have no role for it, learn of no workspace whether there is one: what stopped them in one
 * that there is reads as in one that there isn't (threat T35). Its owner sees it as it was.
 */
function withoutWorkspace(line: Denial): Denial {
  if (line.rule === 'roleMayAsk') return line;
  const because = 'You are not enabled as a staff member.';
  const hidden = { workspaceId: null, sessionId: null, instead: null };
  return { ...line, ...hidden, rule: 'staffMemberIsEnabled', because, detail: because };
}
