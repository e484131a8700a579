import { beforeEach, describe, expect, it } from '@jest/globals';
import { tellFilling } from './filling.ts';

describe('What the operator hears while tables are made anew at the start', () => {
  let now: number;
  let lines: unknown[];
  const logger = { info: (fields: object, message: string) => lines.push({ ...fields, message }) };
  const clock = { now: () => now };
  const counted = {
    head: () => Promise.resolve('0000000000000900'),
    beside: { place: {} as never, countBetween: () => 900, behind: () => '' },
  };

  beforeEach(() => {
    now = 0;
    lines = [];
  });

  const hear = async (log: Parameters<typeof tellFilling>[1]['log'], heard: readonly (readonly [number, number])[]) => {
    const tell = tellFilling(logger as never, { clock, log });
    for (const [at, facts] of heard) {
      now = at;
      tell(facts);
      await Promise.resolve().then(() => undefined);
    }
    await new Promise((resolve) => setImmediate(resolve));
  };

  it('is a line every five seconds, with how many facts there are', async () => {
    await hear(counted, [
      [1000, 100],
      [5999, 200],
      [6000, 300],
      [7000, 400],
      [11_000, 500],
    ]);
    expect(lines).toEqual([
      { facts: 300, of: 900, message: 'tables are being made anew' },
      { facts: 500, of: 900, message: 'tables are being made anew' },
    ]);
  });

  it('is nothing where it takes no five seconds', async () => {
    await hear(counted, [
      [1000, 100],
      [5000, 900],
    ]);
    expect(lines).toEqual([]);
  });

  it('counts five seconds anew where they are made anew once more, much later', async () => {
    await hear(counted, [
      [0, 100],
      [1000, 900],
      [3_600_000, 100],
      [3_604_999, 300],
      [3_605_000, 400],
    ]);
    expect(lines).toEqual([{ facts: 400, of: 900, message: 'tables are being made anew' }]);
  });

  it.each<[string, Parameters<typeof tellFilling>[1]['log']]>([
    ['can’t count them', { head: counted.head }],
    ['doesn’t answer', { ...counted, head: () => Promise.reject(new Error('away')) }],
  ])('has no number of all facts where the log %s', async (_, log) => {
    await hear(log, [
      [0, 1],
      [5000, 100],
    ]);
    expect(lines).toEqual([{ facts: 100, message: 'tables are being made anew' }]);
  });
});
