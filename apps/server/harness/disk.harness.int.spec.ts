import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openSqliteLogReader } from '#event-log/sqlite/reader';
import { Callers, Issuers } from '../testing/callers.ts';
import { Load } from '../testing/load.ts';
import { openVisits } from '../testing/open-visits.ts';
import { RunningService, serviceAddress, type ServiceAddress } from '../testing/running-service.ts';
import { chanceFrom, seed } from '../testing/seed.ts';
import { booksOf } from '../testing/shared-installation.ts';
import { judgeLoad, spoiled } from './judge-load.ts';

/** Times that the disk is filled, and flushes that fail; the full counts are run by `npm run test:long`. */
const LONG = process.env['GATEBOOK_LONG'] !== undefined;
const FILLS = LONG ? 20 : 2;
const FAILURES = LONG ? 40 : 2;
const DISK = '48m';
/** So much is left when the rest of the disk is taken. */
const LEFT_BYTES = 300_000;
const FULL_WITHIN_MS = 60_000;
const BACK_WITHIN_MS = 5000;
const ENDED_WITHIN_MS = 5000;
const LOAD_MS = [150, 500] as const;
/** This flush of the log, and all after it. */
const FAILS_AT = 60;
const VISITS = 8;
const SWITCHED = 2;

jest.setTimeout(30 * 60_000);

describe('A disk', () => {
  const chance = chanceFrom(seed);
  let root: string;
  let mounted: boolean;
  let address: ServiceAddress;
  let issuers: Issuers;
  let service: RunningService | undefined;
  let load: Load | undefined;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'gatebook-disk-'));
    mounted = false;
    address = await serviceAddress();
    issuers = await Issuers.start(address.url);
  });

  afterEach(async () => {
    await load?.stop().catch(() => undefined);
    load = undefined;
    await service?.kill();
    await issuers.close();
    if (mounted) spawnSync('umount', [root]);
    rmSync(root, { recursive: true });
  });

  const dataDirectory = () => join(root, 'data');

  const start = async (environment: Readonly<Record<string, string>> = {}, under: readonly string[] = []) => {
    service = await RunningService.start({
      ...address,
      dataDirectory: dataDirectory(),
      environment: { ...issuers.environment, ...environment },
      under,
    });
    return service;
  };

  const open = async () => {
    const { visits, keys } = await openVisits({
      dataDirectory: dataDirectory(),
      publicUrl: address.url,
      count: VISITS,
      catalogueFile: 'apps/demo/gatebook.catalogue.yaml',
      issuers: issuers.names,
    });
    const callers = new Callers({ addresses: [address.url], keys, issuers });
    return {
      callers,
      load: () => new Load({ callers, browsed: visits.slice(SWITCHED), switched: visits.slice(0, SWITCHED) }),
    };
  };

  const written = async () => {
    const log = openSqliteLogReader({ directory: join(dataDirectory(), 'log') });
    const books = await booksOf(log);
    await log.close();
    return books;
  };

  it('that is full lets nobody in, loses nothing, and is written to again by itself once there is room', async () => {
    mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'none', root], { stdio: 'ignore' }).status === 0;
    if (!mounted) {
      console.log(
        JSON.stringify({ harness: 'full disk', result: 'not checked', because: 'no file system can be mounted here' }),
      );
      return;
    }
    mkdirSync(dataDirectory());
    const { callers, load: begin } = await open();
    await start();
    load = begin();
    const ballast = join(root, 'ballast');
    const { acknowledged } = load;
    const backMs: number[] = [];
    for (let fill = 0; fill < FILLS; fill++) {
      fillUp(root, ballast);
      const { tryAgain } = callers;
      const deadline = performance.now() + FULL_WITHIN_MS;
      while (callers.tryAgain < tryAgain + VISITS && performance.now() < deadline) await passed(20);
      expect(callers.tryAgain).toBeGreaterThanOrEqual(tryAgain + VISITS);
      const views = acknowledged.views.length;
      await passed(500);
      rmSync(ballast);
      const from = performance.now();
      // Some small thing may still fit in while it is full: only several yeses say that there is room.
      while (acknowledged.views.length < views + 2 * VISITS && performance.now() < deadline) await passed(10);
      backMs.push(Math.round(performance.now() - from));
    }
    await load.stop();
    await service!.kill();
    const books = await written();
    const found = judgeLoad(acknowledged, books);
    console.log(
      JSON.stringify({
        harness: 'full disk',
        seed,
        fills: FILLS,
        views: acknowledged.views.length,
        commands: acknowledged.commands.length,
        tryAgain: callers.tryAgain,
        unanswered: callers.unanswered,
        slowestBackMs: Math.max(...backMs),
        violations: found.length,
      }),
    );
    expect(found).toEqual([]);
    // The process lived through all of it.
    expect(callers.unanswered).toBe(0);
    expect(Math.max(...backMs)).toBeLessThan(BACK_WITHIN_MS);
    for (const [fault, spoilt] of Object.entries(spoiled(acknowledged, books))) {
      expect(judgeLoad(acknowledged, spoilt)).toContain(fault);
    }
  });

  // A traced service takes its time, so this is left to the long form.
  (LONG ? it : it.skip)('whose flush fails for the system itself ends the process likewise', async () => {
    if (spawnSync('strace', ['-V'], { stdio: 'ignore' }).status !== 0) {
      console.log(
        JSON.stringify({
          harness: 'failing flush of the system',
          result: 'not checked',
          because: 'strace is not here',
        }),
      );
      return;
    }
    mkdirSync(dataDirectory());
    const { callers, load: begin } = await open();
    const running = await start({}, failingFrom(FAILS_AT, dataDirectory()));
    load = begin();
    expect(await running.ended(FULL_WITHIN_MS)).toBe('SIGKILL');
    await load.stop();
    const { acknowledged } = load;
    const books = await written();
    const found = judgeLoad(acknowledged, books);
    const { views, commands } = acknowledged;
    console.log(
      JSON.stringify({
        harness: 'failing flush of the system',
        views: views.length,
        commands: commands.length,
        unanswered: callers.unanswered,
        violations: found.length,
      }),
    );
    expect(found).toEqual([]);
    expect(views.length).toBeGreaterThan(VISITS);
  });

  it('that can’t flush ends the process at once, and nothing stands acknowledged that isn’t there', async () => {
    mkdirSync(dataDirectory());
    const { callers, load: begin } = await open();
    const trigger = join(root, 'fails');
    const preloaded = fileURLToPath(new URL('../testing/failing-flush.ts', import.meta.url));
    for (let failure = 0; failure < FAILURES; failure++) {
      const running = await start({
        NODE_OPTIONS: `--import=${preloaded}`,
        FAILING_FLUSH: `${failure % 2 === 0 ? 'begins' : 'ended'}:${trigger}`,
      });
      load ??= begin();
      await passed(LOAD_MS[0] + chance() * (LOAD_MS[1] - LOAD_MS[0]));
      const known = load.acknowledged.views.length;
      while (load.acknowledged.views.length < known + VISITS) await passed(10);
      writeFileSync(trigger, '');
      expect(await running.ended(ENDED_WITHIN_MS)).toBe('SIGKILL');
      rmSync(trigger);
    }
    await start();
    await passed(LOAD_MS[1]);
    await load?.stop();
    await service!.kill();
    const { acknowledged } = load!;
    const books = await written();
    const found = judgeLoad(acknowledged, books);
    console.log(
      JSON.stringify({
        harness: 'failing flush',
        seed,
        failures: FAILURES,
        views: acknowledged.views.length,
        commands: acknowledged.commands.length,
        unanswered: callers.unanswered,
        violations: found.length,
      }),
    );
    expect(found).toEqual([]);
    expect(acknowledged.views.length).toBeGreaterThan(FAILURES * 5);
    for (const [fault, spoilt] of Object.entries(spoiled(acknowledged, books))) {
      expect(judgeLoad(acknowledged, spoilt)).toContain(fault);
    }
  });
});

/** A flush of the log’s write-ahead file that the system itself says has failed, from the so manieth on. */
const failingFrom = (flush: number, directory: string) => [
  ...['strace', '-D', '-f', '--seccomp-bpf', '-o', '/dev/null', '-P', join(directory, 'log', 'log.db-wal')],
  ...['-e', 'trace=fsync,fdatasync', '-e', `inject=fsync,fdatasync:error=EIO:when=${flush}+`],
];

/** Takes the room that is left but for a little; the service takes some meanwhile. */
function fillUp(disk: string, ballast: string): void {
  for (;;) {
    const { bavail, bsize } = statfsSync(disk);
    const room = bavail * bsize - LEFT_BYTES;
    if (room <= 0) return;
    appendFileSync(ballast, Buffer.alloc(Math.min(room, 1024 * 1024)));
  }
}
