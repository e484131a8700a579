import { Field, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsIn, IsOptional, ValidateNested } from 'class-validator';
import { EXPORT_FORMATS } from '#domain/log-export/log-export';
import { CommandInput, Payload } from '../commands.ts';
import { LogFilterInput } from './visit-log.types.ts';

export const LogExportFormat = { CSV: 'csv', NDJSON: 'ndjson' } as const satisfies Record<
  string,
  (typeof EXPORT_FORMATS)[number]
>;
registerEnumType(LogExportFormat, {
  name: 'LogExportFormat',
  description: 'What kind of file the lines are put into.',
  valuesMap: {
    CSV: { description: 'A table, for spreadsheets (RFC 4180).' },
    NDJSON: { description: 'One JSON object a line, for programs.' },
  },
});

@InputType({ description: 'Says that lines of the book are taken along as a file, before they are read for it.' })
export class ExportLogInput extends CommandInput {
  @Field(() => LogExportFormat, { description: 'What kind of file.' })
  @IsIn(EXPORT_FORMATS)
  format!: (typeof EXPORT_FORMATS)[number];

  @Field(() => LogFilterInput, { nullable: true, description: 'Which lines, as visitLog takes it; left out: all.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => LogFilterInput)
  filter?: LogFilterInput | null;
}

@ObjectType({ description: 'What stands in the book of a file that was taken along.' })
export class LogExport {
  @Field(() => LogExportFormat, { description: 'What kind of file.' })
  format!: string;
  @Field(() => Int, { nullable: true, description: 'How many lines; null where there were too many to count.' })
  lines!: number | null;
  @Field(() => String, {
    nullable: true,
    description: 'Position of the newest line that belongs into the file; null: the book had none.',
  })
  upTo!: string | null;
}

@ObjectType({ description: 'What came of taking lines along.' })
export class ExportLogPayload extends Payload {
  @Field(() => LogExport, { nullable: true, description: 'The file; null where the command had no effect.' })
  export!: LogExport | null;
}
