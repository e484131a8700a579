import { describe, expect, it } from '@jest/globals';
import { Kind } from 'graphql';
import { DateTime, EmailAddress, Url } from './scalars.ts';

describe('A DateTime', () => {
  it('leaves as RFC 3339 in UTC with milliseconds, and comes back as the same instant', () => {
    const instant = new Date(Date.UTC(2026, 10, 21, 9, 0, 0, 7));
    expect(DateTime.serialize(instant)).toBe('2026-11-21T09:00:00.007Z');
    expect(DateTime.parseValue('2026-11-21T09:00:00.007Z').getTime()).toBe(instant.getTime());
    expect(DateTime.parseLiteral({ kind: Kind.STRING, value: '2026-11-21T09:00:00Z' }, {}).getTime()).toBe(
      Date.UTC(2026, 10, 21, 9),
    );
  });

  it.each([
    ['a day', '2026-11-21'],
    ['a time without a zone', '2026-11-21T09:00:00'],
    ['a time of another zone', '2026-11-21T09:00:00+01:00'],
    ['a day that there is not', '2026-02-30T09:00:00Z'],
    ['an hour that there is not', '2026-02-28T24:00:00Z'],
    ['microseconds', '2026-11-21T09:00:00.000001Z'],
    ['words', 'yesterday'],
    ['a number', 1_763_715_600_000],
    ['nothing', null],
  ])('is not %s', (_, value) => {
    expect(() => DateTime.parseValue(value)).toThrow('A DateTime is an instant in UTC');
  });

  it('is made of a valid Date and nothing else', () => {
    expect(() => DateTime.serialize('2026-11-21T09:00:00Z')).toThrow(TypeError);
    expect(() => DateTime.serialize(new Date(Number.NaN))).toThrow();
  });
});

describe('Addresses', () => {
  it('are told and never taken', () => {
    expect(Url.serialize('https://a.test/x')).toBe('https://a.test/x');
    expect(EmailAddress.serialize('a@b.test')).toBe('a@b.test');
    for (const scalar of [Url, EmailAddress]) expect(() => scalar.parseValue('x')).toThrow('is never an input');
  });
});
