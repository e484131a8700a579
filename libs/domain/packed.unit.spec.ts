import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { behindText, NUMBER_WIDTH, numberAt, packedNumber, packedText, textAt } from './packed.ts';

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

  it.each([
    [UUID, 17],
    [DIGEST, 33],
    ['billing', 8],
  ])('takes little room: %s', (text, room) => {
    expect(packedText(text)).toHaveLength(room);
  });
});
