import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogUnavailable } from '#event-log/port';
import { backUpSqliteLog } from '#event-log/sqlite/backup';
import { LogWasPutBack } from './stores.ts';
import { InProcess, type Inside } from './testing/in-process.ts';

/** The runbook of docs/operate.md, "Backup and restore", step by step. */
describe('Backup and restore of the embedded log', () => {
  let service: InProcess;
  let inside: Inside;
  let backups: string;

  beforeEach(async () => {
    backups = mkdtempSync(join(tmpdir(), 'gatebook-backup-'));
    service = await InProcess.start();
    await service.enable();
    inside = await service.enter();
    await service.view(inside, 'billing');
  });

  afterEach(async () => {
    await service.close();
    rmSync(backups, { recursive: true });
  });

  const log = () => join(service.directory, 'log');
  const types = async () => (await service.facts(`workspace-${service.workspaceId('acme')}`)).map(({ type }) => type);

  /** Steps 2 to 4: the copy takes the log's place, and what hangs on the old one goes. */
  const putBack = () => {
    for (const file of ['log.db', 'log.db-wal', 'log.db-shm', 'index.db', 'index.db-wal', 'index.db-shm']) {
      rmSync(join(log(), file), { force: true });
    }
    cpSync(join(backups, 'copy', 'log.db'), join(log(), 'log.db'));
  };

  it('copies the log while the service writes it, whole, up to a fact', async () => {
    const writing = Promise.all(
      Array.from({ length: 40 }, (_, i) => service.view(inside, 'billing', { record: `INV-${i}` })),
    );
    const { facts, head } = await backUpSqliteLog({ directory: log(), to: join(backups, 'copy') });
    await writing;
    expect(facts).toBeGreaterThan(0);
    expect(Number(head)).toBe(facts);
    await expect(backUpSqliteLog({ directory: log(), to: join(backups, 'copy') })).rejects.toThrow(LogUnavailable);
  });

  it('goes on from a copy that holds everything', async () => {
    const before = await types();
    await backUpSqliteLog({ directory: log(), to: join(backups, 'copy') });
    await service.whileStopped(putBack);
    expect(await types()).toEqual(before);
    expect((await service.view(inside, 'inquiries')).body.decision).toBe(true);
  });

  it('does not start on an older copy by itself: what was told since would be missing without a word', async () => {
    await backUpSqliteLog({ directory: log(), to: join(backups, 'copy') });
    await service.disable();
    await expect(service.whileStopped(putBack)).rejects.toThrow(LogWasPutBack);
    await service.restart({ restoredLog: 'accept' });
    // The off is not in the copy, so the visit goes on: that is what the operator accepted.
    expect((await types()).at(-1)).toBe('PageViewed');
    expect((await service.view(inside, 'inquiries')).body.decision).toBe(true);
    await service.restart({ restoredLog: 'refuse' });
    expect((await service.call('/readyz', { method: 'GET' })).body.status).toBe('ready');
  });
});
