/**
 * One instance's runner in a process of its own, for harnesses that kill it: its options as JSON in the first argument.
 * It begins when its parent says so, and says what it is doing whenever that changes.
 */
import { openSqliteLogReader } from '#event-log/sqlite/reader';
import { openPostgresTables, openTables, startRunner } from '../index.ts';
import { faulty, type Fault } from './faulty-tables.ts';
import { envelope } from './story.ts';

export interface RunnerProcessOptions {
  readonly logDirectory: string;
  readonly tables: { readonly directory: string } | { readonly url: string; readonly schema: string };
  readonly owner: string;
  readonly leaseMs: number;
  readonly fault?: Fault;
}

const {
  logDirectory,
  tables: where,
  owner,
  leaseMs,
  fault,
} = JSON.parse(process.argv[2] ?? '') as RunnerProcessOptions;

process.once('message', () => void run());
process.on('disconnect', () => process.exit());

async function run(): Promise<void> {
  const onError = (error: unknown) => process.send?.({ error: String(error) });
  const tables =
    'url' in where
      ? await openPostgresTables({ ...where, poolSize: 1, onError })
      : await openTables({ directory: where.directory });
  const log = openSqliteLogReader({ directory: logDirectory });
  const schemaOf = () => ('generationSchema' in tables ? tables.generationSchema : '');
  const runner = startRunner({
    log,
    tables: fault ? faulty(tables, fault, schemaOf) : tables,
    envelope,
    owner,
    leaseMs,
    // Its parent ends one before it starts the next.
    alone: !tables.isShared,
    onError,
  });
  let said = '';
  setInterval(() => {
    if (runner.state === said) return;
    said = runner.state;
    process.send?.({ state: said });
  }, 2);
}
