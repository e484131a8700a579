import { CompiledQuery } from 'kysely';
import type { Tables } from '../index.ts';
import { headsOf } from '../runner/control.ts';
import { applyInBulk } from '../runner/postgres-changes.ts';
import { Statements } from '../runner/statements.ts';
import type { Change } from '../runner/table.ts';

/** How a runner may be wrong, for a harness to find it. */
export type Fault = 'rows before the checkpoint' | 'the checkpoint before rows';

/** The commit in whose middle the process ends. */
const LAST_COMMIT = 4;

/**
 * Tables whose commits are two transactions, one for the rows and one for the checkpoint. The process kills itself
 * between the two of one commit, as an unlucky one would be.
 */
export function faulty(tables: Tables, fault: Fault, schemaOf: () => string): Tables {
  let commits = 0;
  const dieInTime = () => {
    if (++commits === LAST_COMMIT) process.kill(process.pid, 'SIGKILL');
  };
  const write = (changes: readonly Change[]) =>
    tables.writer.transaction().execute(async (transaction) => {
      if (tables.isShared) return applyInBulk(transaction, schemaOf(), changes);
      for (const { sql, parameters } of new Statements(transaction).all(changes)) {
        await transaction.executeQuery(CompiledQuery.raw(sql, parameters));
      }
    });
  const nothing = () => Promise.resolve([]);
  const commit = async (...[step, fold]: Parameters<Tables['commit']>) => {
    const stands = { generation: 0, headsOf: (streams: readonly string[]) => headsOf(tables.writer, streams) };
    if (step.to === step.from) return tables.commit(step, nothing);
    const changes = await fold(stands);
    if (fault === 'the checkpoint before rows') await tables.commit(step, nothing);
    else await write(changes);
    if (changes.length > 0) dieInTime();
    if (fault === 'the checkpoint before rows') await write(changes);
    else await tables.commit(step, nothing);
  };
  return new Proxy(tables, {
    get(right, name) {
      if (name === 'commit') return commit;
      const value: unknown = Reflect.get(right, name, right);
      return typeof value === 'function' ? (value.bind(right) as unknown) : value;
    },
  });
}
