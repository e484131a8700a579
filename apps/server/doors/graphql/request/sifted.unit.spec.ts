import { describe, expect, it } from '@jest/globals';
import { pageOf } from '#projections/runner/paging';
import type { PageOptions } from '#projections/index';
import { siftedPage } from './sifted.ts';

interface Row {
  readonly position: string;
  readonly isOne: boolean;
}

/** A list of rows, the newest first, as the tables page through it. */
const listOf = (marks: string) => {
  const list: Row[] = [...marks].map((mark, index) => ({ position: String(90_000 - index), isOne: mark === 'x' }));
  let read = 0;
  const sifting = () => ({
    read: (page: PageOptions) => {
      const rows =
        page.last === undefined
          ? list.filter(({ position }) => page.after === undefined || position < page.after).slice(0, page.first + 1)
          : list
              .toReversed()
              .filter(({ position }) => page.before === undefined || position > page.before)
              .slice(0, page.last + 1);
      const found = pageOf(rows, page);
      read += found.items.length;
      return Promise.resolve(found);
    },
    sift: (rows: readonly Row[]) => Promise.resolve(rows.filter(({ isOne }) => isOne)),
  });
  return { list, sifting, read: () => read };
};

describe('A page of a list that is sifted', () => {
  it.each(['', 'x', 'o', 'xox', 'oxoxxo', 'xxxxx', 'ooooo', `${'o'.repeat(250)}x${'o'.repeat(250)}xx`])(
    'is the same as if all of the list had been sifted before: %s',
    async (marks) => {
      const { list, sifting } = listOf(marks);
      const ones = list.filter(({ isOne }) => isOne);
      for (const size of [1, 2, 3]) {
        const forwards: Row[] = [];
        for (let after: string | undefined; ; after = forwards.at(-1)!.position) {
          const page = await siftedPage({ first: size, ...(after !== undefined && { after }) }, sifting());
          forwards.push(...page.items);
          expect([page.hasNext, page.hasPrevious]).toEqual([forwards.length < ones.length, after !== undefined]);
          if (!page.hasNext) break;
        }
        expect(forwards).toEqual(ones);
        const backwards: Row[] = [];
        for (let before: string | undefined; ; before = backwards[0]!.position) {
          const page = await siftedPage({ last: size, ...(before !== undefined && { before }) }, sifting());
          backwards.unshift(...page.items);
          expect([page.hasPrevious, page.hasNext]).toEqual([backwards.length < ones.length, before !== undefined]);
          if (!page.hasPrevious) break;
        }
        expect(backwards).toEqual(ones);
      }
    },
  );

  it('looks at no more rows than fill it', async () => {
    const { sifting, read } = listOf('x'.repeat(500));
    await siftedPage({ first: 20 }, sifting());
    expect(read()).toBe(21);
  });

  it('is full or the end, however many rows lie between that don’t belong into it', async () => {
    const { list, sifting } = listOf(`x${'o'.repeat(3000)}x`);
    const both = { items: [list[0], list.at(-1)], hasNext: false, hasPrevious: false };
    expect(await siftedPage({ first: 2 }, sifting())).toEqual(both);
    expect(await siftedPage({ last: 2 }, sifting())).toEqual(both);
    const none = { items: [], hasNext: false, hasPrevious: false };
    expect(await siftedPage({ first: 2 }, listOf('o'.repeat(3000)).sifting())).toEqual(none);
  });
});
