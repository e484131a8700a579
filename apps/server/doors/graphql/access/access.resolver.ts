import { Inject } from '@nestjs/common';
import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { isTypedId } from '@gatebook/protocol';
import type { Book } from '#domain/book/book';
import { caseIdOf } from '../../../desk/identity.ts';
import { Commands, type Sent } from '../commands.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { May } from '../permission.ts';
import { principalOf, type GraphqlContext } from '../principal.ts';
import { Rights } from '../rights.ts';
import {
  DisableStaffAccessInput,
  DisableStaffAccessPayload,
  EnableStaffAccessInput,
  EnableStaffAccessPayload,
  StaffAccess,
} from './access.types.ts';

@Resolver(() => StaffAccess)
export class AccessResolver {
  constructor(
    private readonly commands: Commands,
    private readonly rights: Rights,
    @Inject(GRAPHQL_DOOR) private readonly door: GraphqlDoorOptions,
  ) {}

  @May('signed in')
  @Query(() => StaffAccess, { description: 'A workspace’s switch, as it stands now.' })
  async staffAccess(
    @Args('workspaceId', { type: () => ID }) workspaceId: string,
    @Context() context: GraphqlContext,
  ): Promise<StaffAccess> {
    const id = await this.rights.ensureMayRead(principalOf(context), workspaceId, 'the switch');
    return shownAccess(id, (await this.door.desk.settled(id)).book);
  }

  @May('member')
  @Mutation(() => EnableStaffAccessPayload, { description: 'Turns staff access on (owners and admins).' })
  async enableStaffAccess(
    @Args('input') input: EnableStaffAccessInput,
    @Context() context: GraphqlContext,
  ): Promise<EnableStaffAccessPayload> {
    const { workspaceId, minutes = null, withoutAreas, onlyCase = null } = input;
    const principal = principalOf(context);
    const sent = await this.commands.send(input, principal, {
      type: 'EnableStaffAccess',
      by: principal.person,
      minutes,
      withoutAreas: withoutAreas ?? [],
      onlyCase: onlyCase === null || !isTypedId('ws', workspaceId) ? null : caseIdOf(workspaceId, onlyCase),
    });
    return { ...sent, staffAccess: await this.#after(workspaceId, sent) };
  }

  @May('member')
  @Mutation(() => DisableStaffAccessPayload, {
    description: 'Turns staff access off; every visit ends at once (owners and admins).',
  })
  async disableStaffAccess(
    @Args('input') input: DisableStaffAccessInput,
    @Context() context: GraphqlContext,
  ): Promise<DisableStaffAccessPayload> {
    const principal = principalOf(context);
    const sent = await this.commands.send(input, principal, { type: 'DisableStaffAccess', by: principal.person });
    return { ...sent, staffAccess: await this.#after(input.workspaceId, sent) };
  }

  async #after(workspaceId: string, { userErrors }: Sent): Promise<StaffAccess | null> {
    if (userErrors.length > 0 || !isTypedId('ws', workspaceId)) return null;
    return shownAccess(workspaceId, (await this.door.desk.settled(workspaceId)).book);
  }
}

function shownAccess(workspaceId: string, { staffAccess, workspace }: Book): StaffAccess {
  if (staffAccess.phase === 'off')
    return { workspaceId, on: false, until: null, by: null, withoutAreas: [], onlyCase: null };
  const { until, by, byName, withoutAreas, onlyCase } = staffAccess;
  return {
    workspaceId,
    on: true,
    until: new Date(until),
    by: { id: by, name: byName },
    withoutAreas: [...withoutAreas],
    onlyCase: onlyCase === null ? null : (workspace.cases.get(onlyCase)?.ref ?? onlyCase),
  };
}
