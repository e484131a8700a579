import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventLogContract } from '../contract/contract.ts';
import { openSqliteLog } from './log.ts';

eventLogContract('The SQLite log', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'gatebook-log-'));
  let log = openSqliteLog({ directory });
  return {
    log,
    reopen: async () => {
      await log.close();
      return (log = openSqliteLog({ directory }));
    },
    close: async () => {
      await log.close();
      await rm(directory, { recursive: true });
    },
  };
});
