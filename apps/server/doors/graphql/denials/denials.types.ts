import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { IsString, MaxLength } from 'class-validator';
import { Actor, type ShownActor } from '../actors.ts';
import { connectionOf, PageArgs } from '../paging.ts';
import { WantedField } from '../request/request.types.ts';
import { DateTime } from '../scalars.ts';

@ObjectType({ description: 'The one action that an attempt was about.' })
export class TriedAction {
  @Field(() => String, { description: 'The product’s name of it: the catalogue’s, where it declares it.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'The product’s id of what it was about.' })
  target!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'What it was tried with, as JSON; null where it was with nothing, or where it was erased.',
  })
  argumentsJson!: string | null;
}

@ObjectType({ description: 'An attempt that was refused.' })
export class Denial {
  @Field(() => ID, { description: 'The fact’s id.' })
  id!: string;
  @Field(() => String, { description: 'Its place in the log.' })
  position!: string;
  @Field(() => ID, {
    nullable: true,
    description: 'The workspace in whose book it stands; null where it stands in the asker’s own.',
  })
  workspaceId!: string | null;
  @Field(() => DateTime, { description: 'When it was refused.' })
  occurredAt!: Date;
  @Field(() => DateTime, { description: 'When the log recorded it.' })
  recordedAt!: Date;
  @Field(() => String, { description: 'The refusal as a plain sentence.' })
  summary!: string;
  @Field(() => String, { nullable: true, description: 'Why, and what could be done instead, in whole sentences.' })
  detail!: string | null;
  @Field(() => String, { description: 'The published code of the rule that refused.' })
  rule!: string;
  @Field(() => String, { description: 'Why, as the asker was told.' })
  because!: string;
  @Field(() => String, { nullable: true, description: 'What could be done instead.' })
  instead!: string | null;
  @Field(() => TriedAction, { nullable: true, description: 'The action that was tried; null where it was none.' })
  action!: TriedAction | null;
  @Field(() => String, {
    nullable: true,
    description: 'The page that it was about, by the catalogue’s id of it; null where it was about none.',
  })
  page!: string | null;
  @Field(() => WantedField, {
    nullable: true,
    description: 'The masked field that was to be shown, and of which record; null where it was none.',
  })
  field!: WantedField | null;
  @Field(() => String, { nullable: true, description: 'The case that was named.' })
  caseRef!: string | null;
  @Field(() => String, { nullable: true, description: 'The reason that was given, word for word.' })
  reason!: string | null;
  @Field(() => Actor, { description: 'Who tried.' })
  actor!: ShownActor;
  @Field(() => ID, { nullable: true, description: 'The visit that it was tried in.' })
  sessionId!: string | null;
  @Field(() => Int, { description: 'How many attempts of the kind the line stands for.' })
  times!: number;
  @Field(() => DateTime, { description: 'When the first of them was made.' })
  since!: Date;
}

export const DenialConnection = connectionOf(Denial, 'refused attempts, the newest first');

@ArgsType()
export class DenialsArgs extends PageArgs {
  @Field(() => ID, { description: 'The workspace.' })
  @IsString()
  @MaxLength(64)
  workspaceId!: string;
}
