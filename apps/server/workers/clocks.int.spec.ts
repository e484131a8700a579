import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EVALUATION_PATH, VISIT_HEADER, type EvaluationAnswer, type WorkspaceId } from '@gatebook/protocol';
import fastify, { type FastifyInstance } from 'fastify';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { envelopeWith } from '#event-log/envelope';
import type { EventLog } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import { dueBefore, openTables, startRunner, type Runner, type Tables } from '#projections/index';
import { ApiKeys } from '../adapters/keys/api-keys.ts';
import { VisitTokens } from '../adapters/keys/visit-tokens.ts';
import { CLOCK_ACTOR } from '../desk/denials.ts';
import { Desk } from '../desk/desk.ts';
import { digestOf, memberIdOf } from '../desk/identity.ts';
import { evaluationDoor, noEvaluations } from '../doors/evaluation/evaluation-door.ts';
import { livedTime } from '../testing/lived-time.ts';
import { openVisits, type OpenVisit } from '../testing/open-visits.ts';
import { Timekeeper } from './timekeeper.ts';

const MINUTE = 60_000;

describe.each(['with the timekeeper', 'with the timekeeper stopped'])('The clocks of a visit, %s', (mode) => {
  const keeping = mode === 'with the timekeeper';
  const start = Date.parse('2026-11-21T09:00:00.000Z');
  let directory: string;
  let now: number;
  let log: EventLog;
  let desk: Desk;
  let tables: Tables;
  let runner: Runner;
  let timekeeper: Timekeeper;
  let server: FastifyInstance;
  let url: string;
  let key: string;
  let visit: OpenVisit;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-clocks-'));
    now = start;
    const clock = { now: () => now };
    const publicUrl = 'http://localhost';
    const catalogueFile = 'apps/demo/gatebook.catalogue.yaml';
    const opened = await openVisits({
      dataDirectory: directory,
      publicUrl,
      count: 1,
      catalogueFile,
      clock,
      tokenSeconds: 7200,
    });
    [visit] = opened.visits as [OpenVisit];
    key = opened.keys.product;
    const envelope = envelopeWith();
    log = openSqliteLog({ directory: join(directory, 'log'), now: () => now });
    desk = new Desk({ log, envelope, clock, timer: livedTime });
    await desk.start();
    tables = await openTables({ directory: join(directory, 'tables') });
    runner = startRunner({ log, tables, envelope, clock, alone: true, onError: (error) => console.error(error) });
    await runner.ready;
    timekeeper = new Timekeeper({
      clock,
      dueBy: async (at, limit) =>
        (await dueBefore(tables, at, limit)).map(({ workspaceId }) => workspaceId as WorkspaceId),
      settle: (workspaceId) => desk.handle(workspaceId, { type: 'SettleBook' }, { actor: CLOCK_ACTOR }),
      onError: (error) => console.error(error),
    });
    server = fastify();
    evaluationDoor(server, {
      desk,
      keys: new ApiKeys({ product: digestOf(key).slice('sha256:'.length) }),
      tokens: await VisitTokens.with(publicUrl, 'fernway', clock, opened.keys.signing),
      publicUrl,
      counts: noEvaluations(),
    });
    url = await server.listen({ port: 0, host: '127.0.0.1' });
  });

  afterEach(async () => {
    await server.close();
    await runner.stop();
    await desk.stop();
    await tables.close();
    await log.close();
    rmSync(directory, { recursive: true });
  });

  let record = 0;
  const view = async ({ input }: { input: boolean }): Promise<EvaluationAnswer> => {
    const answer = await fetch(url + EVALUATION_PATH, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, [VISIT_HEADER]: visit.token, 'content-type': 'application/json' },
      body: JSON.stringify({
        subject: { type: 'staff', id: visit.staffId },
        action: { name: 'view' },
        resource: {
          type: 'page',
          id: 'billing',
          properties: { workspace: visit.workspaceId, record: `INV-${record++}` },
        },
        context: { input },
      }),
    });
    return (await answer.json()) as EvaluationAnswer;
  };

  /** Lets time pass; the timekeeper, where there is one, looks once at the new time. */
  const at = async (time: number) => {
    now = time;
    if (!keeping) return;
    expect(await runner.waitFor(await log.head(), 30_000)).toBe(true);
    await timekeeper.look();
  };
  const lastFacts = async (count: number) => {
    const facts: { type: string; data: { cause?: string; at?: string } }[] = [];
    for await (const { type, data } of log.readStream(`workspace-${visit.workspaceId}`))
      facts.push({ type, data: JSON.parse(data) });
    return facts.slice(-count).map(({ type, data: { cause, at: ended } }) => ({ type, cause, at: ended }));
  };
  const refused = (sentence: string) => ({ decision: false, context: { reason_user: { en: sentence } } });

  it('end a visit that is left alone by idle time: polling does not keep it, and its last millisecond is open (S1-13, S1-31)', async () => {
    expect(await view({ input: true })).toMatchObject({ decision: true });
    await at(start + 15 * MINUTE - 1);
    expect(await view({ input: false })).toMatchObject({ decision: true });
    await at(start + 15 * MINUTE);
    expect(await view({ input: true })).toMatchObject(refused('This visit has ended: nobody had used it for a while.'));
    expect(await lastFacts(2)).toEqual([
      { type: 'PageViewed', cause: undefined, at: undefined },
      { type: 'SessionEnded', cause: 'idle', at: '2026-11-21T09:15:00.000Z' },
    ]);
  });

  it('end a visit at its cap, however busy it is', async () => {
    for (let minute = 10; minute < 60; minute += 10) {
      await at(start + minute * MINUTE);
      expect(await view({ input: true })).toMatchObject({ decision: true });
    }
    await at(start + 60 * MINUTE - 1);
    expect(await view({ input: true })).toMatchObject({ decision: true });
    await at(start + 60 * MINUTE);
    expect(await view({ input: true })).toMatchObject(refused('This visit has ended: its time was up.'));
    expect(await lastFacts(1)).toEqual([
      { type: 'SessionEnded', cause: 'reached its cap', at: '2026-11-21T10:00:00.000Z' },
    ]);
  });

  it('close a window that runs out, with the visit in it, at the window’s own end (S0-54, S0-56)', async () => {
    await desk.handle(
      visit.workspaceId,
      { type: 'EnableStaffAccess', by: visit.owner, minutes: 10, withoutAreas: [], onlyCase: null },
      { actor: { kind: 'member', id: memberIdOf(visit.workspaceId, visit.owner.subject) } },
    );
    await at(start + 10 * MINUTE - 1);
    expect(await view({ input: true })).toMatchObject({ decision: true });
    await at(start + 10 * MINUTE + 5000);
    expect(await view({ input: true })).toMatchObject(refused('Support access has ended: the owner’s window is over.'));
    expect(await lastFacts(2)).toEqual([
      { type: 'StaffAccessDisabled', cause: 'window ended', at: '2026-11-21T09:10:00.000Z' },
      { type: 'SessionEnded', cause: 'window ended', at: '2026-11-21T09:10:00.000Z' },
    ]);
  });

  it('give no time back when the machine’s clock jumps back, and steal none for long', async () => {
    expect(await view({ input: true })).toMatchObject({ decision: true });
    await at(start - 4000);
    expect(await view({ input: true })).toMatchObject({ decision: true });
    await at(start - 60 * MINUTE);
    expect(await view({ input: true })).toMatchObject({ status: 503 });
    await at(start + MINUTE);
    expect(await view({ input: true })).toMatchObject({ decision: true });
  });
});

describe('The timekeeper', () => {
  it('says what went wrong and goes on', async () => {
    const errors: unknown[] = [];
    const broken = new Error('the tables are away');
    const timekeeper = new Timekeeper({
      clock: { now: () => 0 },
      dueBy: () => Promise.reject(broken),
      settle: () => Promise.resolve(),
      onError: (error) => errors.push(error),
    });
    await timekeeper.look();
    await timekeeper.look();
    expect(errors).toEqual([broken, broken]);
  });
});
