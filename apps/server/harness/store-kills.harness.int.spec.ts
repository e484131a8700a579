import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as passed } from 'node:timers/promises';
import { envelopeWith } from '#event-log/envelope';
import { openPostgresTables } from '#projections/index';
import { judgeTables } from '../../../projections/testing/judge-tables.ts';
import { Load } from '../testing/load.ts';
import { chanceFrom, seed } from '../testing/seed.ts';
import { booksOf, SharedInstallation } from '../testing/shared-installation.ts';
import { judgeLoad, spoiled } from './judge-load.ts';

/** Kills of service, runner and log in turn; the full count is run by `npm run test:long`. */
const LONG = process.env['GATEBOOK_LONG'] !== undefined;
const KILLS = LONG ? 200 : 6;
const BROWSED = 6;
const SWITCHED = 2;
/** Load runs this long before a kill, at least and at most, milliseconds. */
const LOAD_MS = [100, 500] as const;
/** A dead runner's lease has to run out; in the short form nobody waits for that, and the tables stay where they are. */
const LEASE_OVER_MS = LONG ? 60_000 : 0;

jest.setTimeout(60 * 60_000);

describe(`${KILLS} kills of service, runner and log in turn, under load`, () => {
  let installation: SharedInstallation | undefined;
  let load: Load | undefined;

  afterEach(async () => {
    await load?.stop().catch(() => undefined);
    await installation?.close();
  });

  it('lose nothing that was acknowledged, leave nothing half done, do nothing twice; the tables are those of a rebuild', async () => {
    const chance = chanceFrom(seed);
    const shared = await SharedInstallation.start({ visits: BROWSED + SWITCHED, instances: 2, postgres: true, seed });
    installation = shared;
    const callers = shared.callers();
    const [browsed, switched] = [shared.visits.slice(0, BROWSED), shared.visits.slice(BROWSED)];
    load = new Load({ callers, browsed, switched });
    const kills = { service: 0, runner: 0, log: 0 };

    for (let kill = 0; kill < KILLS; kill++) {
      await passed(LOAD_MS[0] + chance() * (LOAD_MS[1] - LOAD_MS[0]));
      const victim = (['service', 'runner', 'log'] as const)[kill % 3]!;
      kills[victim]++;
      if (victim === 'log') {
        await shared.standIn.restart();
        continue;
      }
      const runner = (await runnerOf(shared)) ?? Math.floor(chance() * 2);
      const number = victim === 'runner' ? runner : 1 - runner;
      await shared.services[number]!.kill();
      await shared.startUntilUp(number);
    }
    await passed(LOAD_MS[1]);
    await load.stop();

    const { acknowledged } = load;
    const log = await shared.openLog();
    const tables = await openPostgresTables({ url: shared.postgres!.url, onError: () => undefined });
    try {
      const written = await booksOf(log);
      const found = judgeLoad(acknowledged, written);
      const head = await log.head();
      const deadline = performance.now() + LEASE_OVER_MS;
      const behind = async () => (await tables.stand()).position < head;
      while ((await behind()) && performance.now() < deadline) await passed(50);
      for (const service of shared.services) await service.stop();
      if (LONG) expect(await behind()).toBe(false);
      const { directory } = shared;
      const wrongTables = await judgeTables({ tables, log, envelope: envelopeWith(), directory });
      console.log(
        JSON.stringify({
          harness: 'kills with stores of their own',
          seed,
          kills,
          views: acknowledged.views.length,
          commands: acknowledged.commands.length,
          refusedStarts: load.refused.length,
          tryAgain: callers.tryAgain,
          unanswered: callers.unanswered,
          violations: found.length,
          wrongTables: wrongTables.length,
        }),
      );
      expect(found).toEqual([]);
      expect(wrongTables).toEqual([]);
      expect(acknowledged.views.length).toBeGreaterThan(KILLS * 5);
      expect(acknowledged.commands.length).toBeGreaterThan(KILLS * 2);

      // The harness can fail: each fault put into what it read is found.
      for (const [fault, spoilt] of Object.entries(spoiled(acknowledged, written))) {
        expect(judgeLoad(acknowledged, spoilt)).toContain(fault);
      }
    } finally {
      await tables.close();
      await log.close();
    }
  });
});

/** The number of the instance that works on the tables, once one does. */
async function runnerOf({ addresses }: SharedInstallation): Promise<number | undefined> {
  const deadline = performance.now() + LEASE_OVER_MS;
  for (;;) {
    for (const [number, { url }] of addresses.entries()) {
      const metrics = await fetch(`${url}/metrics`).then(
        (answer) => answer.text(),
        () => '',
      );
      if (/^gatebook_tables_runner 1$/m.test(metrics)) return number;
    }
    if (performance.now() >= deadline) return undefined;
    await passed(20);
  }
}
