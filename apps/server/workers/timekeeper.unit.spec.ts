import { describe, expect, it } from '@jest/globals';
import type { WorkspaceId } from '@gatebook/protocol';
import { Timekeeper } from './timekeeper.ts';

const [first, second] = ['ws_1', 'ws_2'] as WorkspaceId[];
const clock = { now: () => 1000 };

function watched(settle: (workspaceId: WorkspaceId) => Promise<unknown> = () => Promise.resolve()) {
  const settled: WorkspaceId[] = [];
  const errors: unknown[] = [];
  const timekeeper = new Timekeeper({
    clock,
    dueBy: (now) => Promise.resolve(now === 1000 ? [first!, second!] : []),
    settle: (workspaceId) => {
      settled.push(workspaceId);
      return settle(workspaceId);
    },
    onError: (error) => errors.push(error),
  });
  return { timekeeper, settled, errors };
}

describe('The timekeeper', () => {
  it('has every workspace settled in which something is due', async () => {
    const { timekeeper, settled } = watched();
    await timekeeper.look();
    expect(settled).toEqual([first, second]);
  });

  it('begins no further workspace once it is stopped', async () => {
    const { timekeeper, settled } = watched(() => timekeeper.stop());
    await timekeeper.look();
    expect(settled).toEqual([first]);
  });

  it('tells of a look that failed, and looks again', async () => {
    const fault = new Error('The tables are away.');
    let fails = true;
    const { timekeeper, settled, errors } = watched(() => (fails ? Promise.reject(fault) : Promise.resolve()));
    await timekeeper.look();
    fails = false;
    await timekeeper.look();
    expect(errors).toEqual([fault]);
    expect(settled).toEqual([first, first, second]);
  });
});
