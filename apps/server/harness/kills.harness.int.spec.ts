import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  EVALUATION_PATH,
  SIGNALS_PATH,
  VISIT_HEADER,
  type EvaluationAnswer,
  type EvaluationRequest,
  type Signal,
  type SignalsAnswer,
} from '@gatebook/protocol';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { v7 } from 'uuid';
import { openSqliteLogReader } from '#event-log/sqlite/reader';
import { openVisits, type OpenVisit } from '../testing/open-visits.ts';
import { RunningService, serviceAddress } from '../testing/running-service.ts';
import { judgeKills, type Acknowledged, type WrittenFact } from './judge-kills.ts';

/** Kills of the built service under load; the full count is run by `npm run test:long`. */
const KILLS = process.env['GATEBOOK_LONG'] ? 100 : 10;
const VISITS = 12;
/** Load runs this long before a kill, at least and at most, milliseconds. */
const LOAD_MS = [30, 250] as const;

jest.setTimeout(30 * 60_000);

describe(`${KILLS} kills of the service under load`, () => {
  let directory: string;
  let service: RunningService | undefined;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-kills-'));
  });

  afterEach(async () => {
    await service?.kill();
    rmSync(directory, { recursive: true });
  });

  it('loses nothing that was acknowledged, leaves nothing half done, does nothing twice', async () => {
    const address = await serviceAddress();
    const { visits, keys } = await openVisits({
      dataDirectory: directory,
      publicUrl: address.url,
      count: VISITS,
      catalogueFile: 'apps/demo/gatebook.catalogue.yaml',
    });
    const acknowledged: Acknowledged = { views: [], signals: [] };
    let record = 0;

    /** A visit's staff member opens one page after the other until the service is gone. */
    const browse = async (visit: OpenVisit, running: () => boolean) => {
      while (running()) {
        const mine = `INV-${record++}`;
        const page = record % 2 === 0 ? 'billing' : 'inquiries';
        const question: EvaluationRequest = {
          subject: { type: 'staff', id: visit.staffId },
          action: { name: 'view' },
          resource: { type: 'page', id: page, properties: { workspace: visit.workspaceId, record: mine } },
        };
        const headers = { authorization: `Bearer ${keys.product}`, [VISIT_HEADER]: visit.token };
        const answer = await sent<EvaluationAnswer>(address.url + EVALUATION_PATH, headers, question);
        if (answer === undefined) return;
        if (!answer.decision) throw new Error(`An open visit was refused: ${JSON.stringify(answer)}`);
        acknowledged.views.push({ id: answer.context.view ?? '', record: mine });
      }
    };

    /** The product tells of cases, and tells again with the same id what wasn't answered. */
    const untold: Signal[] = [];
    const tell = async (running: () => boolean) => {
      while (running()) {
        const next: Signal = untold[0] ?? {
          id: v7(),
          type: 'case.opened',
          workspace: 'customer-0',
          case: `CASE-${v7()}`,
          title: 'Told',
        };
        if (untold.length === 0) untold.push(next);
        const headers = { authorization: `Bearer ${keys.product}` };
        const answer = await sent<SignalsAnswer>(address.url + SIGNALS_PATH, headers, { signals: [next] });
        if (answer === undefined) return;
        if (answer.results[0]?.outcome === 'refused')
          throw new Error(`A signal was refused: ${answer.results[0].because}`);
        untold.shift();
        acknowledged.signals.push(next.id);
      }
    };

    for (let kill = 0; kill < KILLS; kill++) {
      service = await RunningService.start({ ...address, dataDirectory: directory });
      let alive = true;
      const running = () => alive;
      const load = Promise.all([...visits.map((visit) => browse(visit, running)), tell(running)]);
      await passed(LOAD_MS[0] + Math.random() * (LOAD_MS[1] - LOAD_MS[0]));
      await service.kill();
      alive = false;
      await load;
    }
    const written = await readAll(join(directory, 'log'));
    const found = judgeKills(acknowledged, written);
    const { views, signals } = acknowledged;
    console.log(
      JSON.stringify({
        harness: 'kills',
        kills: KILLS,
        views: views.length,
        signals: signals.length,
        violations: found.length,
      }),
    );
    expect(found).toEqual([]);
    expect(views.length).toBeGreaterThan(KILLS * 10);

    // The harness can fail: each fault put into what it read is found.
    const lost = written.filter(({ id }) => id !== views.at(-1)?.id);
    expect(judgeKills(acknowledged, lost)).toContain('an acknowledged view is lost');
    expect(judgeKills(acknowledged, [...written, ...written.slice(-1)])).toContain(
      'a revision stands twice, or one is missing',
    );
    const halved = written.filter(
      (fact, at) => !(fact.type === 'PageViewed' && written[at - 1]?.type === 'AreaEntered'),
    );
    expect(judgeKills({ views: [], signals: [] }, renumbered(halved))).toContain('a command is half applied');
    const again = written.filter(({ type }) => type === 'CaseOpened').at(-1);
    expect(judgeKills(acknowledged, renumbered([...written, ...(again ? [{ ...again, id: v7() }] : [])]))).toContain(
      'a signal took effect twice',
    );
  });
});

/** The answer, or `undefined` once the service is gone. */
async function sent<Answer>(
  address: string,
  headers: Record<string, string>,
  body: object,
): Promise<Answer | undefined> {
  try {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Answer;
  } catch {
    return undefined;
  }
}

async function readAll(directory: string): Promise<WrittenFact[]> {
  const log = openSqliteLogReader({ directory });
  const written: WrittenFact[] = [];
  for await (const { id, type, stream, revision, metadata } of log.readAll({ streamPrefixes: ['workspace-'] })) {
    const { commandId } = JSON.parse(metadata) as { commandId?: string };
    written.push({ id, type, stream, revision, commandId });
  }
  await log.close();
  return written;
}

/** The same facts with revisions in order, as if they had been written so. */
function renumbered(facts: readonly WrittenFact[]): WrittenFact[] {
  const next = new Map<string, number>();
  return facts.map((fact) => {
    const revision = next.get(fact.stream) ?? 0;
    next.set(fact.stream, revision + 1);
    return { ...fact, revision };
  });
}
