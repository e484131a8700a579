import type { CompiledQuery, Kysely } from 'kysely';
import { areas } from '../areas/table.ts';
import { people } from '../people/table.ts';
import { requests } from '../requests/table.ts';
import type { Schema } from '../projections.ts';
import { pageOf, type Cut, type Page, type PageOptions } from '../runner/paging.ts';
import type { RowOf, Table } from '../runner/table.ts';
import type { TablesReader } from '../runner/tables.ts';
import { cases, workspaces } from '../workspaces/table.ts';
import type { LogLine } from './queries.ts';
import { visits, type visitLog } from './table.ts';

/** Whatever a line says beside its own row: with the first commit that touches one of them, lines are made anew. */
export const SPOKEN_OF: readonly Table[] = [people, visits, requests, workspaces, cases, areas];

/** Pages of a hundred workspaces; with those that are written out of them, some twenty megabytes. */
const LINES_KEPT = 2000;
/** Letters of a line as the log has it: nearly all have less, and long ones would fill the memory. */
const LETTERS_KEPT = 2048;

/**
 * Lines as they were made, those asked for last: a row of the visit log never changes, and so what is said of it changes
 * with names only. `reading`: whose words, as the identity that is shown; another's are other lines.
 */
export class RememberedLines {
  readonly #kept = new Map<string, LogLine>();
  readonly #tables: TablesReader;
  #version = 0;

  constructor(tables: TablesReader) {
    this.#tables = tables;
  }

  /** What must still be so when lines are kept that are read from now on. */
  get version(): number {
    const version = this.#tables.versionOf?.(SPOKEN_OF) ?? 0;
    if (version !== this.#version) {
      this.#kept.clear();
      this.#version = version;
    }
    return version;
  }

  find(reading: string, workspaceId: string, position: string): LogLine | undefined {
    const key = keyOf(reading, workspaceId, position);
    const line = this.#kept.get(key);
    if (!line) return undefined;
    // The newest stand last.
    this.#kept.delete(key);
    this.#kept.set(key, line);
    return line;
  }

  /** `letters`: of the row's texts. Not kept where names have changed since `version`. */
  keep(reading: string, line: LogLine, letters: number, version: number): void {
    if (letters > LETTERS_KEPT || version !== this.version) return;
    this.#kept.set(keyOf(reading, line.workspaceId, line.position), line);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= LINES_KEPT) break;
      this.#kept.delete(oldest);
    }
  }
}

function keyOf(reading: string, workspaceId: string, position: string): string {
  return `${workspaceId} ${position} ${reading}`;
}

const memories = new WeakMap<TablesReader, RememberedLines>();

/** `undefined` where other processes write to the tables too: nobody here hears of it. */
export function rememberedLines(tables: TablesReader): RememberedLines | undefined {
  if (!tables.versionOf) return undefined;
  let memory = memories.get(tables);
  if (!memory) memories.set(tables, (memory = new RememberedLines(tables)));
  return memory;
}

type LineRow = RowOf<typeof visitLog>;

/**
 * A page of a whole book: its positions are read, and of its lines those only that aren't remembered. `make` makes lines
 * of rows, in their order.
 */
export async function rememberedPage(
  db: Kysely<Schema>,
  memory: RememberedLines,
  asked: {
    readonly workspaceId: string;
    readonly reading: string;
    readonly page: PageOptions;
    readonly cut: Cut;
    readonly make: (rows: readonly LineRow[]) => Promise<readonly LogLine[]>;
  },
): Promise<Page<LogLine>> {
  const { workspaceId, reading, page, make } = asked;
  const { version } = memory;
  const positions = pageOf(await positionsOf(db, workspaceId, asked.cut), page);
  const lines = new Map<string, LogLine>();
  const missing: string[] = [];
  for (const { position } of positions.items) {
    const line = memory.find(reading, workspaceId, position);
    if (line) lines.set(position, line);
    else missing.push(position);
  }
  if (missing.length > 0) {
    const found = db.selectFrom('visit_log').selectAll().where('workspace_id', '=', workspaceId);
    const rows = await found.where('position', 'in', missing).execute();
    for (const [at, line] of (await make(rows)).entries()) {
      lines.set(line.position, line);
      memory.keep(reading, line, (rows[at]?.data?.length ?? 0) + (rows[at]?.metadata.length ?? 0), version);
    }
  }
  return {
    ...positions,
    items: positions.items.flatMap(({ position }) => {
      const line = lines.get(position);
      return line ? [line] : [];
    }),
  };
}

/** The statement for each way to cut a page, made once: making it costs more than running it. */
const statements = new WeakMap<Kysely<Schema>, Map<string, CompiledQuery<{ readonly position: string }>>>();

async function positionsOf(
  db: Kysely<Schema>,
  workspaceId: string,
  { limit, direction, from }: Cut,
): Promise<readonly { readonly position: string }[]> {
  let made = statements.get(db);
  if (!made) statements.set(db, (made = new Map()));
  const shape = `${direction} ${from?.operator ?? ''}`;
  let statement = made.get(shape);
  if (!statement) {
    const all = db.selectFrom('visit_log').select('position').where('workspace_id', '=', workspaceId);
    const behind = from ? all.where('position', from.operator, from.position) : all;
    made.set(shape, (statement = behind.orderBy('position', direction).limit(limit).compile()));
  }
  const parameters = from ? [workspaceId, from.position, limit] : [workspaceId, limit];
  return (await db.executeQuery<{ readonly position: string }>({ ...statement, parameters })).rows;
}
