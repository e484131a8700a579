import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDate,
  IsDefined,
  IsEnum,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { Actor, type ShownActor } from '../actors.ts';
import { SESSION_ID } from '../commands.ts';
import { JsonObject } from '../json-object.ts';
import { Node } from '../node/node.types.ts';
import { TriedAction } from '../denials/denials.types.ts';
import { connectionOf, PageArgs, PositionArgs } from '../paging.ts';
import { WantedField } from '../request/request.types.ts';
import { DateTime } from '../scalars.ts';

export enum Outcome {
  DONE = 'done',
  REFUSED = 'refused',
  UNREADABLE = 'unreadable',
}
registerEnumType(Outcome, {
  name: 'Outcome',
  description: 'What became of what a line speaks of.',
  valuesMap: {
    DONE: { description: 'It happened.' },
    REFUSED: { description: 'It was tried and refused.' },
    UNREADABLE: { description: 'This version can’t read the line.' },
  },
});

@ObjectType({ description: 'A piece of a sentence.' })
export class SentencePart {
  @Field(() => String, { description: 'The words.' })
  text!: string;
  @Field(() => Boolean, { description: 'Set in bold: the verb.' })
  strong!: boolean;
}

@ObjectType({ implements: () => [Node], description: 'One line of a workspace’s book.' })
export class LogEntry implements Node {
  readonly type = 'LogEntry';
  @Field(() => ID, { description: 'The fact’s id.' })
  id!: string;
  @Field(() => Int, { description: 'Its number in the book: facts and refusals counted in the log’s order.' })
  number!: number;
  @Field(() => String, { description: 'Its place in the log.' })
  position!: string;
  @Field(() => DateTime, { description: 'When it was decided.' })
  occurredAt!: Date;
  @Field(() => DateTime, { description: 'When the log recorded it.' })
  recordedAt!: Date;
  @Field(() => String, { description: 'The line as a plain sentence.' })
  summary!: string;
  @Field(() => [SentencePart], { description: 'The same sentence in pieces.' })
  parts!: SentencePart[];
  @Field(() => String, { nullable: true, description: 'A second, smaller line.' })
  detail!: string | null;
  @Field(() => String, { description: 'Which mark stands at the line: viewed, refused, in, out, dot, …' })
  mark!: string;
  @Field(() => String, { description: 'Type of the fact.' })
  kind!: string;
  @Field(() => Actor, { description: 'Who did it.' })
  actor!: ShownActor;
  @Field(() => Actor, { nullable: true, description: 'In whose name.' })
  onBehalfOf!: ShownActor | null;
  @Field(() => ID, { description: 'The workspace whose book it is.' })
  workspaceId!: string;
  @Field(() => ID, { nullable: true, description: 'The visit that it belongs to.' })
  sessionId!: string | null;
  @Field(() => Outcome, { description: 'What became of it.' })
  outcome!: Outcome;
  @Field(() => JsonObject, { description: 'The fact as it stands in the log.' })
  technicalDetail!: object;
}

export const LogEntryConnection = connectionOf(LogEntry, 'lines of a book, the newest first');

@ObjectType({ description: 'One line of a visit, as the staff member whose visit it is reads it.' })
export class VisitLine {
  @Field(() => ID, { description: 'The fact’s id.' })
  id!: string;
  /** Its place in the log, for cursors alone. */
  position!: string;
  @Field(() => DateTime, { description: 'When it was decided.' })
  occurredAt!: Date;
  @Field(() => String, { description: 'The line as a plain sentence: the customer’s, without titles of records.' })
  summary!: string;
  @Field(() => [SentencePart], { description: 'The same sentence in pieces.' })
  parts!: SentencePart[];
  @Field(() => String, { nullable: true, description: 'A second, smaller line.' })
  detail!: string | null;
  @Field(() => String, { description: 'Which mark stands at the line: viewed, refused, in, out, dot, …' })
  mark!: string;
  @Field(() => String, { description: 'Type of the fact.' })
  kind!: string;
  @Field(() => String, { nullable: true, description: 'The rule that refused it; null where nothing was refused.' })
  rule!: string | null;
  @Field(() => String, { nullable: true, description: 'What could be done instead of what was refused.' })
  instead!: string | null;
  @Field(() => TriedAction, {
    nullable: true,
    description: 'The action that was tried and refused; null where it was none.',
  })
  action!: TriedAction | null;
  @Field(() => String, {
    nullable: true,
    description: 'The page that was tried and refused, by the catalogue’s id of it; null where it was none.',
  })
  page!: string | null;
  @Field(() => WantedField, {
    nullable: true,
    description: 'The masked field that was to be shown and was refused, and of which record; null where it was none.',
  })
  field!: WantedField | null;
}

export const VisitLineConnection = connectionOf(VisitLine, 'lines of a visit, in written order');

/** Of people, and of cases. */
export const FACETS_MAX = 100;

@ObjectType({ description: 'What the lines of a book can be filtered by, as far as its newest lines have it.' })
export class LogFacets {
  @Field(() => [Actor], {
    description: 'Members and staff who did something, at most 100; who did so last comes first.',
  })
  people!: readonly ShownActor[];
  @Field(() => [String], {
    description: 'Cases that visits were for, as the help desk writes them, at most 100; the newest first.',
  })
  cases!: readonly string[];
}

@InputType({ description: 'One of some ids.' })
export class IdComparator {
  @Field(() => [ID], { description: 'Any of these.' })
  @IsArray()
  @ArrayMaxSize(50)
  @Matches(/^[\x21-\x7e]{1,64}$/, { each: true })
  in!: string[];
}

@InputType({ description: 'A span of time.' })
export class DateComparator {
  @Field(() => DateTime, { nullable: true, description: 'At or after.' })
  @IsOptional()
  @IsDate()
  gte?: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'Before.' })
  @IsOptional()
  @IsDate()
  lt?: Date | null;
}

@InputType({ description: 'Who or what is meant, by its id.' })
export class IdFilter {
  @Field(() => IdComparator, { description: 'Its id.' })
  @IsDefined()
  @ValidateNested()
  @Type(() => IdComparator)
  id!: IdComparator;
}

@InputType({ description: 'One of some words.' })
export class WordComparator {
  @Field(() => [String], { description: 'Any of these.' })
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  in!: string[];
}

@InputType({ description: 'One of some outcomes.' })
export class OutcomeComparator {
  @Field(() => [Outcome], { description: 'Any of these.' })
  @IsArray()
  @ArrayMaxSize(3)
  @IsEnum(Outcome, { each: true })
  in!: Outcome[];
}

@InputType({ description: 'Which lines; all conditions hold together.' })
export class LogFilterInput {
  @Field(() => ID, { nullable: true, description: 'Lines of this visit.' })
  @IsOptional()
  @Matches(SESSION_ID, { message: 'sessionId must be an id that begins with ses_' })
  sessionId?: string | null;
  @Field(() => IdFilter, { nullable: true, description: 'Lines of these actors.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => IdFilter)
  actor?: IdFilter | null;
  @Field(() => WordComparator, { nullable: true, description: 'Lines of these types of facts.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => WordComparator)
  kind?: WordComparator | null;
  @Field(() => WordComparator, { nullable: true, description: 'Lines with these marks: viewed, changed, refused, …' })
  @IsOptional()
  @ValidateNested()
  @Type(() => WordComparator)
  mark?: WordComparator | null;
  @Field(() => OutcomeComparator, { nullable: true, description: 'Lines with these outcomes.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => OutcomeComparator)
  outcome?: OutcomeComparator | null;
  @Field(() => DateComparator, { nullable: true, description: 'Lines of this time.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => DateComparator)
  occurredAt?: DateComparator | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Words of two letters or more, all of which the line holds: in its text, its visit’s case, reason and staff member, or its actor’s name.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  search?: string | null;
}

@ArgsType()
export class VisitLogArgs extends PageArgs {
  @Field(() => ID, { description: 'The workspace.' })
  @IsString()
  @MaxLength(64)
  workspaceId!: string;
  @Field(() => LogFilterInput, { nullable: true, description: 'Which lines; left out: all.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => LogFilterInput)
  filter?: LogFilterInput | null;
}

@ArgsType()
export class LogFacetsArgs extends PositionArgs {
  @Field(() => ID, { description: 'The workspace.' })
  @IsString()
  @MaxLength(64)
  workspaceId!: string;
}

@ArgsType()
export class MyVisitLogArgs extends PageArgs {
  @Field(() => ID, { description: 'Your visit.' })
  @Matches(SESSION_ID, { message: 'sessionId must be an id that begins with ses_' })
  sessionId!: string;
}
