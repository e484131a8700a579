import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsInt, IsOptional, IsString, Matches, MaxLength, Min, MinLength } from 'class-validator';
import type { EndCause } from '@gatebook/protocol';
import { EVERYTHING, type IdentityShown } from '#wording/wording';
import { CommandInput, Payload, SESSION_ID, GRANT_ID } from '../commands.ts';
import { Node } from '../node/node.types.ts';
import { connectionOf, PageArgs } from '../paging.ts';
import { PlainText } from '../plain-text.ts';
import { DateTime, EmailAddress, Url } from '../scalars.ts';
import { RequestKind } from '../request/request.types.ts';

export const SessionEndCause = {
  EXITED: 'exited',
  IDLE: 'idle',
  REACHED_ITS_CAP: 'reached its cap',
  WINDOW_ENDED: 'window ended',
  REVOKED: 'revoked',
  ENDED_BY_OWNER: 'ended by owner',
  SCOPE_CHANGED: 'scope changed',
  CASE_CLOSED: 'case closed',
  CASE_REASSIGNED: 'case reassigned',
  STAFF_DISABLED: 'staff disabled',
  WORKSPACE_CLOSED: 'workspace closed',
  TOO_FAST: 'too fast',
} as const satisfies Record<string, EndCause>;
registerEnumType(SessionEndCause, {
  name: 'SessionEndCause',
  description: 'Why a visit ended.',
  valuesMap: {
    EXITED: { description: 'The staff member left.' },
    IDLE: { description: 'Nobody used it for a while.' },
    REACHED_ITS_CAP: { description: 'Its time was up.' },
    WINDOW_ENDED: { description: 'The window of the owner’s switch ended.' },
    REVOKED: { description: 'Staff access was turned off.' },
    ENDED_BY_OWNER: { description: 'The customer ended this visit.' },
    SCOPE_CHANGED: { description: 'Another visit with another scope began.' },
    CASE_CLOSED: { description: 'Its support case was closed.' },
    CASE_REASSIGNED: { description: 'Its support case belongs to somebody else now.' },
    STAFF_DISABLED: { description: 'The staff member may no longer visit anybody.' },
    WORKSPACE_CLOSED: { description: 'The workspace was closed.' },
    TOO_FAST: { description: 'More pages were opened than policy allows.' },
  },
});

@ObjectType({ description: 'The one action that a visit on a write grant may do, once.' })
export class VisitAction {
  @Field(() => RequestKind, { description: 'As what it was asked for: a change, or an export.' })
  kind!: 'write' | 'export';
  @Field(() => String, { description: 'The catalogue’s name of it.' })
  name!: string;
  @Field(() => String, { description: 'In words, with its target: "retry the failed invoice sync on INV-88".' })
  label!: string;
  @Field(() => Boolean, { description: 'Whether it was used: then nothing more can be changed.' })
  isUsed!: boolean;
}

@ObjectType({ description: 'The one masked value that a visit on a reveal may show, once.' })
export class VisitReveal {
  @Field(() => String, { description: 'The catalogue’s name of the field.' })
  field!: string;
  @Field(() => String, { nullable: true, description: 'The product’s id of the record.' })
  record!: string | null;
  @Field(() => String, { description: 'In words: "the e-mail address of cus_81".' })
  label!: string;
  @Field(() => Boolean, { description: 'Whether it was shown: then it is masked again, as all others are.' })
  isShown!: boolean;
}

@ObjectType({ implements: () => [Node], description: 'One visit of a staff member to a workspace.' })
export class Session implements Node {
  readonly type = 'Session';
  @Field(() => ID, { description: 'The visit.' })
  id!: string;
  @Field(() => ID, { description: 'The workspace that it is in.' })
  workspaceId!: string;
  @Field(() => ID, { description: 'The staff member.' })
  staffId!: string;
  @Field(() => String, { nullable: true, description: 'The staff member’s name; null once erased.' })
  staffName!: string | null;
  @Field(() => EmailAddress, { nullable: true, description: 'The staff member’s e-mail address; null once erased.' })
  staffEmail!: string | null;
  /** Who let them in, in no answer: whether their name is shown depends on whose side they are on. */
  approverId!: string | null;
  /** As much of the vendor's people as whoever reads it is shown, in no answer: what is told of it keeps to that. */
  readBy: IdentityShown = EVERYTHING;
  @Field(() => String, {
    description: 'The support case, as the help desk writes it; empty where the visit is for none.',
  })
  caseRef!: string;
  @Field(() => String, {
    nullable: true,
    description: 'The job that gave the scope; null for all that a visit may see.',
  })
  job!: string | null;
  @Field(() => String, { nullable: true, description: 'The reason, word for word; null once erased.' })
  reason!: string | null;
  @Field(() => String, { nullable: true, description: 'Who let the staff member in; null once erased.' })
  approverName!: string | null;
  @Field(() => ID, { nullable: true, description: 'The member viewed as; null: as support.' })
  viewedAs!: string | null;
  @Field(() => String, { nullable: true, description: 'What that member is called; null: as support, or erased.' })
  viewedAsName!: string | null;
  @Field(() => DateTime, { description: 'When it began.' })
  startedAt!: Date;
  @Field(() => DateTime, { description: 'When it ends, or would have ended, at the latest.' })
  plannedEnd!: Date;
  @Field(() => DateTime, {
    nullable: true,
    description: 'When it ends for want of input, unless a person stays; null once it has ended.',
  })
  idleEndsAt!: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'When it ended; null while it goes on.' })
  endedAt!: Date | null;
  @Field(() => SessionEndCause, { nullable: true, description: 'Why it ended; null while it goes on.' })
  endCause!: EndCause | null;
  @Field(() => String, { nullable: true, description: 'The page looked at; null before the first and after the end.' })
  currentPage!: string | null;
  @Field(() => VisitAction, {
    nullable: true,
    description: 'The one action that may be done; null where nothing may be changed, and once it has ended.',
  })
  action!: VisitAction | null;
  @Field(() => VisitReveal, {
    nullable: true,
    description: 'The one masked value that may be shown; null where all stay masked, and once it has ended.',
  })
  reveal!: VisitReveal | null;
  @Field(() => [String], { nullable: true, description: 'What it allows; null once it has ended.' })
  can!: readonly string[] | null;
  @Field(() => [String], { nullable: true, description: 'What it doesn’t allow; null once it has ended.' })
  cannot!: readonly string[] | null;
}

export const SessionConnection = connectionOf(Session, 'visits, the newest first');

@ArgsType()
export class EndedSessionsArgs extends PageArgs {
  @Field(() => ID, { description: 'The workspace.' })
  @IsString()
  @MaxLength(64)
  workspaceId!: string;
}

@InputType({ description: 'Starts a visit, on the owner’s switch or on a grant.' })
export class StartSessionInput extends CommandInput {
  @Field(() => String, {
    nullable: true,
    description:
      'The support case, as the help desk writes it: CASE-123; left out: as it was approved or, without a grant, none, where the settings ask for none.',
  })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  @PlainText()
  caseRef?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What you are going in to find out. The owner reads it word for word. Left out on a grant only: as it was approved.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  reason?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A job of the catalogue, for the smallest scope; on a grant, left out: as it was approved.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @PlainText()
  job?: string | null;

  @Field(() => Int, { nullable: true, description: 'How long, in minutes; left out: as long as policy allows.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  minutes?: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The grant that the visit begins on, for what was approved: what is said of case, job and reason must be that. Left out: the owner’s switch.',
  })
  @IsOptional()
  @Matches(GRANT_ID, { message: 'grantId must be an id that begins with gr_' })
  grantId?: string | null;
}

@InputType({ isAbstract: true })
export abstract class SessionInput extends CommandInput {
  @Field(() => ID, { description: 'The visit.' })
  @Matches(SESSION_ID, { message: 'sessionId must be an id that begins with ses_' })
  sessionId!: string;
}

@InputType({ description: 'Ends a visit now; staff access stays as it is.' })
export class EndSessionInput extends SessionInput {}
@InputType({ description: 'Leaves your own visit.' })
export class ExitSessionInput extends SessionInput {}
@InputType({ description: 'Says that you are still there.' })
export class ConfirmPresenceInput extends SessionInput {}

@ObjectType({ description: 'What came of starting a visit.' })
export class StartSessionPayload extends Payload {
  @Field(() => Session, { nullable: true, description: 'The visit; null where it did not start.' })
  session!: Session | null;
  @Field(() => String, {
    nullable: true,
    description: 'The one-time code to enter the product with. Post it, never put it into an address.',
  })
  entryCode!: string | null;
  @Field(() => Url, { nullable: true, description: 'Where the product takes the code.' })
  enterUrl!: string | null;
  @Field(() => DateTime, { nullable: true, description: 'Until when the code is good.' })
  enterBy!: Date | null;
}

@ObjectType({ isAbstract: true })
abstract class SessionPayload extends Payload {
  @Field(() => Session, { nullable: true, description: 'The visit as it stands now; null where nothing was done.' })
  session!: Session | null;
}

@ObjectType({ description: 'What came of ending a visit.' })
export class EndSessionPayload extends SessionPayload {}
@ObjectType({ description: 'What came of leaving a visit.' })
export class ExitSessionPayload extends SessionPayload {}
@ObjectType({ description: 'What came of staying in a visit.' })
export class ConfirmPresencePayload extends SessionPayload {}
