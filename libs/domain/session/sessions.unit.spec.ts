import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LiveSession, sharedScope } from './live-session.ts';
import { Sessions, type Session } from './sessions.ts';

const scope = sharedScope(['billing'], ['open Billing'], ['change anything']);
const MINUTE = 60_000;

const live = (id: string, { plannedEnd = 60 * MINUTE, lastInputAt = 0, idleMs = 15 * MINUTE } = {}): Session =>
  LiveSession.from({
    id: `ses_${id}`,
    staffId: 'stf_sam',
    terms: {
      caseId: null,
      caseRef: null,
      job: null,
      scope,
      idleMs,
      msPerPage: 500,
      rowsInAll: 2000,
      consent: 'switch',
    },
    startedAt: 0,
    plannedEnd,
    enterBy: MINUTE,
    identityConfirmedAt: 0,
    lastInputAt,
    pacedUntil: 0,
    rows: 0,
    entered: true,
    area: null,
    shown: null,
    views: [],
  });
const ended = (id: string, at: number, recorded: boolean): Session => ({
  phase: 'ended',
  id: `ses_${id}`,
  staffId: 'stf_sam',
  cause: 'exited',
  at,
  recorded,
});

// Short ones and long ones, many of them with the same last characters, or with those of two others side by side.
const ids = fc.uniqueArray(
  fc.oneof(fc.constantFrom('1', '12', 'a1234', 'b1234', '12341234', '3412', '23412'), fc.string({ maxLength: 8 })),
  { maxLength: 12 },
);

describe('The sessions of a workspace', () => {
  it('finds each by its id and nothing by any other, whatever the ids have in common', () => {
    fc.assert(
      fc.property(ids, fc.string({ maxLength: 6 }), fc.array(fc.boolean()), (known, other, lives) => {
        const all = known.map((id, at) => (lives[at] ? live(id) : ended(id, at, true)));
        const sessions = Sessions.of(all);
        for (const session of all) expect(sessions.get(session.id)).toBe(session);
        if (!known.includes(other)) expect(sessions.get(`ses_${other}`)).toBeUndefined();
      }),
    );
  });

  it('tells the first whose id ends alike, without holding the whole against it', () => {
    const [a, b, c] = [live('a1234'), live('b1234'), ended('c5678', 1, true)];
    const sessions = Sessions.of([a, b, c]);
    expect(sessions.likely('ses_b1234')).toBe(a);
    expect(sessions.likely('ses_x5678')).toBe(c);
    expect(sessions.likely('ses_3456')).toBeUndefined();
    expect(Sessions.none.likely('ses_a1234')).toBeUndefined();
  });

  it('tells when the first of them ends by its own clocks: idle, its cap, or an end that isn’t written yet', () => {
    const ends = (...all: Session[]) => Sessions.of(all).endsAt;
    expect(ends()).toBe(Infinity);
    expect(ends(live('a'))).toBe(15 * MINUTE);
    expect(ends(live('a', { lastInputAt: 50 * MINUTE }))).toBe(60 * MINUTE);
    expect(ends(live('a'), live('b', { plannedEnd: 10 * MINUTE }))).toBe(10 * MINUTE);
    expect(ends(live('a'), ended('b', 3, false))).toBe(3);
    expect(ends(live('a'), ended('b', 3, true))).toBe(15 * MINUTE);
    expect(ends(ended('b', 3, true))).toBe(Infinity);
  });

  it('is walked through in its order, and is made anew where one changes', () => {
    const [a, b, c] = [live('a'), ended('b', 1, false), live('c')];
    const sessions = Sessions.of([a, b, c]);
    expect([...sessions]).toStrictEqual([a, b, c]);
    expect(sessions.live()).toStrictEqual([a, c]);
    const recorded = ended('b', 1, true);
    const changed = sessions.map((session) => (session === b ? recorded : session));
    expect(changed.all).toStrictEqual([a, recorded, c]);
    expect([sessions.endsAt, changed.endsAt]).toStrictEqual([1, 15 * MINUTE]);
    expect(Sessions.of([])).toBe(Sessions.none);
  });
});
