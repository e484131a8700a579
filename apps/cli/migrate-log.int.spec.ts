import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { openPatientLog } from '#event-log/eventstoredb/testing/patience';
import { openSqliteLog } from '#event-log/sqlite/log';
import { open, type Opened } from '../../libs/event-log/stand-in/testing/open.ts';
import { bootstrapLog } from './bootstrap.ts';
import { EXIT } from './exit.ts';
import { migrateToEventStoreDb } from './migrate-log.ts';

let opened: Opened;
let said: string[];

beforeEach(() => {
  said = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await opened.close();
});

const fact = () => ({ id: randomUUID(), type: 'PageViewed', data: '{}', metadata: '{"schemaVersion":1}' });

describe('gatebook migrate-log', () => {
  const run = (more: { checkOnly?: boolean; json?: boolean } = {}) =>
    migrateToEventStoreDb({
      to: opened.standIn.connectionString,
      dataDir: opened.directory,
      checkOnly: false,
      json: false,
      ...more,
    });

  const embedded = async (count: number) => {
    const log = openSqliteLog({ directory: `${opened.directory}/log`, synchronous: 'off' });
    for (let i = 0; i < count; i++) await log.append(`workspace-${i}`, 'any', [fact()]);
    await log.close();
  };

  beforeEach(async () => {
    opened = await open();
  });

  it('copies, compares, and says so; again, it copies nothing', async () => {
    await embedded(3);
    await run();
    await run({ json: true });
    await run({ checkOnly: true });
    expect(said).toEqual([
      '3 facts are the same in both logs, in the same order; 3 were copied just now.',
      '{"facts":3,"copied":0,"same":true}',
      '3 facts are the same in both logs, in the same order; 0 were copied just now.',
    ]);
  });

  it('fails where something is missing', async () => {
    await embedded(1);
    await expect(run({ checkOnly: true })).rejects.toMatchObject({
      code: EXIT.failed,
      message: expect.stringMatching(/^The second log ends after 0 facts; PageViewed .* is missing\.$/) as unknown,
    });
  });

  it('refuses a log that holds something else', async () => {
    await embedded(1);
    const other = await openPatientLog(opened.standIn.connectionString);
    await other.append('workspace-9', 'none', [fact()]);
    await other.close();
    await expect(run()).rejects.toMatchObject({ code: EXIT.refused });
  });

  it('refuses while a service writes, and where there is no log', async () => {
    await expect(run()).rejects.toMatchObject({ code: EXIT.unreachable });
    const log = openSqliteLog({ directory: `${opened.directory}/log` });
    await expect(run()).rejects.toMatchObject({
      code: EXIT.refused,
      message: expect.stringContaining('Stop the service first') as unknown,
    });
    await log.close();
  });

  it('takes no password where others can read it', async () => {
    const command = new Command().option('--to <connection string>').parse(['--to', 'x'], { from: 'user' });
    const options = { to: 'esdb://gatebook:s3cret@log:2113', dataDir: opened.directory, checkOnly: false, json: false };
    await expect(migrateToEventStoreDb(options, command)).rejects.toMatchObject({
      code: EXIT.usage,
      message: '--to holds a password, which others can read there: set GATEBOOK_LOG_URL instead.',
    });
  });
});

describe('gatebook doctor --bootstrap', () => {
  const passwords = { GATEBOOK_ADMIN_PASSWORD: 'of the admin: 1', GATEBOOK_LOG_PASSWORD: 'of the service: 2' };
  let adminUrl: string;

  beforeEach(async () => {
    opened = await open({ users: { admin: { password: passwords.GATEBOOK_ADMIN_PASSWORD, groups: ['$admins'] } } });
    adminUrl = opened.standIn.connectionString.replace(/:\/\/.*@/, '://admin@');
  });

  it('makes the service’s user, with passwords from the environment', async () => {
    await bootstrapLog({ adminUrl, user: 'gatebook', json: true }, passwords);
    expect(said).toEqual([
      JSON.stringify({
        done: [
          'Made user "gatebook", in no group.',
          'User "gatebook" may read and append to user streams, and nothing else.',
          'User "gatebook" may read the whole log.',
        ],
      }),
    ]);
  });

  it.each([
    [
      'no user',
      { user: undefined },
      passwords,
      '--bootstrap takes --admin-url esdb://admin@host:2113 and --user <name>.',
    ],
    [
      'a password in the argument',
      { adminUrl: 'esdb://admin:s3cret@log' },
      passwords,
      '--admin-url holds a password, which others can read there: set GATEBOOK_ADMIN_PASSWORD instead.',
    ],
    [
      'no administrator',
      { adminUrl: 'esdb://log:2113' },
      passwords,
      '--admin-url names no user: esdb://admin@host:2113.',
    ],
    [
      'a short password',
      {},
      { ...passwords, GATEBOOK_LOG_PASSWORD: 'short' },
      'The password of the service has at least 12 characters.',
    ],
  ])('is refused with %s', async (_, change, environment, message) => {
    const options = { adminUrl, user: 'gatebook', json: false, ...change };
    await expect(bootstrapLog(options, environment)).rejects.toMatchObject({ code: EXIT.usage, message });
  });
});
