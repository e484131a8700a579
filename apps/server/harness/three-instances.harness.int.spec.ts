import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  EVALUATION_PATH,
  SIGNALS_PATH,
  VISIT_HEADER,
  type EvaluationAnswer,
  type EvaluationRequest,
} from '@gatebook/protocol';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { v7 } from 'uuid';
import { openEventStoreLog } from '#event-log/eventstoredb/log';
import { startStandInProcess, type StandInProcess } from '#event-log/stand-in/process';
import { envelopeWith } from '#event-log/envelope';
import { compareTables, openPostgresTables, openTables, rebuild } from '#projections/index';
import { TestPostgres } from '../../../projections/testing/postgres.ts';
import { KEYS_FILE } from '../config/installation-keys.ts';
import { openVisits, type OpenVisit } from '../testing/open-visits.ts';
import { RunningService, serviceAddress, type ServiceAddress } from '../testing/running-service.ts';
import { judgeShared, type SharedRun } from './judge-shared.ts';

/** Rounds of one instance killed and one frozen; the full count is run by `npm run test:long`. */
const ROUNDS = process.env['GATEBOOK_LONG'] ? 20 : 1;
const VISITS = 24;
const FROZEN_MS = 4000;

jest.setTimeout(60 * 60_000);

describe('Three instances on one log and one database, under load', () => {
  let directory: string;
  let standIn: StandInProcess;
  let postgres: TestPostgres;
  let services: RunningService[];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-three-'));
    standIn = await startStandInProcess({ directory: join(directory, 'log'), synchronous: 'off' });
    postgres = await TestPostgres.start();
    services = [];
  });

  afterEach(async () => {
    for (const service of services) await service.kill();
    await standIn.stop();
    await postgres.stop();
    rmSync(directory, { recursive: true });
  });

  it('hold every promise while one is killed and one stands still and comes back', async () => {
    const publicUrl = 'http://localhost:4000';
    const tablesUrl = postgres.url;
    const openLog = () => openEventStoreLog({ connectionString: standIn.connectionString });
    const { visits, keys } = await openVisits({
      dataDirectory: directory,
      publicUrl,
      count: VISITS * ROUNDS,
      catalogueFile: 'apps/demo/gatebook.catalogue.yaml',
      openLog,
    });
    const addresses: ServiceAddress[] = [];
    const start = async (number: number) => {
      const dataDirectory = join(directory, `instance-${number}`);
      mkdirSync(dataDirectory, { recursive: true });
      copyFileSync(join(directory, KEYS_FILE), join(dataDirectory, KEYS_FILE));
      addresses[number] ??= await serviceAddress();
      services[number] = await RunningService.start({
        port: addresses[number]!.port,
        url: publicUrl,
        dataDirectory,
        environment: { GATEBOOK_LOG_URL: standIn.connectionString, GATEBOOK_TABLES_URL: tablesUrl },
      });
    };
    for (const number of [0, 1, 2]) await start(number);

    const run: SharedRun = { views: [], offs: new Map() };
    let answers = 0;
    const post = async <Answer>(number: number, path: string, headers: object, body: object, limitMs = 8000) => {
      try {
        const answer = await fetch(`http://127.0.0.1:${addresses[number]!.port}${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${keys.product}`, 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(limitMs),
        });
        return answer.ok ? ((await answer.json()) as Answer) : undefined;
      } catch {
        return undefined;
      }
    };

    let record = 0;
    /** A staff member opens page after page, at whichever instance comes next. */
    const browse = async (visit: OpenVisit, running: () => boolean) => {
      for (let number = record++; running(); number = record++) {
        const question: EvaluationRequest = {
          subject: { type: 'staff', id: visit.staffId },
          action: { name: 'view' },
          resource: {
            type: 'page',
            id: 'billing',
            properties: { workspace: visit.workspaceId, record: `INV-${number}` },
          },
        };
        const afterOff = run.offs.get(visit.workspaceId) ?? false;
        const headers = { [VISIT_HEADER]: visit.token };
        const answer = await post<EvaluationAnswer>(number % 3, EVALUATION_PATH, headers, question);
        if (!answer) {
          await passed(20);
          continue;
        }
        answers++;
        if (answer.decision)
          run.views.push({ workspaceId: visit.workspaceId, view: answer.context.view ?? '', afterOff });
        else return;
      }
    };
    /** The product closes the workspace, and tells so until somebody takes it. */
    const close = async ({ workspaceId }: OpenVisit, ref: string) => {
      const signal = { id: v7(), type: 'workspace.closed', workspace: ref };
      run.offs.set(workspaceId, false);
      for (let number = record++; ; number++) {
        if (await post(number % 3, SIGNALS_PATH, {}, { signals: [signal] }, 3000)) break;
        await passed(20);
      }
      run.offs.set(workspaceId, true);
    };

    for (let round = 0; round < ROUNDS; round++) {
      let running = true;
      const some = visits.slice(round * VISITS, (round + 1) * VISITS);
      const load = some.map((visit) => browse(visit, () => running));
      await passed(300);
      const [frozen, killed] = [round % 3, (round + 1) % 3];
      process.kill(services[frozen]!.pid, 'SIGSTOP');
      const closes = some
        .filter((_, i) => i % 2 === 0)
        .map((visit) => close(visit, `customer-${visits.indexOf(visit)}`));
      await passed(FROZEN_MS / 4);
      await services[killed]!.kill();
      await passed((FROZEN_MS * 3) / 4);
      process.kill(services[frozen]!.pid, 'SIGCONT');
      await start(killed);
      await Promise.all(closes);
      await passed(500);
      running = false;
      await Promise.all(load);
    }

    const log = await openLog();
    for await (const { id, type, stream, revision } of log.readAll({ streamPrefixes: ['workspace-'] })) {
      (run.written ??= []).push({ id, type, stream, revision });
    }
    const found = judgeShared(run);

    // The tables that three runners worked on by turns are those of a rebuild.
    const head = await log.head();
    const [live, anew] = [
      await openPostgresTables({ url: tablesUrl, onError: () => undefined }),
      await openTables({ directory }),
    ];
    try {
      while ((await live.stand()).position < head) await passed(50);
      for (const service of services) await service.stop();
      await rebuild({ log, envelope: envelopeWith(), tables: anew });
      const { equal } = await compareTables(live, anew);
      console.log(
        JSON.stringify({
          harness: 'three instances',
          rounds: ROUNDS,
          answers,
          views: run.views.length,
          offs: run.offs.size,
          violations: found.length,
          tablesEqual: equal,
        }),
      );
      expect(found).toEqual([]);
      expect(equal).toBe(true);
    } finally {
      await live.close();
      await anew.close();
      await log.close();
    }
    expect(run.views.length).toBeGreaterThan(ROUNDS * 50);

    // The harness can fail: each fault put into what it read is found.
    const written = run.written ?? [];
    const off = written.findIndex(({ type }) => type === 'StaffAccessDisabled');
    const behind = { ...written[off]!, id: v7(), type: 'PageViewed', revision: 10_000 };
    expect(judgeShared({ ...run, written: [...written, behind] })).toContain('a view stands behind an off');
    expect(judgeShared({ ...run, written: written.filter(({ id }) => id !== run.views[0]?.view) })).toContain(
      'a yes is not in the log',
    );
    expect(judgeShared({ ...run, views: [...run.views, { ...run.views[0]!, afterOff: true }] })).toContain(
      'a yes was given after an off was acknowledged',
    );
    expect(judgeShared({ ...run, written: [...written, written.at(-1)!] })).toContain('a fact stands twice');
  });
});
