import { describe, expect, it } from '@jest/globals';
import { leftOnReminder } from './left-on.ts';

const HOUR = 3_600_000;

describe('The reminder that staff access was left on (S3-26)', () => {
  it.each([
    [HOUR, '1 hour'],
    [25 * HOUR - 1, '24 hours'],
    [25 * HOUR, '25 hours'],
    [48 * HOUR - 1, '47 hours'],
    [48 * HOUR, '2 days'],
    [49 * HOUR, '2 days and 1 hour'],
    [30 * 24 * HOUR + 5 * HOUR, '30 days and 5 hours'],
  ])('says the age of %d ms as %s', (ageMs, said) => {
    expect(leftOnReminder(ageMs)).toBe(
      `Staff access has been on for ${said}. Turn it off when nobody needs it: it can be turned on again at any time.`,
    );
  });
});
