import { Field, ID, InputType, Int } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  IsArray,
  IsDate,
  IsEnum,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import type { RequestKind as Kind } from '#domain/request/request';
import { CommandInput, REQUEST_ID } from '../commands.ts';
import { PlainText } from '../plain-text.ts';
import { DateTime } from '../scalars.ts';
import { RequestKind } from './request.types.ts';

@InputType({ description: 'An action exactly as it would be performed.' })
export class WantedActionInput {
  @Field(() => String, { description: 'The catalogue’s name of it.' })
  @IsString()
  @MaxLength(64)
  @PlainText()
  name!: string;
  @Field(() => String, { nullable: true, description: 'The product’s id of what it is about.' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  @PlainText()
  target?: string | null;
  @Field(() => String, { nullable: true, description: 'Its arguments as a JSON object.' })
  @IsOptional()
  @IsString()
  @MaxLength(8000)
  argumentsJson?: string | null;
}

@InputType({ description: 'One masked field of one record.' })
export class WantedFieldInput {
  @Field(() => String, { description: 'The catalogue’s name of the field.' })
  @IsString()
  @MaxLength(64)
  @PlainText()
  field!: string;
  @Field(() => String, { nullable: true, description: 'The product’s id of the record.' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  @PlainText()
  record?: string | null;
}

@InputType({ description: 'Asks for access to a workspace.' })
export class RequestAccessInput extends CommandInput {
  @Field(() => RequestKind, { description: 'What is asked for.' })
  @IsEnum(RequestKind)
  kind!: Kind;
  @Field(() => String, {
    nullable: true,
    description:
      'The support case, as the help desk writes it: CASE-123; left out: none, where the settings ask for none.',
  })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  @PlainText()
  caseRef?: string | null;
  @Field(() => String, { description: 'Why. Who decides reads it word for word.' })
  @IsString()
  @MaxLength(2000)
  reason!: string;
  @Field(() => String, { nullable: true, description: 'A job of the catalogue, for the smallest scope.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @PlainText()
  job?: string | null;
  @Field(() => [String], {
    nullable: true,
    description: 'Exactly these pages; left out: the smallest scope that serves.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  @PlainText({ each: true })
  pages?: string[] | null;
  @Field(() => WantedActionInput, { nullable: true, description: 'The one action, of a change or an export.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => WantedActionInput)
  action?: WantedActionInput | null;
  @Field(() => WantedFieldInput, { nullable: true, description: 'The one field, of a reveal.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => WantedFieldInput)
  field?: WantedFieldInput | null;
  @Field(() => ID, { nullable: true, description: 'The member to view as; left out: as support.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  viewAs?: string | null;
  @Field(() => ID, {
    nullable: true,
    description: 'The visit to go on from, of an extension: its case, job, pages and view are asked for.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  extends?: string | null;
  @Field(() => DateTime, { nullable: true, description: 'When the visit is planned to begin; left out: soon.' })
  @IsOptional()
  @IsDate()
  plannedStart?: Date | null;
  @Field(() => Int, { nullable: true, description: 'How long, in minutes; left out: as long as policy allows.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  minutes?: number | null;
}

@InputType({ isAbstract: true })
export abstract class RequestInput extends CommandInput {
  @Field(() => ID, { description: 'The request.' })
  @Matches(REQUEST_ID, { message: 'requestId must be an id that begins with req_' })
  requestId!: string;
}

@InputType({ description: 'What is granted otherwise than it was asked for; what is left out stays as it stands.' })
export class GrantedOtherwiseInput {
  @Field(() => [String], { nullable: true, description: 'Exactly these pages.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  @PlainText({ each: true })
  pages?: string[] | null;
  @Field(() => Int, { nullable: true, description: 'How long a visit lasts at most.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  minutes?: number | null;
  @Field(() => String, {
    nullable: true,
    description: 'Another target of the same action, where the policy lets an approval widen.',
  })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  @PlainText()
  target?: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Other arguments of the same action, as a JSON object: {} for none. Where the policy lets an approval widen.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(8000)
  argumentsJson?: string | null;
}

@InputType({ description: 'Approves a request, as asked or changed.' })
export class ApproveAccessInput extends RequestInput {
  @Field(() => String, { description: 'The digest of the request as you were shown it.' })
  @Matches(/^sha256:[0-9a-f]{64}$/, { message: 'digest must be the digest of a request' })
  digest!: string;
  @Field(() => GrantedOtherwiseInput, { nullable: true, description: 'What is granted otherwise; left out: as asked.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => GrantedOtherwiseInput)
  granted?: GrantedOtherwiseInput | null;
  @Field(() => String, { nullable: true, description: 'A word to the staff member.' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  @PlainText()
  message?: string | null;
}

@InputType({ description: 'Declines a request.' })
export class DeclineAccessInput extends RequestInput {
  @Field(() => String, { nullable: true, description: 'A word to the staff member.' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  @PlainText()
  message?: string | null;
}

@InputType({ description: 'Asks the staff member something about their request.' })
export class AskForInformationInput extends RequestInput {
  @Field(() => String, { description: 'The question.' })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  question!: string;
}

@InputType({ description: 'Answers a question about your request.' })
export class GiveInformationInput extends RequestInput {
  @Field(() => String, { description: 'The answer.' })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  answer!: string;
}

@InputType({ description: 'Takes your request back, or the unused grant that came of it.' })
export class WithdrawAccessInput extends RequestInput {}

@InputType({ description: 'Confirms the scope as it was granted.' })
export class ConfirmScopeInput extends RequestInput {}
