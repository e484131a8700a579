import { describe, expect, it } from '@jest/globals';
import type { EventLog } from '#event-log/port';
import { LANES, lanesOf, ONE_BY_ONE } from './lanes.ts';

const TINY = { rounds: 1, warmSeconds: 0.02, seconds: 0.2, leastViews: 100, workspaces: [2], viewers: 3 };

/** Appends arrive in another order than they were sent in, as on a server that takes in several at a time. */
function outOfOrder(log: EventLog): EventLog {
  let sent = 0;
  return {
    isShared: log.isShared,
    async append(stream, expected, facts) {
      if (sent++ % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
      return log.append(stream, expected, facts);
    },
    readStream: (...asked) => log.readStream(...asked),
    readAll: (...asked) => log.readAll(...asked),
    follow: (...asked) => log.follow(...asked),
    head: () => log.head(),
    health: () => log.health(),
    close: () => log.close(),
  };
}

describe('the bench "lanes"', () => {
  it('runs on the stand-in, says that this is no bar, and finds every view in the log', async () => {
    const told: string[] = [];
    const found = await lanesOf(TINY, '').run({ rounds: undefined, short: true, tell: (line) => told.push(line) });
    expect(told[0]).toBe('on the stand-in: not a bar (EVENTSTOREDB_URL names no server)');
    expect(told).toHaveLength(3);
    const at = '2 workspaces, 3 viewers each';
    expect(found.ratios.map(({ what }) => what)).toEqual([
      `views per second, lanes over one append a view, ${at} (on the stand-in: not a bar)`,
    ]);
    expect(found.bars.map(({ what, value, pass }) => [what, value, pass])).toEqual([
      [`lanes, ${at}: views refused or put off`, 0, true],
      [`lanes, ${at}: appends refused by the log`, 0, true],
      [`lanes, ${at}: facts in the log beyond those acknowledged`, 0, true],
      [`one append a view, ${at}: facts in the log beyond those acknowledged`, 0, true],
    ]);
    const measured = (subject: string, measure: string) =>
      found.figures.find((it) => it.subject === subject && it.measure === measure)?.median ?? NaN;
    for (const subject of [LANES, ONE_BY_ONE])
      for (const measure of ['views per second', 'p50, ms', 'p99, ms'])
        expect([subject, measure, measured(subject, measure) > 0]).toEqual([subject, measure, true]);
    expect(measured(LANES, 'views an append')).toBeGreaterThan(1);
    expect(measured(ONE_BY_ONE, 'views an append')).toBeLessThanOrEqual(1.1);
  });

  it('has one append a view refused where appends overtake each other, never lanes, and every view once', async () => {
    const found = await lanesOf(TINY, '', outOfOrder).run({ rounds: undefined, short: true, tell: () => undefined });
    const refused = (subject: string) =>
      found.figures.find((it) => it.subject === subject && it.measure.startsWith('appends refused'))?.median;
    expect(refused(ONE_BY_ONE)).toBeGreaterThan(0);
    expect(refused(LANES)).toBe(0);
    expect(found.bars.filter(({ pass }) => !pass)).toEqual([]);
  });

  it('measures for as long as it takes until there are views, on a machine that stands still', async () => {
    const still = (log: EventLog): EventLog => ({
      ...outOfOrder(log),
      async append(stream, expected, facts) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return log.append(stream, expected, facts);
      },
    });
    const short = { ...TINY, warmSeconds: 0, seconds: 0.001, leastViews: 10 };
    const found = await lanesOf(short, '', still).run({ rounds: undefined, short: true, tell: () => undefined });
    const speeds = found.figures.filter(({ measure }) => measure === 'views per second');
    expect(speeds.map(({ subject, median }) => [subject, median > 0])).toEqual([
      [LANES, true],
      [ONE_BY_ONE, true],
    ]);
  });
});
