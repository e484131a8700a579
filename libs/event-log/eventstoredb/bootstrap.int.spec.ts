import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { newFact } from '../contract/specimens.ts';
import { LogUnavailable } from '../port.ts';
import { open } from '../stand-in/testing/open.ts';
import type { Opened } from '../stand-in/testing/open.ts';
import { auditEventStore } from './audit.ts';
import { bootstrapEventStore } from './bootstrap.ts';
import { openPatientLog } from './testing/patience.ts';

const service = { name: 'gatebook', password: 'correct horse: battery' };

let opened: Opened;
let adminConnectionString: string;

const as = (name: string, password: string) =>
  adminConnectionString.replace(/\/\/.*@/, `//${name}:${encodeURIComponent(password)}@`);

describe('An EventStoreDB as it comes', () => {
  beforeAll(async () => {
    opened = await open({
      users: {
        admin: { password: 'changeit', groups: ['$admins'] },
        ops: { password: 'changeit', groups: ['$ops'] },
      },
    });
    adminConnectionString = opened.standIn.connectionString;
  });
  afterAll(() => opened.close());

  it('is told apart from a safe one, each finding a sentence', async () => {
    expect(await auditEventStore({ connectionString: adminConnectionString, production: true })).toEqual([
      'The service signs in to EventStoreDB as "admin", not as a user of its own. "gatebook doctor --bootstrap" sets the rights.',
      `EventStoreDB's user "admin" has the password that it came with.`,
      `EventStoreDB's user "ops" has the password that it came with.`,
      'The service may set metadata of streams, which hides facts (tried on "gatebook-audit"). "gatebook doctor --bootstrap" sets the rights.',
      'The service may delete streams (tried on "gatebook-audit"). "gatebook doctor --bootstrap" sets the rights.',
    ]);
  });

  it('is nobody’s business where it is no production', async () => {
    expect(await auditEventStore({ connectionString: adminConnectionString, production: false })).toEqual([]);
  });

  it('is not changed by looking', async () => {
    const log = await openPatientLog(adminConnectionString);
    const before = await log.head();
    await auditEventStore({ connectionString: adminConnectionString, production: true });
    expect(await log.head()).toBe(before);
    await log.close();
  });
});

describe('Bootstrapping an EventStoreDB', () => {
  beforeAll(async () => {
    opened = await open({ users: { admin: { password: 'long since another', groups: ['$admins'] } } });
    adminConnectionString = opened.standIn.connectionString;
  });
  afterAll(() => opened.close());

  it('makes a user, opens user streams and the whole log to it, and tells each step', async () => {
    expect(await bootstrapEventStore({ adminConnectionString, user: service })).toEqual([
      'Made user "gatebook", in no group.',
      'User "gatebook" may read and append to user streams, and nothing else.',
      'User "gatebook" may read the whole log.',
    ]);
  });

  it('leaves nothing for the audit to find', async () => {
    const connectionString = as(service.name, service.password);
    expect(await auditEventStore({ connectionString, production: true })).toEqual([]);
  });

  it('gives the service all that the log needs', async () => {
    const log = await openPatientLog(as(service.name, service.password));
    const fact = newFact();
    const { position } = await log.append('workspace-ws_1', 'none', [fact]);
    const read = [];
    for await (const { id } of log.readAll()) read.push(id);
    expect(read).toEqual([fact.id]);
    for await (const heard of log.follow({ signal: new AbortController().signal })) {
      if (heard.kind === 'fact') expect(heard.fact.position).toBe(position);
      else break;
    }
    expect((await log.health()).problem).toBeUndefined();
    await log.close();
  });

  it('keeps everything from any other user', async () => {
    await opened.client.setStreamMetadata('somebody else’s', {});
    const log = await openPatientLog(as('eve', 'whatever she says'));
    await expect(log.append('workspace-ws_1', 0, [newFact()])).rejects.toMatchObject({
      message: expect.stringContaining('EventStoreDB refuses this user.') as unknown,
    });
    await expect(log.head()).rejects.toBeInstanceOf(LogUnavailable);
    await log.close();
  });

  it('changes nothing when it is done again, and can be given another password', async () => {
    const done = [
      'User "gatebook" may read and append to user streams, and nothing else.',
      'User "gatebook" may read the whole log.',
    ];
    const events = async () => {
      const seen: unknown[] = [];
      for await (const { event } of opened.client.readAll()) seen.push(event?.id);
      return seen;
    };
    const before = await events();
    expect(await bootstrapEventStore({ adminConnectionString, user: service })).toEqual([
      'User "gatebook" was there.',
      ...done,
    ]);
    expect(await events()).toEqual(before);
    const user = { ...service, password: 'another one entirely' };
    expect(await bootstrapEventStore({ adminConnectionString, user })).toEqual([
      'User "gatebook" was there: gave it the new password.',
      ...done,
    ]);
    expect(await auditEventStore({ connectionString: as(user.name, user.password), production: true })).toEqual([]);
  });

  it('finds metadata that hides facts, wherever the service runs', async () => {
    await opened.client.setStreamMetadata('installation', { maxAge: 3600, truncateBefore: 2 });
    await opened.client.setStreamMetadata('workspace-ws_1', { maxCount: 10 });
    const connectionString = as(service.name, 'another one entirely');
    const lossy = (stream: string, key: string) =>
      `Stream "${stream}" has the metadata ${key}: EventStoreDB hides its facts and may delete them.`;
    for (const production of [true, false]) {
      const findings = await auditEventStore({ connectionString, production, streams: ['workspace-ws_1'] });
      expect(findings).toEqual([
        lossy('installation', '$maxAge'),
        lossy('installation', '$tb'),
        lossy('workspace-ws_1', '$maxCount'),
      ]);
    }
  });

  it('says in a sentence that the administrator isn’t one, without a secret', async () => {
    const user = { name: 'another', password: 'a password of its own' };
    const refused = bootstrapEventStore({ adminConnectionString: as(service.name, 'another one entirely'), user });
    await expect(refused).rejects.toBeInstanceOf(LogUnavailable);
    const message = await refused.catch((error: Error) => error.message);
    expect(message).toMatch(/^"User "another" is there, in no group" failed\. EventStoreDB refuses this user\./);
    expect(message).not.toMatch(/entirely|password of its own/);
  });

  it.each([
    ['admin', 'long enough as it is'],
    ['gate book', 'long enough as it is'],
    ['gatebook', 'short'],
  ])('refuses the user %s with the password "%s"', async (name, password) => {
    await expect(bootstrapEventStore({ adminConnectionString, user: { name, password } })).rejects.toThrow(RangeError);
  });
});

describe('An EventStoreDB that knows no users', () => {
  it('is found open', async () => {
    const insecure = await open();
    const { connectionString } = insecure.standIn;
    expect(await auditEventStore({ connectionString, production: true })).toEqual([
      'The connection to EventStoreDB is not encrypted (tls=false).',
      'The connection to EventStoreDB names no user, so that the server can’t tell the service from anybody.',
      'The service may set metadata of streams, which hides facts (tried on "gatebook-audit"). "gatebook doctor --bootstrap" sets the rights.',
      'The service may delete streams (tried on "gatebook-audit"). "gatebook doctor --bootstrap" sets the rights.',
    ]);
    await insecure.close();
  });
});
