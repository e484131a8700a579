import * as v from 'valibot';
import { factKind, idWith, instant, type FactOf } from '../fact.ts';

export const EXPORT_FORMATS = ['csv', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const words = v.optional(v.array(v.string()));
/** Which lines; all that is named holds together, and what is left out holds nothing back. */
const exportFilter = v.object({
  sessionId: v.optional(idWith('ses')),
  actors: words,
  kinds: words,
  marks: words,
  outcomes: words,
  from: v.optional(instant),
  before: v.optional(instant),
});
export type ExportFilter = v.InferOutput<typeof exportFilter>;

export const LogExported = factKind(
  'LogExported',
  'Somebody took lines of the book out as a file; written before the first of them was given out.',
  {
    memberId: idWith('mem'),
    format: v.picklist(EXPORT_FORMATS),
    filter: exportFilter,
    /** How many lines; `null` where so many are looked through by words that they weren't counted. */
    lines: v.nullable(v.number()),
    /** Position of the newest line that can be in the file; `null`: the book was empty. */
    upTo: v.nullable(v.string()),
    /** `search`: the words that the lines hold, as they were typed. */
    personal: v.optional(v.object({ subject: idWith('mem'), name: v.string(), search: v.optional(v.string()) })),
  },
);

export const EXPORT_FACTS = [LogExported] as const;
export type ExportFact = FactOf<typeof LogExported>;
