import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as passed } from 'node:timers/promises';
import { v7 } from 'uuid';
import type { LogReader } from '#event-log/port';
import type { Callers } from '../testing/callers.ts';
import type { OpenVisit } from '../testing/open-visits.ts';
import { SharedInstallation } from '../testing/shared-installation.ts';
import { judgeOutage, type Attempt, type Outage, type OutageRun } from './judge-outage.ts';

/** How long each outage takes; the full time is run by `npm run test:long`. */
const AWAY_MS = process.env['GATEBOOK_LONG'] ? 60_000 : 4000;
const BACK_WITHIN_MS = 5000;
const VISITS = 3;
/** Attempts of one person at the instance that stays: a flood, which is counted. */
const FLOOD_EVERY_MS = 100;
/** And at the one that is killed, until it is: too few in ten seconds to be counted, for counts of a window are in memory. */
const TRY_EVERY_MS = 2600;
const LOOK_MS = 50;
const PATIENCE_MS = 30_000;

const OUTAGES = [
  ['unreachable', 'unreachable', 'reachable'],
  ['frozen', 'freeze', 'thaw'],
] as const;

/** Of two instances one lives through it, the other is killed in the middle and started again. */
const [STAYS, KILLED] = [0, 1];

jest.setTimeout(15 * 60_000);

describe(`A log that is away for ${AWAY_MS / 1000} s, unreachable first and then frozen`, () => {
  let installation: SharedInstallation | undefined;

  afterEach(() => installation?.close());

  it('lets nobody in, is back soon after, and every attempt is written down', async () => {
    const shared = await SharedInstallation.start({ visits: 2 * VISITS, instances: 2, seed: 1 });
    installation = shared;
    const attempts: Attempt[] = [];
    const offs = new Map<string, number>();
    const underWay = new Set<Promise<void>>();
    let running = true;
    let killedTriesEvery = TRY_EVERY_MS;
    let record = 0;

    const attempt = async (callers: Callers, visit: OpenVisit) => {
      const { workspaceId } = visit;
      const began = performance.now();
      const reply = await callers.view(visit, `INV-${record++}`);
      const ended = performance.now();
      if (reply.kind === 'answered') {
        const { answer } = reply;
        const yes = answer.decision
          ? { outcome: 'yes' as const, view: answer.context.view }
          : { outcome: 'refused' as const };
        attempts.push({ workspaceId, ...yes, began, ended });
      } else {
        attempts.push({ workspaceId, outcome: reply.kind === 'try again' ? 'not now' : 'unanswered', began, ended });
      }
    };
    /** Tries and tries, and doesn't wait for an answer before the next one. */
    const insist = async (number: number, visit: OpenVisit) => {
      const callers = shared.callersAt(number, PATIENCE_MS);
      while (running && !offs.has(visit.workspaceId)) {
        const one = attempt(callers, visit).finally(() => underWay.delete(one));
        underWay.add(one);
        await passed(number === STAYS ? FLOOD_EVERY_MS : killedTriesEvery);
      }
    };
    const turnOff = async (number: number, visit: OpenVisit) => {
      const callers = shared.callersAt(number, PATIENCE_MS);
      const id = v7();
      for (;;) {
        const reply = await callers.switch(visit, 'off', id);
        if (reply.kind === 'answered') {
          if (reply.answer.refused !== undefined) throw new Error(`An off was refused: ${reply.answer.refused}`);
          break;
        }
        await passed(200);
      }
      offs.set(visit.workspaceId, performance.now());
      // And one more, which has to hear of it.
      await attempt(callers, visit);
    };
    const visitsOf = (number: number) => shared.visits.slice(number * VISITS, (number + 1) * VISITS);
    /** How soon an instance says that it is ready, and says yes. */
    const back = async (number: number, from: number) => {
      const { url } = shared.addresses[number]!;
      const ready = async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.status === 200;
      while (!(await ready())) await passed(LOOK_MS);
      const readyMs = Math.round(performance.now() - from);
      const mine = new Set<string>(visitsOf(number).map(({ workspaceId }) => workspaceId));
      const yes = () =>
        attempts.find(({ workspaceId, outcome, ended }) => outcome === 'yes' && ended >= from && mine.has(workspaceId));
      while (!yes()) await passed(LOOK_MS);
      return { readyMs, yesMs: Math.round(yes()!.ended - from) };
    };

    const insisting = [STAYS, KILLED].flatMap((number) => visitsOf(number).map((visit) => insist(number, visit)));
    const outages: Outage[] = [];
    const backs: Record<string, { stayed: Back; restarted: Back }> = {};
    for (const [number, [how, goAway, comeBack]] of OUTAGES.entries()) {
      await passed(300);
      await shared.standIn.faults[goAway]();
      // What had been answered by then is still on its way for a moment.
      await passed(LOOK_MS);
      const from = performance.now();
      const off = [STAYS, KILLED].map((instance) => turnOff(instance, visitsOf(instance)[number]!));
      await passed(AWAY_MS / 2);
      await shared.services[KILLED]!.kill();
      const restarted = shared.startUntilUp(KILLED);
      killedTriesEvery = FLOOD_EVERY_MS;
      await passed(AWAY_MS / 2);
      const until = performance.now();
      outages.push({ from, until });
      await shared.standIn.faults[comeBack]();
      const [stayed, again] = await Promise.all([back(STAYS, until), back(KILLED, until), restarted]);
      backs[how] = { stayed, restarted: again };
      await Promise.all(off);
      killedTriesEvery = TRY_EVERY_MS;
    }
    running = false;
    await Promise.all(insisting);
    await Promise.all(underWay);
    // Counts of a window under way are written when the service is asked to end.
    for (const service of shared.services) await service.stop();

    const log = await shared.openLog();
    const run: OutageRun = { outages, attempts, offs, ...(await read(log)) };
    await log.close();
    const found = judgeOutage(run);
    const count = (outcome: Attempt['outcome']) => attempts.filter((attempt) => attempt.outcome === outcome).length;
    console.log(
      JSON.stringify({
        harness: 'outages of the log',
        seconds: AWAY_MS / 1000,
        yes: count('yes'),
        notNow: count('not now'),
        unanswered: count('unanswered'),
        denied: [...run.denied.values()].reduce((sum, each) => sum + each, 0),
        offs: offs.size,
        back: backs,
        violations: found.length,
      }),
    );
    expect(found).toEqual([]);
    for (const { readyMs, yesMs } of Object.values(backs).flatMap(({ stayed, restarted }) => [stayed, restarted])) {
      expect(Math.max(readyMs, yesMs)).toBeLessThan(BACK_WITHIN_MS);
    }
    expect(count('not now')).toBeGreaterThan(AWAY_MS / 1000);
    expect(offs.size).toBe(4);

    // The harness can fail: each fault put into what it read is found.
    const { workspaceId } = attempts.find(({ outcome }) => outcome === 'yes')!;
    const [outage] = outages as [Outage];
    const middle = (outage.from + outage.until) / 2;
    const meanwhile: Attempt = { workspaceId, outcome: 'yes', view: 'unwritten', began: middle, ended: middle + 1 };
    expect(judgeOutage({ ...run, attempts: [...attempts, meanwhile] })).toEqual(
      expect.arrayContaining(['a yes is not in the log', 'a yes was given while the log was away']),
    );
    const [closed] = offs.keys();
    const late: Attempt = { ...meanwhile, workspaceId: closed!, began: offs.get(closed!)! + 1, ended: Infinity };
    expect(judgeOutage({ ...run, attempts: [...attempts, late] })).toContain(
      'a yes was given after an off was acknowledged',
    );
    const behind = { id: v7(), type: 'PageViewed', stream: `workspace-${closed}` };
    expect(judgeOutage({ ...run, books: [...run.books, behind] })).toContain('a view stands behind an off');
    expect(judgeOutage({ ...run, books: run.books.filter(({ type }) => type !== 'StaffAccessDisabled') })).toContain(
      'an acknowledged off is not in the log',
    );
    const fewer = new Map([...run.denied].map(([workspace, times]) => [workspace, times - 1]));
    expect(judgeOutage({ ...run, denied: fewer })).toContain('a refused attempt’s denial is lost');
    const more = new Map([...run.denied].map(([workspace, times]) => [workspace, times + 10_000]));
    expect(judgeOutage({ ...run, denied: more })).toContain('a denial stands for an attempt that nobody made');
  });
});

/** Milliseconds from the end of the outage. */
interface Back {
  readonly readyMs: number;
  readonly yesMs: number;
}

/** Books in order, and how many attempts were denied because the gate could not decide; repeats of one fact count once. */
async function read(log: LogReader): Promise<Pick<OutageRun, 'books' | 'denied'>> {
  const books: { id: string; type: string; stream: string }[] = [];
  const denied = new Map<string, number>();
  const known = new Set<string>();
  for await (const { id, type, stream, data } of log.readAll({ streamPrefixes: ['workspace-', 'denials-'] })) {
    if (stream.startsWith('workspace-')) {
      books.push({ id, type, stream });
    } else if (!known.has(id)) {
      known.add(id);
      const { rule, count } = JSON.parse(data) as { rule: string; count: number };
      const workspaceId = stream.slice('denials-'.length);
      if (rule === 'gateCanDecide') denied.set(workspaceId, (denied.get(workspaceId) ?? 0) + count);
    }
  }
  return { books, denied };
}
