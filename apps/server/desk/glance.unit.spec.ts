import { describe, expect, it, jest } from '@jest/globals';
import { glanceAhead } from './glance.ts';

describe('A glance ahead at lanes', () => {
  it('shows each kind the states of its own lanes, with the command that each will decide first', () => {
    const glance = () => jest.fn((_states: readonly unknown[], _commands: readonly unknown[]) => 1);
    const [books, staff, other] = [{ glance: glance() }, { glance: glance() }, {}];
    const lane = (kind: typeof books | typeof other, state: string, next?: string) => ({
      kind,
      known: { state, revision: 0, packed: '\0' },
      next,
    });
    const seen = glanceAhead([
      lane(books, 'a', 'view'),
      lane(staff, 'b', 'enable'),
      lane(books, 'c'),
      lane(other, 'd', 'set'),
    ]);
    expect(books.glance.mock.calls).toStrictEqual([
      [
        ['a', 'c'],
        ['view', undefined],
      ],
    ]);
    expect(staff.glance.mock.calls).toStrictEqual([[['b'], ['enable']]]);
    expect(seen).toBe(2);
  });
});
