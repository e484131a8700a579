import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Driver } from './drive.ts';
import { evaluationTemplate, madeUpVisits, saveTemplates, visitsOf } from './requests.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const visits = madeUpVisits(3);
const templates = visits.map((visit) => evaluationTemplate('the-key', visit));

async function listening(answer: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

async function driver(): Promise<Driver> {
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-load-'));
  closing.push(() => rmSync(folder, { recursive: true }));
  saveTemplates(join(folder, 'requests'), templates);
  const started = await Driver.start(join(folder, 'requests'));
  closing.push(() => started.stop());
  return started;
}

const plan = { connections: 4, warmSeconds: 0.05, seconds: 0.2 };

describe('the load generator', () => {
  it('counts what the server counts: yes, no, other answers and broken connections', async () => {
    const given = { yes: 0, no: 0, failed: 0, cut: 0 };
    const records = new Set<string>();
    const staff = new Set<string>();
    let together = 0;
    let most = 0;
    const { url } = await listening(async (request, response) => {
      most = Math.max(most, (together += 1));
      let body = '';
      for await (const part of request) body += part;
      together -= 1;
      const { subject, resource } = JSON.parse(body);
      records.add(resource.properties.record);
      staff.add(`${request.headers.authorization} ${subject.id} ${request.headers['gatebook-visit']}`);
      const turn = records.size % 50;
      if (turn === 0) {
        given.cut += 1;
        request.socket.destroy();
        if (given.cut === 3) load.enough();
      } else if (turn % 3 === 0) {
        given.failed += 1;
        response.writeHead(503).end('{"decision":tru');
      } else if (turn % 3 === 1) {
        given.no += 1;
        response.write('{"decision":');
        response.end('false}');
      } else {
        given.yes += 1;
        const text = '{"decision":true}';
        response.writeHead(200, { 'content-length': text.length }).end(text);
      }
    });
    const load = await driver();
    const { tally } = await load.run({ url, pid: process.pid }, { ...plan, seconds: 3600 });

    const { yes, no, failed, cut } = given;
    expect(tally.whole).toEqual({
      ok: yes + no,
      other: failed,
      yes,
      broken: cut,
      sent: yes + no + failed + cut,
      unanswered: cut,
    });
    expect(Math.min(yes, no, failed, cut)).toBeGreaterThan(0);
    expect(tally.measured.ok).toBeLessThan(tally.whole.ok);
    expect(most).toBeLessThanOrEqual(plan.connections);
    expect(staff).toEqual(new Set(visits.map((visit) => `Bearer the-key ${visit.staff} ${visit.token}`)));

    // Another run goes on with other records: none is ever asked for twice.
    const sent = records.size;
    expect(sent).toBe(tally.whole.sent);
    const next = await load.run({ url, pid: process.pid }, plan);
    expect(records.size).toBe(sent + next.tally.whole.sent);
  });

  it('tells how many requests are left without an answer', async () => {
    const { url } = await listening(() => {});
    const { tally, requestsPerSecond } = await (await driver()).run({ url, pid: process.pid }, plan);
    expect(tally.whole).toMatchObject({ ok: 0, other: 0, sent: 4, unanswered: 4 });
    expect(requestsPerSecond).toBe(0);
  });

  it('ends a run when it is told that it is enough, with everything answered', async () => {
    const { url } = await listening((_, response) => response.end('{"decision":true}'));
    const load = await driver();
    const run = load.run({ url, pid: process.pid }, { ...plan, warmSeconds: 0, seconds: 3600 });
    load.enough();
    const { tally } = await run;
    expect(tally.measured.seconds).toBeLessThan(60);
    expect(tally.whole).toMatchObject({ ok: tally.whole.sent, yes: tally.whole.sent, unanswered: 0 });
    expect(await load.run({ url, pid: process.pid }, plan)).toMatchObject({ tally: { whole: { broken: 0 } } });
  });

  it('sends requests out of which the baselines read whom they must know', () => {
    expect(visitsOf(templates)).toEqual({ productKey: 'the-key', visits });
  });
});
