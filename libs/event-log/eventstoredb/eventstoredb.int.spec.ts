import { describe, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventLogContract } from '../contract/contract.ts';
import { startStandIn } from '../stand-in/stand-in.ts';
import { openEventStoreLog } from './log.ts';

eventLogContract('The log in EventStoreDB, on the stand-in,', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'gatebook-log-'));
  const standIn = await startStandIn({ directory, synchronous: 'off' });
  const open = () => openEventStoreLog({ connectionString: standIn.connectionString });
  let log = await open();
  return {
    log,
    another: open,
    reopen: async () => {
      await log.close();
      return (log = await open());
    },
    close: async () => {
      await log.close();
      await standIn.stop();
      await rm(directory, { recursive: true });
    },
  };
});

/** A real server, 23.10 or later: `EVENTSTOREDB_URL=esdb://... npm run test:contract`. */
const realServer = process.env['EVENTSTOREDB_URL'];

if (realServer === undefined) {
  console.log('The contract on the EventStoreDB at EVENTSTOREDB_URL: not checked.');
  describe('The log in a real EventStoreDB', () => {
    it.todo('keeps the log’s contract: set EVENTSTOREDB_URL to check it');
  });
} else {
  eventLogContract('The log in a real EventStoreDB', async () => {
    const open = () => openEventStoreLog({ connectionString: realServer });
    let log = await open();
    return {
      log,
      another: open,
      reopen: async () => {
        await log.close();
        return (log = await open());
      },
      close: () => log.close(),
    };
  });
}
