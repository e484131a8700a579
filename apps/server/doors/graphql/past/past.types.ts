import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { IsDate, IsOptional, IsString, Matches } from 'class-validator';
import { StaffMember } from '../actors.ts';
import { WORKSPACE_ID } from '../commands.ts';
import { Policy } from '../policy/policy.types.ts';
import { GrantPhase, RequestKind, RequestPhase } from '../request/request.types.ts';
import { DateTime } from '../scalars.ts';
import { StaffAccess } from '../staff-access/staff-access.types.ts';
import { MemberRole } from '../workspace/workspace.types.ts';

@ObjectType({ description: 'A member of the workspace, as they were.' })
export class MemberAt {
  @Field(() => ID, { description: 'Pseudonymous id.' })
  id!: string;
  @Field(() => String, { nullable: true, description: 'Name; null once erased.' })
  name!: string | null;
  @Field(() => MemberRole, { description: 'Their role.' })
  role!: string;
  @Field(() => Boolean, { description: 'Whether they were the contact for bills.' })
  billingContact!: boolean;
}

@ObjectType({ description: 'A staff member for whom a visit would have begun.' })
export class PossibleEntry {
  @Field(() => StaffMember, { description: 'Who; the name is for reviewers only.' })
  staff!: StaffMember;
  @Field(() => String, {
    nullable: true,
    description: 'For which open case, as the help desk writes it; null: for none.',
  })
  caseRef!: string | null;
  @Field(() => ID, { nullable: true, description: 'The approval that it would have begun on; null: it needed none.' })
  grantId!: string | null;
}

@ObjectType({ description: 'A visit that was going on.' })
export class SessionAt {
  @Field(() => ID, { description: 'The visit.' })
  id!: string;
  @Field(() => StaffMember, { description: 'Who was inside.' })
  staff!: StaffMember;
  @Field(() => String, { nullable: true, description: 'The support case, as the help desk writes it; null: none.' })
  caseRef!: string | null;
  @Field(() => DateTime, { description: 'When it began.' })
  startedAt!: Date;
  @Field(() => DateTime, { description: 'When it would have ended at the latest.' })
  plannedEnd!: Date;
  @Field(() => Boolean, { description: 'Whether the staff member had arrived in the product.' })
  entered!: boolean;
  @Field(() => [String], { description: 'What it let them do, in words.' })
  can!: readonly string[];
  @Field(() => [String], { description: 'What it didn’t, in words.' })
  cannot!: readonly string[];
}

@ObjectType({ description: 'A request that waited.' })
export class RequestAt {
  @Field(() => ID, { description: 'The request.' })
  id!: string;
  @Field(() => RequestKind, { description: 'What was asked for.' })
  kind!: string;
  @Field(() => RequestPhase, { description: 'How far it had come.' })
  phase!: string;
  @Field(() => StaffMember, { description: 'Who asked.' })
  staff!: StaffMember;
  @Field(() => String, { nullable: true, description: 'The support case, as the help desk writes it; null: none.' })
  caseRef!: string | null;
  @Field(() => Int, { description: 'For how many minutes.' })
  minutes!: number;
  @Field(() => [String], { description: 'What it asked for, in words.' })
  can!: readonly string[];
  @Field(() => DateTime, { description: 'When it was asked.' })
  askedAt!: Date;
  @Field(() => DateTime, { description: 'Until when it waited.' })
  lapsesAt!: Date;
}

@ObjectType({ description: 'A grant that stood, unused or in use.' })
export class GrantAt {
  @Field(() => ID, { description: 'The grant.' })
  id!: string;
  @Field(() => ID, { description: 'The request that it came of.' })
  requestId!: string;
  @Field(() => RequestKind, { description: 'What was granted.' })
  kind!: string;
  @Field(() => GrantPhase, { description: 'What had become of it.' })
  phase!: string;
  @Field(() => StaffMember, { description: 'To whom.' })
  staff!: StaffMember;
  @Field(() => String, { nullable: true, description: 'The support case, as the help desk writes it; null: none.' })
  caseRef!: string | null;
  @Field(() => Int, { description: 'For how many minutes.' })
  minutes!: number;
  @Field(() => [String], { description: 'What it allowed, in words.' })
  can!: readonly string[];
  @Field(() => DateTime, { description: 'It had to be begun before this.' })
  startBy!: Date;
}

@ObjectType({ description: 'A workspace as it stood at a past moment, read from the log itself.' })
export class WorkspaceAt {
  @Field(() => ID, { description: 'The workspace.' })
  workspaceId!: string;
  @Field(() => DateTime, {
    description: 'The moment. At a position: that of the last line by then, of the book or of the settings.',
  })
  asOf!: Date;
  @Field(() => String, {
    nullable: true,
    description: 'Position of the book’s last line by then; null before the first.',
  })
  position!: string | null;
  @Field(() => Int, { description: 'Revision of the book’s last line by then; -1 before the first.' })
  revision!: number;
  @Field(() => Boolean, { description: 'Whether every line by then can be read; where not, nobody was let in.' })
  readable!: boolean;
  @Field(() => Boolean, { description: 'Whether it was registered and not closed.' })
  open!: boolean;
  @Field(() => String, { description: 'What the customer called it.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'The plan; null where none was told.' })
  plan!: string | null;
  @Field(() => StaffAccess, { description: 'The switch, as it stood.' })
  staffAccess!: StaffAccess;
  @Field(() => [MemberAt], { description: 'Who was a member, in which role.' })
  members!: readonly MemberAt[];
  @Field(() => [String], { description: 'The open support cases, as the help desk writes them.' })
  openCases!: readonly string[];
  @Field(() => [SessionAt], { description: 'Who was inside.' })
  inside!: readonly SessionAt[];
  @Field(() => [RequestAt], { description: 'What waited for a decision.' })
  requests!: readonly RequestAt[];
  @Field(() => [GrantAt], { description: 'Which grants stood.' })
  grants!: readonly GrantAt[];
  @Field(() => Policy, { description: 'The settings that were in force.' })
  policy!: Policy;
}

@ArgsType()
export class WorkspaceAtArgs {
  @Field(() => ID, { description: 'The workspace.' })
  @Matches(WORKSPACE_ID, { message: 'workspaceId must be an id that begins with ws_' })
  workspaceId!: string;
  @Field(() => String, { nullable: true, description: 'At this position of the log, inclusive. Name it or the time.' })
  @IsOptional()
  @IsString()
  @Matches(/^[0-9a-z]{1,64}$/, { message: 'position must be a position of the log' })
  position?: string | null;
  @Field(() => DateTime, { nullable: true, description: 'At this instant, inclusive. Name it or the position.' })
  @IsOptional()
  @IsDate()
  time?: Date | null;
}
