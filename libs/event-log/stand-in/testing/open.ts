import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import type { JSONEventData } from '@eventstore/db-client';

import { startStandIn } from '../stand-in.ts';
import type { StandIn, StandInOptions } from '../stand-in.ts';

export interface Opened {
  readonly directory: string;
  standIn: StandIn;
  client: EventStoreDBClient;
  /** Another client of the same server; closed with the rest. */
  another(connectionString?: string): EventStoreDBClient;
  /** The same directory and port, a new server. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function open(options: Partial<StandInOptions> = {}): Promise<Opened> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'stand-in-'));
  const start = (port?: number) => startStandIn({ synchronous: 'off', ...options, directory, port });
  const clients: EventStoreDBClient[] = [];
  const clientOf = (connectionString: string) => {
    const client = EventStoreDBClient.connectionString(connectionString);
    clients.push(client);
    return client;
  };
  const closeClients = () => Promise.all(clients.splice(0).map((client) => client.dispose()));
  const standIn = await start();
  const opened: Opened = {
    directory,
    standIn,
    client: clientOf(standIn.connectionString),
    another: (connectionString = opened.standIn.connectionString) => clientOf(connectionString),
    async restart() {
      await closeClients();
      await opened.standIn.stop();
      opened.standIn = await start(opened.standIn.port);
      opened.client = clientOf(opened.standIn.connectionString);
      await served(opened.client);
    },
    async close() {
      opened.standIn.faults.delayAnswers(0);
      opened.standIn.faults.thaw();
      await closeClients();
      await opened.standIn.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return opened;
}

/** Resolves once the client is served: connections are shared by all clients of a process, and may be broken ones. */
export async function served(client: EventStoreDBClient): Promise<void> {
  for (;;) {
    try {
      await collected(client.readAll({ maxCount: 1 }));
      return;
    } catch (error) {
      if (!['unavailable', 'cancelled'].includes((error as { type?: string }).type ?? '')) throw error;
    }
  }
}

/** So many events, numbered in their data. */
export const numbered = (count: number, from = 0, type = 'Numbered'): JSONEventData[] =>
  Array.from({ length: count }, (_, i) => jsonEvent({ type, data: { number: from + i } }));

interface Numbered {
  readonly event?: { readonly data: unknown };
}

/** The numbers of such events. */
export async function numbers(read: AsyncIterable<Numbered>): Promise<number[]> {
  return (await collected(read)).map(({ event }) => (event?.data as { number: number }).number);
}

export async function collected<Item>(read: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of read) items.push(item);
  return items;
}

/** What the promise was rejected with, so that all of it can be looked at. */
export async function rejection(promise: Promise<unknown>): Promise<{ readonly [key: string]: unknown }> {
  try {
    await promise;
  } catch (error) {
    return error as { [key: string]: unknown };
  }
  throw new Error('It was not rejected.');
}
