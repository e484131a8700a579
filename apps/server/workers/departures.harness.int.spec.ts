import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { openSqliteLogReader } from '#event-log/sqlite/reader';
import { Asking } from '#server/testing/asking';
import { InProcess } from '#server/testing/in-process';
import { until } from '#server/testing/until';

/** The service over real HTTP, its clock running, its timekeeper off: how soon what is told is in the book. */
describe('A staff member whom the identity provider disables, within a second as the log says', () => {
  let service: InProcess;

  beforeEach(async () => {
    service = await InProcess.start();
    service.runClock();
    await service.enable();
  });
  afterEach(() => service.close());

  /** When a stream's first fact of a type was recorded; waits for it. */
  const recordedAt = async (stream: string, type: string): Promise<number> => {
    const log = openSqliteLogReader({ directory: join(service.directory, 'log') });
    try {
      return await until(async () => {
        for await (const fact of log.readStream(stream)) if (fact.type === type) return fact.recordedAt;
        return undefined;
      });
    } finally {
      await log.close();
    }
  };
  /** How long after `subject` was disabled a fact of this type was recorded in the workspace's book, milliseconds. */
  const took = async (subject: string, type: string): Promise<number> => {
    await service.signals({ type: 'staff.disabled', issuer: service.issuers.staff.issuer, subject });
    const ended = await recordedAt(`workspace-${service.workspaceId('acme')}`, type);
    return ended - (await recordedAt(`staff-${service.staffId(subject)}`, 'StaffDisabled'));
  };

  it('is out of every visit (T9; policy.md, 5)', async () => {
    await service.enter();
    const ms = await took('sam', 'SessionEnded');
    expect(ms).toBeGreaterThanOrEqual(0);
    expect(ms).toBeLessThan(1000);
  });

  it('takes along what they approved for the vendor and nobody has used (T9; policy.md, 5 and 8)', async () => {
    const asking = new Asking(service);
    const request = await asking.ask('sam', {
      kind: 'WRITE',
      reason: 'Customer 12 asked for the deletion of all their data',
      action: { name: 'customer.delete', target: '12' },
    });
    await asking.approve({ staff: 'priya' }, await asking.approve({ member: 'maria' }, request));
    expect(await took('priya', 'GrantLapsed')).toBeLessThan(1000);
  });
});
