import { describe, expect, it } from '@jest/globals';
import {
  ago,
  calendarDay,
  clockTime,
  dayAndTime,
  dayBegins,
  dayHeading,
  exactTime,
  shortly,
  span,
  whenItWas,
  zoneName,
} from './time.ts';

const BERLIN = 'Europe/Berlin';
const now = Date.parse('2026-11-24T13:14:00Z');
const minutes = (count: number) => count * 60_000;

describe('Times as people read them', () => {
  it('are in the viewer’s zone, with seconds and UTC underneath (screens.md, copy rules)', () => {
    const at = Date.parse('2026-11-24T13:11:27.400Z');
    expect(clockTime(at, BERLIN)).toBe('14:11');
    expect(exactTime(at, BERLIN)).toBe('14:11:27, 13:11:27 UTC');
    expect(exactTime(at, 'UTC')).toBe('13:11:27 UTC');
    expect(zoneName(BERLIN, at)).toBe('Berlin (UTC+1)');
    expect(zoneName('America/Argentina/Buenos_Aires', at)).toBe('Buenos Aires (UTC-3)');
    expect(zoneName('UTC', at)).toBe('UTC');
  });

  it('name the day where it matters, and the year where it is another', () => {
    expect(dayAndTime(Date.parse('2026-11-25T12:50:00Z'), now, BERLIN)).toBe('Wed 25 Nov, 13:50');
    expect(dayAndTime(Date.parse('2025-09-25T11:50:00Z'), now, BERLIN)).toBe('Thu 25 Sep 2025, 13:50');
    expect(dayHeading(now, now, BERLIN)).toBe('Today, Tue 24 Nov');
    expect(dayHeading(now - minutes(24 * 60), now, BERLIN)).toBe('Yesterday, Mon 23 Nov');
    expect(dayHeading(Date.parse('2026-11-19T09:44:00Z'), now, BERLIN)).toBe('Thu 19 Nov');
    expect(whenItWas(Date.parse('2026-11-24T12:50:00Z'), now, BERLIN)).toBe('today at 13:50');
    expect(whenItWas(Date.parse('2026-11-23T12:50:00Z'), now, BERLIN)).toBe('on Mon 23 Nov at 13:50');
    expect(shortly(Date.parse('2026-11-24T13:32:00Z'), now, BERLIN)).toBe('14:32');
    expect(shortly(Date.parse('2026-11-25T00:32:00Z'), now, BERLIN)).toBe('Wed 25 Nov, 01:32');
  });

  it('fall on the day of the zone, not of UTC', () => {
    const late = Date.parse('2026-11-24T23:30:00Z');
    expect([calendarDay(late, 'UTC'), calendarDay(late, BERLIN)]).toEqual(['2026-11-24', '2026-11-25']);
  });

  it('count down by the two largest units, and by seconds at the end', () => {
    expect([0, -5, 900, 59_000, minutes(1), minutes(18), minutes(23 * 60 + 36)].map(span)).toEqual([
      '0 s',
      '0 s',
      '1 s',
      '59 s',
      '1 min',
      '18 min',
      '23 h 36 min',
    ]);
    expect([minutes(60), minutes(47 * 60 + 59), minutes(48 * 60), minutes(6 * 1440 + 1380)].map(span)).toEqual([
      '1 h',
      '47 h 59 min',
      '2 d',
      '6 d 23 h',
    ]);
    expect([400, 2400, minutes(3) + 5].map(ago)).toEqual(['just now', '2 s ago', '3 min ago']);
  });

  it('begin a day where its zone begins it, also on days on which clocks change', () => {
    const begins = (text: string, zone = BERLIN) => new Date(dayBegins(text, zone)!).toISOString();
    expect(begins('2026-11-24')).toBe('2026-11-23T23:00:00.000Z');
    expect(begins('2026-10-25')).toBe('2026-10-24T22:00:00.000Z');
    expect(begins('2026-10-26')).toBe('2026-10-25T23:00:00.000Z');
    expect(begins('2026-03-29')).toBe('2026-03-28T23:00:00.000Z');
    expect(begins('2026-03-30')).toBe('2026-03-29T22:00:00.000Z');
    expect(begins('2026-11-24', 'UTC')).toBe('2026-11-24T00:00:00.000Z');
    expect(dayBegins('24 Nov', BERLIN)).toBeUndefined();
    expect(dayBegins('2026-13-24', BERLIN)).toBeUndefined();
  });
});
