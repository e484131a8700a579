import { beforeEach, describe, expect, it } from '@jest/globals';
import { Patience, PATIENCE_MS } from './patience.ts';

describe('Patience', () => {
  let elapsed: number;
  let pauses: { until: number; wake: () => void }[];
  let over: string[];
  let patience: Patience;

  const watch = (what: object, name: string) => patience.watch(what, () => over.push(name));
  const pass = async (ms: number) => {
    for (const end = elapsed + ms; elapsed < end;) {
      elapsed += 100;
      const due = pauses.filter(({ until }) => until <= elapsed);
      pauses = pauses.filter(({ until }) => until > elapsed);
      for (const { wake } of due) wake();
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  };

  beforeEach(() => {
    elapsed = 0;
    pauses = [];
    over = [];
    patience = new Patience({
      elapsed: () => elapsed,
      pause: (ms) => new Promise((wake) => pauses.push({ until: elapsed + ms, wake })),
    });
  });

  it('says of each, in its time, that it takes too long, with one timer for all', async () => {
    watch({}, 'first');
    await pass(1000);
    watch({}, 'second');
    watch({}, 'third');
    expect(pauses).toHaveLength(1);
    await pass(PATIENCE_MS - 1100);
    expect(over).toEqual([]);
    await pass(100);
    expect(over).toEqual(['first']);
    await pass(900);
    expect(over).toEqual(['first']);
    await pass(100);
    expect(over).toEqual(['first', 'second', 'third']);
    expect(pauses).toEqual([]);
  });

  it('says nothing of what was done in time, and then has no timer', async () => {
    const [one, other] = [{}, {}];
    watch(one, 'one');
    watch(other, 'other');
    patience.done(one);
    patience.done(other);
    await pass(PATIENCE_MS);
    expect([over, pauses]).toEqual([[], []]);

    watch(one, 'again');
    await pass(PATIENCE_MS);
    expect(over).toEqual(['again']);
  });
});
