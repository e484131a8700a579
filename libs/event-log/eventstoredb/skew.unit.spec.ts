import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { Skew } from './skew.ts';

const START = Date.parse('2026-11-21T09:00:00Z');

describe("The server's clock against ours", () => {
  let skew: Skew;
  /** What our clock shows is wrong by so much. */
  let wrong: number;
  /** The server's clock is ahead by so much. */
  let ahead: number;

  beforeEach(() => {
    jest.useFakeTimers({ now: START });
    wrong = 0;
    ahead = 0;
    skew = new Skew(() => Date.now() + wrong);
  });
  afterEach(() => void jest.useRealTimers());

  /** A fact is recorded half way between two moments. */
  const sight = (ms: number, later = 0.5) => {
    const after = performance.now();
    const recordedAt = Date.now() + ms * later + ahead;
    jest.advanceTimersByTime(ms);
    skew.recorded(recordedAt, after, performance.now());
  };

  it('is level as long as nothing tells', () => expect(skew.ms).toBe(0));

  it('is ahead by as much as a fact lies ahead, before anything was appended', () => {
    skew.seen(START + 7000);
    expect(skew.ms).toBe(7000);
    skew.seen(START - 90_000);
    expect(skew.ms).toBe(7000);
  });

  it('is found from a fact recorded between two moments', () => {
    ahead = -3500;
    sight(20);
    expect(skew.ms).toBe(-3500);
  });

  it('keeps to the sharper sighting while both may be right', () => {
    sight(4);
    sight(400, 0.9);
    expect(skew.ms).toBe(0);
  });

  it('follows a jump of the server’s clock, though the sighting is blunter', () => {
    sight(4);
    ahead = 5000;
    sight(400);
    expect(skew.ms).toBe(5000);
  });

  it('is told from what is heard while we append nothing, and lateness does not count', () => {
    const hear = (late: number) => skew.heard(Date.now() + ahead - late, performance.now());
    ahead = 4000;
    hear(500);
    expect(skew.ms).toBe(4000);
    hear(8000);
    expect(skew.ms).toBe(4000);
    jest.advanceTimersByTime(61_000);
    hear(1500);
    expect(skew.ms).toBe(3000);
    hear(500);
    expect(skew.ms).toBe(4000);
  });

  it('is not told from what is heard late when an append of our own has told it', () => {
    const hear = (late: number) => skew.heard(Date.now() + ahead - late, performance.now());
    sight(4);
    hear(9000);
    hear(0);
    expect(skew.ms).toBe(0);
    ahead = 6000;
    hear(0);
    expect(skew.ms).toBe(6500);
  });

  it('shows a jump of our own clock at once, without a new sighting', () => {
    sight(4);
    wrong = -3_600_000;
    expect(skew.ms).toBe(3_600_000);
    wrong = 7_200_000;
    expect(skew.ms).toBe(-7_200_000);
  });
});
