import { beforeEach, describe, expect, it } from '@jest/globals';
import { ClockGuard } from './clock-guard.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const HOUR = 3_600_000;

describe('The guard of the clock', () => {
  /** What time it is in truth, and how far this instance's clock is off it. */
  let passed: number;
  let off: number;
  let logIsAway: boolean;
  let newestRecordedAt: number | undefined;
  let guard: ClockGuard;

  const guarding = (isShared: boolean) => {
    const clock = { now: () => NOON + passed + off };
    const pause = () => {
      logIsAway = false;
      return Promise.resolve();
    };
    const timer = { elapsed: () => passed, pause, every: () => () => undefined, stopping: false };
    const log = {
      isShared,
      health: async () => ({
        writable: true,
        readable: !logIsAway,
        clockSkewMs: isShared ? -off : 0,
        newestRecordedAt,
      }),
    };
    return new ClockGuard(log, clock, timer);
  };

  beforeEach(() => {
    passed = 0;
    off = 0;
    logIsAway = false;
    newestRecordedAt = undefined;
  });

  describe('on a log that others append to', () => {
    beforeEach(async () => {
      guard = guarding(true);
      await guard.compare();
    });

    it('has nothing to say of a clock that agrees with the log’s within two seconds', async () => {
      for (off of [0, 2000, -2000]) {
        await guard.compare();
        expect(guard.problem()).toBeUndefined();
        expect(guard.now()).toBe(NOON + off);
      }
    });

    it.each([
      ['an hour back', -HOUR, 'The clock here is 3600 s behind the log’s.'],
      ['two hours on', 2 * HOUR, 'The clock here is 7200 s ahead of the log’s.'],
      ['thirty days back', -30 * 24 * HOUR, 'The clock here is 2592000 s behind the log’s.'],
      ['just over two seconds on', 2001, 'The clock here is 2 s ahead of the log’s.'],
    ])('trusts no clock that is %s, and goes by the log’s time for what only takes away', async (_, by, sentence) => {
      off = by;
      await guard.compare();
      expect(guard.problem()).toBe(sentence);
      expect(guard.now()).toBe(NOON);
    });

    it.each([HOUR, -HOUR])('notices a jump of %i ms before the log’s clock was looked at again', (by) => {
      passed = 400;
      expect(guard.problem()).toBeUndefined();
      off = by;
      expect(guard.problem()).toMatch(/^The clock here has jumped by 3600 s/);
      expect(guard.now()).toBe(NOON + 400);
    });

    it('has not begun before the log’s clock was heard: a wrong one from the start is not trusted either', async () => {
      guard = guarding(true);
      logIsAway = true;
      off = 2 * HOUR;
      await guard.start();
      expect(guard.problem()).toBe('The clock here is 7200 s ahead of the log’s.');
      expect(guard.now()).toBe(NOON);
    });

    it('holds small steps together to the two seconds', async () => {
      off = -1500;
      await guard.compare();
      off = -2500;
      expect(guard.problem()).toMatch(/^The clock here has jumped/);
      expect(guard.now()).toBe(NOON);
    });

    it('goes by the passing of time where a wrong clock jumps again', async () => {
      off = HOUR;
      await guard.compare();
      passed = 300;
      off = 0;
      expect(guard.now()).toBe(NOON + 300);
      off = -HOUR;
      expect(guard.now()).toBe(NOON + 300);
    });

    it('trusts the clock again once it agrees with the log’s, whatever it said before', async () => {
      off = 2 * HOUR;
      await guard.compare();
      off = 0;
      passed = 1000;
      await guard.compare();
      expect(guard.problem()).toBeUndefined();
      expect(guard.now()).toBe(NOON + 1000);
    });

    it('stays with what it knows while the log is away', async () => {
      off = -HOUR;
      await guard.compare();
      logIsAway = true;
      off = 0;
      await guard.compare();
      expect(guard.problem()).toBeDefined();
    });
  });

  describe('on a log that is this process’s own', () => {
    beforeEach(async () => {
      guard = guarding(false);
      await guard.compare();
    });

    it.each([HOUR, 30 * 24 * HOUR])(
      'grants nothing while the clock is %i ms behind what it said before',
      async (by) => {
        off = -by;
        expect(guard.problem()).toMatch(/^The clock here went back by/);
        await guard.compare();
        expect(guard.problem()).toBeDefined();
        passed = by - 5000;
        expect(guard.problem()).toBeUndefined();
      },
    );

    it('takes a clock that went on for right: there is no other to tell, and it only ends what would have ended', async () => {
      off = 2 * HOUR;
      await guard.compare();
      expect(guard.problem()).toBeUndefined();
    });

    it('holds the clock to the newest fact of the log', async () => {
      newestRecordedAt = NOON + HOUR;
      await guard.compare();
      expect(guard.problem()).toMatch(/went back by 3600 s/);
    });
  });
});
