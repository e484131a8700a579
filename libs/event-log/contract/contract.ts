import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';

import { InvalidAppend, LogUnavailable, MAX_APPEND_FACTS, WrongRevision } from '../port.ts';
import type { EventLog, ExpectedRevision, NewFact } from '../port.ts';
import { readingContract } from './reading-contract.ts';
import { all, failure, ids, newFact, newFacts } from './specimens.ts';

/** A log to test: it may hold facts already, of streams whose names don't begin with what the suite makes up. */
export interface OpenedLog {
  readonly log: EventLog;
  /** Opens the same log once more, for adapters that several processes append through. */
  readonly another?: () => Promise<EventLog>;
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

      it('lets exactly one of two writers win each revision, and both see the same stream', async () => {
        const other = (await opened.another?.()) ?? log;
        const writers = [log, other];
        const won: string[] = [];
        for (let revision = 0; revision < 20; revision++) {
          const rivals = [newFact(), newFact()];
          const expected = revision === 0 ? 'none' : revision - 1;
          const outcomes = await Promise.allSettled(
            writers.map((writer, i) => writer.append(stream, expected, [rivals[i]!])),
          );
          const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
          expect(outcomes[winner]).toMatchObject({ value: { revision } });
          const lost = outcomes[1 - winner] as PromiseRejectedResult;
          expect(lost.reason).toMatchObject({ name: 'WrongRevision', stream, expected, actual: revision });
          won.push(rivals[winner]!.id);
        }
        for (const writer of writers) expect(ids(await all(writer.readStream(stream)))).toEqual(won);
        if (other !== log) await other.close();
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
        // Others may append to the same server meanwhile.
        const mine = new Set(facts.map(({ id }) => id.toLowerCase()));
        const stored = await all(log.readAll({ after: before }));
        expect(stored.filter(({ id, stream: of }) => mine.has(id) || of === to)).toEqual([]);
      });

      it('takes the largest append that fits', async () => {
        expect((await log.append(`${prefix}count`, 'none', newFacts(1000))).revision).toBe(999);
        const large = newFacts(17, fitting);
        expect((await log.append(stream.padEnd(200, 'a'), 'none', large)).revision).toBe(16);
      });
    });

    readingContract(() => ({ log, prefix, stream }));

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
