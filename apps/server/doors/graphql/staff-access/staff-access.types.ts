import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  MaxLength,
  Min,
} from 'class-validator';
import { CommandInput, Payload } from '../commands.ts';
import { WorkspaceMember } from '../actors.ts';
import { Area } from '../installation/installation.types.ts';
import { PlainText } from '../plain-text.ts';
import { DateTime } from '../scalars.ts';
import { MemberRole } from '../workspace/workspace.types.ts';

@ObjectType({ description: 'What staff access means, in sentences made from the settings in force.' })
export class StaffAccessRules {
  @Field(() => String, { description: 'What staff may do while it is on.' })
  whileOn!: string;
  @Field(() => String, { description: 'Who decides about what is asked for.' })
  whoDecides!: string;
  @Field(() => String, { description: 'Who turns it on and off.' })
  whoSwitches!: string;
  @Field(() => [String], { description: 'What staff can do, each to follow "Staff can".' })
  can!: readonly string[];
  @Field(() => [String], { description: 'What they can’t.' })
  cannot!: readonly string[];
}

@ObjectType({ description: 'The owner’s switch: whether staff of the vendor may open the workspace.' })
export class StaffAccess {
  @Field(() => ID, { description: 'The workspace.' })
  workspaceId!: string;
  @Field(() => String, { description: 'What the place is called where it stands, in the words of the preset.' })
  panel!: string;
  @Field(() => String, { description: 'What stands beside the switch, in the words of the preset.' })
  switchLabel!: string;
  @Field(() => StaffAccessRules, { description: 'What it means under the settings in force, in sentences.' })
  rules!: StaffAccessRules;
  @Field(() => Boolean, { description: 'Whether a visit could start now.' })
  on!: boolean;
  @Field(() => DateTime, {
    nullable: true,
    description: 'When the window ends by itself; null while off, and where it stays on until it is turned off.',
  })
  until!: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'When it was turned on, or last set anew; null while off.' })
  since!: Date | null;
  @Field(() => WorkspaceMember, { nullable: true, description: 'Who turned it on; null while off.' })
  by!: WorkspaceMember | null;
  @Field(() => DateTime, {
    nullable: true,
    description: 'From when on it counts as left on; null while off, and where the settings remind of nothing.',
  })
  remindAt!: Date | null;
  @Field(() => String, {
    nullable: true,
    description: 'That it was left on, with its age in whole hours, as a sentence; null before remindAt.',
  })
  reminder!: string | null;
  @Field(() => [String], { description: 'Areas of the product that stay closed.' })
  withoutAreas!: string[];
  @Field(() => String, { nullable: true, description: 'The only case that visits may be for; null for any open case.' })
  onlyCase!: string | null;
  @Field(() => Boolean, { description: 'Whether each visit is asked for all the same, and waits for an approval.' })
  askEach!: boolean;
  @Field(() => [Area], { description: 'Every area of the product: each can be left out when access is turned on.' })
  areas!: Area[];
  @Field(() => [MemberRole], { description: 'Roles that may turn it on and off, and end a visit.' })
  maySwitch!: readonly string[];
  @Field(() => [MemberRole], { description: 'Roles that decide about requests for the customer.' })
  mayDecide!: readonly string[];
  @Field(() => Int, { description: 'How many minutes after its approval a visit may begin.' })
  startByMinutes!: number;
  @Field(() => Boolean, {
    description:
      'Whether an approval may give more pages and minutes than were asked for, another target and other arguments.',
  })
  mayWiden!: boolean;
  @Field(() => Int, {
    nullable: true,
    description: 'How many minutes it is on where none are chosen; null: until it is turned off.',
  })
  windowMinutes!: number | null;
  @Field(() => Int, {
    nullable: true,
    description: 'Most minutes that can be chosen; null where none can: it stays on until it is turned off.',
  })
  longestWindowMinutes!: number | null;
  @Field(() => Int, {
    description: 'Revision of the workspace’s book that this is of, for expectedRevision: every line moves it on.',
  })
  revision!: number;
}

@InputType({ description: 'Turns staff access on, or sets its window anew.' })
export class EnableStaffAccessInput extends CommandInput {
  @Field(() => Int, { nullable: true, description: 'How long, in minutes; left out: as policy says.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  minutes?: number | null;

  @Field(() => [String], { nullable: true, description: 'Areas of the product that stay closed.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique({ message: 'withoutAreas must name each area once' })
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  withoutAreas?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only visits for this case, as the help desk writes it: CASE-123.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  @PlainText()
  onlyCase?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Each visit is asked for all the same, and waits for an approval; left out: no.',
  })
  @IsOptional()
  @IsBoolean()
  askEach?: boolean | null;
}

@InputType({ description: 'Turns staff access off; every visit ends at once.' })
export class DisableStaffAccessInput extends CommandInput {}

@ObjectType({ description: 'What came of turning staff access on.' })
export class EnableStaffAccessPayload extends Payload {
  @Field(() => StaffAccess, {
    nullable: true,
    description: 'The switch as it stands now; null where the command had no effect.',
  })
  staffAccess!: StaffAccess | null;
}

@ObjectType({ description: 'What came of turning staff access off.' })
export class DisableStaffAccessPayload extends Payload {
  @Field(() => StaffAccess, {
    nullable: true,
    description: 'The switch as it stands now; null where the command had no effect.',
  })
  staffAccess!: StaffAccess | null;
}
