import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { CommandBus } from '@nestjs/cqrs';
import { Inject, Injectable } from '@nestjs/common';
import { Matches } from 'class-validator';
import { isTypedId, type WorkspaceId } from '@gatebook/protocol';
import type { BookCommand } from '#domain/book/decide';
import { memberWho } from '#domain/workspace/workspace';
import { HandleBookCommand } from '../../desk/bus.ts';
import { strangerIdOf } from '../../desk/identity.ts';
import { NotNow, type Caller } from '../../desk/lane.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from './options.ts';
import type { Principal } from './principal.ts';
import { invalidInput, tryAgain, UserError, userErrorFrom } from './user-errors.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** Ids of ours, as far as their shape goes; whether they exist is answered in one way for all. */
export const ID_SHAPE = /^[a-z]{2,5}_[0-9a-z]{26}$/;

@InputType({ isAbstract: true })
export abstract class CommandInput {
  @Field(() => ID, { description: 'A UUID of version 7 that you make: sent again, the command has its one effect.' })
  @Matches(UUID_V7, { message: 'commandId must be a UUID of version 7, in lower case' })
  commandId!: string;

  @Field(() => ID, { description: 'The workspace.' })
  @Matches(ID_SHAPE, { message: 'workspaceId must be an id like ws_…' })
  workspaceId!: string;
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

/** Sends commands about a workspace as a principal, and says in user errors what came of them. */
@Injectable()
export class Commands {
  readonly #bus: CommandBus;
  readonly #options: GraphqlDoorOptions;

  constructor(bus: CommandBus, @Inject(GRAPHQL_DOOR) options: GraphqlDoorOptions) {
    this.#bus = bus;
    this.#options = options;
  }

  async send(
    { commandId, workspaceId }: { readonly commandId: string; readonly workspaceId: string },
    principal: Principal,
    command: BookCommand,
  ): Promise<Sent> {
    if (!isTypedId('ws', workspaceId))
      return refused(invalidInput(['input', 'workspaceId'], 'This is no id of a workspace.'));
    return this.guarded(async () => {
      const caller = await this.callerFor(workspaceId, principal, commandId);
      const outcome = await this.#bus.execute(new HandleBookCommand(workspaceId, command, caller));
      if (outcome.kind === 'refused')
        return { position: outcome.position, userErrors: [userErrorFrom(outcome.refusal)] };
      return { position: outcome.position, userErrors: [] };
    });
  }

  /** Who sends, pseudonymously: the member that they are in this workspace, a stranger to it, or a staff member. */
  async callerFor(
    workspaceId: WorkspaceId,
    { staffId, person }: Principal,
    commandId: string,
  ): Promise<Caller & { readonly commandId: string }> {
    if (staffId !== undefined) return { actor: { kind: 'staff', id: staffId }, commandId };
    const { state } = await this.#options.desk.look(workspaceId);
    const id =
      memberWho(state.workspace, person.issuer, person.subject)?.id ?? strangerIdOf(person.issuer, person.subject);
    return { actor: { kind: 'member', id }, commandId };
  }

  /** What can't be decided right now is an error that says so, with nothing stored. */
  async guarded<Answer extends Sent>(work: () => Promise<Answer>): Promise<Answer | Sent> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof NotNow) return refused(tryAgain());
      throw error;
    }
  }
}

export function refused(error: UserError): Sent {
  return { position: null, userErrors: [error] };
}
