import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EVALUATION_PATH, VISIT_HEADER, type EvaluationAnswer, type EvaluationRequest } from '@gatebook/protocol';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { plannedEnding } from '#domain/book/settle';
import { envelopeWith } from '#event-log/envelope';
import { openEventStoreLog } from '#event-log/eventstoredb/log';
import type { EventLog } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import { startStandIn, type StandIn } from '#event-log/stand-in/stand-in';
import { Desk } from '../desk/desk.ts';
import { memberIdOf } from '../desk/identity.ts';
import { ClockedInstance } from '../testing/clocked-instance.ts';
import { openVisits, type OpenVisit } from '../testing/open-visits.ts';
import { chanceFrom, seed } from '../testing/seed.ts';
import { judgeClocks, type ClockedFact, type ClockedRun, type ClockedView } from './judge-clocks.ts';

/** Jumps of each kind; the full count is run by `npm run test:long`. */
const LONG = process.env['GATEBOOK_LONG'] !== undefined;
const ROUNDS = LONG ? 10 : 1;
const HOUR = 3_600_000;
const JUMPS = { '-1 h': -HOUR, '+2 h': 2 * HOUR, '-30 d': -30 * 24 * HOUR } as const;
type Jump = keyof typeof JUMPS;

/** Services start so long before the first visit's end, in true time: the clock jumps in between. */
const START_BEFORE_MS = LONG ? 15_000 : 8000;
const RIGHT_AGAIN_AFTER_MS = 700;
const VIEW_EVERY_MS = 150;
const SERVES_AGAIN_WITHIN_MS = 5000;

jest.setTimeout(20 * 60_000);

/** What ends each visit, a minute after it was opened; and one that goes on. */
const KINDS = ['cap', 'window', 'idle', 'going on'] as const;
const [CAP, WINDOW, IDLE] = [0, 1, 2];

interface World {
  /** The true time, which is not the machine’s: a minute of a visit passes before anything is started. */
  readonly now: () => number;
  readonly directory: string;
  readonly standIn: StandIn | undefined;
  readonly visits: readonly OpenVisit[];
  readonly productKey: string;
  readonly trueEnds: ReadonlyMap<string, number>;
  /** The last one's clock jumps. */
  readonly instances: readonly ClockedInstance[];
}

describe('A clock that jumps in the middle of visits', () => {
  const worlds: World[] = [];
  /** Has whoever still asks stop, where a run ended early. */
  const afterwards: (() => void)[] = [];
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gatebook-clock-'));
  });

  afterEach(async () => {
    for (const stop of afterwards.splice(0)) stop();
    for (const { instances, standIn } of worlds.splice(0)) {
      for (const instance of instances) await instance.close();
      await standIn?.stop();
    }
    rmSync(root, { recursive: true });
  });

  const makeWorld = async (name: string, shared: boolean): Promise<World> => {
    const directory = join(root, name);
    const publicUrl = 'http://localhost:4000';
    let ahead = 0;
    const clock = { now: () => Date.now() + ahead };
    const standIn = shared
      ? await startStandIn({ directory: join(directory, 'log'), now: () => clock.now(), synchronous: 'off' })
      : undefined;
    const openLog = async (): Promise<EventLog> =>
      standIn
        ? openEventStoreLog({ connectionString: standIn.connectionString, now: () => clock.now() })
        : openSqliteLog({ directory: join(directory, 'log'), now: () => clock.now() });
    const opened = await openVisits({
      dataDirectory: directory,
      publicUrl,
      count: KINDS.length,
      catalogueFile: 'apps/demo/gatebook.catalogue.yaml',
      clock,
      openLog,
      session: { idleMinutes: 1 },
      minutes: (number) => (number === CAP ? 1 : null),
    });
    const log = await openLog();
    const desk = new Desk({ log, envelope: envelopeWith(), clock });
    await desk.start();
    const { workspaceId, owner } = opened.visits[WINDOW]!;
    await desk.handle(
      workspaceId,
      { type: 'EnableStaffAccess', by: owner, minutes: 1, withoutAreas: [], onlyCase: null },
      { actor: { kind: 'member', id: memberIdOf(workspaceId, owner.subject) } },
    );
    const trueEnds = new Map<string, number>();
    for (const [number, visit] of opened.visits.entries()) {
      const { state: book } = await desk.look(visit.workspaceId);
      const session = book.sessions.get(visit.sessionId);
      if (session?.phase !== 'live') throw new Error('The visit is not open.');
      // All but one are used all along.
      trueEnds.set(visit.workspaceId, plannedEnding(book, session, number === IDLE ? session.idleMs : Infinity).at);
    }
    await desk.stop();
    await log.close();
    ahead = Math.min(...trueEnds.values()) - START_BEFORE_MS - Date.now();
    const instances = await Promise.all(
      (shared ? ['right', 'jumps'] : ['jumps']).map((instance) =>
        ClockedInstance.start({
          keysDirectory: directory,
          dataDirectory: shared ? join(directory, instance) : directory,
          publicUrl,
          now: () => clock.now(),
          ...(standIn && { logUrl: standIn.connectionString }),
        }),
      ),
    );
    const { visits, keys } = opened;
    const world = { now: () => clock.now(), directory, standIn, visits, productKey: keys.product, trueEnds, instances };
    worlds.push(world);
    return world;
  };

  const ask = async (world: World, at: ClockedInstance, number: number, record: string): Promise<ClockedView> => {
    const visit = world.visits[number]!;
    const { workspaceId, staffId, token } = visit;
    const question: EvaluationRequest = {
      subject: { type: 'staff', id: staffId },
      action: { name: 'view' },
      resource: { type: 'page', id: 'billing', properties: { workspace: workspaceId, record } },
      context: { input: number !== IDLE },
    };
    const began = world.now();
    const answer = await fetch(at.url + EVALUATION_PATH, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.productKey}`,
        [VISIT_HEADER]: token,
        'content-type': 'application/json',
      },
      body: JSON.stringify(question),
    });
    const atRightClock = world.instances.length > 1 && at === world.instances[0];
    const decided = answer.ok ? ((await answer.json()) as EvaluationAnswer) : undefined;
    const outcome = decided ? (decided.decision ? 'yes' : 'refused') : 'not now';
    return { workspaceId, atRightClock, outcome, began, ended: world.now() };
  };

  /** One jump, from before it until every visit but one is over and the clock is right again. */
  const play = async (world: World, jump: Jump, jumpAfterMs: number) => {
    const { instances, visits, trueEnds, standIn } = world;
    const jumping = instances.at(-1)!;
    const views: ClockedView[] = [];
    let running = true;
    let record = 0;
    const asking = Promise.all(
      instances.flatMap((instance) =>
        visits.map(async (_, number) => {
          while (running) {
            views.push(await ask(world, instance, number, `INV-${record++}`));
            await passed(VIEW_EVERY_MS);
          }
        }),
      ),
    );
    asking.catch(() => (running = false));
    afterwards.push(() => (running = false));
    await passed(jumpAfterMs);
    // Each visit was used once while all was well: from then on it is idle.
    const used = () => new Set(views.filter(({ outcome }) => outcome === 'yes').map(({ workspaceId }) => workspaceId));
    while (used().size < visits.length && running) await passed(20);
    jumping.aheadMs = JUMPS[jump];
    const jumpedAt = world.now();
    const over = [...trueEnds.values()].filter((end) => end < jumpedAt + HOUR / 2);
    if (Math.min(...over) <= jumpedAt) throw new Error('Starting took so long that a visit was over before the jump.');
    await passed(Math.max(...over) + RIGHT_AGAIN_AFTER_MS - jumpedAt);
    jumping.aheadMs = 0;
    const rightAt = performance.now();
    // The embedded log’s clock is the one that went ahead: it is right again once the time that it wrote has come.
    const ahead = !standIn && JUMPS[jump] > 0;
    let servesAgainMs: number | undefined;
    while (servesAgainMs === undefined && performance.now() - rightAt < SERVES_AGAIN_WITHIN_MS && !ahead) {
      const { outcome } = await ask(world, jumping, visits.length - 1, `INV-${record++}`);
      if (outcome === 'yes') servesAgainMs = Math.round(performance.now() - rightAt);
      else await passed(20);
    }
    const because = servesAgainMs === undefined ? await readiness(jumping) : '';
    running = false;
    await asking;
    const facts = standIn && (await factsOf(standIn));
    const run: ClockedRun = { trueEnds, views, ...(facts && { facts }) };
    return { run, servesAgainMs, ahead, because };
  };

  it('opens no page after a visit’s true end, takes no time from anybody else, and decides again once it is right', async () => {
    const chance = chanceFrom(seed);
    const found: string[] = [];
    const counts = { yes: 0, refused: 0, 'not now': 0 };
    const servesAgain: Record<string, number> = {};
    let last: ClockedRun | undefined;
    for (let round = 0; round < ROUNDS; round++) {
      const plays = Object.keys(JUMPS).flatMap((jump) =>
        [true, false].map((shared) => ({ jump: jump as Jump, shared })),
      );
      const played = await Promise.all(
        plays.map(async ({ jump, shared }, number) => {
          const wait = 200 + chance() * 800;
          const world = await makeWorld(`${round}-${number}`, shared);
          return { jump, shared, ...(await play(world, jump, wait)) };
        }),
      );
      for (const { jump, shared, run, servesAgainMs, ahead, because } of played) {
        const name = `${shared ? 'one of two' : 'alone'}, ${jump}`;
        found.push(...judgeClocks(run).map((wrong) => `${name}: ${wrong}`));
        for (const { outcome } of run.views) counts[outcome]++;
        if (servesAgainMs !== undefined) servesAgain[name] = Math.max(servesAgain[name] ?? 0, servesAgainMs);
        else if (!ahead) found.push(`${name}: it did not decide again: ${because}`);
        if (shared) last = run;
      }
    }
    console.log(
      JSON.stringify({
        harness: 'clocks that jump',
        seed,
        rounds: ROUNDS,
        ...counts,
        servesAgain,
        violations: found.length,
      }),
    );
    expect(found).toEqual([]);
    expect(counts.yes).toBeGreaterThan(ROUNDS * 50);

    // The harness can fail: each fault put into what it read is found.
    const run = last!;
    const [workspaceId, end] = [...run.trueEnds][IDLE]!;
    const view: ClockedView = { workspaceId, atRightClock: true, outcome: 'yes', began: end, ended: end + 1 };
    const faults: Readonly<Record<string, ClockedRun>> = {
      'a yes was given after the true end': { ...run, views: [view] },
      'a visit was refused before its true end': {
        ...run,
        views: [{ ...view, outcome: 'refused', began: end - 2, ended: end - 1 }],
      },
      'an instance whose clock is right could not decide': { ...run, views: [{ ...view, outcome: 'not now' }] },
      'a view was written after the true end': {
        ...run,
        facts: [{ workspaceId, type: 'PageViewed', recordedAt: end + 2000 }],
      },
      'an end was written before its true time': {
        ...run,
        facts: [{ workspaceId, type: 'SessionEnded', recordedAt: end - 1 }],
      },
    };
    for (const [fault, spoilt] of Object.entries(faults)) expect(judgeClocks(spoilt)).toContain(fault);
  });
});

async function factsOf({ connectionString }: StandIn): Promise<ClockedFact[]> {
  const log = await openEventStoreLog({ connectionString });
  const facts: ClockedFact[] = [];
  for await (const { stream, type, recordedAt } of log.readAll({ streamPrefixes: ['workspace-'] })) {
    facts.push({ workspaceId: stream.slice('workspace-'.length), type, recordedAt });
  }
  await log.close();
  return facts;
}

async function readiness({ url }: ClockedInstance): Promise<string> {
  return fetch(`${url}/readyz`).then((answer) => answer.text());
}
