import { describe, expect, it } from '@jest/globals';
import type { Glanced } from './glance.ts';
import type { DeskTimer } from './surroundings.ts';
import { Turns } from './turns.ts';

/** The turns of an event loop, one by one. */
class Loop implements Pick<DeskTimer, 'soon'> {
  #soon: (() => void)[] = [];

  soon(run: () => void): void {
    this.#soon.push(run);
  }

  /** Goes on until nothing is left to run; how many turns that took. */
  run(each: (turn: number) => void = () => undefined): number {
    let turns = 0;
    for (; this.#soon.length > 0; turns++) {
      each(turns);
      const due = this.#soon;
      this.#soon = [];
      for (const one of due) one();
    }
    return turns;
  }
}

describe('The end of a turn', () => {
  const began = () => {
    const [loop, did] = [new Loop(), [] as string[]];
    const lane = (name: string) => ({
      pump: () => void did.push(`pump ${name}`),
      kind: {},
      known: { state: name, revision: 0, packed: '' },
      next: undefined,
    });
    const glance = (lanes: readonly Glanced[]) =>
      did.push(`glance ${lanes.map(({ known }) => known.state as string).join(' ')}`);
    const turns = new Turns(loop as unknown as DeskTimer, glance);
    return { loop, did, turns, lane };
  };

  it('glances at all lanes with work, and then pumps each once, in the order in which they came', () => {
    const { loop, did, turns, lane } = began();
    const [a, b] = [lane('a'), lane('b')];
    for (const each of [a, b, a]) turns.schedule(each);
    expect(loop.run()).toBe(2);
    expect(did).toStrictEqual(['glance a b', 'pump a', 'pump b']);
  });

  it('pumps one lane alone at once', () => {
    const { loop, did, turns, lane } = began();
    turns.schedule(lane('a'));
    loop.run();
    expect(did).toStrictEqual(['pump a']);
  });

  it('pumps every lane, even where a glance ahead throws', () => {
    const { loop, did, lane } = began();
    const turns = new Turns(loop as unknown as DeskTimer, () => {
      throw new Error('not to be read');
    });
    for (const each of [lane('a'), lane('b')]) turns.schedule(each);
    loop.run();
    expect(did).toStrictEqual(['pump a', 'pump b']);
  });

  it('pumps again in its own turn what has work again while it is pumped', () => {
    const { loop, did, turns, lane } = began();
    const [a, b] = [lane('a'), lane('b')];
    const again = { ...a, pump: () => (a.pump(), turns.schedule(b)) };
    for (const each of [again, b]) turns.schedule(each);
    loop.run();
    expect(did).toStrictEqual(['glance a b', 'pump a', 'pump b', 'pump b']);
  });

  it('waits while each turn brings another lane, eight turns at most', () => {
    const { loop, did, turns, lane } = began();
    turns.schedule(lane('0'));
    const pumpedBefore: number[] = [];
    loop.run((turn) => {
      if (did.length === 0) pumpedBefore.push(turn);
      if (turn > 0 && did.length === 0) turns.schedule(lane(String(turn)));
    });
    expect(pumpedBefore).toStrictEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(did.filter((what) => what.startsWith('pump'))).toStrictEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8].map((number) => `pump ${number}`),
    );
  });
});
