import type { OrderByItemBuilder } from 'kysely';

/**
 * Which part of a list, by position: from the front (`first`, behind `after`) or from the back (`last`, before
 * `before`). Lists are in the order that each query names.
 */
export type PageOptions =
  | { readonly first: number; readonly after?: string; readonly last?: never; readonly before?: never }
  | { readonly last: number; readonly before?: string; readonly first?: never; readonly after?: never };

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
}

export interface Cut {
  readonly limit: number;
  readonly direction: 'asc' | 'desc';
  /** Where the part begins, exclusive, in the direction read. */
  readonly from?: { readonly operator: '<' | '>'; readonly position: string };
}

/** How to read a page in SQL: one row more than asked for tells whether there are more. */
export function cut(options: PageOptions, newestFirst: boolean): Cut {
  const backwards = options.last !== undefined;
  const direction = newestFirst === backwards ? 'asc' : 'desc';
  const position = backwards ? options.before : options.after;
  return {
    limit: (options.last ?? options.first) + 1,
    direction,
    ...(position !== undefined && { from: { operator: direction === 'asc' ? '>' : '<', position } }),
  };
}

/** The page of the rows that {@link cut} read. */
export function pageOf<Item>(rows: readonly Item[], options: PageOptions): Page<Item> {
  const size = options.last ?? options.first;
  const more = rows.length > size;
  const items = rows.slice(0, size);
  return options.last === undefined
    ? { items, hasNext: more, hasPrevious: options.after !== undefined }
    : { items: items.toReversed(), hasNext: options.before !== undefined, hasPrevious: more };
}

/** Databases differ in where a missing name comes in a list by name: before the others. */
export function namelessFirst(name: OrderByItemBuilder): OrderByItemBuilder {
  return name.asc().nullsFirst();
}
