import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccessDeniedError, type EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { createRequire } from 'node:module';

import { listen } from './testing/heard.ts';
import { collected, numbered, numbers, open, rejection } from './testing/open.ts';
import type { Opened } from './testing/open.ts';

const admin = { username: 'admin', password: 'changeit' };
const ann = { username: 'ann', password: "ann's: secret" };
const bob = { username: 'bob', password: 'bob' };

let opened: Opened;
let client: EventStoreDBClient;
beforeAll(async () => {
  opened = await open({
    users: {
      admin: { password: admin.password, groups: ['$admins'] },
      ann: { password: ann.password, groups: ['writers'] },
      bob: { password: bob.password },
    },
  });
  client = opened.client;
});
afterAll(() => opened.close());

const denied = async (call: Promise<unknown>) => expect(await rejection(call)).toBeInstanceOf(AccessDeniedError);
const without = () => opened.another(opened.standIn.connectionString.replace(/\/\/.*@/, '//'));

describe('A stand-in with users', () => {
  it('speaks TLS, and takes the first user from its connection string, on the batch stream too', async () => {
    expect(opened.standIn.connectionString).toMatch(/^esdb:\/\/admin:changeit@127\.0\.0\.1:\d+\?tls=true&tlsCAFile=/);
    await client.appendToStream('of the first', numbered(2));
    expect(await numbers(client.readStream('of the first'))).toEqual([0, 1]);
  });

  it('refuses a wrong password, an unknown user, and whoever brings neither', async () => {
    const stranger = without();
    await denied(client.appendToStream('closed', numbered(1), { credentials: { ...ann, password: 'guessed' } }));
    await denied(client.appendToStream('closed', numbered(1), { credentials: { username: 'eve', password: 'x' } }));
    await denied(collected(client.readStream('of the first', { credentials: { ...bob, password: 'x' } })));
    await denied(stranger.appendToStream('closed', numbered(1)));
    await denied(collected(stranger.readStream('of the first')));
    await denied(listen(stranger.subscribeToAll()).error.then((error) => Promise.reject(error)));
    await expect(collected(client.readStream('closed'))).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  it('opens user streams to every user', async () => {
    await client.appendToStream('open', numbered(1), { credentials: bob });
    expect(await numbers(client.readStream('open', { credentials: ann }))).toEqual([0]);
    await client.deleteStream('open', { credentials: bob });
  });

  it('keeps system streams and the whole log to $admins', async () => {
    await denied(client.appendToStream('$own', numbered(1), { credentials: bob }));
    await denied(collected(client.readAll({ credentials: bob })));
    await denied(listen(client.subscribeToAll({ credentials: bob })).error.then((error) => Promise.reject(error)));
    await client.appendToStream('$own', numbered(1), { credentials: admin });
    expect((await collected(client.readAll({ maxCount: 1, credentials: admin }))).length).toBe(1);
  });

  it("goes by a stream's own list: readers, writers, deleters, and the same for its metadata", async () => {
    const acl = {
      readRoles: ['ann', 'bob'],
      writeRoles: ['writers'],
      deleteRoles: [],
      metaReadRoles: ['bob'],
      metaWriteRoles: [],
    };
    await client.setStreamMetadata('listed', { acl });
    await client.appendToStream('listed', numbered(1), { credentials: ann });
    await denied(client.appendToStream('listed', numbered(1), { credentials: bob }));
    expect(await numbers(client.readStream('listed', { credentials: bob }))).toEqual([0]);
    await denied(client.deleteStream('listed', { credentials: ann }));
    await denied(client.tombstoneStream('listed', { credentials: ann }));
    await expect(client.getStreamMetadata('listed', { credentials: bob })).resolves.toMatchObject({
      metadata: { acl },
    });
    await denied(client.getStreamMetadata('listed', { credentials: ann }));
    await denied(client.setStreamMetadata('listed', {}, { credentials: ann }));
    await client.deleteStream('listed', { credentials: admin });
  });

  it('opens the whole log to those that its metadata names', async () => {
    await client.setStreamMetadata('$all', { acl: { readRoles: ['ann'] } });
    expect((await collected(client.readAll({ maxCount: 1, credentials: ann }))).length).toBe(1);
    await denied(collected(client.readAll({ credentials: bob })));
  });

  it('takes other defaults from $settings', async () => {
    const data = { $userStreamAcl: { $r: '$all', $w: 'writers' }, $systemStreamAcl: { $r: ['bob'] } };
    await client.appendToStream('$settings', jsonEvent({ type: 'update-default-acl', data }));
    await denied(client.appendToStream('by default', numbered(1), { credentials: bob }));
    await client.appendToStream('by default', numbered(1), { credentials: ann });
    expect(await numbers(client.readStream('$own', { credentials: bob }))).toEqual([0]);
    await denied(collected(client.readStream('$own', { credentials: ann })));
  });
});

describe('The users of a stand-in', () => {
  // The client has no call for them, but it ships what one needs to make it.
  const ofClient = createRequire(createRequire(import.meta.url).resolve('@eventstore/db-client/package.json'));
  const { UsersClient } = ofClient('./generated/users_grpc_pb.js') as { UsersClient: never };
  const messages = ofClient('./generated/users_pb.js') as typeof import('@eventstore/db-client/generated/users_pb.js');

  interface Internal {
    execute(type: never, name: string, action: (users: Users) => Promise<unknown>): Promise<unknown>;
    callArguments(options: object): [object, object];
  }
  type Users = Record<
    string,
    (request: object, metadata: object, options: object, done: (error: unknown) => void) => unknown
  >;

  const call = (method: string, request: object, credentials = admin) => {
    const internal = client as unknown as Internal;
    return internal.execute(UsersClient, method, (users) => {
      return new Promise<void>((resolve, reject) => {
        users[method]!(request, ...internal.callArguments({ credentials }), (error) =>
          error ? reject(error) : resolve(),
        );
      });
    });
  };

  const created = (name: string) =>
    new messages.CreateReq().setOptions(
      new messages.CreateReq.Options()
        .setLoginName(name)
        .setPassword('first')
        .setFullName('Carol')
        .setGroupsList(['writers']),
    );

  it('can be made by an admin, sign in, and still do so after a restart', async () => {
    await call('create', created('carol'));
    const carol = { username: 'carol', password: 'first' };
    await client.appendToStream('by default', numbered(1), { credentials: carol });
    expect(await rejection(call('create', created('carol')))).toMatchObject({ code: 9 });
    await opened.restart();
    client = opened.client;
    await client.appendToStream('by default', numbered(1), { credentials: carol });
  });

  it('can be given another password, and be disabled', async () => {
    await call('create', created('dave'));
    const reset = new messages.ResetPasswordReq.Options().setLoginName('dave').setNewPassword('second');
    await call('resetPassword', new messages.ResetPasswordReq().setOptions(reset));
    await denied(
      client.appendToStream('by default', numbered(1), { credentials: { username: 'dave', password: 'first' } }),
    );
    const dave = { username: 'dave', password: 'second' };
    await client.appendToStream('by default', numbered(1), { credentials: dave });
    await call('disable', new messages.DisableReq().setOptions(new messages.DisableReq.Options().setLoginName('dave')));
    await denied(client.appendToStream('by default', numbered(1), { credentials: dave }));
  });

  it('are made by nobody else', async () => {
    expect(await rejection(call('create', created('mallory'), bob))).toMatchObject({ code: 7 });
  });
});
