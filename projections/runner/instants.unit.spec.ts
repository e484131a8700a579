import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decidedAt } from './instants.ts';

describe('The time of a fact', () => {
  const written = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  const inOneMinute = fc.integer({ min: 0, max: 59_999 }).map((ms) => new Date(1_795_258_800_000 + ms).toISOString());
  const oddities = fc.constantFrom(
    '2026-11-21T09:00:60.000Z',
    '2026-11-21T09:00:0x.000Z',
    '2026-11-21T09:00:00.00 Z',
    '2026-11-21T09:00:00.000z',
    '2026-11-21T09:00:00,000Z',
    '2026-11-21T09:00:00.000+01:00',
    '2026-13-21T09:00:00.000Z',
    'yesterday',
    '',
  );

  it('is what its text says, whatever was asked before', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(written, inOneMinute, oddities)), (times) => {
        for (const time of times) expect([time, decidedAt({ time })]).toEqual([time, Date.parse(time)]);
      }),
      { numRuns: 2000 },
    );
  });
});
