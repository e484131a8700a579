import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';

import { all, failure, ids, newFact, newFacts } from './specimens.ts';
import { InvalidAppend, LogUnavailable, MAX_APPEND_FACTS, WrongRevision } from '../port.ts';
import type { EventLog, ExpectedRevision, Followed, NewFact, RecordedFact } from '../port.ts';

/** A log to test: it may hold facts already, of streams whose names don't begin with what the suite makes up. */
export interface OpenedLog {
  readonly log: EventLog;
  /** Closes the log and opens the same one again, for adapters that keep anything between the two. */
  readonly reopen?: () => Promise<EventLog>;
  readonly close: () => Promise<void>;
}

/** The port's guarantees as tests. Every adapter passes this one suite (port.ts). */
export function eventLogContract(name: string, open: () => Promise<OpenedLog>): void {
  describe(`${name} keeps the log's contract`, () => {
    let opened: OpenedLog;
    let log: EventLog;
    /** Begins the names of this test's streams. */
    let prefix: string;
    let stream: string;

    beforeEach(async () => {
      opened = await open();
      log = opened.log;
      prefix = `contract-${randomUUID()}-`;
      stream = `${prefix}a`;
    });

    afterEach(() => opened.close());

    const streamIds = async (of = stream) => ids(await all(log.readStream(of)));

    describe('appending', () => {
      it("stores the first facts of a stream that mustn't exist, with revisions from 0", async () => {
        const facts = [newFact(), newFact(), newFact()];
        const appended = await log.append(stream, 'none', facts);
        const stored = await all(log.readStream(stream));
        expect(stored.map((fact) => [fact.id, fact.stream, fact.revision])).toEqual([
          [facts[0]!.id, stream, 0],
          [facts[1]!.id, stream, 1],
          [facts[2]!.id, stream, 2],
        ]);
        expect(appended).toEqual({ revision: 2, position: stored[2]!.position });
      });

      it('stores a fact behind the exact revision that the stream stands at', async () => {
        await log.append(stream, 'none', [newFact(), newFact()]);
        const next = newFact();
        const appended = await log.append(stream, 1, [next]);
        expect(appended.revision).toBe(2);
        expect((await streamIds()).at(-1)).toBe(next.id);
      });

      it("stores without an expectation, whether the stream exists or doesn't", async () => {
        const facts = [newFact(), newFact()];
        expect((await log.append(stream, 'any', [facts[0]!])).revision).toBe(0);
        expect((await log.append(stream, 'any', [facts[1]!])).revision).toBe(1);
        expect(await streamIds()).toEqual(ids(facts));
      });

      it('gives back the texts exactly as they came', async () => {
        const fact = {
          id: randomUUID(),
          type: 'PageViewed',
          data: '{ "title":"Zażółć \\u0000 \\"gęślą\\" 😀 Ω",\n"n":1.0e3}',
          metadata: '{"time":"2026-11-21T09:14:03.112Z"}',
        };
        const { position } = await log.append(stream, 'none', [fact]);
        const [stored] = await all(log.readStream(stream));
        expect({ ...stored, recordedAt: 0 }).toEqual({ ...fact, stream, revision: 0, position, recordedAt: 0 });
      });

      it('stamps each fact with its own time of recording, whole milliseconds', async () => {
        await log.append(stream, 'none', [newFact(), newFact()]);
        const [first, second] = await all(log.readStream(stream));
        expect(Number.isSafeInteger(first!.recordedAt)).toBe(true);
        expect(second!.recordedAt).toBeGreaterThanOrEqual(first!.recordedAt);
      });

      it.each<[string, number, ExpectedRevision, number | 'none']>([
        ["an exact revision of a stream that doesn't exist", 0, 0, 'none'],
        ['no stream where there is one', 2, 'none', 1],
        ['an older revision', 3, 1, 2],
        ['a revision still to come', 2, 5, 1],
      ])('refuses an append that expects %s, and stores nothing', async (_, standing, expected, actual) => {
        const before = newFacts(standing);
        if (standing > 0) await log.append(stream, 'none', before);
        const refusal = await failure(log.append(stream, expected, [newFact()]));
        expect(refusal).toBeInstanceOf(WrongRevision);
        expect(refusal).toMatchObject({ stream, expected, actual });
        expect(await streamIds()).toEqual(ids(before));
      });

      it('lets exactly one of two appends on one revision win', async () => {
        const standing = newFact();
        await log.append(stream, 'none', [standing]);
        const rivals = [newFact(), newFact()];
        const outcomes = await Promise.allSettled(rivals.map((fact) => log.append(stream, 0, [fact])));
        const winners = rivals.filter((_, i) => outcomes[i]!.status === 'fulfilled');
        expect(winners).toHaveLength(1);
        const lost = outcomes.find((outcome) => outcome.status === 'rejected');
        expect(lost?.reason).toBeInstanceOf(WrongRevision);
        expect(await streamIds()).toEqual([standing.id, winners[0]!.id]);
      });

      it("fails nobody else in the same turn when one stream's append conflicts", async () => {
        const outcomes = await Promise.allSettled(
          ['b', 'c', 'd', 'e'].map((ending, i) =>
            log.append(`${prefix}${ending}`, ending === 'd' ? 7 : 'none', [newFact(), newFact()].slice(i % 2)),
          ),
        );
        expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
        const stored = await all(log.readAll({ streamPrefixes: [prefix] }));
        expect(stored.map((fact) => fact.stream).toSorted()).toEqual(
          ['b', 'b', 'c', 'e'].map((ending) => prefix + ending),
        );
      });
    });

    describe('repeating an append', () => {
      it.each([false, true])('answers as it did the first time (reopened in between: %s)', async (reopened) => {
        const first = [newFact(), newFact()];
        const second = [newFact()];
        const answers = [await log.append(stream, 'none', first), await log.append(stream, 1, second)];
        if (reopened && opened.reopen) log = await opened.reopen();
        expect(await log.append(stream, 'none', first)).toEqual(answers[0]);
        expect(await log.append(stream, 1, second)).toEqual(answers[1]);
        expect(await streamIds()).toEqual(ids([...first, ...second]));
      });

      it('answers with the old revision when other facts stand behind it', async () => {
        const batch = [newFact(), newFact()];
        const answer = await log.append(stream, 'none', batch);
        const others = newFacts(5);
        await log.append(stream, 1, others);
        expect(await log.append(stream, 'none', batch)).toEqual(answer);
        expect(await log.append(stream, 'none', batch.slice(0, 1))).toMatchObject({ revision: 0 });
        expect(await streamIds()).toEqual(ids([...batch, ...others]));
      });

      it('gives the same answer to both when it comes twice in one turn', async () => {
        const batch = [newFact(), newFact()];
        const [one, two] = await Promise.all([log.append(stream, 'none', batch), log.append(stream, 'none', batch)]);
        expect(two).toEqual(one);
        expect(await streamIds()).toEqual(ids(batch));
      });

      it('compares ids only, and keeps what was stored first', async () => {
        const fact = newFact();
        const answer = await log.append(stream, 'none', [fact]);
        expect(await log.append(stream, 'none', [{ ...fact, data: '{"other":true}' }])).toEqual(answer);
        expect((await all(log.readStream(stream))).map(({ data }) => data)).toEqual([fact.data]);
      });

      it('refuses a batch that is known only in part', async () => {
        const [a, b, c] = [newFact(), newFact(), newFact()];
        await log.append(stream, 'none', [a, b]);
        expect(await failure(log.append(stream, 'none', [a, c]))).toMatchObject({ actual: 1, expected: 'none' });
        expect(await failure(log.append(stream, 'none', [a, b, c]))).toBeInstanceOf(WrongRevision);
        expect(await failure(log.append(stream, 0, [b, c]))).toBeInstanceOf(WrongRevision);
        expect(await failure(log.append(stream, 0, [a]))).toBeInstanceOf(WrongRevision);
        expect(await streamIds()).toEqual(ids([a, b]));
      });

      it('appends a known id where the stream stands just as expected', async () => {
        const fact = newFact();
        await log.append(stream, 'none', [fact]);
        expect((await log.append(stream, 0, [fact])).revision).toBe(1);
      });
    });

    describe('limits', () => {
      const fitting = 60_000;
      it.each<[string, () => { to?: string; expected?: ExpectedRevision; facts?: NewFact[] }]>([
        ['no facts', () => ({ facts: [] })],
        ['1,001 facts', () => ({ facts: newFacts(MAX_APPEND_FACTS + 1) })],
        ['more than 1 MiB', () => ({ facts: newFacts(18, fitting) })],
        ['a fact of more than 65,535 bytes', () => ({ facts: [newFact(65_530)] })],
        [
          'a fact of more than 65,535 bytes in fewer characters',
          () => ({ facts: [newFact(30_000, 'ż'.repeat(20_000))] }),
        ],
        ['no stream name', () => ({ to: '' })],
        ['a stream name with a space', () => ({ to: 'work space' })],
        ['a stream name beyond ASCII', () => ({ to: 'workspace-ż' })],
        ['a stream name of 201 characters', () => ({ to: 'a'.repeat(201) })],
        ['no type', () => ({ facts: [{ ...newFact(), type: '' }] })],
        ['a type with a dot', () => ({ facts: [{ ...newFact(), type: 'page.viewed' }] })],
        ['an id that is no UUID', () => ({ facts: [{ ...newFact(), id: 'fact-1' }] })],
        ['an id in upper case', () => ({ facts: [{ ...newFact(), id: randomUUID().toUpperCase() }] })],
        ['data that is no object', () => ({ facts: [{ ...newFact(), data: '[]' }] })],
        ['metadata that is no object', () => ({ facts: [{ ...newFact(), metadata: '' }] })],
        ['a revision below 0', () => ({ expected: -1 })],
        ['a revision between two', () => ({ expected: 0.5 })],
      ])('refuses %s, and stores nothing', async (_, make) => {
        const { to = stream, expected = 'any', facts = [newFact()] } = make();
        const before = await log.head();
        expect(await failure(log.append(to, expected, facts))).toBeInstanceOf(InvalidAppend);
        expect(await all(log.readAll({ after: before }))).toEqual([]);
      });

      it('takes the largest append that fits', async () => {
        expect((await log.append(`${prefix}count`, 'none', newFacts(1000))).revision).toBe(999);
        const large = newFacts(17, fitting);
        expect((await log.append(stream.padEnd(200, 'a'), 'none', large)).revision).toBe(16);
      });
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
        const begun = performance.now();
        for await (const item of log.follow({ streamPrefixes: [`${prefix}other`], signal: end.signal })) {
          seen.push(item.kind);
          if (item.kind === 'checkpoint' && item.position >= position) break;
        }
        expect(seen.filter((kind) => kind !== 'checkpoint')).toEqual(['caughtUp']);
        // The promise is 500 ms; the rest is for a machine that is busy with other tests.
        expect(performance.now() - begun).toBeLessThan(2000);
      });

      it('ends without an error when the signal aborts while it waits', async () => {
        const heard: Followed['kind'][] = [];
        for await (const { kind } of log.follow({ after: await log.head(), signal: end.signal })) {
          heard.push(kind);
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

    describe('its life', () => {
      it('is healthy when it can be written and read', async () => {
        const { writable, readable, clockSkewMs, problem } = await log.health();
        expect({ writable, readable, problem }).toEqual({ writable: true, readable: true, problem: undefined });
        expect(Number.isFinite(clockSkewMs)).toBe(true);
      });

      it('keeps everything that it answered for when it is opened again', async () => {
        const facts = newFacts(20);
        await log.append(stream, 'none', facts.slice(0, 10));
        const { position } = await log.append(stream, 9, facts.slice(10));
        const before = await all(log.readStream(stream));
        if (opened.reopen) log = await opened.reopen();
        expect(await all(log.readStream(stream))).toEqual(before);
        expect((await log.head()) >= position).toBe(true);
        expect(await failure(log.append(stream, 9, [newFact()]))).toMatchObject({ actual: 19 });
        expect((await log.append(stream, 19, [newFact()])).revision).toBe(20);
      });

      it('finishes what it was given before it closes, and refuses everything after', async () => {
        const pending = log.append(stream, 'none', [newFact()]);
        await log.close();
        expect(await pending).toMatchObject({ revision: 0 });
        expect(await failure(log.append(stream, 0, [newFact()]))).toBeInstanceOf(LogUnavailable);
        expect(await failure(all(log.readStream(stream)))).toBeInstanceOf(LogUnavailable);
        expect(await failure(log.head())).toBeInstanceOf(LogUnavailable);
        expect(await log.health()).toMatchObject({ writable: false, readable: false });
      });
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
