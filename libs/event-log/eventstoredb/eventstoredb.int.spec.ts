import { describe, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventLogContract } from '../contract/contract.ts';
import type { OpenedLog } from '../contract/contract.ts';
import { startStandIn } from '../stand-in/stand-in.ts';
import type { StandInOptions } from '../stand-in/stand-in.ts';
import { bootstrapEventStore } from './bootstrap.ts';
import { openPatientLog } from './testing/patience.ts';

eventLogContract('The log in EventStoreDB, on the stand-in,', () => onStandIn());

eventLogContract('The log in EventStoreDB, over TLS and with the least rights,', () =>
  onStandIn({ admin: { password: 'of the admin', groups: ['$admins'] } }),
);

async function onStandIn(users?: StandInOptions['users']): Promise<OpenedLog> {
  const directory = await mkdtemp(join(tmpdir(), 'gatebook-log-'));
  const standIn = await startStandIn({ directory, synchronous: 'off', users });
  const connectionString = users ? await asService(standIn.connectionString) : standIn.connectionString;
  const open = () => openPatientLog(connectionString);
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
}

/** As the user that the bootstrap makes, with nothing but its rights. */
async function asService(adminConnectionString: string): Promise<string> {
  await bootstrapEventStore({ adminConnectionString, user: { name: 'gatebook', password: 'of the service' } });
  return adminConnectionString.replace(/\/\/.*@/, '//gatebook:of%20the%20service@');
}

/** A real server, 23.10 or later: `EVENTSTOREDB_URL=esdb://... npm run test:contract`. */
const realServer = process.env['EVENTSTOREDB_URL'];

if (realServer === undefined) {
  console.log('The contract on the EventStoreDB at EVENTSTOREDB_URL: not checked.');
  describe('The log in a real EventStoreDB', () => {
    it.todo('keeps the log’s contract: set EVENTSTOREDB_URL to check it');
  });
} else {
  eventLogContract('The log in a real EventStoreDB', async () => {
    const open = () => openPatientLog(realServer);
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
