import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EVALUATION_PATH, VISIT_HEADER, type EvaluationAnswer, type EvaluationRequest } from '@gatebook/protocol';
import fastify, { type FastifyInstance } from 'fastify';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { envelopeWith } from '#event-log/envelope';
import type { EventLog } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import { ApiKeys } from '../adapters/keys/api-keys.ts';
import { VisitTokens } from '../adapters/keys/visit-tokens.ts';
import { systemClock } from '../desk/clock.ts';
import { Desk } from '../desk/desk.ts';
import { digestOf, memberIdOf } from '../desk/identity.ts';
import { evaluationDoor, noEvaluations } from '../doors/evaluation/evaluation-door.ts';
import { openVisits, type OpenVisit } from '../testing/open-visits.ts';
import { judgeRace, type Race, type RaceView } from './judge-race.ts';

/** Races of an owner's off against a staff member's views; the full count is run by `npm run test:long`. */
const RACES = process.env['GATEBOOK_LONG'] ? 2000 : 200;
const VIEWS = 8;
const CONTROL_RACES = 40;

jest.setTimeout(30 * 60_000);

describe(`${RACES} races of turning off against views, over real HTTP`, () => {
  let directory: string;
  let log: EventLog;
  let desk: Desk;
  let server: FastifyInstance;
  let url: string;
  let key: string;
  let visits: OpenVisit[];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-races-'));
    const opened = await openVisits({
      dataDirectory: directory,
      publicUrl: 'http://localhost',
      count: RACES + CONTROL_RACES,
      catalogueFile: 'apps/demo/gatebook.catalogue.yaml',
    });
    visits = opened.visits;
    key = opened.keys.product;
    log = openSqliteLog({ directory: join(directory, 'log') });
    desk = new Desk({ log, envelope: envelopeWith(), clock: systemClock });
    await desk.start();
    server = fastify();
    evaluationDoor(server, {
      desk,
      keys: new ApiKeys({ product: digestOf(key).slice('sha256:'.length) }),
      tokens: await VisitTokens.with('http://localhost', 'fernway', systemClock, opened.keys.signing),
      publicUrl: 'http://localhost',
      counts: noEvaluations(),
    });
    url = await server.listen({ port: 0, host: '127.0.0.1' });
  });

  afterAll(async () => {
    await server.close();
    await desk.stop();
    await log.close();
    rmSync(directory, { recursive: true });
  });

  const ask = async (visit: OpenVisit, record: string): Promise<EvaluationAnswer> => {
    const question: EvaluationRequest = {
      subject: { type: 'staff', id: visit.staffId },
      action: { name: 'view' },
      resource: { type: 'page', id: 'billing', properties: { workspace: visit.workspaceId, record } },
      context: { purpose: 'serve', input: true },
    };
    const answer = await fetch(url + EVALUATION_PATH, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, [VISIT_HEADER]: visit.token, 'content-type': 'application/json' },
      body: JSON.stringify(question),
    });
    return (await answer.json()) as EvaluationAnswer;
  };

  const turnOff = (visit: OpenVisit) =>
    desk.handle(
      visit.workspaceId,
      { type: 'DisableStaffAccess', by: visit.owner },
      { actor: { kind: 'member', id: memberIdOf(visit.workspaceId, visit.owner.subject) }, commandId: v7() },
    );

  /** One race: views one behind the other, an off somewhere among them, and two views after it was acknowledged. */
  const race = async (
    visit: OpenVisit,
    number: number,
    view: (visit: OpenVisit, record: string) => Promise<{ yes: boolean; view: string | undefined }>,
  ): Promise<Race> => {
    const views: RaceView[] = [];
    let acknowledged = false;
    const one = async (record: string) => {
      const afterOff = acknowledged;
      const { yes, view: id } = await view(visit, record);
      views.push({ yes, view: id, afterOff });
    };
    const running: Promise<unknown>[] = [];
    for (let i = 0; i < VIEWS; i++) {
      running.push(one(`INV-${i}`));
      if (i === number % VIEWS) running.push(turnOff(visit).then(() => (acknowledged = true)));
      if (number % 3 > 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(running);
    await one('INV-late-1');
    await one('INV-late-2');
    const stream: { type: string; id: string }[] = [];
    for await (const { type, id } of log.readStream(`workspace-${visit.workspaceId}`)) stream.push({ type, id });
    return { views, stream };
  };

  it('gives no yes and writes no view behind the off: neither by the log’s order nor by the answers (S0-19, S3-7, S3-15)', async () => {
    const found: string[] = [];
    let yes = 0;
    let refused = 0;
    for (const [number, visit] of visits.slice(0, RACES).entries()) {
      const run = await race(visit, number, async (one, record) => {
        const answer = await ask(one, record);
        return answer.decision ? { yes: true, view: answer.context.view } : { yes: false, view: undefined };
      });
      yes += run.views.filter((view) => view.yes).length;
      refused += run.views.filter((view) => !view.yes).length;
      found.push(...judgeRace(run));
    }
    console.log(JSON.stringify({ harness: 'races', races: RACES, yes, refused, violations: found.length }));
    expect(found).toEqual([]);
    // A race in which nobody is ever first proves nothing.
    expect(yes).toBeGreaterThan(RACES / 4);
    expect(refused).toBeGreaterThan(RACES * 2);
  });

  it('catches a gate that looks at the switch and then appends', async () => {
    const found: string[] = [];
    for (const [number, visit] of visits.slice(RACES).entries()) {
      const run = await race(visit, number, async (one) => {
        const { state } = await desk.look(one.workspaceId);
        if (state.staffAccess.phase === 'off') return { yes: false, view: undefined };
        await new Promise((resolve) => setImmediate(resolve));
        const id = v7();
        const data = JSON.stringify({ sessionId: one.sessionId, page: 'billing' });
        await log.append(`workspace-${one.workspaceId}`, 'any', [{ id, type: 'PageViewed', data, metadata: '{}' }]);
        return { yes: true, view: id };
      });
      found.push(...judgeRace(run));
    }
    expect(found).toContain('a view stands behind the off');
  });
});
