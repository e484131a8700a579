import { CommandBus } from '@nestjs/cqrs';
import { Inject, Injectable } from '@nestjs/common';
import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsOptional, Matches, Min } from 'class-validator';
import type { GrantId, StaffId, WorkspaceId } from '@gatebook/protocol';
import type { BookCommand } from '#domain/book/decide';
import type { Refusal } from '#domain/rule';
import { memberWho } from '#domain/workspace/workspace';
import { HandleBookCommand, StartVisit } from '../../desk/bus.ts';
import { strangerIdOf } from '../../desk/identity.ts';
import type { Caller } from '../../desk/outcome.ts';
import type { StartedVisit, VisitWish } from '../../desk/visits.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from './options.ts';
import type { Principal } from './principal.ts';
import { digestOfInput } from './rights.ts';
import { staleRevision, UserError, UserErrorCode, userErrorFrom, type About } from './user-errors.ts';

export const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** Ids of ours, as far as their shape goes; whether they exist is answered in one way for all. */
export const WORKSPACE_ID = /^ws_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
export const SESSION_ID = /^ses_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
export const REQUEST_ID = /^req_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
export const GRANT_ID = /^gr_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

@InputType({ isAbstract: true })
export abstract class CommandInput {
  @Field(() => ID, { description: 'A UUID of version 7 that you make: sent again, the command has its one effect.' })
  @Matches(UUID_V7, { message: 'commandId must be a UUID of version 7, in lower case' })
  commandId!: string;

  @Field(() => ID, { description: 'The workspace.' })
  @Matches(WORKSPACE_ID, { message: 'workspaceId must be an id that begins with ws_' })
  workspaceId!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'Only if the workspace’s book is still at this revision; left out: wherever it is. What only takes away is done all the same.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  expectedRevision?: number | null;
}

@ObjectType({ isAbstract: true })
export abstract class Payload {
  @Field(() => String, {
    nullable: true,
    description: 'Position in the log that the answer stands on, for minPosition.',
  })
  position!: string | null;

  @Field(() => [UserError], { description: 'Why the command had no effect; empty when it had.' })
  userErrors!: UserError[];
}

export interface Sent {
  readonly position: string | null;
  readonly userErrors: UserError[];
}

type Wish = Partial<Pick<VisitWish, 'caseRef' | 'job' | 'reason' | 'minutes'>> & { readonly grantId?: string | null };

/** Sends commands about a workspace as a principal, and says in user errors what came of them. */
@Injectable()
export class Commands {
  readonly #bus: CommandBus;
  readonly #door: GraphqlDoorOptions;

  constructor(bus: CommandBus, @Inject(GRAPHQL_DOOR) door: GraphqlDoorOptions) {
    this.#bus = bus;
    this.#door = door;
  }

  /** @throws {NotNow} */
  async send(input: CommandInput, principal: Principal, command: BookCommand): Promise<Sent> {
    const workspaceId = input.workspaceId as WorkspaceId;
    const about = aboutWhat(command);
    const { caller, known } = await this.#callerFor(command.type, input, principal);
    if (!known && about !== 'workspace') {
      // Of a workspace that doesn't exist there is no book of denials either: it stands in the asker's own.
      await this.#door.desk.deny(workspaceId, command, NO_SUCH_WORKSPACE, caller);
      return refused(userErrorFrom(NO_SUCH_WORKSPACE, about));
    }
    const outcome = await this.#bus.execute(new HandleBookCommand(workspaceId, command, caller));
    switch (outcome.kind) {
      case 'refused':
        // Who isn't enabled learns of no workspace whether there is one.
        if (principal.staffId !== undefined && about === 'workspace' && !this.#isEnabled(principal.staffId))
          return refused(userErrorFrom(NOT_ENABLED, about));
        return refused(userErrorFrom(outcome.refusal, about), outcome.position);
      case 'stale':
        return refused(staleRevision(outcome.currentRevision), outcome.position);
      case 'accepted':
      case 'repeated':
        return { position: outcome.position, userErrors: [] };
    }
  }

  /** @throws {NotNow} */
  async start(input: CommandInput & Wish, principal: Principal): Promise<StartedVisit> {
    const { caller } = await this.#callerFor('StartSession', input, principal);
    const { caseRef = null, job = null, reason = null, minutes = null } = input;
    const workspaceId = input.workspaceId as WorkspaceId;
    const { staffId, authTime } = principal;
    if (staffId === undefined) throw new Error('The guard let somebody start a visit who is no staff member.');
    const grantId = (input.grantId ?? null) as GrantId | null;
    const wish = { workspaceId, caseRef, job, reason, minutes, grantId };
    const visit = await this.#bus.execute(new StartVisit(wish, { staffId, identityConfirmedAt: authTime }, caller));
    const enabled = this.#isEnabled(staffId);
    // Who isn't enabled learns of no workspace whether there is one.
    return visit.kind === 'refused' && !enabled ? { kind: 'refused', refusal: NOT_ENABLED } : visit;
  }

  #isEnabled(staffId: StaffId): boolean {
    return this.#door.desk.outside.staff(staffId).state.phase === 'enabled';
  }

  /** Who sends, pseudonymously: the member that they are in this workspace, a stranger to it, or a staff member. */
  async #callerFor(
    operation: string,
    input: CommandInput,
    { staffId, person: { issuer, subject } }: Principal,
  ): Promise<{ readonly caller: Caller & { readonly commandId: string }; readonly known: boolean }> {
    const { commandId, expectedRevision } = input;
    const { workspace } = (await this.#door.desk.look(input.workspaceId as WorkspaceId)).state;
    const actor =
      staffId === undefined
        ? { kind: 'member' as const, id: memberWho(workspace, issuer, subject)?.id ?? strangerIdOf(issuer, subject) }
        : { kind: 'staff' as const, id: staffId };
    const commandDigest = digestOfInput(operation, actor, input);
    const expected = expectedRevision == null ? {} : { expectedRevision };
    return { caller: { actor, commandId, commandDigest, ...expected }, known: workspace.phase !== 'unregistered' };
  }
}

/** What a command is about: of what is missing or foreign, that and no more is said. */
function aboutWhat(command: BookCommand): About {
  if ('sessionId' in command) return 'visit';
  return command.type !== 'RequestAccess' && ('requestId' in command || 'grantId' in command) ? 'request' : 'workspace';
}

const NO_SUCH_WORKSPACE: Refusal = { rule: 'workspaceIsOpen', because: 'There is no such workspace.' };

const NOT_ENABLED: Refusal = { rule: 'staffMemberIsEnabled', because: 'You are not enabled as a staff member.' };

export function refused(error: UserError, position: string | null = null): Sent {
  // Where nothing is to be learned of a thing, nothing is to be learned of how far its book has come.
  return { position: error.code === UserErrorCode.NOT_FOUND ? null : position, userErrors: [error] };
}
