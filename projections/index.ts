/** What the server and the command use of the projections: run them, wait for them, ask them. */
export * from './active-sessions/queries.ts';
export * from './counts.ts';
export * from './deadlines/queries.ts';
export * from './denials/queries.ts';
export * from './people/queries.ts';
export * from './requests/queries.ts';
export * from './staff-access/queries.ts';
export * from './visit-log/queries.ts';
export * from './visit-log/reviewed.ts';
export * from './workspaces/queries.ts';
export type { Page, PageOptions } from './runner/paging.ts';
export { compareTables, type Comparison, type TableComparison } from './runner/compare.ts';
export { AnotherRunner } from './runner/control.ts';
export { rebuild, type Rebuilt, type RebuildOptions } from './runner/rebuild.ts';
export { startRunner, type Lag, type Runner, type RunnerOptions, type RunnerState } from './runner/runner.ts';
export { openTables, type SqliteTables, type TablesOptions } from './runner/sqlite-tables.ts';
export { TablesAway, TablesNotReady, type Tables, type TablesReader } from './runner/tables.ts';
export { openPostgresTables, type PostgresTables, type PostgresTablesOptions } from './runner/postgres-tables.ts';
