import { describe, expect, it } from '@jest/globals';
import { END_CAUSES } from '@gatebook/protocol';
import fc from 'fast-check';
import { foldBook, foldStaff, recognise, type ReadFact } from '../facts.ts';
import { GRANT_END_CAUSES, isStanding } from '../grant/grant.ts';
import type { Installation } from '../installation/installation.ts';
import { PRESET_NAMES, type PresetName } from '../policy/policy.ts';
import { PRESETS } from '../policy/presets.ts';
import { requestWith } from '../request/request.ts';
import { unknownStaff } from '../staff/staff.ts';
import { catalogue, idOf } from '../testing/cast.ts';
import { inModel } from '../testing/in-model.ts';
import { Ends, judge } from '../testing/judge.ts';
import { Model } from '../testing/model.ts';
import { settingsOf } from '../testing/model-settings.ts';
import { Played } from '../testing/played.ts';
import { days, type Doing, type Step } from '../testing/steps.ts';
import { clock, installation as usual } from '../testing/story.ts';
import { emptyBook } from './book.ts';

const isLong = process.env['GATEBOOK_LONG'] === '1';
/** So many commands and no fewer. */
const COMMANDS = Number(process.env['GATEBOOK_COMMANDS'] ?? (isLong ? 1_000_000 : 100_000));
/** A mutation run asks only whether a fault is found, and not for the shortest day that shows it. */
const endOnFailure = process.env['GATEBOOK_SHRINK'] === '0';
const seed = Number(process.env['GATEBOOK_SEED'] ?? Math.trunc(Math.random() * 0x7fffffff));

const installations = new Map<string, Installation>();
function installationWith(preset: PresetName, livePerWorkspace: number): Installation {
  const key = `${preset} ${livePerWorkspace}`;
  let installation = installations.get(key);
  if (!installation) {
    const policy = PRESETS[preset];
    const session = { ...policy.session, pagesPerMinute: 3, rowsInAll: 30, livePerWorkspace };
    installations.set(key, (installation = { ...usual, catalogue, policy: { ...policy, session } }));
  }
  return installation;
}

const counts = new Map<Doing['do'], { accepted: number; refused: number }>();
const ends = new Ends();
let done = 0;
let daysPlayed = 0;

/** What can be read off both, as one text each: cheaper to hold against each other at each step than two trees. */
function readPlayed({ book, requests }: Played): string {
  const { sessions, staffAccess, grants, actions } = book.state;
  const live = sessions.live().map(({ staffId }) => staffId);
  const until = staffAccess.phase === 'on' ? staffAccess.until : 'off';
  const waiting = requests.map(({ id }) => {
    const request = requestWith(book.state.requests, id);
    return request?.phase ?? 'forgotten';
  });
  const standing = grants.filter(isStanding).map(({ requestId, phase }) => {
    return `${requests.findIndex(({ id }) => id === requestId)} ${phase}`;
  });
  return [live, until, waiting, standing, `${actions.length} to report`].join('; ');
}

function readModel(model: Model, played: Played): string {
  const live = model.live().map(({ staff }) => idOf(staff));
  const until = model.until ?? 'off';
  const waiting = model.requests.map(({ state }, index) => {
    const id = played.requests[index]?.id;
    const isForgotten = state !== 'waiting' && id !== undefined && !requestWith(played.book.state.requests, id);
    return isForgotten ? 'forgotten' : state;
  });
  const standing = model.requests.flatMap(({ grant }, index) => {
    const isOver = grant?.state === 'spent' && grant.visit !== null && model.visits[grant.visit]?.end !== null;
    return grant === null || grant.state === 'ended' || isOver ? [] : [{ grant, index }];
  });
  const grants = standing
    .sort((a, b) => a.grant.order - b.grant.order)
    .map(({ grant, index }) => `${index} ${grant.state}`);
  const open = model.deeds.filter(({ told }) => told.every((one) => one === 'unknown')).length;
  return [live, until, waiting, grants, `${open} to report`].join('; ');
}

/** A fact as it comes back from the log. */
const stored = (fact: ReadFact): ReadFact => JSON.parse(JSON.stringify(fact)) as ReadFact;

function playDay(day: readonly Step[], installation: Installation): void {
  const began = clock('09:00');
  const model = new Model(began, settingsOf(installation.policy));
  const played = new Played(began, installation);

  for (const { wait, doing } of day) {
    const ahead = typeof wait === 'number' ? undefined : model.instantsAhead()[wait.toInstantAhead];
    const to = typeof wait === 'number' ? model.now + wait : (ahead ?? model.now) + wait.offsetMs;
    played.now = Math.max(model.now, to);
    model.passTo(played.now);
    const deniedBefore = played.denials.length;
    const expected = inModel(model, doing);
    const accepted = played.do(doing);
    if (accepted !== expected) {
      const because = played.denials.at(-1)?.data.because;
      expect({ doing, accepted, because }).toStrictEqual({ doing, accepted: expected, because });
    }
    // Every refusal is recorded, and nothing else is.
    const denied = played.denials.length - deniedBefore;
    if (denied !== (accepted ? 0 : 1)) expect({ doing, denied }).toBe('One denial for a refusal');

    const count = counts.get(doing.do) ?? { accepted: 0, refused: 0 };
    count[accepted ? 'accepted' : 'refused']++;
    counts.set(doing.do, count);
    done++;

    played.do({ do: 'settle' });
    const [is, should] = [readPlayed(played), readModel(model, played)];
    if (is !== should) expect({ doing, is }).toStrictEqual({ doing, is: should });
  }

  // Two weeks on everything has run out: each visit, request and grant has its one end, at its true time.
  played.now += 14 * 86_400_000;
  model.passTo(played.now);
  played.do({ do: 'settle' });
  const { lines, state } = played.book;
  judge(lines, ends);
  const [told, should] = [endsIn(played), endsOf(model)];
  if (JSON.stringify(told) !== JSON.stringify(should)) expect(told).toStrictEqual(should);

  // That takes as long as playing the day, and needs not be done with each.
  if (daysPlayed++ % 5 > 0) return;

  // What was written folds to the state that decided.
  expect(lines.reduce((book, { fact, ...written }) => foldBook(book, stored(fact), written), emptyBook)).toStrictEqual(
    state,
  );
  for (const { lines, state } of Object.values(played.staff)) {
    expect(
      lines.reduce((one, { fact, ...written }) => foldStaff(one, stored(fact), written), unknownStaff),
    ).toStrictEqual(state);
  }
  for (const denial of played.denials) {
    if (!recognise(stored(denial))) throw new Error(`Not recognised: ${JSON.stringify(denial)}`);
  }
}

/** Each visit's, request's and grant's end as the log tells it: cause and true time. */
function endsIn({ book, sessions, requests }: Played): readonly (readonly (string | undefined)[])[] {
  const told = new Map<string, string>();
  for (const { fact, time } of book.lines) {
    switch (fact.type) {
      case 'SessionEnded':
        told.set(fact.data.sessionId, `${fact.data.cause} ${Date.parse(fact.data.at)}`);
        break;
      case 'AccessApproved':
        told.set(fact.data.requestId, `approved ${time}`);
        break;
      case 'AccessDeclined':
        told.set(fact.data.requestId, `declined ${time}`);
        break;
      case 'AccessWithdrawn':
        told.set(fact.data.requestId, `withdrawn ${fact.data.cause} ${time}`);
        break;
      case 'AccessLapsed':
        told.set(fact.data.requestId, `lapsed ${fact.data.cause} ${Date.parse(fact.data.at)}`);
        break;
      case 'GrantLapsed':
        told.set(fact.data.grantId, `${fact.data.cause} ${Date.parse(fact.data.at)}`);
        break;
      default:
        break;
    }
  }
  return [
    sessions.map(({ id }) => told.get(id)),
    requests.map(({ id }) => told.get(id)),
    requests.map(({ id }) => told.get(`gr_${id.slice(4)}`)),
  ];
}

function endsOf({ visits, requests }: Model): readonly (readonly (string | undefined)[])[] {
  return [
    visits.map(({ end }) => end && `${end.cause} ${end.at}`),
    requests.map(({ state, end }) => {
      const isSomebodys = state === 'approved' || state === 'declined';
      return end && (isSomebodys ? `${state} ${end.at}` : `${state} ${end.cause} ${end.at}`);
    }),
    requests.map(({ grant }) => (grant?.end ? `${grant.end.cause} ${grant.end.at}` : undefined)),
  ].map((all) => all.map((end) => end ?? undefined));
}

const told = (of: ReadonlyMap<string, number>) => [...of].map(([end, count]) => `${end} ${count}`).join(', ');

function report(): void {
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  const accepted = rows.reduce((sum, [, count]) => sum + count.accepted, 0);
  process.stdout.write(
    `model: ${done} commands, seed ${seed} (GATEBOOK_SEED): ${accepted} accepted, ${done - accepted} refused; ` +
      `${rows.map(([name, count]) => `${name} ${count.accepted}/${count.refused}`).join(', ')}\n` +
      `visits ended: ${told(ends.ofVisits)}; requests: ${told(ends.ofRequests)}; ` +
      `grants: ${told(ends.ofGrants)}; deeds: ${told(ends.ofDeeds)}\n`,
  );
}

describe('Any day at a workspace', () => {
  it(
    'goes as the model says under every preset, and its lines hold what was promised (design, promises 1 to 3)',
    () => {
      const preset = fc.constantFrom<PresetName[]>('default', 'default', 'default', ...PRESET_NAMES);
      const played = fc.property(days, preset, fc.constantFrom(1, 2, 2), (day, name, liveAtOnce) => {
        playDay(day, installationWith(name, liveAtOnce));
      });
      for (let round = 0; done < COMMANDS; round++) {
        fc.assert(played, { seed: seed + round, numRuns: 200, endOnFailure });
      }
      report();
      // In fewer, one of the rarer ends can be missing.
      if (COMMANDS < 100_000) return;

      expect([...ends.ofVisits.keys()].sort()).toStrictEqual([...END_CAUSES].sort());
      expect([...ends.ofRequests.keys()].sort()).toStrictEqual(
        [
          'approved',
          'declined',
          'lapsed: access off',
          'lapsed: case closed',
          'lapsed: nobody decided',
          'lapsed: workspace closed',
          'withdrawn: by the staff member',
          'withdrawn: case reassigned',
          'withdrawn: staff disabled',
        ].sort(),
      );
      expect([...ends.ofGrants.keys()].sort()).toStrictEqual([...GRANT_END_CAUSES, 'spent'].sort());
      expect([...ends.ofDeeds.keys()].sort()).toStrictEqual([
        'done',
        'done, late',
        'failed',
        'failed, late',
        'unknown',
      ]);
      // Days on which everything is refused, or nothing, would show nothing.
      for (const [name, { accepted, refused }] of counts) {
        expect([name, accepted > 0]).toStrictEqual([name, true]);
        // Few days go on behind their workspace’s end, so that it is seldom told twice: the table of pairs has it.
        if (name === 'closeWorkspace') continue;
        const isNeverRefused = name === 'settle' || name === 'staff' || name === 'removeStaff';
        expect([name, refused > 0]).toStrictEqual([name, !isNeverRefused]);
      }
    },
    isLong ? 1_800_000 : 180_000,
  );
});
