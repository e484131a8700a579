import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ENDINGS_PATH, type Ending } from '@gatebook/protocol';
import { aVisit, FakeService, SESSION, WORKSPACE } from '../testing/fake-service.ts';
import { PATIENT, until } from '../testing/patience.ts';
import { Endings } from './endings.ts';

let service: FakeService;
let endings: Endings;
let heard: Ending[];
let monotonicMs: number;

beforeEach(async () => {
  service = await new FakeService(aVisit()).listen();
  heard = [];
  monotonicMs = 5000;
  endings = new Endings({
    service: service.url,
    productKey: 'the-product-key',
    monotonic: () => monotonicMs,
    onEnding: (ending) => heard.push(ending),
    silentMs: PATIENT.silentMs,
  });
});

afterEach(async () => {
  endings.close();
  await service.close();
});

const ending = (more: object = {}) =>
  JSON.stringify({ session: SESSION, workspace: WORKSPACE, at: '2026-11-21T10:00:00.000Z', ...more });

describe('the stream of endings', () => {
  it('that is open and silent for five seconds tells no more than one that is gone', async () => {
    endings.start();
    await until(() => service.listeners === 1);
    service.tell(`id: 4\nevent: ended\ndata: ${ending({ cause: 'idle', sentence: 'Over.' })}\n\n`);
    await until(() => heard.length === 1);
    monotonicMs += 5000;
    expect(endings.deaf).toBe(false);
    monotonicMs += 1;
    expect(endings.deaf).toBe(true);
    service.tell('id: 5\n: looked\n\n');
    await until(() => !endings.deaf);
  });

  it('that opens, and breaks off before it says how far the service looked, tells nothing either', async () => {
    let opened = 0;
    service.instead.set(ENDINGS_PATH, (response) => {
      opened++;
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('retry: 500\n\n');
    });
    expect(endings.deaf).toBe(false);
    endings.start();
    monotonicMs += 5001;
    await until(() => opened >= 2);
    expect(endings.deaf).toBe(true);
  });

  it('that broke off within an ending is taken up before it, so that the ending is not lost', async () => {
    endings.start();
    await until(() => service.listeners === 1);
    service.breakOffBehind(`id: 8\nevent: ended\ndata: ${ending().slice(0, 20)}`);
    await until(() => service.lastEventIds.length === 2);
    expect(service.lastEventIds).toEqual([undefined, '3']);
    expect(heard).toEqual([]);
  });

  it('ends a visit also for a cause that this release does not know', async () => {
    endings.start();
    await until(() => service.listeners === 1);
    service.tell(`id: 4\nevent: ended\ndata: ${ending({ cause: 'audited' })}\n\n`);
    await until(() => heard.length === 1);
    expect(heard[0]?.sentence).toBe('This visit has ended.');
  });
});
