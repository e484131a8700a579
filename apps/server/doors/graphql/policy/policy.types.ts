import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import { CommandInput, Payload, UUID_V7 } from '../commands.ts';
import { Catalogue } from '../installation/installation.types.ts';

export enum SettingSource {
  PRESET = 'PRESET',
  INSTALLATION = 'INSTALLATION',
  WORKSPACE = 'WORKSPACE',
}
registerEnumType(SettingSource, {
  name: 'SettingSource',
  description: 'Where a setting’s value comes from.',
  valuesMap: {
    PRESET: { description: 'The preset that the policy began from.' },
    INSTALLATION: { description: 'The vendor has set it otherwise than the preset.' },
    WORKSPACE: { description: 'The workspace has set it stricter than the vendor.' },
  },
});

@ObjectType({ description: 'One setting of the policy.' })
export class PolicySetting {
  @Field(() => String, { description: 'Its name in the policy: session.capMinutes.' })
  name!: string;
  @Field(() => String, { description: 'Its value, as JSON: 60, null, ["owner"].' })
  value!: string;
  @Field(() => SettingSource, { description: 'Where the value comes from.' })
  source!: SettingSource;
  @Field(() => String, { description: 'What it says, as a sentence.' })
  sentence!: string;
}

@ObjectType({ description: 'Words that the preset brings with it; {name}, {action} and {case} are yours to fill in.' })
export class PolicyWords {
  @Field(() => String, { description: 'Where the owner finds the switch, in the product’s settings.' })
  panel!: string;
  @Field(() => String, { description: 'Beside the switch.' })
  switchLabel!: string;
  @Field(() => String, { description: 'How a request to change something begins.' })
  writeRequest!: string;
  @Field(() => String, { description: 'How any other request begins.' })
  request!: string;
  @Field(() => String, {
    description: 'Shown to the customer’s people while somebody of support is inside for a case.',
  })
  banner!: string;
  @Field(() => String, { description: 'The same where there is no case.' })
  bannerWithoutCase!: string;
  @Field(() => String, { description: 'To a staff member who goes on after an off.' })
  revoked!: string;
}

@ObjectType({ description: 'The settings that are in force.' })
export class Policy {
  @Field(() => String, { description: 'The preset that they began from.' })
  preset!: string;
  @Field(() => PolicyWords, { description: 'The words that people read.' })
  words!: PolicyWords;
  @Field(() => [PolicySetting], { description: 'Every setting, in the order of the policy.' })
  settings!: PolicySetting[];
}

@InputType({ isAbstract: true })
abstract class InstallationInput {
  @Field(() => ID, { description: 'A UUID of version 7 that you make: sent again, the command has its one effect.' })
  @Matches(UUID_V7, { message: 'commandId must be a UUID of version 7, in lower case' })
  commandId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Only if the installation’s book is still at this revision; left out: wherever it is.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  expectedRevision?: number | null;
}

@InputType({ description: 'Makes settings of the installation stricter.' })
export class ChangePolicyInput extends InstallationInput {
  @Field(() => String, { description: 'The whole policy as its file has it, YAML or JSON.' })
  @IsString()
  @MaxLength(20_000)
  policy!: string;
}

@InputType({ description: 'Closes pages, actions or fields of the catalogue.' })
export class ChangeCatalogueInput extends InstallationInput {
  @Field(() => String, { description: 'The whole catalogue as its file has it, YAML or JSON.' })
  @IsString()
  @MaxLength(200_000)
  catalogue!: string;
}

@InputType({ description: 'A setting and its value.' })
export class SettingInput {
  @Field(() => String, { description: 'Its name in the policy: session.capMinutes.' })
  @IsString()
  @MaxLength(64)
  name!: string;
  @Field(() => String, { description: 'Its value, as JSON: 30, ["owner"].' })
  @IsString()
  @MaxLength(2_000)
  value!: string;
}

@InputType({ description: 'Makes settings stricter for one workspace, or takes back what it had set.' })
export class TightenPolicyInput extends CommandInput {
  @Field(() => [SettingInput], { nullable: true, description: 'Settings to make stricter.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(40)
  @ValidateNested({ each: true })
  @Type(() => SettingInput)
  set?: SettingInput[] | null;

  @Field(() => [String], { nullable: true, description: 'Settings that are to be the vendor’s again.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(40)
  @ArrayUnique({ message: 'clear must name each setting once' })
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  clear?: string[] | null;
}

@ObjectType({ description: 'What came of changing the policy.' })
export class ChangePolicyPayload extends Payload {
  @Field(() => Policy, {
    nullable: true,
    description: 'The installation’s settings; null where the command had no effect.',
  })
  policy!: Policy | null;
}

@ObjectType({ description: 'What came of changing the catalogue.' })
export class ChangeCataloguePayload extends Payload {
  @Field(() => Catalogue, { nullable: true, description: 'The catalogue; null where the command had no effect.' })
  catalogue!: Catalogue | null;
}

@ObjectType({ description: 'What came of making a workspace’s settings stricter.' })
export class TightenPolicyPayload extends Payload {
  @Field(() => Policy, {
    nullable: true,
    description: 'The workspace’s settings; null where the command had no effect.',
  })
  policy!: Policy | null;
}
