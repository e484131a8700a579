import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { SQLInputValue } from 'node:sqlite';
import { Kysely, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';

/** Another connection of this process may hold the file for a moment. */
const BUSY_MS = 2000;

const MOST_KEPT = 500;

/** A file of tables, once as Kysely sees it and once as SQLite's own connection; both are the same connection. */
export interface SqliteFile<Schema> {
  readonly kysely: Kysely<Schema>;
  readonly database: DatabaseSync;
}

export function openSqliteFile<Schema>(file: string, { readOnly = false } = {}): SqliteFile<Schema> {
  const database = new DatabaseSync(file, { readOnly, timeout: BUSY_MS });
  return {
    database,
    kysely: new Kysely<Schema>({ dialect: new SqliteDialect({ database: asKyselyWants(database) }) }),
  };
}

/** What Kysely's SQLite dialect asks of a driver, over `node:sqlite`. Statements are kept: preparing costs as much as running. */
function asKyselyWants(database: DatabaseSync): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      let statement = kept.get(sql);
      if (statement) return statement;
      // Lists of ids give a text for each length: more of them than these are not worth keeping.
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(sql, (statement = statementOf(database.prepare(sql))));
      return statement;
    },
    close: () => database.close(),
  };
}

function statementOf(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  };
}
