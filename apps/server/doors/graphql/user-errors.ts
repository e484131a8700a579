import { Field, InterfaceType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Refusal } from '#domain/rule';

export enum UserErrorCode {
  REFUSED = 'REFUSED',
  REASON_TOO_VAGUE = 'REASON_TOO_VAGUE',
  STEP_UP_REQUIRED = 'STEP_UP_REQUIRED',
  STAFF_ACCESS_OFF = 'STAFF_ACCESS_OFF',
  NOT_FOUND = 'NOT_FOUND',
  INVALID_INPUT = 'INVALID_INPUT',
  COMMAND_REUSED = 'COMMAND_REUSED',
  COMMAND_STALE = 'COMMAND_STALE',
  TRY_AGAIN = 'TRY_AGAIN',
}
registerEnumType(UserErrorCode, {
  name: 'UserErrorCode',
  description: 'Why a command had no effect.',
  valuesMap: {
    REFUSED: { description: 'A rule refused it; the refusal is written down.' },
    REASON_TOO_VAGUE: { description: 'The reason could be about anything.' },
    STEP_UP_REQUIRED: { description: 'Prove who you are again first; nothing was written.' },
    STAFF_ACCESS_OFF: { description: 'The owner has staff access turned off.' },
    NOT_FOUND: { description: 'There is no such thing, or it is not yours.' },
    INVALID_INPUT: { description: 'The input can’t be used; nothing was written.' },
    COMMAND_REUSED: { description: 'The command id stood for another command already.' },
    COMMAND_STALE: { description: 'The command id is older than 24 hours, or no UUID of version 7.' },
    TRY_AGAIN: { description: 'Nothing can be decided right now; nothing was written.' },
  },
});

@InterfaceType({
  description: 'Why a command had no effect, for people and for programs.',
  resolveType: ({ type }: UserError) => type,
})
export abstract class UserError {
  type!: string;
  @Field(() => UserErrorCode, { description: 'The kind of error.' })
  code!: UserErrorCode;
  @Field(() => String, { description: 'A sentence for the person who asked.' })
  message!: string;
  @Field(() => [String], { description: 'Path of the input field that it is about; empty where it is about none.' })
  field!: string[];
}

@ObjectType({ implements: () => [UserError], description: 'A rule refused the command; the refusal is written down.' })
export class Refused extends UserError {
  @Field(() => String, { description: 'The published code of the rule.' })
  rule!: string;
  @Field(() => String, { nullable: true, description: 'What could be done instead.' })
  instead!: string | null;
}

@ObjectType({ implements: () => [UserError], description: 'The reason could be about anything.' })
export class ReasonTooVague extends UserError {
  @Field(() => [String], { description: 'What would make it a reason.' })
  hints!: string[];
}

@ObjectType({ implements: () => [UserError], description: 'Identity was proven too long ago (RFC 9470).' })
export class StepUpRequired extends UserError {
  @Field(() => [String], { description: 'Ways of proving identity that are accepted; empty: any.' })
  acrValues!: string[];
  @Field(() => Int, { description: 'How many seconds ago identity may have been proven at most.' })
  maxAge!: number;
}

@ObjectType({ implements: () => [UserError], description: 'The owner has staff access turned off.' })
export class StaffAccessOff extends UserError {
  @Field(() => Boolean, { description: 'Whether you may ask the owner to turn it on.' })
  ownerContactAllowed!: boolean;
}

@ObjectType({ implements: () => [UserError], description: 'The input can’t be used.' })
export class InvalidInput extends UserError {}

@ObjectType({ implements: () => [UserError], description: 'Nothing can be decided right now.' })
export class TryAgain extends UserError {
  @Field(() => Int, { description: 'When to try again.' })
  retryAfterSeconds!: number;
}

export const USER_ERRORS = [Refused, ReasonTooVague, StepUpRequired, StaffAccessOff, InvalidInput, TryAgain];

const INPUT_FIELD: Readonly<Record<string, readonly string[]>> = {
  reasonIsSpecific: ['input', 'reason'],
  caseIsOpen: ['input', 'caseRef'],
  jobIsDeclared: ['input', 'job'],
  jobIsReadOnly: ['input', 'job'],
  minutesAreAllowed: ['input', 'minutes'],
  windowIsAllowed: ['input', 'minutes'],
  visitFitsTheSwitch: ['input'],
  commandIsFresh: ['input', 'commandId'],
  commandIsNotReused: ['input', 'commandId'],
};

/** What a refusal says to the caller. Foreign and missing look alike. */
export function userErrorFrom({ rule, because, instead, hints }: Refusal): UserError {
  const field = [...(INPUT_FIELD[rule] ?? [])];
  const message = because;
  switch (rule) {
    case 'reasonIsSpecific':
      return {
        type: 'ReasonTooVague',
        code: UserErrorCode.REASON_TOO_VAGUE,
        message,
        field,
        hints: [...(hints ?? [])],
      } as ReasonTooVague;
    case 'staffAccessIsOn':
      return {
        type: 'StaffAccessOff',
        code: UserErrorCode.STAFF_ACCESS_OFF,
        message,
        field,
        ownerContactAllowed: true,
      } as StaffAccessOff;
    case 'commandIsNotReused':
      return { type: 'InvalidInput', code: UserErrorCode.COMMAND_REUSED, message, field };
    case 'commandIsFresh':
      return { type: 'InvalidInput', code: UserErrorCode.COMMAND_STALE, message, field };
    case 'workspaceIsOpen':
    case 'memberBelongsHere': {
      const missing = 'There is no such workspace, or it is not yours.';
      return { type: 'InvalidInput', code: UserErrorCode.NOT_FOUND, message: missing, field: ['input', 'workspaceId'] };
    }
    default:
      return {
        type: 'Refused',
        code: UserErrorCode.REFUSED,
        message,
        field,
        rule,
        instead: instead ?? null,
      } as Refused;
  }
}

export function stepUpRequired(maxAge: number): StepUpRequired {
  const message = 'Prove who you are again, then start the visit.';
  return { type: 'StepUpRequired', code: UserErrorCode.STEP_UP_REQUIRED, message, field: [], acrValues: [], maxAge };
}

export function tryAgain(): TryAgain {
  const message = 'This can’t be decided right now. Try again.';
  return { type: 'TryAgain', code: UserErrorCode.TRY_AGAIN, message, field: [], retryAfterSeconds: 1 };
}

export function invalidInput(field: readonly string[], message: string): InvalidInput {
  return { type: 'InvalidInput', code: UserErrorCode.INVALID_INPUT, message, field: [...field] };
}
