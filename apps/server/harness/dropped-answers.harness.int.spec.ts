import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as passed } from 'node:timers/promises';
import { Load } from '../testing/load.ts';
import { seed } from '../testing/seed.ts';
import { booksOf, SharedInstallation } from '../testing/shared-installation.ts';
import { judgeLoad, spoiled } from './judge-load.ts';

/** How long answers get lost; the full time is run by `npm run test:long`. */
const LOST_MS = process.env['GATEBOOK_LONG'] ? 120_000 : 6000;
const SHARE = 0.3;
const BROWSED = 8;
const SWITCHED = 4;
/**
 * A lane answers or says "try again" within its patience of 5 s, and an attempt that is refused for that is written down
 * first, for which the log has 2 s. A start of a visit goes through three lanes. The rest is for slow machines; the figures are in the line that is printed.
 */
const ANSWERED_WITHIN_MS = { view: 15_000, signal: 15_000, switch: 15_000, start: 20_000 };
const PATIENCE_MS = 30_000;

jest.setTimeout(10 * 60_000);

describe(`${SHARE * 100}% of the answers to appends lost for ${LOST_MS / 1000} s, under load`, () => {
  let installation: SharedInstallation | undefined;
  let load: Load | undefined;

  afterEach(async () => {
    await load?.stop().catch(() => undefined);
    await installation?.close();
  });

  it('lose nothing that was acknowledged, and nothing that was sent again takes effect twice', async () => {
    const shared = await SharedInstallation.start({ visits: BROWSED + SWITCHED, instances: 1, seed });
    installation = shared;
    const callers = shared.callers(PATIENCE_MS);
    const [browsed, switched] = [shared.visits.slice(0, BROWSED), shared.visits.slice(BROWSED)];
    await shared.standIn.faults.dropAppendAnswers(SHARE);
    load = new Load({ callers, browsed, switched });
    await passed(LOST_MS);
    await shared.standIn.faults.dropAppendAnswers(0);
    await load.stop();

    const { acknowledged } = load;
    const log = await shared.openLog();
    const written = await booksOf(log);
    await log.close();
    const found = judgeLoad(acknowledged, written);
    const { slowestMs, tryAgain, unanswered } = callers;
    console.log(
      JSON.stringify({
        harness: 'dropped answers',
        seed,
        seconds: LOST_MS / 1000,
        share: SHARE,
        views: acknowledged.views.length,
        commands: acknowledged.commands.length,
        refusedStarts: load.refused.length,
        tryAgain,
        unanswered,
        slowestMs,
        violations: found.length,
      }),
    );
    expect(found).toEqual([]);
    expect(unanswered).toBe(0);
    for (const what of ['view', 'signal', 'switch', 'start'] as const) {
      expect(slowestMs[what]).toBeLessThan(ANSWERED_WITHIN_MS[what]);
    }
    expect(tryAgain).toBeGreaterThan(0);
    expect(acknowledged.views.length).toBeGreaterThan(BROWSED);
    expect(acknowledged.commands.length).toBeGreaterThan(SWITCHED);

    // The harness can fail: each fault put into what it read is found.
    for (const [fault, spoilt] of Object.entries(spoiled(acknowledged, written))) {
      expect(judgeLoad(acknowledged, spoilt)).toContain(fault);
    }
  });
});
