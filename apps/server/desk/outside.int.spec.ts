import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StaffRole } from '@gatebook/protocol';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPolicy } from '#domain/policy/policy';
import { envelopeWith } from '#event-log/envelope';
import type { EventLog, FollowOptions } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import type { Snapshots } from '#event-log/snapshots/snapshots';
import { keptOutside, openOutsideSnapshots } from '../stores.ts';
import { livedTime } from '../testing/lived-time.ts';
import { until } from '../testing/until.ts';
import { Desk } from './desk.ts';
import { staffIdOf, workspaceIdOf } from './identity.ts';
import type { Caller } from './outcome.ts';

const KEY = new Uint8Array(32).fill(1);
interface Changed {
  readonly key?: Uint8Array;
  readonly logFolder?: string;
  readonly keeps?: boolean;
}

const sam = staffIdOf('https://staff.example', 'sam');
const system: Caller = { actor: { kind: 'system', id: 'test' } };
const enable = (name: string) => ({
  type: 'EnableStaff' as const,
  staffId: sam,
  issuer: 'https://staff.example',
  subject: 'sam',
  name,
  email: 'sam@vendor.example',
  roles: ['agent' as const],
});

describe('The outside states', () => {
  let directory: string;
  let log: EventLog;
  let desk: Desk;
  let snapshots: Snapshots;
  /** From behind which position the log was followed. */
  let followed: (string | undefined)[];

  const open = async ({ key = KEY, logFolder = 'log', keeps = true }: Changed = {}) => {
    log = openSqliteLog({ directory: join(directory, logFolder), synchronous: 'off' });
    snapshots = openOutsideSnapshots({ dataDirectory: directory }, key);
    const follow = log.follow.bind(log);
    followed = [];
    log.follow = (options: FollowOptions) => {
      followed.push(options.after);
      return follow(options);
    };
    desk = new Desk({
      log,
      envelope: envelopeWith(),
      clock: { now: () => Date.now() },
      timer: livedTime,
      ...(keeps && { keptOutside: keptOutside(snapshots) }),
    });
    await desk.start();
  };
  const close = async () => {
    await desk.stop();
    snapshots.close();
    await log.close();
  };
  const register = (name: string) => {
    const workspaceId = workspaceIdOf('fernway', name);
    const command = { type: 'RegisterWorkspace' as const, workspaceId, externalId: name, product: 'fernway', name };
    return desk.handle(workspaceId, command, system);
  };
  const heard = (position: string) => until(() => desk.outside.heardTo >= position);
  const states = () => ({ installation: desk.outside.installation, staff: desk.outside.staff(sam) });

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-outside-'));
    await open();
    await desk.handleInstallation({ type: 'ChangePolicy', policy: defaultPolicy }, system);
    await desk.handleStaff(enable('Sam'), system);
    await heard((await register('acme')).position);
  });
  afterEach(async () => {
    await close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('are known at the next start without reading the log again', async () => {
    const before = states();
    const head = await log.head();
    await close();
    await open();
    expect(followed).toEqual([head]);
    expect(states()).toEqual(before);
    expect(before.staff.state.shown?.name).toBe('Sam');

    // They go on from there.
    await desk.handleStaff(enable('Samira'), system);
    expect(states().staff).toMatchObject({ revision: 1, state: { shown: { name: 'Samira' } } });
  });

  it('tell at the next start who has fewer roles than once, by what was kept as by the log (T9, T26)', async () => {
    const priya = staffIdOf('https://staff.example', 'priya');
    const roles = (...those: StaffRole[]) =>
      desk.handleStaff({ ...enable('Priya'), staffId: priya, subject: 'priya', roles: those }, system);
    await roles('agent', 'lead');
    expect(desk.outside.demoted).toEqual([]);
    const { position } = await roles('agent');
    expect(desk.outside.demoted).toEqual([priya]);
    await heard(position);
    for (const key of [KEY, new Uint8Array(32).fill(2)]) {
      await close();
      await open({ key });
      expect(desk.outside.demoted).toEqual([priya]);
    }
    // With the role again nothing leans on what is lost; disabled, they are told of as that.
    await roles('lead', 'agent');
    expect(desk.outside.demoted).toEqual([]);
    await roles('lead');
    await desk.handleStaff({ type: 'DisableStaff', staffId: priya }, system);
    expect([desk.outside.demoted, desk.outside.disabled]).toEqual([[], [priya]]);
    await roles('reviewer');
    expect(desk.outside.demoted).toEqual([priya]);
  });

  it.each<[string, Changed]>([
    ['another key made them', { key: new Uint8Array(32).fill(2) }],
    ['the log is another one', { logFolder: 'other' }],
  ])('are read from the log where %s', async (_, changed) => {
    await close();
    await open(changed);
    expect(followed).toEqual([undefined]);
    expect(states().staff.state.phase).toBe(changed.logFolder ? 'unknown' : 'enabled');
  });

  it('are read from the log where an older copy was put in its place and has grown since', async () => {
    await close();
    cpSync(join(directory, 'log'), join(directory, 'copy'), { recursive: true });
    await open();
    await desk.handleStaff({ type: 'DisableStaff', staffId: sam }, system);
    await heard((await register('beta')).position);
    await close();

    await open({ logFolder: 'copy', keeps: false });
    for (const name of ['gamma', 'delta', 'beta']) await register(name);
    await close();
    await open({ logFolder: 'copy' });
    expect(followed).toEqual([undefined]);
    expect(states().staff.state.phase).toBe('enabled');
  });
});
