import { describe, expect, it } from '@jest/globals';
import { isOwnAct, isTurnOf, lastEnded } from './turn.ts';

const by = (id: string) => ({ firstApproval: { id, name: 'Maria Ortiz', at: '2026-11-24T14:20:00Z' } });
const NOBODY = { firstApproval: null };

describe('Whose turn a request is', () => {
  it('is the side’s that it waits for now, and no more the customer’s once they approved it first (S1-27)', () => {
    for (const [waitsFor, customer, vendor] of [
      ['CUSTOMER', true, false],
      ['VENDOR', false, true],
    ] as const) {
      expect(isTurnOf('customer', { asks: 'BOTH', waitsFor })).toBe(customer);
      expect(isTurnOf('vendor', { asks: 'BOTH', waitsFor })).toBe(vendor);
    }
    expect(isTurnOf('customer', { asks: 'VENDOR', waitsFor: null })).toBe(false);
    expect(isTurnOf('customer', { asks: 'BOTH', waitsFor: null })).toBe(true);
  });

  it('warns nobody of their own approval, and everybody else of it', () => {
    expect(isOwnAct('mem_1', NOBODY, by('mem_1'))).toBe(true);
    expect(isOwnAct('mem_2', NOBODY, by('mem_1'))).toBe(false);
    expect(isOwnAct(undefined, NOBODY, by('mem_1'))).toBe(false);
    // What changes after it is somebody else's.
    expect(isOwnAct('mem_1', by('mem_1'), by('mem_1'))).toBe(false);
  });

  it('repeats no more than what ended last', () => {
    const [a, b, c] = ['09:44', '09:45', '09:45'].map((at, id) => ({ id, endedAt: `2026-11-24T${at}:00Z` }));
    expect(lastEnded([b!, a!, c!])).toEqual([b, c]);
    expect(lastEnded([])).toEqual([]);
  });
});
