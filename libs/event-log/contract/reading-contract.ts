import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { EventLog, Followed, NewFact, RecordedFact } from '../port.ts';
import { all, ids, newFact, newFacts } from './specimens.ts';

/** The contract's part about reading and following; `current` gives the running test's log and names. */
export function readingContract(current: () => { log: EventLog; prefix: string; stream: string }): void {
  let log: EventLog;
  let prefix: string;
  let stream: string;

  beforeEach(() => {
    ({ log, prefix, stream } = current());
  });

  describe('reading a stream', () => {
    let facts: NewFact[];

    beforeEach(async () => {
      facts = newFacts(700);
      await log.append(stream, 'none', facts.slice(0, 1));
      await log.append(`${prefix}b`, 'none', [newFact()]);
      await log.append(stream, 0, facts.slice(1));
    });

    it("reads nothing from a stream that doesn't exist", async () => {
      expect(await all(log.readStream(`${prefix}missing`))).toEqual([]);
      expect(await all(log.readStream(`${prefix}missing`, { direction: 'backwards' }))).toEqual([]);
    });

    it.each<[string, Parameters<EventLog['readStream']>[1], () => NewFact[]]>([
      ['forwards', {}, () => facts],
      ['forwards from a revision, inclusive', { from: 690 }, () => facts.slice(690)],
      ['forwards with a limit', { limit: 300 }, () => facts.slice(0, 300)],
      ['forwards from a revision with a limit', { from: 5, limit: 2 }, () => facts.slice(5, 7)],
      ['forwards with a limit beyond the end', { from: 698, limit: 10 }, () => facts.slice(698)],
      ['nothing from behind the end', { from: 700 }, () => []],
      ['nothing with a limit of 0', { limit: 0 }, () => []],
      ['backwards', { direction: 'backwards' }, () => facts.toReversed()],
      [
        'backwards from a revision, inclusive',
        { direction: 'backwards', from: 3 },
        () => facts.slice(0, 4).toReversed(),
      ],
      ['backwards with a limit', { direction: 'backwards', limit: 1 }, () => facts.slice(699)],
      [
        'backwards from a revision with a limit',
        { direction: 'backwards', from: 600, limit: 400 },
        () => facts.slice(201, 601).toReversed(),
      ],
      ['backwards from behind the end', { direction: 'backwards', from: 9999, limit: 1 }, () => facts.slice(699)],
    ])('reads %s', async (_, options, expected) => {
      expect(ids(await all(log.readStream(stream, options)))).toEqual(ids(expected()));
    });

    it('may be left before its end', async () => {
      for await (const fact of log.readStream(stream)) {
        expect(fact.id).toBe(facts[0]!.id);
        break;
      }
      expect((await log.append(stream, 699, [newFact()])).revision).toBe(700);
    });
  });

  describe('reading all', () => {
    it('gives the order of the appends, by rising positions, over all streams', async () => {
      const start = await log.head();
      const order: string[] = [];
      for (const ending of ['b', 'a', 'c', 'a', 'b', 'a']) {
        const facts = [newFact(), newFact()];
        await log.append(prefix + ending, 'any', facts);
        order.push(...ids(facts));
      }
      const stored = await all(log.readAll({ after: start, streamPrefixes: [prefix] }));
      expect(ids(stored)).toEqual(order);
      const positions = stored.map(({ position }) => position);
      expect(positions).toEqual(positions.toSorted());
      expect(new Set(positions).size).toBe(positions.length);
      expect(new Set(positions.map(({ length }) => length)).size).toBe(1);
      expect(ids(await all(log.readAll({ streamPrefixes: [prefix] })))).toEqual(order);
    });

    it('begins behind a position and ends at a limit', async () => {
      const facts = newFacts(600);
      await log.append(stream, 'none', facts);
      const stored = await all(log.readAll({ streamPrefixes: [prefix] }));
      const after = stored[99]!.position;
      expect(ids(await all(log.readAll({ after, streamPrefixes: [prefix] })))).toEqual(ids(facts.slice(100)));
      expect(ids(await all(log.readAll({ after, streamPrefixes: [prefix], limit: 3 })))).toEqual(
        ids(facts.slice(100, 103)),
      );
      expect(await all(log.readAll({ after: stored.at(-1)!.position, streamPrefixes: [prefix] }))).toEqual([]);
    });

    it('keeps the streams that begin with one of the prefixes', async () => {
      for (const name of ['staff-1', 'staff-2', 'staf', 'workspace-1', 'my-staff-1']) {
        await log.append(`${prefix}${name}`, 'none', [newFact()]);
      }
      const read = async (...endings: string[]) => {
        const facts = await all(log.readAll({ streamPrefixes: endings.map((ending) => prefix + ending) }));
        return facts.map((fact) => fact.stream.slice(prefix.length));
      };
      expect(await read('staff-')).toEqual(['staff-1', 'staff-2']);
      expect(await read('workspace-', 'staff-2')).toEqual(['staff-2', 'workspace-1']);
      expect(await read('other-')).toEqual([]);
      expect(await all(log.readAll({ streamPrefixes: [] }))).toEqual([]);
    });

    it('tells the position of the last fact', async () => {
      const before = await log.head();
      const { position } = await log.append(stream, 'none', [newFact(), newFact()]);
      expect(position > before).toBe(true);
      expect(await log.head()).toBe(position);
    });
  });

  describe('following', () => {
    let end: AbortController;

    beforeEach(() => {
      end = new AbortController();
    });

    afterEach(() => end.abort());

    it('gives every fact once and in order while others append, from the position it was told', async () => {
      await log.append(stream, 'none', [newFact(), newFact()]);
      const [first] = await all(log.readStream(stream, { limit: 1 }));
      const followers = [1, 2, 3].map(() =>
        factsHeard(log.follow({ after: first!.position, streamPrefixes: [prefix], signal: end.signal }), 1201),
      );
      for (let i = 0; i < 100; i++) {
        await Promise.all([
          ...[0, 1, 2].map((j) => log.append(`${prefix}${j}`, 'any', [newFact(), newFact(), newFact()])),
          log.append(`other-${prefix}`, 'any', [newFact()]),
          log.append(stream, 'any', [newFact(), newFact(), newFact()]),
        ]);
      }
      const stored = await all(log.readAll({ after: first!.position, streamPrefixes: [prefix] }));
      expect(stored).toHaveLength(1201);
      for (const heard of await Promise.all(followers)) expect(heard).toEqual(stored);
    });

    it('says once that it caught up, behind the facts that stood there', async () => {
      const before = await log.head();
      const facts = newFacts(600);
      const { position } = await log.append(stream, 'none', facts);
      const heard: Followed[] = [];
      let late: NewFact | undefined;
      for await (const item of log.follow({ after: before, streamPrefixes: [prefix], signal: end.signal })) {
        if (item.kind === 'checkpoint') continue;
        heard.push(item);
        if (item.kind === 'caughtUp') await log.append(stream, 599, [(late = newFact())]);
        if (heard.length === 602) break;
      }
      expect(heard.map((item) => (item.kind === 'fact' ? item.fact.id : item.kind))).toEqual([
        ...ids(facts),
        'caughtUp',
        late!.id,
      ]);
      expect(heard[600]).toEqual({ kind: 'caughtUp', position });
    });

    it('says that it caught up where nothing matches', async () => {
      const after = await log.head();
      for await (const item of log.follow({ after, streamPrefixes: [prefix], signal: end.signal })) {
        expect(item).toEqual({ kind: 'caughtUp', position: after });
        break;
      }
    });

    it('tells by checkpoints how far it looked, though nothing matched', async () => {
      const { position } = await log.append(stream, 'none', [newFact()]);
      const seen: Followed['kind'][] = [];
      for await (const item of log.follow({ streamPrefixes: [`${prefix}other`], signal: end.signal })) {
        seen.push(item.kind);
        if (item.kind === 'checkpoint' && item.position >= position) break;
      }
      expect(seen.filter((kind) => kind !== 'checkpoint')).toEqual(['caughtUp']);
    });

    it('ends without an error when the signal aborts while it waits', async () => {
      const heard: Followed['kind'][] = [];
      for await (const { kind } of log.follow({ after: await log.head(), signal: end.signal })) {
        // On a machine that stands still one may come before the signal does.
        if (kind !== 'checkpoint') heard.push(kind);
        setImmediate(() => end.abort());
      }
      expect(heard).toEqual(['caughtUp']);
    });

    it('gives nothing more once the signal has aborted', async () => {
      await log.append(stream, 'none', [newFact(), newFact(), newFact()]);
      let heard = 0;
      for await (const item of log.follow({ streamPrefixes: [prefix], signal: end.signal })) {
        if (item.kind !== 'fact') continue;
        heard++;
        end.abort();
      }
      expect(heard).toBe(1);
      expect(await all(log.follow({ streamPrefixes: [prefix], signal: end.signal }))).toEqual([]);
    });
  });
}

async function factsHeard(followed: AsyncIterable<Followed>, count: number): Promise<RecordedFact[]> {
  const facts: RecordedFact[] = [];
  for await (const item of followed) {
    if (item.kind === 'fact' && facts.push(item.fact) === count) break;
  }
  return facts;
}
