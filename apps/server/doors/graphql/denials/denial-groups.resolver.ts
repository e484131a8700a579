import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { RULES, type RuleCode } from '@gatebook/protocol';
import {
  denialGroups,
  denialGroupsCount,
  membershipsOf,
  type DenialGroup as Group,
  type DenialGroupsFilter,
} from '#projections/index';
import { strangerIdOf } from '../../../desk/identity.ts';
import { shownActor } from '../actors.ts';
import { refused } from '../commands.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { COUNT_MAX, Cursors, type Connection } from '../paging.ts';
import { May } from '../permissions.ts';
import type { GraphqlContext, Principal } from '../principal.ts';
import { digestOfInput, Rights } from '../rights.ts';
import { invalidInput, staleRevision, userErrorFrom } from '../user-errors.ts';
import {
  DenialGroup,
  DenialGroupConnection,
  DenialGroupsArgs,
  ReviewDenialsInput,
  ReviewDenialsPayload,
} from './denial-groups.types.ts';

/** Refusals as those who check them see them: by person and rule, looked at or not (S1-68, S1-73). */
@Resolver(() => DenialGroup)
export class DenialGroupsResolver {
  constructor(
    private readonly rights: Rights,
    private readonly cursors: Cursors,
    @Inject(GRAPHQL_DOOR) private readonly door: GraphqlDoorOptions,
  ) {}

  @May('denialGroups')
  @Query(() => DenialGroupConnection, {
    description: 'What was refused everywhere, by person and rule, the newest first (reviewers).',
  })
  async denialGroups(@Args() args: DenialGroupsArgs): Promise<Connection<DenialGroup>> {
    const { occurredAt, person, rule, reviewed } = args.filter ?? {};
    const filter: DenialGroupsFilter = {
      from: occurredAt?.gte?.getTime(),
      to: occurredAt?.lt?.getTime(),
      personId: person ?? undefined,
      rule: rule ?? undefined,
      reviewed: reviewed ?? undefined,
    };
    await this.rights.waitFor(args.minPosition);
    const { tables } = this.door;
    const found = await denialGroups(tables, filter, this.cursors.pageFrom('denial groups', args));
    const page = { ...found, items: found.items.map(shown) };
    return this.cursors.connection('denial groups', page, () => denialGroupsCount(tables, filter, COUNT_MAX + 1));
  }

  @May('reviewDenials')
  @Mutation(() => ReviewDenialsPayload, {
    description:
      'Writes down that you looked at what a person was refused by a rule, and what you make of it (reviewers).',
  })
  async reviewDenials(
    @Args('input', { description: 'Of whom, which rule, up to where, and what you make of it.' })
    input: ReviewDenialsInput,
    @Context() { principal }: GraphqlContext,
  ): Promise<ReviewDenialsPayload> {
    const { commandId, person: personId, upTo, verdict, note = null, expectedRevision } = input;
    const rule = input.rule as RuleCode;
    const group = await this.#group(personId, rule);
    if (!group) return { group: null, ...refused(invalidInput(['input', 'person'], NOTHING_REFUSED)) };
    // What nobody was shown yet can't have been looked at.
    if (upTo > group.position) return { group: null, ...refused(invalidInput(['input', 'upTo'], NOTHING_THAT_FAR)) };

    const staffId = principal.staffId!;
    const actor = { kind: 'staff' as const, id: staffId };
    const outcome = await this.door.desk.handleReview(
      { type: 'ReviewDenials', personId, rule, upTo, verdict, note, staffId, ownIds: await this.#idsOf(principal) },
      {
        actor,
        commandId,
        commandDigest: digestOfInput('reviewDenials', actor, input),
        ...(expectedRevision != null && { expectedRevision }),
      },
    );
    if (outcome.kind === 'refused')
      return { group: null, ...refused(userErrorFrom(outcome.refusal, 'workspace'), outcome.position) };
    if (outcome.kind === 'stale') {
      const stale = { ...staleRevision(outcome.currentRevision), message: REVIEWED_MEANWHILE };
      return { group: null, ...refused(stale, outcome.position) };
    }
    const { position } = outcome;
    await this.rights.waitFor(position);
    const now = await this.#group(personId, rule);
    return { group: now ? shown(now) : null, position, userErrors: [] };
  }

  async #group(personId: string, rule: RuleCode): Promise<Group | undefined> {
    return (await denialGroups(this.door.tables, { personId, rule }, { first: 1 })).items[0];
  }

  /** All that the person is called: staff member, stranger, member where they are one. */
  async #idsOf({ staffId, person: { issuer, subject } }: Principal): Promise<string[]> {
    const memberships = await membershipsOf(this.door.tables, issuer, subject);
    return [staffId ?? '', strangerIdOf(issuer, subject), ...memberships.map(({ member }) => member.id)];
  }
}

const NOTHING_REFUSED = 'Nothing was refused to this person by this rule.';
const REVIEWED_MEANWHILE = 'Somebody has reviewed this person since you looked. Look again, then decide.';
const NOTHING_THAT_FAR = 'Nothing was refused that far in the log yet.';

function shown({ person, rule, example, unreviewed, firstAt, lastAt, review, ...same }: Group): DenialGroup {
  return {
    ...same,
    person: shownActor(person),
    rule,
    ruleSays: RULES[rule],
    unreviewedTimes: unreviewed,
    reviewed: unreviewed === 0,
    firstAt: new Date(firstAt),
    lastAt: new Date(lastAt),
    example: example.text,
    review: review && { ...review, reviewedAt: new Date(review.reviewedAt) },
  };
}
