import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EVALUATION_PATH, VISIT_HEADER, type EvaluationAnswer, type EvaluationRequest } from '@gatebook/protocol';
import fastify, { type FastifyInstance } from 'fastify';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { envelopeWith } from '#event-log/envelope';
import { openEventStoreLog } from '#event-log/eventstoredb/log';
import type { EventLog } from '#event-log/port';
import { startStandInProcess, type StandInProcess } from '#event-log/stand-in/process';
import { ApiKeys } from '../adapters/keys/api-keys.ts';
import { VisitTokens } from '../adapters/keys/visit-tokens.ts';
import { systemClock } from '../desk/clock.ts';
import { Desk } from '../desk/desk.ts';
import { digestOf, memberIdOf } from '../desk/identity.ts';
import { evaluationDoor, noEvaluations } from '../doors/evaluation/evaluation-door.ts';
import { openVisits, type OpenVisit } from '../testing/open-visits.ts';
import { judgeRace, type Race, type RaceView } from './judge-race.ts';

/** Races over two instances on one log; the full counts are run by `npm run test:long`. */
const LONG = process.env['GATEBOOK_LONG'] !== undefined;
const RACES = LONG ? 2000 : 120;
const FLOODS = LONG ? 60 : 4;
const CONTROL_RACES = 30;
const VIEWS = 8;
/** Views under way at once while a workspace is flooded. */
const FLOOD = 48;
const OFF_WITHIN_MS = 1000;

jest.setTimeout(60 * 60_000);

/** One instance: its own connection to the log, its own lanes, its own door. */
interface Instance {
  readonly log: EventLog;
  readonly desk: Desk;
  readonly server: FastifyInstance;
  readonly url: string;
}

describe('Two instances on one log', () => {
  let directory: string;
  let standIn: StandInProcess;
  let a: Instance;
  let b: Instance;
  let key: string;
  let visits: OpenVisit[];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-instances-'));
    standIn = await startStandInProcess({ directory: join(directory, 'log'), synchronous: 'off' });
    const openLog = () => openEventStoreLog({ connectionString: standIn.connectionString });
    const opened = await openVisits({
      dataDirectory: directory,
      publicUrl: 'http://localhost',
      count: RACES + FLOODS + CONTROL_RACES,
      catalogueFile: 'apps/demo/gatebook.catalogue.yaml',
      openLog,
    });
    visits = opened.visits;
    key = opened.keys.product;
    const instance = async (): Promise<Instance> => {
      const log = await openLog();
      const desk = new Desk({ log, envelope: envelopeWith(), clock: systemClock });
      await desk.start();
      const server = fastify();
      evaluationDoor(server, {
        desk,
        keys: new ApiKeys({ product: digestOf(key).slice('sha256:'.length) }),
        tokens: await VisitTokens.with('http://localhost', 'fernway', systemClock, opened.keys.signing),
        publicUrl: 'http://localhost',
        counts: noEvaluations(),
      });
      return { log, desk, server, url: await server.listen({ port: 0, host: '127.0.0.1' }) };
    };
    a = await instance();
    b = await instance();
  });

  afterAll(async () => {
    for (const { server, desk, log } of [a, b]) {
      await server.close();
      await desk.stop();
      await log.close();
    }
    await standIn.stop();
    rmSync(directory, { recursive: true });
  });

  /** The answer; `undefined` where the instance can't decide just now. */
  const ask = async (at: Instance, visit: OpenVisit, record: string): Promise<EvaluationAnswer | undefined> => {
    const question: EvaluationRequest = {
      subject: { type: 'staff', id: visit.staffId },
      action: { name: 'view' },
      resource: { type: 'page', id: 'billing', properties: { workspace: visit.workspaceId, record } },
      context: { purpose: 'serve', input: true },
    };
    const answer = await fetch(at.url + EVALUATION_PATH, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, [VISIT_HEADER]: visit.token, 'content-type': 'application/json' },
      body: JSON.stringify(question),
    });
    return answer.ok ? ((await answer.json()) as EvaluationAnswer) : undefined;
  };

  const turnOff = (at: Instance, visit: OpenVisit) =>
    at.desk.handle(
      visit.workspaceId,
      { type: 'DisableStaffAccess', by: visit.owner },
      { actor: { kind: 'member', id: memberIdOf(visit.workspaceId, visit.owner.subject) }, commandId: v7() },
    );

  const streamOf = async ({ workspaceId }: OpenVisit) => {
    const stream: { type: string; id: string }[] = [];
    for await (const { type, id } of a.log.readStream(`workspace-${workspaceId}`)) stream.push({ type, id });
    return stream;
  };

  type Viewing = (
    at: Instance,
    visit: OpenVisit,
    record: string,
  ) => Promise<{ yes: boolean; view: string | undefined } | undefined>;

  /** Views at both instances, an off at one of them somewhere among them, and three more views after it was acknowledged. */
  const race = async (visit: OpenVisit, number: number, view: Viewing): Promise<Race & { notNow: number }> => {
    const views: RaceView[] = [];
    let acknowledged = false;
    let notNow = 0;
    const one = async (at: Instance, record: string) => {
      const afterOff = acknowledged;
      const seen = await view(at, visit, record);
      if (seen) views.push({ ...seen, afterOff });
      else notNow++;
    };
    const [near, far] = number % 2 === 0 ? [a, b] : [b, a];
    const running: Promise<unknown>[] = [];
    for (let i = 0; i < VIEWS; i++) {
      running.push(one(i % 3 === 0 ? far : near, `INV-${i}`));
      if (i === number % VIEWS) running.push(turnOff(far, visit).then(() => (acknowledged = true)));
      if (number % 3 > 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(running);
    // The second is a repeat of a view that stands: nothing would be appended for it, and it is refused all the same.
    for (const record of ['INV-late', 'INV-0']) await one(near, record);
    await one(far, 'INV-1');
    return { views, stream: await streamOf(visit), notNow };
  };

  it('let no view stand behind an off in the log, and give no yes after it was acknowledged by the other', async () => {
    const found: string[] = [];
    const sums = { yes: 0, refused: 0, notNow: 0 };
    for (const [number, visit] of visits.slice(0, RACES).entries()) {
      const run = await race(visit, number, async (at, one, record) => {
        const answer = await ask(at, one, record);
        if (!answer) return undefined;
        return answer.decision ? { yes: true, view: answer.context.view } : { yes: false, view: undefined };
      });
      sums.yes += run.views.filter(({ yes }) => yes).length;
      sums.refused += run.views.filter(({ yes }) => !yes).length;
      sums.notNow += run.notNow;
      found.push(...judgeRace(run));
    }
    console.log(
      JSON.stringify({ harness: 'races over two instances', races: RACES, ...sums, violations: found.length }),
    );
    expect(found).toEqual([]);
    expect(sums.yes).toBeGreaterThan(RACES / 4);
    expect(sums.refused).toBeGreaterThan(RACES * 2);
  });

  it('get an off through within a second while the other floods the same workspace', async () => {
    const times: number[] = [];
    let views = 0;
    for (const visit of visits.slice(RACES, RACES + FLOODS)) {
      let flooding = true;
      let record = 0;
      const flood = Array.from({ length: FLOOD }, async () => {
        while (flooding) {
          const answer = await ask(a, visit, `INV-${record++}`);
          if (answer && !answer.decision) return;
          views++;
        }
      });
      while (record < FLOOD * 4) await new Promise((resolve) => setImmediate(resolve));
      const began = performance.now();
      await turnOff(b, visit);
      times.push(performance.now() - began);
      flooding = false;
      await Promise.all(flood);
      const stream = await streamOf(visit);
      const off = stream.findIndex(({ type }) => type === 'StaffAccessDisabled');
      expect(stream.slice(off + 1).filter(({ type }) => type === 'PageViewed')).toEqual([]);
    }
    const slowestMs = Math.round(Math.max(...times));
    console.log(JSON.stringify({ harness: 'off through a flood', floods: FLOODS, views, slowestMs }));
    expect(slowestMs).toBeLessThan(OFF_WITHIN_MS);
    expect(views).toBeGreaterThan(FLOODS * FLOOD);
  });

  it('catch a gate that trusts the state that it knows', async () => {
    const found: string[] = [];
    for (const [number, visit] of visits.slice(RACES + FLOODS).entries()) {
      for (const { desk } of [a, b]) await desk.look(visit.workspaceId);
      const run = await race(visit, number, async (at, one) => {
        // What this instance has read is not what stands in the log: the other one may have written since.
        if (at.desk.bookNow(one.workspaceId).book.staffAccess.phase === 'off') return { yes: false, view: undefined };
        const id = v7();
        const data = JSON.stringify({ sessionId: one.sessionId, page: 'billing' });
        await at.log.append(`workspace-${one.workspaceId}`, 'any', [{ id, type: 'PageViewed', data, metadata: '{}' }]);
        return { yes: true, view: id };
      });
      found.push(...judgeRace(run));
    }
    expect(found).toContain('a view stands behind the off');
    expect(found).toContain('a yes was given after the off was acknowledged');
  });
});
