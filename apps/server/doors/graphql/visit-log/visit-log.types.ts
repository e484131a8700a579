import { ArgsType, Field, GraphQLISODateTime, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDate,
  IsEnum,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { Actor, type ShownActor } from '../actors.ts';
import { ID_SHAPE } from '../commands.ts';
import { JsonObject } from '../json-object.ts';
import { PageArgs, PageInfo } from '../paging.ts';

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

@ObjectType({ description: 'One line of a workspace’s book.' })
export class LogEntry {
  @Field(() => ID, { description: 'The fact’s id.' })
  id!: string;
  @Field(() => Int, { description: 'Its number in the book: facts and refusals counted in the log’s order.' })
  number!: number;
  @Field(() => String, { description: 'Its place in the log.' })
  position!: string;
  @Field(() => GraphQLISODateTime, { description: 'When it was decided.' })
  occurredAt!: Date;
  @Field(() => GraphQLISODateTime, { description: 'When the log recorded it.' })
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

@ObjectType({ description: 'A line and its cursor.' })
export class LogEntryEdge {
  @Field(() => String, { description: 'For after and before.' })
  cursor!: string;
  @Field(() => LogEntry, { description: 'The line.' })
  node!: LogEntry;
}

@ObjectType({ description: 'A page of a book, the newest line first.' })
export class LogEntryConnection {
  @Field(() => [LogEntryEdge], { description: 'Lines with their cursors.' })
  edges!: readonly LogEntryEdge[];
  @Field(() => [LogEntry], { description: 'The same lines without cursors.' })
  nodes!: readonly LogEntry[];
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  pageInfo!: PageInfo;
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
  @Field(() => GraphQLISODateTime, { nullable: true, description: 'At or after.' })
  @IsOptional()
  @IsDate()
  gte?: Date | null;
  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Before.' })
  @IsOptional()
  @IsDate()
  lt?: Date | null;
}

@InputType({ description: 'Which lines; all conditions hold together.' })
export class LogFilterInput {
  @Field(() => ID, { nullable: true, description: 'Lines of this visit.' })
  @IsOptional()
  @Matches(ID_SHAPE)
  sessionId?: string | null;
  @Field(() => IdComparator, { nullable: true, description: 'Lines of these actors.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => IdComparator)
  actorId?: IdComparator | null;
  @Field(() => [String], { nullable: true, description: 'Lines of these types of facts.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  kinds?: string[] | null;
  @Field(() => Outcome, { nullable: true, description: 'Lines with this outcome.' })
  @IsOptional()
  @IsEnum(Outcome)
  outcome?: Outcome | null;
  @Field(() => DateComparator, { nullable: true, description: 'Lines of this time.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => DateComparator)
  occurredAt?: DateComparator | null;
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
export class DenialsArgs extends PageArgs {
  @Field(() => ID, { description: 'The workspace.' })
  @IsString()
  @MaxLength(64)
  workspaceId!: string;
}

@ObjectType({ description: 'An attempt that was refused.' })
export class DenialEntry {
  @Field(() => ID, { description: 'The fact’s id.' })
  id!: string;
  @Field(() => String, { description: 'Its place in the log.' })
  position!: string;
  @Field(() => GraphQLISODateTime, { description: 'When it was refused.' })
  occurredAt!: Date;
  @Field(() => String, { description: 'The refusal as a plain sentence.' })
  summary!: string;
  @Field(() => String, { nullable: true, description: 'Why, and what could be done instead.' })
  detail!: string | null;
  @Field(() => String, { description: 'The published code of the rule that refused.' })
  rule!: string;
  @Field(() => Actor, { description: 'Who tried.' })
  actor!: ShownActor;
  @Field(() => ID, { nullable: true, description: 'The visit that it was tried in.' })
  sessionId!: string | null;
  @Field(() => Int, { description: 'How many attempts of the kind the line stands for.' })
  times!: number;
}

@ObjectType({ description: 'A refused attempt and its cursor.' })
export class DenialEntryEdge {
  @Field(() => String, { description: 'For after and before.' })
  cursor!: string;
  @Field(() => DenialEntry, { description: 'The refused attempt.' })
  node!: DenialEntry;
}

@ObjectType({ description: 'A page of refused attempts, the newest first.' })
export class DenialEntryConnection {
  @Field(() => [DenialEntryEdge], { description: 'Refused attempts with their cursors.' })
  edges!: readonly DenialEntryEdge[];
  @Field(() => [DenialEntry], { description: 'The same without cursors.' })
  nodes!: readonly DenialEntry[];
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  pageInfo!: PageInfo;
}
