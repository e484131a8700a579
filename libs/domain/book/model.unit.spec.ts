import { describe, expect, it } from '@jest/globals';
import { END_CAUSES, type EndCause } from '@gatebook/protocol';
import fc from 'fast-check';
import { foldBook, foldStaff, recognise, type ReadFact } from '../facts.ts';
import type { Installation } from '../installation/installation.ts';
import { unknownStaff } from '../staff/staff.ts';
import { Model, type Limits } from '../testing/model.ts';
import { idOf, Played, type Line } from '../testing/played.ts';
import { days, GOOD_REASON, indexOf, type Doing, type Step } from '../testing/steps.ts';
import { clock, installation as usual } from '../testing/story.ts';
import { emptyBook, type BookFact } from './book.ts';

const RUNS = process.env['GATEBOOK_LONG'] === '1' ? 20_000 : 600;
const seed = Number(process.env['GATEBOOK_SEED'] ?? Math.trunc(Math.random() * 0x7fffffff));

const limits: Limits = { idleMs: 15 * 60_000, entryMs: 60_000, pagesPerMinute: 3, liveAtOnce: 2, graceMs: 5 * 60_000 };
const installationWith = (liveAtOnce: number): Installation => ({
  ...usual,
  policy: {
    ...usual.policy,
    session: { ...usual.policy.session, pagesPerMinute: limits.pagesPerMinute, livePerWorkspace: liveAtOnce },
  },
});

const OFTEN_REFUSED: readonly Doing['do'][] = ['turnOn', 'turnOff', 'start', 'enter', 'view', 'perform', 'exit'];
const counts = new Map<Doing['do'], { accepted: number; refused: number }>();
const causes = new Map<EndCause, number>();

/** Does one step in both; whether each accepted it. */
function step(played: Played, model: Model, { wait, doing }: Step): { accepted: boolean; expected: boolean } {
  const ahead = typeof wait === 'number' ? undefined : model.instantsAhead()[wait.toInstantAhead];
  const to = typeof wait === 'number' ? model.now + wait : (ahead ?? model.now) + wait.offsetMs;
  const now = Math.max(model.now, to);
  model.passTo(now);
  played.now = now;
  const expected = inModel(model, doing);
  return { accepted: played.do(doing), expected };
}

function inModel(model: Model, doing: Doing): boolean {
  const index = 'visit' in doing ? indexOf(model.visits, doing.staff, doing.visit) : -1;
  switch (doing.do) {
    case 'turnOn':
      return model.turnOn(doing.by, doing.minutes, doing.withoutBilling, doing.otherCaseOnly);
    case 'turnOff':
      return model.turnOff(doing.by);
    case 'start':
      return model.start(doing.staff, doing.minutes, doing.reason === GOOD_REASON);
    case 'enter':
      return model.enter(doing.staff, index);
    case 'stay':
      return model.stay(doing.staff, index);
    case 'goOn':
      return model.goOn(doing.staff, index);
    case 'exit':
      return model.exit(doing.staff, index);
    case 'perform':
      return false;
    case 'view':
      return model.view(doing.staff, index, doing.page, doing.record, doing.input, doing.part);
    case 'endByCustomer':
      return model.endByCustomer(doing.by, index);
    case 'changeRole':
      return model.changeRole(doing.member, doing.role);
    case 'openCase':
      return model.openCase();
    case 'closeCase':
      return model.closeCase();
    case 'closeWorkspace':
      return model.closeWorkspace();
    case 'settle':
      return true;
    case 'staff':
      model.enabled[doing.staff] = doing.enabled;
      return true;
  }
}

/** Reads the lines of a book from the first to the last, and stops at the first that should not stand there. */
function judge(lines: readonly Line<BookFact>[]): void {
  let windowUntil = -Infinity;
  let newest = -Infinity;
  let newestEnd = -Infinity;
  const lastOf = new Map<string, number>();
  const live = new Map<string, { staffId: string; plannedEnd: number }>();
  const over = new Set<string>();
  for (const { fact, time } of lines) {
    if (fact.type === 'SessionEnded') causes.set(fact.data.cause, (causes.get(fact.data.cause) ?? 0) + 1);
    expect(time).toBeGreaterThanOrEqual(newest);
    newest = time;
    if ('sessionId' in fact.data && fact.type !== 'SessionStarted') {
      // Nothing behind an end, one end at most, nothing of a visit that never began.
      expect(over).not.toContain(fact.data.sessionId);
      expect([...live.keys()]).toContain(fact.data.sessionId);
    }
    if (fact.type === 'SessionEnded' || fact.type === 'StaffAccessDisabled') {
      // Ends stand in the order in which they came to be.
      const at = Date.parse(fact.data.at);
      expect(at).toBeGreaterThanOrEqual(newestEnd);
      newestEnd = at;
    }
    switch (fact.type) {
      case 'StaffAccessEnabled':
        windowUntil = fact.data.until === null ? Infinity : Date.parse(fact.data.until);
        break;
      case 'StaffAccessDisabled':
        expect(Date.parse(fact.data.at)).toBeLessThanOrEqual(time);
        expect(windowUntil).toBeGreaterThan(-Infinity);
        windowUntil = -Infinity;
        break;
      case 'SessionStarted': {
        const { sessionId, staffId, plannedEnd } = fact.data;
        expect(time).toBeLessThan(windowUntil);
        expect([...live.values()].map((visit) => visit.staffId)).not.toContain(staffId);
        live.set(sessionId, { staffId, plannedEnd: Date.parse(plannedEnd) });
        lastOf.set(sessionId, time);
        break;
      }
      case 'SessionEntered':
      case 'AreaEntered':
      case 'PageViewed':
      case 'PresenceConfirmed':
        expect(time).toBeLessThan(windowUntil);
        expect(time).toBeLessThan(live.get(fact.data.sessionId)?.plannedEnd ?? -Infinity);
        lastOf.set(fact.data.sessionId, time);
        break;
      case 'SessionEnded':
        expect(Date.parse(fact.data.at)).toBeLessThanOrEqual(time);
        // Nothing of a visit stands behind its true end, and the window that ends it is closed before it.
        expect(Date.parse(fact.data.at)).toBeGreaterThanOrEqual(lastOf.get(fact.data.sessionId) ?? Infinity);
        if (fact.data.cause === 'window ended' || fact.data.cause === 'revoked') expect(windowUntil).toBe(-Infinity);
        live.delete(fact.data.sessionId);
        over.add(fact.data.sessionId);
        break;
      case 'WorkspaceRegistered':
      case 'WorkspaceClosed':
      case 'MemberRoleChanged':
      case 'CaseOpened':
      case 'CaseClosed':
      case 'CaseMerged':
      case 'CaseReassigned':
      case 'PlanChanged':
        break;
    }
  }
}

/** A fact as it comes back from the log. */
const stored = (fact: ReadFact): ReadFact => JSON.parse(JSON.stringify(fact)) as ReadFact;

function playDay(day: readonly Step[], liveAtOnce: number): void {
  const began = clock('09:00');
  const model = new Model(began, { ...limits, liveAtOnce });
  const played = new Played(began, installationWith(liveAtOnce));

  for (const each of day) {
    const deniedBefore = played.denials.length;
    const { accepted, expected } = step(played, model, each);
    expect({ ...each, accepted }).toStrictEqual({ ...each, accepted: expected });
    // Every refusal is recorded, and nothing else is.
    expect(played.denials.length - deniedBefore).toBe(accepted ? 0 : 1);

    const count = counts.get(each.doing.do) ?? { accepted: 0, refused: 0 };
    count[accepted ? 'accepted' : 'refused']++;
    counts.set(each.doing.do, count);

    played.do({ do: 'settle' });
    const { sessions, staffAccess } = played.book.state;
    const live = sessions.filter(({ phase }) => phase === 'live').map(({ staffId }) => staffId);
    expect(live).toStrictEqual(model.live().map(({ staff }) => idOf(staff)));
    expect(staffAccess.phase === 'on' ? staffAccess.until : null).toBe(model.until);
    // Who is inside holds their seat, and nobody holds another's.
    for (const { id, staffId, phase } of sessions) {
      if (phase !== 'live') continue;
      expect(played.staff[staffId === 'stf_sam' ? 'sam' : 'priya'].state.seat?.sessionId).toBe(id);
    }
  }

  // Two days on everything has run out: each visit has its one end, at its true time.
  played.now += 2 * 86_400_000;
  model.passTo(played.now);
  played.do({ do: 'settle' });
  const { lines, state } = played.book;
  judge(lines);
  const ends = new Map(
    lines.flatMap(({ fact }) =>
      fact.type === 'SessionEnded' ? [[fact.data.sessionId, Date.parse(fact.data.at)]] : [],
    ),
  );
  expect(played.sessions.map(({ id }) => ends.get(id))).toStrictEqual(model.visits.map(({ end }) => end));

  // What was written folds to the state that decided.
  expect(lines.reduce((book, { fact, ...written }) => foldBook(book, stored(fact), written), emptyBook)).toStrictEqual(
    state,
  );
  for (const { lines, state } of Object.values(played.staff)) {
    expect(
      lines.reduce((one, { fact, ...written }) => foldStaff(one, stored(fact), written), unknownStaff),
    ).toStrictEqual(state);
  }
  for (const denial of played.denials) expect(recognise(stored(denial))).toBeDefined();
}

describe('Any day at a workspace', () => {
  it(
    'goes as the model says, and its lines hold what was promised (design, promises 1 and 2)',
    () => {
      fc.assert(
        fc.property(days, fc.constantFrom(1, 2, 2), (day, liveAtOnce) => playDay(day, liveAtOnce)),
        { seed, numRuns: RUNS },
      );
      const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
      const total = rows.reduce(
        (sum, [, { accepted, refused }]) => ({ accepted: sum.accepted + accepted, refused: sum.refused + refused }),
        { accepted: 0, refused: 0 },
      );
      process.stdout.write(
        `model: ${RUNS} days, seed ${seed} (GATEBOOK_SEED): ${total.accepted} accepted, ${total.refused} refused; ` +
          `${rows.map(([name, { accepted, refused }]) => `${name} ${accepted}/${refused}`).join(', ')}; ` +
          `ended: ${[...causes].map(([cause, count]) => `${cause} ${count}`).join(', ')}\n`,
      );
      // Nobody ends a visit with a staff member who is disabled yet: they are refused from then on, and it goes idle.
      const expected = END_CAUSES.filter(
        (cause) => !['staff disabled', 'case reassigned', 'scope changed'].includes(cause),
      );
      expect([...causes.keys()].sort()).toStrictEqual([...expected].sort());
      // Days on which everything is refused, or nothing, would show nothing.
      for (const [name, { accepted, refused }] of rows) {
        if (name !== 'perform') expect([name, accepted > 0]).toStrictEqual([name, true]);
        if (OFTEN_REFUSED.includes(name)) expect([name, refused > 0]).toStrictEqual([name, true]);
      }
    },
    process.env['GATEBOOK_LONG'] === '1' ? 600_000 : 60_000,
  );
});
