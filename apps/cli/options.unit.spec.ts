import { expect, it } from '@jest/globals';
import { instantIn } from './options.ts';

it.each([
  ['2026-11-21T09:00:00Z', '2026-11-21T09:00:00.000Z'],
  ['2026-11-21T09:00:00.250Z', '2026-11-21T09:00:00.250Z'],
  ['2026-11-21T09:00+01:00', '2026-11-21T08:00:00.000Z'],
  ['2028-02-29T23:30:00-02:00', '2028-03-01T01:30:00.000Z'],
])('reads %s as %s', (text, instant) => {
  expect(new Date(instantIn(text) ?? 0).toISOString()).toBe(instant);
});

it.each(['2026-11-21T09:00:00', '2026-11-21', '2026-02-29T09:00:00Z', '2026-04-31T09:00:00Z', '12.5', '-1', '', 'x'])(
  'takes “%s” for no instant',
  (text) => expect(instantIn(text)).toBeUndefined(),
);
