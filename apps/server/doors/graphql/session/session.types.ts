import { Field, GraphQLISODateTime, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsInt, IsOptional, IsString, Matches, MaxLength, Min, MinLength } from 'class-validator';
import { CommandInput, ID_SHAPE, Payload } from '../commands.ts';

@ObjectType({ description: 'One visit of a staff member to a workspace.' })
export class Session {
  @Field(() => ID, { description: 'The visit.' })
  id!: string;
  @Field(() => ID, { description: 'The workspace that it is in.' })
  workspaceId!: string;
  @Field(() => String, { nullable: true, description: 'The staff member’s name; null once erased.' })
  staffName!: string | null;
  @Field(() => String, { nullable: true, description: 'The staff member’s e-mail address; null once erased.' })
  staffEmail!: string | null;
  @Field(() => String, { description: 'The support case, as the help desk writes it.' })
  caseRef!: string;
  @Field(() => String, { nullable: true, description: 'The reason, word for word; null once erased.' })
  reason!: string | null;
  @Field(() => GraphQLISODateTime, { description: 'When it began.' })
  startedAt!: Date;
  @Field(() => GraphQLISODateTime, { description: 'When it ends at the latest.' })
  plannedEnd!: Date;
  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When it ends for want of input, unless a person stays.',
  })
  idleEndsAt!: Date | null;
  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it ended; null while it goes on.' })
  endedAt!: Date | null;
  @Field(() => String, { nullable: true, description: 'Why it ended; null while it goes on.' })
  endCause!: string | null;
  @Field(() => String, { nullable: true, description: 'The page looked at last; null before the first.' })
  currentPage!: string | null;
  @Field(() => [String], { description: 'What it allows.' })
  can!: string[];
  @Field(() => [String], { description: 'What it doesn’t allow.' })
  cannot!: string[];
}

@InputType({ description: 'Starts a read visit from a case.' })
export class StartSessionInput extends CommandInput {
  @Field(() => String, { description: 'The support case, as the help desk writes it: CASE-123.' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  caseRef!: string;

  @Field(() => String, { description: 'What you are going in to find out. The owner reads it word for word.' })
  @IsString()
  @MaxLength(2000)
  reason!: string;

  @Field(() => String, { nullable: true, description: 'A job of the catalogue, for the smallest scope.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  job?: string | null;

  @Field(() => Int, { nullable: true, description: 'How long, in minutes; left out: as long as policy allows.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  minutes?: number | null;
}

@InputType({ description: 'One visit of a workspace.' })
export class SessionInput extends CommandInput {
  @Field(() => ID, { description: 'The visit.' })
  @Matches(ID_SHAPE, { message: 'sessionId must be an id like ses_…' })
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
  @Field(() => String, { nullable: true, description: 'Where the product takes the code.' })
  enterUrl!: string | null;
  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Until when the code is good.' })
  enterBy!: Date | null;
}

@ObjectType({ isAbstract: true })
abstract class SessionPayload extends Payload {
  @Field(() => Session, {
    nullable: true,
    description: 'The visit while it goes on; null where it has ended or there is none.',
  })
  session!: Session | null;
}

@ObjectType({ description: 'What came of ending a visit.' })
export class EndSessionPayload extends SessionPayload {}
@ObjectType({ description: 'What came of leaving a visit.' })
export class ExitSessionPayload extends SessionPayload {}
@ObjectType({ description: 'What came of staying in a visit.' })
export class ConfirmPresencePayload extends SessionPayload {}
