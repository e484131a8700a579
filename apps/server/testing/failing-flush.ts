import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

// Loaded before a service (`node --import`): once the file that FAILING_FLUSH names is there, the log's next commit fails
// with the error of a disk that can't flush. `begins:<file>`: before anything is written; `ended:<file>`: after all of it.

const [when, trigger] = /^(begins|ended):(.+)$/.exec(process.env['FAILING_FLUSH'] ?? '')?.slice(1) ?? [];

/** SQLITE_IOERR_FSYNC (sqlite.org/rescode.html). */
const IOERR_FSYNC = 1034;

const { prepare } = DatabaseSync.prototype;
DatabaseSync.prototype.prepare = function (sql, ...rest) {
  const statement = prepare.call(this, sql, ...rest);
  if (sql !== 'COMMIT' || !this.location()?.endsWith('/log.db')) return statement;
  const run = statement.run.bind(statement);
  statement.run = () => {
    const fails = trigger !== undefined && existsSync(trigger);
    const error = Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: IOERR_FSYNC });
    if (fails && when === 'begins') throw error;
    const changes = run();
    if (fails) throw error;
    return changes;
  };
  return statement;
};
