import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LiveSession, sharedScope, VIEWS_REMEMBERED, type LiveSessionFields, type View } from './live-session.ts';

const scope = sharedScope(['billing', 'invoice'], ['open Billing'], ['change anything']);
const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.uuid(), fc.constant('x'.repeat(400)));
const time = fc.oneof(fc.integer(), fc.double({ noNaN: true, min: 0, max: 2e12 }));
const view: fc.Arbitrary<View> = fc.record({
  id: text,
  page: fc.constantFrom('billing', 'invoice', 'a'),
  record: fc.option(fc.constantFrom('R1', 'R2', ''), { nil: null }),
  at: fc.integer({ min: 0, max: 100 }),
});
const fields: fc.Arbitrary<LiveSessionFields> = fc.record({
  id: text.map((id) => `ses_${id}` as const),
  staffId: text.map((id) => `stf_${id}` as const),
  terms: fc.constant({
    caseId: 'case_1',
    caseRef: 'CASE-1',
    job: null,
    scope,
    idleMs: 900_000,
    msPerPage: 60_000 / 7,
    rowsInAll: 2000,
    consent: 'switch',
  } as const),
  startedAt: time,
  plannedEnd: time,
  enterBy: time,
  identityConfirmedAt: time,
  lastInputAt: time,
  pacedUntil: time,
  rows: fc.integer({ min: 0, max: 2 ** 24 - 1 }),
  entered: fc.boolean(),
  area: fc.option(text, { nil: null }),
  shown: fc.option(fc.record({ staffName: text, staffEmail: text, approverName: fc.option(text, { nil: null }) }), {
    nil: null,
  }),
  views: fc.array(view, { maxLength: VIEWS_REMEMBERED }),
});

/** All that a session says. */
const said = (session: LiveSession): LiveSessionFields => ({
  id: session.id,
  staffId: session.staffId,
  terms: session.terms,
  startedAt: session.startedAt,
  plannedEnd: session.plannedEnd,
  enterBy: session.enterBy,
  identityConfirmedAt: session.identityConfirmedAt,
  lastInputAt: session.lastInputAt,
  pacedUntil: session.pacedUntil,
  rows: session.rows,
  entered: session.entered,
  area: session.area,
  shown: session.shown,
  views: session.views,
});
/** Without the prototypes that fast-check leaves off. */
const plain = (fields: LiveSessionFields): LiveSessionFields => ({
  ...fields,
  shown: fields.shown && { ...fields.shown },
  views: fields.views.map((view) => ({ ...view })),
});

describe('A live session', () => {
  it('says what it was made from', () => {
    fc.assert(fc.property(fields, (given) => expect(said(LiveSession.from(given))).toStrictEqual(plain(given))));
  });

  it('moves on and changes nothing else, itself least of all', () => {
    fc.assert(
      fc.property(fields, fc.integer(), text, view, fc.boolean(), (given, at, area, view, input) => {
        const session = LiveSession.from(given);
        const before = plain(given);
        expect(said(session.active(at))).toStrictEqual({ ...before, lastInputAt: at });
        expect(said(session.active(at, true))).toStrictEqual({ ...before, lastInputAt: at, entered: true });
        expect(said(session.inArea(area))).toStrictEqual({ ...before, area });
        expect(said(session.viewed(view, input))).toStrictEqual({
          ...before,
          ...(input && { lastInputAt: view.at }),
          pacedUntil: Math.max(given.pacedUntil, view.at) + 60_000 / 7,
          views: [...before.views, { ...view }].slice(-VIEWS_REMEMBERED),
        });
        expect(said(session)).toStrictEqual(before);
      }),
    );
  });

  it('finds the newest view of a page and record, as far back as is asked', () => {
    fc.assert(
      fc.property(fields, fc.integer({ min: 0, max: 100 }), view, (given, after, { page, record }) => {
        const newestFirst = given.views.toReversed();
        const tooOld = newestFirst.findIndex(({ at }) => at <= after);
        const expected = newestFirst
          .slice(0, tooOld < 0 ? undefined : tooOld)
          .find((view) => view.page === page && view.record === record)?.id;
        expect(LiveSession.from(given).viewSince(page, record, after)).toBe(expected);
      }),
    );
  });

  it('knows the views that a part can belong to', () => {
    fc.assert(
      fc.property(fields, view, ({ views, ...rest }, asked) => {
        const session = LiveSession.from({ ...rest, views });
        for (const { id } of [...views, asked]) {
          expect(session.hasView(id, asked.page, asked.record)).toBe(
            views.some(
              (view) =>
                view.id === id && view.page === asked.page && (asked.record === null || view.record === asked.record),
            ),
          );
        }
      }),
    );
  });

  it('shares its scope with whoever has the same lists', () => {
    expect(sharedScope(['billing', 'invoice'], ['open Billing'], ['change anything'])).toBe(scope);
    expect(sharedScope(['billing'], ['open Billing'], ['change anything'])).not.toBe(scope);
  });
});
