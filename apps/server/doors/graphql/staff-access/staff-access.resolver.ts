import { Inject } from '@nestjs/common';
import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { WorkspaceId } from '@gatebook/protocol';
import { caseIdOf } from '../../../desk/identity.ts';
import { Commands, type CommandInput, type Sent } from '../commands.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { May } from '../permissions.ts';
import type { GraphqlContext } from '../principal.ts';
import { shownStaffAccess } from './shown.ts';
import {
  DisableStaffAccessInput,
  DisableStaffAccessPayload,
  EnableStaffAccessInput,
  EnableStaffAccessPayload,
  StaffAccess,
} from './staff-access.types.ts';

@Resolver(() => StaffAccess)
export class StaffAccessResolver {
  constructor(
    private readonly commands: Commands,
    @Inject(GRAPHQL_DOOR) private readonly door: GraphqlDoorOptions,
  ) {}

  @May('staffAccess')
  @Query(() => StaffAccess, { description: 'A workspace’s switch, as it stands now.' })
  staffAccess(
    @Args('workspaceId', { type: () => ID, description: 'The workspace.' }) workspaceId: string,
  ): Promise<StaffAccess> {
    return this.#now(workspaceId as WorkspaceId);
  }

  @May('enableStaffAccess')
  @Mutation(() => EnableStaffAccessPayload, { description: 'Turns staff access on (owners and admins).' })
  async enableStaffAccess(
    @Args('input', { description: 'For how long, and for what.' }) input: EnableStaffAccessInput,
    @Context() { principal }: GraphqlContext,
  ): Promise<EnableStaffAccessPayload> {
    const { workspaceId, minutes = null, withoutAreas, onlyCase = null, askEach } = input;
    const sent = await this.commands.send(input, principal, {
      type: 'EnableStaffAccess',
      by: principal.person,
      minutes,
      withoutAreas: withoutAreas ?? [],
      onlyCase: onlyCase === null ? null : caseIdOf(workspaceId as WorkspaceId, onlyCase),
      askEach: askEach === true,
    });
    return this.#answer(input, sent);
  }

  @May('disableStaffAccess')
  @Mutation(() => DisableStaffAccessPayload, {
    description: 'Turns staff access off; every visit ends at once (owners and admins).',
  })
  async disableStaffAccess(
    @Args('input', { description: 'Where.' }) input: DisableStaffAccessInput,
    @Context() { principal }: GraphqlContext,
  ): Promise<DisableStaffAccessPayload> {
    return this.#answer(
      input,
      await this.commands.send(input, principal, { type: 'DisableStaffAccess', by: principal.person }),
    );
  }

  async #answer({ workspaceId }: CommandInput, sent: Sent): Promise<EnableStaffAccessPayload> {
    return { ...sent, staffAccess: sent.userErrors.length > 0 ? null : await this.#now(workspaceId as WorkspaceId) };
  }

  /** Of the book itself: what was just written is in it, and what the clock has ended isn't. */
  async #now(workspaceId: WorkspaceId): Promise<StaffAccess> {
    const { desk, clock } = this.door;
    const { book, revision } = await desk.settled(workspaceId);
    const { installation } = desk.outside;
    return shownStaffAccess({ workspaceId, book, revision, installation, now: clock.now() });
  }
}
