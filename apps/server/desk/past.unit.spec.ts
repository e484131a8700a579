import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emptyBook, type Book, type BookFact } from '#domain/book/book';
import { packBook } from '#domain/book/snapshot';
import { settle, withDue } from '#domain/book/settle';
import { toInstant } from '#domain/fact';
import { factVersion, foldBook } from '#domain/facts';
import { Played } from '#domain/testing/played';
import { days } from '#domain/testing/steps';
import {
  accessOffBy,
  accessOn,
  clock,
  ended,
  entered,
  harbour,
  installation,
  maria,
  started,
  workspaceOpen,
} from '#domain/testing/story';
import { envelopeWith } from '#event-log/envelope';
import type { LogReader, RecordedFact, ReadStreamOptions } from '#event-log/port';
import { NotNow } from './not-now.ts';
import { Past, TooFarBack, type Moment } from './past.ts';
import type { Standing } from './standing.ts';

const envelope = envelopeWith();
const STREAM = `workspace-${harbour}`;

interface Told {
  readonly fact: { readonly type: string; readonly data: unknown };
  readonly time: number;
}

/** A log that holds these facts of the workspace, each at a position of its own with others between them. */
function logOf(told: readonly Told[], stream = STREAM): { log: Pick<LogReader, 'readStream'>; facts: RecordedFact[] } {
  const facts = told.map(({ fact, time }, revision): RecordedFact => {
    const metadata = {
      schemaVersion: factVersion(fact.type as BookFact['type']),
      time: toInstant(time),
      actor: { kind: 'system' as const, id: 'spec' },
      $correlationId: 'spec',
      codec: envelope.codec,
    };
    const id = `0199aa00-0000-7000-8000-${revision.toString(16).padStart(12, '0')}`;
    const encoded = envelope.encode({ id, type: fact.type, data: fact.data as object, metadata });
    return { ...encoded, stream, revision, position: positionOf(revision), recordedAt: time + 3 };
  });
  return {
    facts,
    log: {
      async *readStream(name: string, { from = 0, limit = Infinity }: ReadStreamOptions = {}) {
        await Promise.resolve();
        if (name === stream) yield* facts.slice(from, from + limit);
      },
    },
  };
}

const positionOf = (revision: number) => String(100 + revision * 10).padStart(20, '0');

const at = (time: string, ...facts: BookFact[]): Told[] => facts.map((fact) => ({ fact, time: clock(time) }));
const DAY: Told[] = [
  ...at('08:00', ...workspaceOpen),
  ...at('09:00', accessOn()),
  ...at('10:00', started()),
  ...at('10:01', entered()),
  ...at('10:20', accessOffBy(maria, '10:20'), ended('revoked', '10:20')),
];

describe('The past of a workspace', () => {
  const { log, facts } = logOf(DAY);
  const past = new Past({ log, envelope });
  const inside = ({ sessions }: Book) => sessions.live().map(({ id }) => id);
  const said = async (moment: Moment) => {
    const { book, revision, asOf } = await past.at(harbour, moment);
    return { on: book.staffAccess.phase, inside: inside(book), revision, asOf };
  };
  const [enabled, start] = [workspaceOpen.length, workspaceOpen.length + 1];

  it('is told exactly, at hand-picked instants', async () => {
    const when = (time: string) => ({ time: clock(time) });
    expect(await said(when('07:59:59.999'))).toMatchObject({ on: 'off', inside: [], revision: -1 });
    expect(await said(when('08:59:59.999'))).toMatchObject({ on: 'off', inside: [], revision: enabled - 1 });
    expect(await said(when('09:00'))).toMatchObject({ on: 'on', inside: [], revision: enabled });
    expect(await said(when('09:59:59.999'))).toMatchObject({ on: 'on', inside: [] });
    expect(await said(when('10:00'))).toEqual({
      on: 'on',
      inside: ['ses_sam'],
      revision: start,
      asOf: clock('10:00'),
    });
    expect(await said(when('10:15:59.999'))).toMatchObject({ on: 'on', inside: ['ses_sam'] });
    // Idle since 10:01: ended by the clock, though the line of it came later and said otherwise.
    expect(await said(when('10:16'))).toMatchObject({ on: 'on', inside: [] });
    expect(await said(when('10:20'))).toMatchObject({ on: 'off', inside: [], revision: facts.length - 1 });
  });

  it('is told exactly, at hand-picked positions, also at those of other streams', async () => {
    const place = (position: string) => ({ position });
    expect(await said(place('0'.repeat(20)))).toMatchObject({ on: 'off', inside: [], revision: -1 });
    expect(await said(place(positionOf(enabled)))).toMatchObject({ on: 'on', inside: [], revision: enabled });
    expect(await said(place(positionOf(start)))).toEqual({
      on: 'on',
      inside: ['ses_sam'],
      revision: start,
      asOf: clock('10:00'),
    });
    const between = String(Number(positionOf(start)) - 1).padStart(20, '0');
    expect(await said(place(between))).toMatchObject({ on: 'on', inside: [], revision: enabled });
    // Off ends the visit in the fold, at its own position: its record has not followed yet.
    const off = positionOf(facts.length - 2);
    expect(await said(place(off))).toMatchObject({ on: 'off', inside: [] });
    expect(await said(place('9'.repeat(20)))).toMatchObject({ on: 'off', inside: [], revision: facts.length - 1 });
  });

  it('equals the fold of what stood before, at every position and every instant of any day', async () => {
    await fc.assert(
      fc.asyncProperty(days, async (day) => {
        const played = new Played(clock('09:00'), installation);
        for (const { wait, doing } of day) {
          played.now += typeof wait === 'number' ? wait : 1_000;
          played.do(doing);
        }
        const { lines } = played.book;
        const { log: log2 } = logOf(lines);
        const of = new Past({ log: log2, envelope });
        let book = emptyBook;
        for (const [revision, { fact, ...written }] of lines.entries()) {
          const id = `0199aa00-0000-7000-8000-${revision.toString(16).padStart(12, '0')}`;
          book = foldBook(book, fact, { id, revision, time: written.time, actor: written.actor });
          const expected = JSON.stringify(packBook(settledAt(book, written.time)));
          const found = await of.at(harbour, { position: positionOf(revision) });
          expect(JSON.stringify(packBook(found.book))).toBe(expected);
          if (lines[revision + 1]?.time === written.time) continue;
          const then = await of.at(harbour, { time: written.time });
          expect([then.revision, JSON.stringify(packBook(then.book))]).toEqual([revision, expected]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('is told of by a kept state that is not newer, and by no other', async () => {
    const standing = (revision: number, lastFactId = facts[revision]?.id ?? ''): Standing<Book> => {
      const state = DAY.slice(0, revision + 1).reduce(
        (book, { fact, time }, i) => foldBook(book, fact, { id: facts[i]!.id, revision: i, time, actor }),
        emptyBook,
      );
      return { state, revision, position: positionOf(revision), lastFactId, newest: DAY[revision]!.time };
    };
    const actor = { kind: 'system' as const, id: 'spec' };
    const reads: number[] = [];
    const told = (kept: Standing<Book>) =>
      new Past({
        envelope,
        kept: { load: () => kept },
        log: {
          readStream(name, options) {
            if (name === STREAM) reads.push(options?.from ?? 0);
            return log.readStream(name, options);
          },
        },
      });
    const of = async (kept: Standing<Book>, moment: Moment) => {
      reads.length = 0;
      const { book, revision } = await told(kept).at(harbour, moment);
      return { revision, inside: inside(book), reads: [...reads] };
    };
    const now = { revision: start + 1, inside: ['ses_sam'] };
    expect(await of(standing(start), { time: clock('10:05') })).toEqual({ ...now, reads: [start, start + 1] });
    expect(await of(standing(start), { position: positionOf(start + 1) })).toMatchObject({ reads: [start, start + 1] });
    // Newer than the moment: from the first fact.
    expect(await of(standing(start), { time: clock('09:59') })).toEqual({ revision: enabled, inside: [], reads: [0] });
    expect(await of(standing(start), { position: positionOf(enabled) })).toMatchObject({
      revision: enabled,
      reads: [0],
    });
    // Of another log: it is not believed.
    expect(await of(standing(start, 'another'), { time: clock('10:05') })).toEqual({ ...now, reads: [start, 0] });
  });

  it('is refused where too much would have to be read, and read fact by fact up to there', async () => {
    const of = (most: number) => new Past({ log, envelope, most });
    await expect(of(DAY.length - 1).at(harbour, { time: clock('11:00') })).rejects.toEqual(
      new TooFarBack(DAY.length - 1),
    );
    expect((await of(DAY.length).at(harbour, { time: clock('11:00') })).revision).toBe(DAY.length - 1);
    // An early moment of a long stream is near its start.
    expect((await of(enabled + 1).at(harbour, { time: clock('09:30') })).revision).toBe(enabled);
  });

  it('is read for two at once, and the third comes again', async () => {
    const all = [1, 2, 3].map(() => past.at(harbour, { time: clock('11:00') }));
    const outcomes = await Promise.allSettled(all);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect((outcomes[2] as PromiseRejectedResult).reason).toBeInstanceOf(NotNow);
    expect((await past.at(harbour, { time: clock('11:00') })).revision).toBe(DAY.length - 1);
  });

  it('with a line that nobody can read is told, as closed', async () => {
    const broken = logOf([
      ...DAY.slice(0, start + 1),
      { fact: { type: 'NeverHeardOf', data: {} }, time: clock('10:02') },
    ]);
    const { book } = await new Past({ log: broken.log, envelope }).at(harbour, { time: clock('10:05') });
    expect([book.readable, inside(book)]).toEqual([false, ['ses_sam']]);
  });
});

function settledAt(book: Book, time: number): Book {
  return withDue(book, settle(book, time), time);
}
