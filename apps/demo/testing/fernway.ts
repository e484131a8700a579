import Fastify from 'fastify';
import { SIGNALS_PATH, type Signal } from '@gatebook/protocol';
import { mountEmbeddedIssuers } from '#server/adapters/oidc/embedded-issuers';
import { createKeys } from '#server/adapters/oidc/keys';
import { parsePeople } from '#server/adapters/oidc/people';
import { freePort } from '#server/adapters/oidc/testing/free-port';
import { readFileSync } from 'node:fs';
import { gatebookWith } from '../../../libs/host/express/middleware.ts';
import { aVisit, FakeService } from '../../../libs/host/testing/fake-service.ts';
import { PATIENT } from '../../../libs/host/testing/patience.ts';
import { createDemo, type Demo } from '../app.ts';
import { Person } from './person.ts';

const PEOPLE = 'apps/demo/people.json';

/** Fernway on a port, with the real sign-in and a service that answers as it is told. */
export interface Fernway {
  readonly url: string;
  readonly service: FakeService;
  readonly signals: Signal[];
  readonly faults: string[];
  newPerson(): Person;
  close(): Promise<void>;
}

export async function startFernway(): Promise<Fernway> {
  const service = await new FakeService(aVisit()).listen();
  const farOff = '2099-01-01T00:00:00.000Z';
  service.visit.banner = { ...service.visit.banner, endsAt: farOff, idleEndsAt: farOff };
  const [port, issuersPort] = [await freePort(), await freePort()];
  const url = `http://localhost:${port}`;
  const signals: Signal[] = [];
  const faults: string[] = [];

  const issuers = Fastify();
  mountEmbeddedIssuers(issuers, {
    publicUrl: `http://localhost:${issuersPort}`,
    people: parsePeople(JSON.parse(readFileSync(PEOPLE, 'utf8'))),
    keys: await createKeys(),
    products: [
      {
        clientId: 'fernway',
        name: 'Fernway',
        redirectUris: {
          members: [`${url}/sign-in/members/callback`],
          staff: [`${url}/sign-in/staff/callback`],
        },
      },
    ],
    onFault: (_realm, error) => void faults.push(String(error)),
  });
  issuers.post<{ Body: { signals: Signal[] } }>(SIGNALS_PATH, (request) => {
    signals.push(...request.body.signals);
    return { results: request.body.signals.map(({ id }) => ({ id, outcome: 'accepted' })) };
  });
  // One origin for both, as the service has it.
  await issuers.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    scope.all('/*', async (request, reply) => {
      const { authorization = '', 'content-type': type, 'gatebook-visit': visit } = request.headers;
      if (request.url.startsWith('/v1/endings')) return reply.code(503).send();
      const answer = await fetch(service.url + request.url, {
        method: request.method,
        headers: {
          authorization,
          ...(type && { 'content-type': type }),
          ...(visit && { 'gatebook-visit': String(visit) }),
        },
        ...(request.method === 'POST' && { body: request.body as string }),
      });
      return reply
        .code(answer.status)
        .type('application/json')
        .send(await answer.text());
    });
  });
  await issuers.listen({ port: issuersPort, host: '127.0.0.1' });

  const demo: Demo = createDemo(
    {
      host: '127.0.0.1',
      port,
      url,
      dataDirectory: ':memory:',
      people: PEOPLE,
      gatebook: { url: `http://localhost:${issuersPort}`, productId: 'fernway', productKey: 'the-product-key' },
    },
    (sentence) => faults.push(sentence),
    // No yes gets old here, and no answer comes too late.
    (options) => gatebookWith(options, { monotonic: () => 0, now: () => Date.now() }, PATIENT),
  );
  await new Promise<void>((done) => demo.server.listen(port, '127.0.0.1', done));
  return {
    url,
    service,
    signals,
    faults,
    newPerson: () => new Person(url),
    async close() {
      await demo.close();
      await issuers.close();
      await service.close();
    },
  };
}
