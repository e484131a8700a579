import { createUnionType, Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { EndCause } from '@gatebook/protocol';
import { DateTime } from '../scalars.ts';
import { AccessRequest } from '../request/request.types.ts';
import { Session, SessionEndCause } from '../session/session.types.ts';
import { StaffAccess } from '../staff-access/staff-access.types.ts';
import { LogEntry } from '../visit-log/visit-log.types.ts';

export enum SubscriptionEndCause {
  TOKEN_ENDED = 'TOKEN_ENDED',
  RIGHT_ENDED = 'RIGHT_ENDED',
  ACCESS_ENDED = 'ACCESS_ENDED',
  TOO_SLOW = 'TOO_SLOW',
  LOG_REPLACED = 'LOG_REPLACED',
}
registerEnumType(SubscriptionEndCause, {
  name: 'SubscriptionEndCause',
  description: 'Why a subscription ended.',
  valuesMap: {
    TOKEN_ENDED: { description: 'The access token that the connection began with is over: sign in again.' },
    RIGHT_ENDED: { description: 'You may no longer see this: your role or your membership has changed.' },
    ACCESS_ENDED: { description: 'The visit that the connection belonged to has ended.' },
    TOO_SLOW: { description: 'More came than was read: connect again and resume behind the last position.' },
    LOG_REPLACED: { description: 'Another log took the place of the one that was followed: read everything anew.' },
  },
});

@ObjectType({ description: 'The last event of a subscription that did not end by itself.' })
export class SubscriptionEnded {
  readonly type = 'SubscriptionEnded';
  @Field(() => SubscriptionEndCause, { description: 'Why.' })
  cause!: SubscriptionEndCause;
  @Field(() => String, { description: 'Why, as a sentence for people.' })
  message!: string;
}

@ObjectType({ description: 'A visit as it stands after something happened in it.' })
export class SessionChanged {
  readonly type = 'SessionChanged';
  @Field(() => String, { description: 'Position in the log that the event stands on.' })
  position!: string;
  @Field(() => Session, {
    nullable: true,
    description: 'The visit; null in the first event where nobody is inside.',
  })
  session!: Session | null;
  @Field(() => [ID], { description: 'Every visit that goes on: what isn’t among them has ended.' })
  activeSessionIds!: readonly string[];
}

@ObjectType({ description: 'The owner’s switch as it stands after it was changed.' })
export class StaffAccessChanged {
  readonly type = 'StaffAccessChanged';
  @Field(() => String, { description: 'Position in the log that the event stands on.' })
  position!: string;
  @Field(() => StaffAccess, { description: 'The switch.' })
  staffAccess!: StaffAccess;
}

@ObjectType({ description: 'A visit has ended: whoever shows something of it stops now.' })
export class AccessRevoked {
  readonly type = 'AccessRevoked';
  @Field(() => String, { description: 'Position in the log that the event stands on.' })
  position!: string;
  @Field(() => ID, { description: 'The visit.' })
  sessionId!: string;
  @Field(() => SessionEndCause, { nullable: true, description: 'Why it ended.' })
  endCause!: EndCause | null;
  @Field(() => DateTime, { description: 'When it ended.' })
  endedAt!: Date;
  @Field(() => String, { description: 'Why, as a sentence for the person inside.' })
  sentence!: string;
}

@ObjectType({ description: 'A line that was added to a workspace’s book.' })
export class LogEntryAppended {
  readonly type = 'LogEntryAppended';
  @Field(() => String, { description: 'The line’s position: resume behind it.' })
  position!: string;
  @Field(() => LogEntry, { description: 'The line.' })
  entry!: LogEntry;
}

@ObjectType({ description: 'A request for access as it stands after something happened to it.' })
export class RequestChanged {
  readonly type = 'RequestChanged';
  @Field(() => String, { description: 'Position in the log that the event stands on.' })
  position!: string;
  @Field(() => AccessRequest, {
    nullable: true,
    description: 'The request; null in the first event where none waits.',
  })
  request!: AccessRequest | null;
  @Field(() => [ID], { description: 'Every request that waits: what isn’t among them has ended.' })
  openRequestIds!: readonly string[];
}

const resolveType = (event: unknown) => (event as { readonly type: string }).type;

export const SessionEvent = createUnionType({
  name: 'SessionEvent',
  description: 'What a subscription to visits tells.',
  types: () => [SessionChanged, SubscriptionEnded] as const,
  resolveType,
});
export const StaffAccessEvent = createUnionType({
  name: 'StaffAccessEvent',
  description: 'What a subscription to the switch tells.',
  types: () => [StaffAccessChanged, SubscriptionEnded] as const,
  resolveType,
});
export const AccessEvent = createUnionType({
  name: 'AccessEvent',
  description: 'What a subscription to the end of a visit tells.',
  types: () => [AccessRevoked, SubscriptionEnded] as const,
  resolveType,
});
export const RequestEvent = createUnionType({
  name: 'RequestEvent',
  description: 'What a subscription to requests for access tells.',
  types: () => [RequestChanged, SubscriptionEnded] as const,
  resolveType,
});
export const LogEvent = createUnionType({
  name: 'LogEvent',
  description: 'What a subscription to a book tells.',
  types: () => [LogEntryAppended, SubscriptionEnded] as const,
  resolveType,
});

const ended = (cause: SubscriptionEndCause, message: string): SubscriptionEnded =>
  Object.assign(new SubscriptionEnded(), { cause, message });

/** One object for each cause, so that it is rendered once for all who are told of it. */
export const ENDED: Readonly<Record<SubscriptionEndCause, SubscriptionEnded>> = {
  TOKEN_ENDED: ended(SubscriptionEndCause.TOKEN_ENDED, 'Your sign-in is over. Sign in again.'),
  RIGHT_ENDED: ended(SubscriptionEndCause.RIGHT_ENDED, 'You may no longer see this.'),
  ACCESS_ENDED: ended(SubscriptionEndCause.ACCESS_ENDED, 'The visit has ended.'),
  TOO_SLOW: ended(SubscriptionEndCause.TOO_SLOW, 'More came than was read. Connect again to go on where you were.'),
  LOG_REPLACED: ended(SubscriptionEndCause.LOG_REPLACED, 'The log was replaced. Read everything anew.'),
};
