import { ENDINGS_PATH, type Ending } from '@gatebook/protocol';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { InProcess } from '#server/testing/in-process';
import { until } from '#server/testing/until';

interface Heard extends Pick<Ending, 'session' | 'workspace' | 'cause' | 'sentence'> {
  readonly id: string;
}

/** A product that listens, as far as a spec needs one. */
class Listener {
  readonly heard: Heard[] = [];
  lastId = '';
  #open = true;
  #done: Promise<void> = Promise.resolve();
  #response: IncomingMessage | undefined;

  static async open(service: InProcess, after?: string): Promise<Listener> {
    const listener = new Listener();
    const headers = { ...service.bearer('product'), ...(after !== undefined && { 'last-event-id': after }) };
    const request = get(service.url + ENDINGS_PATH, { agent: false, headers });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect([response.statusCode, response.headers['content-type'], response.headers['cache-control']]).toEqual([
      200,
      'text/event-stream',
      'no-store',
    ]);
    listener.#response = response;
    listener.#done = listener.#read(response);
    return listener;
  }

  async #read(response: IncomingMessage): Promise<void> {
    let rest = '';
    try {
      for await (const chunk of response.setEncoding('utf8')) {
        const events = (rest + String(chunk)).split('\n\n');
        rest = events.pop() ?? '';
        for (const event of events) this.#hear(event);
      }
    } catch {
      // Left by the spec, or cut.
    }
    this.#open = false;
  }

  #hear(event: string): void {
    const id = /^id: (.+)$/m.exec(event)?.[1];
    const data = /^data: (.+)$/m.exec(event)?.[1];
    if (data !== undefined && id !== undefined) {
      const { session, workspace, cause, sentence } = JSON.parse(data) as Ending;
      this.heard.push({ id, session, workspace, cause, sentence });
    }
    if (id !== undefined) this.lastId = id;
  }

  async until(condition: (listener: Listener) => boolean): Promise<void> {
    await until(
      () => condition(this) || (!this.#open && Promise.reject(new Error(`Heard only ${JSON.stringify(this.heard)}.`))),
      () => this.heard,
    );
  }

  async leave(): Promise<void> {
    this.#response?.destroy();
    await this.#done;
  }

  /** Resolves when the service has ended the stream. */
  ended(): Promise<void> {
    return this.#done;
  }
}

describe('The stream of endings', () => {
  let service: InProcess;
  beforeEach(async () => {
    service = await InProcess.start();
    await service.enable();
  });
  afterEach(() => service.close());

  const visitThatEnds = async () => {
    const { sessionId } = await service.enter();
    await service.disable();
    await service.enable();
    return sessionId;
  };

  it('tells of an end with its cause and its sentence, as it is written (visit.md, step 12)', async () => {
    const listener = await Listener.open(service);
    await listener.until(({ lastId }) => lastId !== '');
    const sessionId = await visitThatEnds();
    await listener.until(({ heard }) => heard.length === 1);
    expect(listener.heard).toEqual([
      {
        id: expect.stringMatching(/^\d{20}$/),
        session: sessionId,
        workspace: service.workspaceId('acme'),
        cause: 'revoked',
        sentence: 'Support access has been revoked',
      },
    ]);
    await listener.leave();
  });

  it('resumes behind Last-Event-ID: every end once, in order, whenever the listener was away', async () => {
    const first = await Listener.open(service);
    const ended = [await visitThatEnds()];
    await first.until(({ heard }) => heard.length === 1);
    await first.leave();
    ended.push(await visitThatEnds(), await visitThatEnds());
    await service.restart();
    const second = await Listener.open(service, first.lastId);
    ended.push(await visitThatEnds());
    await second.until(({ heard }) => heard.length === 3);
    expect([...first.heard, ...second.heard].map(({ session }) => session)).toEqual(ended);
    const again = await Listener.open(service, first.heard[0]?.id);
    await again.until(({ heard }) => heard.length === 3);
    expect(again.heard).toEqual(second.heard);
    await second.leave();
    await again.leave();
  });

  it('begins at the end of the log for who names no place: what is long over cuts nobody', async () => {
    await visitThatEnds();
    const listener = await Listener.open(service);
    const sessionId = await visitThatEnds();
    await listener.until(({ heard }) => heard.length === 1);
    expect(listener.heard.map(({ session }) => session)).toEqual([sessionId]);
    await listener.leave();
  });

  it.each(['x'.repeat(65), 'A B', '../../etc', '7', 'zzzz', '99999999999999999999', '00000000000000009999'])(
    'refuses %s, which is no place in this log',
    async (id) => {
      const { status, headers, body, text } = await service.call(ENDINGS_PATH, {
        method: 'GET',
        headers: { ...service.bearer('product'), 'last-event-id': id },
      });
      expect({ status, type: headers.get('content-type'), body }).toEqual({
        status: 400,
        type: 'application/problem+json; charset=utf-8',
        body: {
          type: 'urn:gatebook:problem:invalid-request',
          title: 'The request is not what this door takes.',
          status: 400,
          detail: 'Last-Event-ID is no position of this log.',
        },
      });
      if (id.length > 1) expect(text).not.toContain(id);
    },
  );

  it('is for the product alone', async () => {
    const others = [{}, service.bearer('directory'), service.bearer('operator'), { authorization: 'Bearer x' }];
    for (const headers of others) {
      const answer = await service.call(ENDINGS_PATH, { method: 'GET', headers });
      expect([answer.status, answer.body.type]).toEqual([401, 'urn:gatebook:problem:unauthenticated']);
    }
  });

  it('ends when the service stops, which waits for no listener', async () => {
    const listener = await Listener.open(service);
    await listener.until(({ lastId }) => lastId !== '');
    await service.restart();
    await listener.ended();
  });
});
