import { describe, expect, it } from '@jest/globals';
import { typedId } from '@gatebook/protocol';
import fc from 'fast-check';
import {
  behindText,
  behindWhole,
  NUMBER_WIDTH,
  numberAt,
  packedNumber,
  packedText,
  packedWhole,
  textAt,
  wholeAt,
} from './packed.ts';

const UUID = '019aa3b0-5a1c-7cde-8f01-23456789abcd';
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const texts = fc.oneof(
  fc.constant(null),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom(
    '',
    UUID,
    DIGEST,
    UUID.toUpperCase(),
    `${DIGEST}x`,
    'x'.repeat(251),
    'x'.repeat(252),
    'Δ'.repeat(70_000),
  ),
  fc.uuid(),
  fc.maxSafeNat().map((place) => String(place).padStart(20, '0')),
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 18, maxLength: 22 }),
  fc.uuid().chain((uuid) => fc.constantFrom(typedId('ses', uuid), typedId('stf', uuid), typedId('ws', uuid))),
);

describe('What is packed', () => {
  it('comes back as it was, text or number, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(texts, fc.double())), (values) => {
        const packed = values.map((value) => (typeof value === 'number' ? packedNumber(value) : packedText(value)));
        const all = packed.join('');
        let at = 0;
        for (const value of values) {
          if (typeof value === 'number') {
            expect(numberAt(all, at)).toBe(value);
            at += NUMBER_WIDTH;
          } else {
            expect(textAt(all, at)).toBe(value);
            at = behindText(all, at);
          }
        }
        expect(at).toBe(all.length);
      }),
    );
  });

  it('counts in little room, and keeps any other number too', () => {
    const numbers = fc.oneof(fc.maxSafeNat(), fc.nat({ max: 300 }), fc.double(), fc.integer());
    fc.assert(
      fc.property(fc.array(numbers), (values) => {
        const all = values.map(packedWhole).join('');
        let at = 0;
        for (const value of values) {
          expect(wholeAt(all, at)).toBe(Object.is(value, -0) ? 0 : value);
          at = behindWhole(all, at);
        }
        expect(at).toBe(all.length);
      }),
    );
    expect([0, 255, 256, Date.parse('2026-11-21T09:00:00Z')].map((value) => packedWhole(value).length)).toStrictEqual([
      1, 2, 3, 7,
    ]);
  });

  it.each([
    [UUID, 17],
    [DIGEST, 33],
    ['billing', 8],
    ['ses_01kan1pj7ae6fb5jhn3nh5cf4d', 17],
    ['stf_7zzzzzzzzzzzzzzzzzzzzzzzzz', 17],
    ['00000000000003400000', 5],
    ['00000000000000000000', 2],
    ['00009007199254740991', 9],
    ['00009007199254740992', 21],
    ['stf_8zzzzzzzzzzzzzzzzzzzzzzzzz', 31],
  ])('takes little room: %s', (text, room) => {
    expect(packedText(text)).toHaveLength(room);
  });
});
