import { describe, expect, it } from '@jest/globals';
import { noNames, sentenceFor, utcTime } from '#wording/wording';
import { draftOfEnable } from './draft.ts';

const areas = [
  { id: 'customers', label: 'Customers' },
  { id: 'files', label: 'Files' },
];
const until = Date.parse('2026-11-25T12:50:00Z');

describe('The line that turning staff access on will write', () => {
  it('is the sentence of the fact that is then written, in all its forms', () => {
    const memberId = 'mem_1' as const;
    for (const withoutAreas of [[], ['files'], ['customers', 'files']]) {
      for (const [onlyCase, askEach] of [
        [null, false],
        ['CASE-123', true],
      ] as const) {
        const { text, detail } = sentenceFor(
          {
            type: 'StaffAccessEnabled',
            data: {
              until: '2026-11-25T12:50:00.000Z',
              memberId,
              withoutAreas,
              onlyCase: onlyCase === null ? null : 'case_1',
              ...(askEach && { askEach }),
              policyRevision: 3,
              personal: { subject: memberId, name: 'Maria Ortiz' },
            },
            metadata: { time: '2026-11-24T12:50:00.000Z', actor: { kind: 'member', id: memberId } },
          },
          {
            ...noNames,
            cases: new Map([['case_1', 'CASE-123']]),
            areas: new Map(areas.map(({ id, label }) => [id, label])),
          },
        );
        const draft = draftOfEnable({ name: 'Maria Ortiz', until, withoutAreas, areas, onlyCase, askEach }, utcTime);
        expect(draft).toBe(detail === undefined ? `${text}.` : `${text}. ${detail}`);
      }
    }
  });

  it('reads as it is shown', () => {
    expect(
      draftOfEnable(
        {
          name: 'Maria Ortiz',
          until,
          withoutAreas: ['customers', 'files'],
          areas,
          onlyCase: 'CASE-123',
          askEach: true,
        },
        () => 'Wed 25 Nov, 13:50',
      ),
    ).toBe(
      'Maria Ortiz turned staff access on until Wed 25 Nov, 13:50, for CASE-123 only. Each visit is asked for first. Left out: Customers and Files.',
    );
  });
});
