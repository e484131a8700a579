import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { REBUILT_TABLES } from './control.ts';
import type { Row, Table } from './table.ts';
import type { TablesReader } from './tables.ts';

const PAGE_ROWS = 1000;

export interface TableComparison {
  readonly table: string;
  readonly rows: readonly [left: number, right: number];
  /** SHA-256 in hex over every row's columns as JSON, by key. Equal digests: equal tables, byte for byte. */
  readonly digests: readonly [left: string, right: string];
  /** The first row, by key, that differs; `null` on the side that lacks it. */
  readonly firstDifference?: { readonly key: string; readonly left: Row | null; readonly right: Row | null };
}

export interface Comparison {
  readonly equal: boolean;
  readonly tables: readonly TableComparison[];
}

/** Compares two sets of tables row by row. Both must stand at one position, and nobody may write to them meanwhile. */
export async function compareTables(left: TablesReader, right: TablesReader): Promise<Comparison> {
  const tables: TableComparison[] = [];
  for (const table of REBUILT_TABLES) tables.push(await compareTable(table, left, right));
  return { equal: tables.every(({ digests: [a, b] }) => a === b), tables };
}

async function compareTable(table: Table, left: TablesReader, right: TablesReader): Promise<TableComparison> {
  const sides = [new Side(table, left), new Side(table, right)] as const;
  let firstDifference: TableComparison['firstDifference'];
  for (;;) {
    const [a, b] = [await sides[0].look(), await sides[1].look()];
    if (!a && !b) break;
    const order = !a ? 1 : !b ? -1 : a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
    if (order <= 0) sides[0].take();
    if (order >= 0) sides[1].take();
    if (firstDifference || (order === 0 && a?.text === b?.text)) continue;
    firstDifference = {
      key: (order <= 0 ? a : b)?.key ?? '',
      left: order <= 0 ? (a?.row ?? null) : null,
      right: order >= 0 ? (b?.row ?? null) : null,
    };
  }
  return {
    table: table.name,
    rows: [sides[0].count, sides[1].count],
    digests: [sides[0].digest(), sides[1].digest()],
    ...(firstDifference && { firstDifference }),
  };
}

interface Looked {
  readonly key: string;
  readonly row: Row;
  readonly text: string;
}

/** One table of one side, in the order of its key, a page at a time. */
class Side {
  readonly #table: Table;
  readonly #reader: TablesReader;
  readonly #hash = createHash('sha256');
  #page: readonly Row[] = [];
  #at = 0;
  #last: string | undefined;
  #done = false;
  count = 0;

  constructor(table: Table, reader: TablesReader) {
    this.#table = table;
    this.#reader = reader;
  }

  async look(): Promise<Looked | undefined> {
    if (this.#at >= this.#page.length && !this.#done) await this.#turn();
    const row = this.#page[this.#at];
    if (!row) return undefined;
    const text = JSON.stringify(Object.keys(this.#table.columns).map((column) => row[column]));
    return { key: String(row[this.#table.key]), row, text };
  }

  take(): void {
    const row = this.#page[this.#at++];
    if (!row) return;
    this.count++;
    this.#hash.update(JSON.stringify(Object.keys(this.#table.columns).map((column) => row[column]))).update('\n');
  }

  digest(): string {
    return this.#hash.digest('hex');
  }

  async #turn(): Promise<void> {
    const { name, key } = this.#table;
    const last = this.#last;
    this.#page = await this.#reader.read(async (tables) => {
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the table is named by a value
      const rows = (tables as unknown as Kysely<any>).selectFrom(name).selectAll().orderBy(key).limit(PAGE_ROWS);
      return (await (last === undefined ? rows : rows.where(key, '>', last)).execute()) as Row[];
    });
    this.#at = 0;
    this.#done = this.#page.length < PAGE_ROWS;
    const end = this.#page.at(-1);
    if (end) this.#last = String(end[key]);
  }
}
