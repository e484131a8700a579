import { ArgsType, Field, InputType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsEnum, IsOptional, ValidateNested } from 'class-validator';
import { PageArgs } from '../paging.ts';
import { DateComparator, IdFilter, WordComparator } from '../visit-log/visit-log.types.ts';

export const VisitOrder = { NEWEST_FIRST: 'newest first', NOTABLE_FIRST: 'notable first' } as const;
export type VisitOrder = (typeof VisitOrder)[keyof typeof VisitOrder];
registerEnumType(VisitOrder, {
  name: 'VisitOrder',
  description: 'In which order visits come.',
  valuesMap: {
    NEWEST_FIRST: { description: 'By their start.' },
    NOTABLE_FIRST: {
      description:
        'What was changed, then what was refused or stopped, then what the customer ended or was for no case, then the rest; the newest first among alike.',
    },
  },
});

@InputType({ description: 'Which visits; all conditions hold together.' })
export class VisitFilterInput {
  @Field(() => IdFilter, { nullable: true, description: 'Visits to these workspaces.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => IdFilter)
  workspace?: IdFilter | null;
  @Field(() => IdFilter, { nullable: true, description: 'Visits of these staff members.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => IdFilter)
  staff?: IdFilter | null;
  @Field(() => WordComparator, {
    nullable: true,
    description: 'Visits with a line of one of these marks: changed, refused, …',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => WordComparator)
  mark?: WordComparator | null;
  @Field(() => DateComparator, { nullable: true, description: 'Visits that began in this time.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => DateComparator)
  startedAt?: DateComparator | null;
}

@ArgsType()
export class VisitsArgs extends PageArgs {
  @Field(() => VisitFilterInput, { nullable: true, description: 'Which visits; left out: all.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => VisitFilterInput)
  filter?: VisitFilterInput | null;
  @Field(() => VisitOrder, { nullable: true, description: 'In which order; left out: the newest first.' })
  @IsOptional()
  @IsEnum(VisitOrder)
  order?: VisitOrder | null;
}
