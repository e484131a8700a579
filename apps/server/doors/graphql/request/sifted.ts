import type { Page, PageOptions } from '#projections/index';

/** Rows that are read at a time once the first reading didn't fill the page. */
const MORE = 100;

interface Sifting<Item> {
  read(page: PageOptions): Promise<Page<Item>>;
  /** Those of the rows that belong into the list, in their order. */
  sift(rows: readonly Item[]): Promise<readonly Item[]>;
}

/** A page of what only code can tell from the other rows of a list: it is full, or it is the end. As much is read as it needs. */
export async function siftedPage<Item extends { readonly position: string }>(
  page: PageOptions,
  { read, sift }: Sifting<Item>,
): Promise<Page<Item>> {
  const isForward = page.last === undefined;
  const size = page.last ?? page.first;
  const found: Item[] = [];
  let part: PageOptions = isForward ? { ...page, first: size + 1 } : { ...page, last: size + 1 };
  for (;;) {
    const rows = await read(part);
    const { items } = rows;
    const kept = await sift(items);
    if (isForward) found.push(...kept);
    else found.unshift(...kept);
    const edge = isForward ? items.at(-1) : items[0];
    const isMore = isForward ? rows.hasNext : rows.hasPrevious;
    if (found.length > size || !isMore || edge === undefined) {
      const more = found.length > size;
      return isForward
        ? { items: found.slice(0, size), hasNext: more, hasPrevious: page.after !== undefined }
        : { items: found.slice(-size), hasNext: page.before !== undefined, hasPrevious: more };
    }
    part = isForward ? { first: MORE, after: edge.position } : { last: MORE, before: edge.position };
  }
}
