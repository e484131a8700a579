import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { openEventStoreLog } from '#event-log/eventstoredb/log';
import { checkMigration, migrateLog } from '#event-log/migrate/migrate';
import { openSqliteLogReader } from '#event-log/sqlite/reader';
import { startStandIn, type StandIn } from '#event-log/stand-in/stand-in';
import { ConfigInvalid, readConfig } from './config/config.ts';
import { openLog } from './stores.ts';
import { InProcess, START, type Inside } from './testing/in-process.ts';

/** The runbook of docs/operate.md, "Moving there from the embedded log". */
describe('A log that moves from the embedded one to EventStoreDB', () => {
  let service: InProcess;
  let inside: Inside;
  let directory: string;
  let standIn: StandIn;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-moved-'));
    standIn = await startStandIn({ directory, synchronous: 'off', now: () => service.now });
    service = await InProcess.start();
    await service.enable();
    inside = await service.enter();
    await service.view(inside, 'billing');
  });

  afterEach(async () => {
    await service.close();
    await standIn.stop();
    rmSync(directory, { recursive: true });
  });

  const QUERY = `query ($id: ID!, $min: String) {
    visitLog(workspaceId: $id, first: 50, minPosition: $min) { nodes { id number kind summary occurredAt } }
  }`;
  const lines = async (minPosition?: string) => {
    const variables = { id: service.workspaceId('acme'), min: minPosition };
    const { body } = await service.graphql(await service.memberToken('maria'), QUERY, variables);
    return body.data.visitLog.nodes as { id: string; number: number; kind: string; summary: string }[];
  };

  it('is told on there, line for line, by tables that are made anew', async () => {
    const { position } = (await service.view(inside, 'inquiries')).body.context;
    const before = await lines(position);
    const { connectionString } = standIn;
    await service.whileStopped(
      async () => {
        const from = openSqliteLogReader({ directory: join(service.directory, 'log') });
        const to = await openEventStoreLog({ connectionString, now: () => service.now });
        await migrateLog({ from, to });
        expect(await checkMigration({ from, to })).toEqual({ facts: expect.any(Number) });
        await from.close();
        await to.close();
      },
      { logUrl: connectionString },
    );
    expect(await lines()).toEqual(before);
    const { decision, context } = (await service.view(inside, 'billing', { record: 'INV-88' })).body;
    expect(decision).toBe(true);
    // The visit moves to another area, and that is a line too.
    expect((await lines(context.position))[0]).toMatchObject({ number: before[0]!.number + 2, kind: 'PageViewed' });
    expect(await service.disable()).toMatchObject({ status: 200 });
    expect((await service.view(inside, 'billing')).body.decision).toBe(false);
  });

  it('is refused in production where anybody could change it, with each reason', async () => {
    const config = { ...readConfig({}), production: true, logUrl: standIn.connectionString };
    const surroundings = { clock: { now: () => START }, logger: pino({ level: 'silent' }), onFatal: () => undefined };
    const refused = await openLog(config, surroundings).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConfigInvalid);
    expect((refused as ConfigInvalid).problems.every((problem) => problem.startsWith('EventStoreDB: '))).toBe(true);
    expect((refused as ConfigInvalid).problems.length).toBeGreaterThan(0);
  });
});
