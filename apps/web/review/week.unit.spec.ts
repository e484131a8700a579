import { describe, expect, it } from '@jest/globals';
import { readWeek, shifted, spanOf, weekName, weekOf } from './week.ts';

const at = (text: string) => Date.parse(text);

describe('The weeks that visits are checked by', () => {
  it.each([
    ['a Saturday in November', '2026-11-21T09:00:00Z', 'UTC', '2026-W47'],
    ['the first days of a year that belong to the last one', '2027-01-03T12:00:00Z', 'UTC', '2026-W53'],
    ['the last days of a year that belong to the next one', '2024-12-30T12:00:00Z', 'UTC', '2025-W01'],
    ['the last instant of a Sunday', '2026-11-22T23:59:59.999Z', 'UTC', '2026-W47'],
    ['the same instant where it is Monday already', '2026-11-22T23:59:59.999Z', 'Europe/Berlin', '2026-W48'],
    ['a Monday that is still Sunday in the zone', '2026-11-23T04:59:59Z', 'America/New_York', '2026-W47'],
  ])('begin on Monday, in the zone of the vendor: %s', (_, instant, zone, name) => {
    expect(weekName(weekOf(at(instant), zone))).toBe(name);
  });

  it('last from Monday to Monday, also where a clock changes on the way', () => {
    const week = readWeek('2026-W43')!;
    const { from, to } = spanOf(week, 'Europe/Berlin');
    expect(new Date(from).toISOString()).toBe('2026-10-18T22:00:00.000Z');
    expect(new Date(to).toISOString()).toBe('2026-10-25T23:00:00.000Z');
    expect(weekOf(from, 'Europe/Berlin')).toEqual(week);
    expect(weekName(weekOf(to, 'Europe/Berlin'))).toBe('2026-W44');
  });

  it('follow each other over the ends of years, long ones included', () => {
    expect(weekName(shifted({ year: 2026, week: 53 }, 1))).toBe('2027-W01');
    expect(weekName(shifted({ year: 2025, week: 1 }, -1))).toBe('2024-W52');
  });

  it.each(['2026-W54', '2025-W53', '2026-W00', '2026-47', 'W47', '', null])(
    'are none where the address says %s',
    (text) => {
      expect(readWeek(text)).toBeUndefined();
    },
  );
});
