import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { RULES } from '@gatebook/protocol';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsEnum,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Actor, StaffMember, type ShownActor } from '../actors.ts';
import { Payload, UUID_V7 } from '../commands.ts';
import { connectionOf, PageArgs } from '../paging.ts';
import { DateTime } from '../scalars.ts';
import { DateComparator } from '../visit-log/visit-log.types.ts';

const RULE_CODES = Object.keys(RULES);

export enum DenialVerdict {
  PERMISSIONS_TO_MEND = 'permissions to mend',
  SOMEBODY_TO_HELP = 'somebody to help',
  PROBING = 'probing',
  NO_CONCERN = 'no concern',
}
registerEnumType(DenialVerdict, {
  name: 'DenialVerdict',
  description: 'What a reviewer makes of refusals that repeat.',
  valuesMap: {
    PERMISSIONS_TO_MEND: { description: 'Somebody lacks a permission that their work needs.' },
    SOMEBODY_TO_HELP: { description: 'Somebody doesn’t know where to look, or what is allowed.' },
    PROBING: { description: 'Somebody tries what they know is not theirs.' },
    NO_CONCERN: { description: 'Nothing is to be done.' },
  },
});

@ObjectType({ description: 'That somebody looked at what a person was refused by a rule.' })
export class DenialReview {
  @Field(() => ID, { description: 'The fact’s id.' })
  id!: string;
  @Field(() => StaffMember, { description: 'The reviewer.' })
  by!: StaffMember;
  @Field(() => DenialVerdict, { description: 'What they made of it.' })
  verdict!: string;
  @Field(() => String, { nullable: true, description: 'What they noted.' })
  note!: string | null;
  @Field(() => DateTime, { description: 'When.' })
  reviewedAt!: Date;
  @Field(() => String, { description: 'Up to this position of the log, inclusive, they had looked.' })
  upTo!: string;
}

@ObjectType({ description: 'What one person was refused by one rule.' })
export class DenialGroup {
  @Field(() => Actor, { description: 'Who tried.' })
  person!: ShownActor;
  @Field(() => String, { description: 'The published code of the rule.' })
  rule!: string;
  @Field(() => String, { description: 'What the rule demands, as a sentence.' })
  ruleSays!: string;
  @Field(() => Int, { description: 'How many attempts, also those that were only counted.' })
  times!: number;
  @Field(() => Int, { description: 'How many of them no reviewer has looked at.' })
  unreviewedTimes!: number;
  @Field(() => DateTime, { description: 'When the first of them was made.' })
  firstAt!: Date;
  @Field(() => DateTime, { description: 'When the newest of them was refused.' })
  lastAt!: Date;
  @Field(() => Int, { description: 'In how many workspaces; what was foreign to the asker counts in none.' })
  workspaces!: number;
  @Field(() => String, { description: 'The newest of them as a plain sentence.' })
  example!: string;
  @Field(() => String, { description: 'Position of the newest of them: a review goes up to it.' })
  position!: string;
  @Field(() => Boolean, { description: 'Whether a reviewer has looked at all of them.' })
  reviewed!: boolean;
  @Field(() => DenialReview, { nullable: true, description: 'The newest review, also where more came after it.' })
  review!: DenialReview | null;
  @Field(() => Int, {
    description: 'Revision of the person’s reviews, for expectedRevision: each moves it on; -1 before the first.',
  })
  reviewsRevision!: number;
}

export const DenialGroupConnection = connectionOf(DenialGroup, 'refusals by person and rule, the newest first');

@InputType({ description: 'Which refusals; all conditions hold together.' })
export class DenialGroupFilterInput {
  @Field(() => DateComparator, { nullable: true, description: 'Refused in this time: a week, for example.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => DateComparator)
  occurredAt?: DateComparator | null;
  @Field(() => String, { nullable: true, description: 'Refused to this person: the id of who tried.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  person?: string | null;
  @Field(() => String, { nullable: true, description: 'Refused by this rule.' })
  @IsOptional()
  @IsIn(RULE_CODES, { message: 'rule must be a published rule code' })
  rule?: string | null;
  @Field(() => Boolean, {
    nullable: true,
    description: 'Only those of which all was looked at, or only those of which not.',
  })
  @IsOptional()
  @IsBoolean()
  reviewed?: boolean | null;
}

@ArgsType()
export class DenialGroupsArgs extends PageArgs {
  @Field(() => DenialGroupFilterInput, { nullable: true, description: 'Which; left out: all.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => DenialGroupFilterInput)
  filter?: DenialGroupFilterInput | null;
}

@InputType({ description: 'Of whom, which rule, up to where, and what you make of it.' })
export class ReviewDenialsInput {
  @Field(() => ID, { description: 'A UUID of version 7 that you make: sent again, the command has its one effect.' })
  @Matches(UUID_V7, { message: 'commandId must be a UUID of version 7, in lower case' })
  commandId!: string;
  @Field(() => Int, {
    nullable: true,
    description: 'Only if the person’s reviews are still at this revision; left out: wherever they are.',
  })
  @IsOptional()
  @IsInt()
  @Min(-1)
  expectedRevision?: number | null;
  @Field(() => String, { description: 'Who was refused: the id of the group’s person.' })
  @IsString()
  @MaxLength(64)
  person!: string;
  @Field(() => String, { description: 'By which rule.' })
  @IsIn(RULE_CODES, { message: 'rule must be a published rule code' })
  rule!: string;
  @Field(() => String, { description: 'Position of the newest refusal that you looked at, as the group gave it.' })
  @Matches(/^[0-9a-z]{1,64}$/, { message: 'upTo must be a position of the log' })
  upTo!: string;
  @Field(() => DenialVerdict, { description: 'What you make of it.' })
  @IsEnum(DenialVerdict)
  verdict!: DenialVerdict;
  @Field(() => String, { nullable: true, description: 'What other reviewers should know.' })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  note?: string | null;
}

@ObjectType({ description: 'What came of it.' })
export class ReviewDenialsPayload extends Payload {
  @Field(() => DenialGroup, { nullable: true, description: 'The group as it stands with the review.' })
  group!: DenialGroup | null;
}
