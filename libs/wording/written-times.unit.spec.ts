import { describe, expect, it } from '@jest/globals';
import { EXAMPLES } from '#domain/testing/examples';
import { changed, denied, enabled, logExported, started } from './testing/facts.ts';
import { accessRequested } from './testing/request-lines.ts';
import { noNames, sentenceFor, type FormatTime, type SpokenFact } from './wording.ts';
import { timesRetold } from './written-times.ts';

const A_TIME = /\d{4}-\d\d-\d\d \d\d:\d\d UTC/;
/** As nobody writes a time. */
const elsewhere: FormatTime = (at) => `<${new Date(at).toISOString()}>`;

const more: readonly [string, SpokenFact][] = [
  ['StaffAccessEnabled, until a time', enabled],
  ['AccessRequested, planned', changed(accessRequested, { plannedStart: '2026-11-24T18:04:00.000Z' })],
  ['AttemptDenied, counted', changed(denied, { count: 3 })],
  [
    'LogExported, from one day to another',
    logExported({ filter: { from: '2026-11-01T00:00:00.000Z', before: '2026-11-08T00:00:00.000Z' } }),
  ],
  [
    'LogExported, with words that read like its own',
    logExported({
      filter: { from: '2026-11-01T00:00:00.000Z' },
      personal: { subject: 'mem_maria', name: 'Maria Ortiz', search: 'before 2026-11-25 13:50 UTC' },
    }),
  ],
];

describe('Times in lines of the log, told otherwise', () => {
  it.each([...Object.entries(EXAMPLES), ...more] as [string, SpokenFact][])(
    '%s: exactly as if the line had been written so at once',
    (_, fact) => {
      const [written, wanted] = [sentenceFor(fact, noNames), sentenceFor(fact, noNames, elsewhere)];
      const retold = (text: string) => timesRetold(fact.type, text, elsewhere);
      expect(retold(written.text)).toBe(wanted.text);
      expect(written.parts.map((part) => ({ ...part, text: retold(part.text) }))).toEqual(wanted.parts);
      expect(written.detail && retold(written.detail)).toBe(wanted.detail);
    },
  );

  it('are in some of these lines, so that this says something', () => {
    const named = [...Object.values(EXAMPLES), ...more.map(([, fact]) => fact)].filter((fact) => {
      const { text, detail = '' } = sentenceFor(fact, noNames);
      return A_TIME.test(text) || A_TIME.test(detail);
    });
    expect([...new Set(named.map(({ type }) => type))].toSorted()).toEqual([
      'AccessApproved',
      'AccessRequested',
      'ActionAuthorised',
      'AttemptDenied',
      'LogExported',
      'StaffAccessEnabled',
      'StaffSeatTaken',
    ]);
  });

  it('are left in what a person wrote: a reason stands word for word', () => {
    const reason = 'Invoices after 2026-11-25 13:50 UTC are missing until 2026-11-26 09:00 UTC';
    for (const fact of [started, accessRequested]) {
      const { personal } = fact.data as { readonly personal: object };
      const { text } = sentenceFor(changed(fact, { personal: { ...personal, reason } }), noNames);
      expect(text).toContain(reason);
      expect(timesRetold(fact.type, text, elsewhere)).toBe(text);
    }
  });
});
