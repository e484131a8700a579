import { Field, InterfaceType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { RuleCode } from '@gatebook/protocol';
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
  STALE_REVISION = 'STALE_REVISION',
  SELF_APPROVAL = 'SELF_APPROVAL',
  ALREADY_DECIDED = 'ALREADY_DECIDED',
  REQUEST_HAS_CHANGED = 'REQUEST_HAS_CHANGED',
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
    STALE_REVISION: { description: 'The book is no longer at the revision that you expected; nothing was written.' },
    SELF_APPROVAL: { description: 'Nobody approves their own request.' },
    ALREADY_DECIDED: { description: 'The request has its end already.' },
    REQUEST_HAS_CHANGED: { description: 'The request is no longer what you were shown.' },
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

@ObjectType({ implements: () => [UserError], description: 'There is no such thing, or it is not yours.' })
export class NotFound extends UserError {}

@ObjectType({ implements: () => [UserError], description: 'The command id stood for another command already.' })
export class CommandReused extends UserError {}

@ObjectType({ implements: () => [UserError], description: 'The command id is too old, or its time is not now.' })
export class CommandStale extends UserError {}

@ObjectType({ implements: () => [UserError], description: 'The book is no longer at the revision that you expected.' })
export class StaleRevision extends UserError {
  @Field(() => Int, { description: 'Where it is now: look at what has changed, then send it again.' })
  currentRevision!: number;
}

@ObjectType({ implements: () => [UserError], description: 'Nobody approves their own request, in whatever role.' })
export class SelfApproval extends UserError {}

@ObjectType({ implements: () => [UserError], description: 'The request has its end already.' })
export class AlreadyDecided extends UserError {}

@ObjectType({ implements: () => [UserError], description: 'The request is no longer what you were shown.' })
export class RequestHasChanged extends UserError {}

@ObjectType({ implements: () => [UserError], description: 'Nothing can be decided right now.' })
export class TryAgain extends UserError {
  @Field(() => Int, { description: 'When to try again.' })
  retryAfterSeconds!: number;
}

export const USER_ERRORS = [
  Refused,
  ReasonTooVague,
  StepUpRequired,
  StaffAccessOff,
  NotFound,
  InvalidInput,
  CommandReused,
  CommandStale,
  StaleRevision,
  SelfApproval,
  AlreadyDecided,
  RequestHasChanged,
  TryAgain,
];

/** Which input field a rule is about. */
const INPUT_FIELD: Partial<Readonly<Record<RuleCode, string>>> = {
  reasonIsSpecific: 'reason',
  caseIsNamed: 'caseRef',
  caseIsOpen: 'caseRef',
  jobIsDeclared: 'job',
  jobIsReadOnly: 'job',
  minutesAreAllowed: 'minutes',
  windowIsAllowed: 'minutes',
  commandIsFresh: 'commandId',
  commandIsNotReused: 'commandId',
};

/** What a command is about. */
export type About = 'workspace' | 'visit' | 'request';

/**
 * What a refusal says to the caller. Missing and foreign look alike, for workspaces as for visits: of a command about a
 * visit nothing but "no such visit" is said, wherever it stopped (threat T35).
 */
export function userErrorFrom({ rule, because, instead, hints, field }: Refusal, about: About): UserError {
  const named = INPUT_FIELD[rule];
  const path = field ?? (named === undefined ? [] : [named]);
  const said = { message: because, field: path.length === 0 ? [] : ['input', ...path] };
  switch (rule) {
    case 'reasonIsSpecific':
      return error<ReasonTooVague>('ReasonTooVague', UserErrorCode.REASON_TOO_VAGUE, {
        ...said,
        hints: [...(hints ?? [])],
      });
    case 'staffAccessIsOn':
      return error<StaffAccessOff>('StaffAccessOff', UserErrorCode.STAFF_ACCESS_OFF, {
        ...said,
        ownerContactAllowed: true,
      });
    case 'commandIsNotReused':
      return error<CommandReused>('CommandReused', UserErrorCode.COMMAND_REUSED, said);
    case 'commandIsFresh':
      return error<CommandStale>('CommandStale', UserErrorCode.COMMAND_STALE, said);
    case 'visitIsTheirs':
      return about === 'workspace' ? notFound('visit', 'extends') : notFound(about);
    case 'workspaceIsOpen':
    case 'memberBelongsHere':
    case 'visitIsKnown':
    case 'requestIsKnown':
    case 'requestIsTheirs':
      return notFound(about);
    case 'grantIsKnown':
      if (about === 'request') return notFound(about);
      break;
    case 'approverIsNotRequester':
      return error<SelfApproval>('SelfApproval', UserErrorCode.SELF_APPROVAL, said);
    case 'requestIsOpen':
      return error<AlreadyDecided>('AlreadyDecided', UserErrorCode.ALREADY_DECIDED, said);
    case 'decisionIsOnWhatWasShown':
      return error<RequestHasChanged>('RequestHasChanged', UserErrorCode.REQUEST_HAS_CHANGED, said);
    case 'staffMemberIsEnabled':
      if (about !== 'workspace') return notFound(about);
      break;
    default:
  }
  return error<Refused>('Refused', UserErrorCode.REFUSED, { ...said, rule, instead: instead ?? null });
}

const ID_FIELD: Readonly<Record<About, string>> = {
  workspace: 'workspaceId',
  visit: 'sessionId',
  request: 'requestId',
};

function notFound(about: About, field = ID_FIELD[about]): NotFound {
  return error<NotFound>('NotFound', UserErrorCode.NOT_FOUND, {
    message: `There is no such ${about}, or it is not yours.`,
    field: ['input', field],
  });
}

export function stepUpRequired(maxAge: number): StepUpRequired {
  return error<StepUpRequired>('StepUpRequired', UserErrorCode.STEP_UP_REQUIRED, {
    message: 'Prove who you are again, then start the visit.',
    field: [],
    acrValues: [],
    maxAge,
  });
}

export function staleRevision(currentRevision: number): StaleRevision {
  return error<StaleRevision>('StaleRevision', UserErrorCode.STALE_REVISION, {
    message: 'Something has happened in this workspace since you looked. Look again, then decide.',
    field: ['input', 'expectedRevision'],
    currentRevision,
  });
}

export function tryAgain(): TryAgain {
  return error<TryAgain>('TryAgain', UserErrorCode.TRY_AGAIN, {
    message: 'This can’t be decided right now. Try again.',
    field: [],
    retryAfterSeconds: 1,
  });
}

export function invalidInput(field: readonly string[], message: string): InvalidInput {
  return error<InvalidInput>('InvalidInput', UserErrorCode.INVALID_INPUT, { message, field: [...field] });
}

function error<E extends UserError>(type: string, code: UserErrorCode, rest: Omit<E, 'type' | 'code'>): E {
  return { type, code, ...rest } as E;
}
