import { describe, expect, it } from '@jest/globals';
import { Cursors, PAGE_MAX, type PageArgs } from './paging.ts';

const cursors = new Cursors({ cursorKey: new Uint8Array(32).fill(1) });
const others = new Cursors({ cursorKey: new Uint8Array(32).fill(2) });
const POSITION = '00000000000000000042';

describe('Cursors', () => {
  it('carry a position through and back, whatever stands in it', () => {
    for (const position of [POSITION, 'acme co\nws_01', 'Ünïcødé 🙂.x']) {
      expect(cursors.read('list', cursors.write('list', position))).toBe(position);
    }
  });

  it.each([
    ['of another list', cursors.write('visitLog ws_b', POSITION)],
    ['under another key', others.write('visitLog ws_a', POSITION)],
    ['with another position', cursors.write('visitLog ws_a', POSITION).replace(/^..../, 'MDAx')],
    ['without its MAC', cursors.write('visitLog ws_a', POSITION).split('.')[0]!],
    ['with half a MAC', cursors.write('visitLog ws_a', POSITION).slice(0, -11)],
    ['made up', 'bm93aGVyZQ.bm93aGVyZQ'],
    ['of nothing', ''],
  ])('%s are refused', (_, cursor) => {
    expect(() => cursors.read('visitLog ws_a', cursor)).toThrow('The cursor is none of this list.');
  });
});

describe('The part of a list that is asked for', () => {
  const part = (args: PageArgs) => cursors.pageFrom('list', args);
  const after = cursors.write('list', POSITION);

  it('is the first 20 by default, and at most 100', () => {
    expect(part({})).toEqual({ first: 20 });
    expect(part({ first: null, after: null, last: null, before: null })).toEqual({ first: 20 });
    expect(part({ first: PAGE_MAX })).toEqual({ first: 100 });
    expect(part({ last: PAGE_MAX })).toEqual({ last: 100 });
    for (const args of [{ first: PAGE_MAX + 1 }, { last: PAGE_MAX + 1 }]) {
      expect(() => part(args)).toThrow('A page has at most 100 items.');
    }
  });

  it('begins behind a cursor or ends before one, not both', () => {
    expect(part({ first: 3, after })).toEqual({ first: 3, after: POSITION });
    expect(part({ before: after })).toEqual({ last: 20, before: POSITION });
    expect(() => part({ first: 3, last: 3 })).toThrow('not both');
    expect(() => part({ after, before: after })).toThrow('not both');
  });
});
