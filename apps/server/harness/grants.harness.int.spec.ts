import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Asking } from '../testing/asking.ts';
import { InProcess } from '../testing/in-process.ts';
import {
  ENDS,
  endIn,
  judgeEndings,
  judgeOff,
  judgeSpending,
  type Crossing,
  type End,
  type Ending,
  type Line,
  type Spending,
} from './judge-grants.ts';

/** Races about requests and grants; the full counts are run by `npm run test:long`. */
const RACES = process.env['GATEBOOK_LONG'] ? 1000 : 60;
const OFFS = Math.ceil(RACES / 3);
const AT_ONCE = 8;
const LAPSE_MINUTES = 2;

jest.setTimeout(30 * 60_000);

describe(`${RACES} races about requests and grants, over real HTTP`, () => {
  let service: InProcess;
  let acme: Asking;
  let folder: string;
  let sam: { readonly token: string };
  let maria: { readonly token: string };
  let tom: { readonly token: string };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatebook-grants-'));
    const policyFile = join(folder, 'policy.yaml');
    writeFileSync(policyFile, `preset: default\nrequest: { lapseMinutes: ${LAPSE_MINUTES}, startByMinutes: 60 }\n`);
    service = await InProcess.start({ config: { policyFile } });
    acme = new Asking(service);
    await service.enable('acme', { minutes: 10_080 });
    await signIn();
  });
  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  const signIn = async () => {
    sam = { token: await service.staffToken('sam') };
    maria = { token: await service.memberToken('maria') };
    tom = { token: await service.memberToken('tom') };
  };
  let asked = 0;
  const ask = async () => {
    const action = { name: 'invoice.retrySync', target: `INV-${asked++}`, argumentsJson: '{"force":true}' };
    return acme.done(await acme.send(sam, 'requestAccess', acme.wish({ kind: 'WRITE', action })));
  };
  const perform = (inside: Parameters<Asking['perform']>[0], target: string) =>
    acme.perform(
      inside,
      { name: 'invoice.retrySync', target, given: { force: true } },
      { requestId: service.commandId() },
    );
  const enterOnGrant = async () => {
    const request = await ask();
    const { grant } = acme.done(await acme.approving(maria, request));
    return {
      grantId: grant.id as string,
      target: request.asked.action.target as string,
      inside: await acme.enter('sam', grant.id),
    };
  };
  /** Some rounds of the event loop, so that those who race arrive in every order. */
  const later = async (turns: number) => {
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
  };

  it(`spend one grant by ${AT_ONCE} at once: exactly one is told yes, and the log holds one action (S0-26)`, async () => {
    const spendings: Spending[] = [];
    for (let race = 0; race < RACES; race++) {
      const { grantId, target, inside } = await enterOnGrant();
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => perform(inside, target)));
      const yes = answers.filter(({ body }) => body.decision === true).map(({ body }) => body.context.action);
      const no = answers.filter(({ body }) => body.decision === false).map(({ body }) => body.context.rule);
      expect([yes.length + no.length, new Set(no)]).toEqual([AT_ONCE, new Set(['grantIsUnspent'])]);
      spendings.push({ grantId, yes });
    }
    const found = judgeSpending(spendings, await acme.facts());
    const yes = spendings.flatMap((spending) => spending.yes).length;
    console.log(JSON.stringify({ harness: 'grants', spent: RACES, atOnce: AT_ONCE, yes, violations: found.length }));
    expect(found).toEqual([]);
    expect(yes).toBe(RACES);
  });

  it('approve, narrow, decline, withdraw and lapse at once: one end each, by who was told so (S4-26, S4-46)', async () => {
    const endings: Ending[] = [];
    for (let race = 0; race < RACES; race++) {
      await signIn();
      const request = await ask();
      const { id: requestId } = request;
      const told: End[] = [];
      const by: Readonly<Record<Exclude<End, 'lapse'>, () => ReturnType<Asking['send']>>> = {
        approve: () => acme.approving(maria, request),
        narrow: () => acme.approving(tom, request, { granted: { pages: ['billing'], minutes: 5 } }),
        decline: () => acme.send(tom, 'declineAccess', { requestId }),
        withdraw: () => acme.send(sam, 'withdrawAccess', { requestId }),
      };
      const act = async (end: End) => {
        if (end === 'lapse') {
          // In every other race the clock runs out among the others, and not at all in the rest.
          service.now += LAPSE_MINUTES * 60_000 - (race % 2);
          return;
        }
        const { errors } = await by[end]();
        if (errors.length === 0) told.push(end);
        else expect([end, errors.map(({ __typename }) => __typename)]).toEqual([end, ['AlreadyDecided']]);
      };
      const first = race % ENDS.length;
      const order = [...ENDS.slice(first), ...ENDS.slice(0, first)];
      if (Math.floor(race / ENDS.length) % 2 === 1) order.reverse();
      // All at once, one shortly behind the other, and with a start for whoever is first.
      const turns = [0, 6, 60][race % 3] ?? 0;
      const running: Promise<void>[] = [];
      for (const [place, end] of order.entries()) {
        running.push(act(end));
        await later(place === 0 ? turns : turns % 60);
      }
      await Promise.all(running);
      // Whoever comes behind all others finds it ended: what is due is written first.
      const late = await acme.send(tom, 'declineAccess', { requestId });
      expect(late.errors.map(({ __typename }) => __typename)).toEqual(['AlreadyDecided']);
      endings.push({ requestId, told });
    }
    const stream = await acme.facts();
    const found = judgeEndings(endings, stream);
    const ends = Object.fromEntries(ENDS.map((end) => [end, 0])) as Record<End, number>;
    const ours = new Set(endings.map(({ requestId }) => requestId));
    for (const line of stream) {
      const end = ours.has(line.data['requestId'] as string) ? endIn(line) : undefined;
      if (end) ends[end]++;
    }
    console.log(JSON.stringify({ harness: 'grants', ended: RACES, ...ends, violations: found.length }));
    expect(found).toEqual([]);
    expect(Object.values(ends).reduce((sum, count) => sum + count)).toBe(RACES);
    // A race that the same one always wins proves nothing.
    for (const end of ENDS) expect([end, ends[end] > 0]).toEqual([end, true]);
  });

  it('turn off against an approval, a start and an action: nothing stands behind the off (S0-19, S3-15)', async () => {
    const crossings: Crossing[] = [];
    const OFF = 'mutation ($input: DisableStaffAccessInput!) { disableStaffAccess(input: $input) { position } }';
    const off = async () => {
      const input = { commandId: service.commandId(), workspaceId: service.workspaceId('acme') };
      await acme.data(tom, OFF, { input });
    };
    /** The two at once, now one a little ahead and now the other. */
    const against = async <T>(race: number, act: () => Promise<T>): Promise<T> => {
      const turns = (race * 3) % 14;
      if (race % 2 === 0) {
        const [came] = await Promise.all([act(), later(turns).then(off)]);
        return came;
      }
      const [, came] = await Promise.all([off(), later(turns).then(act)]);
      return came;
    };
    for (let race = 0; race < OFFS; race++) {
      await service.enable('acme', { minutes: 10_080 });
      await signIn();
      const request = await ask();
      const { errors } = await against(race, () => acme.approving(maria, request));
      crossings.push({ type: 'AccessApproved', field: 'requestId', id: request.id, yes: errors.length === 0 });

      await service.enable('acme', { minutes: 10_080 });
      const { grant } = acme.done(await acme.approving(maria, await ask()));
      const begun = await against(race, () => acme.begin(sam, grant.id));
      crossings.push({ type: 'SessionStarted', field: 'grantId', id: grant.id, yes: begun.session !== null });

      await service.enable('acme', { minutes: 10_080 });
      const { grantId, target, inside } = await enterOnGrant();
      const three = () => Promise.all(Array.from({ length: 3 }, () => perform(inside, target)));
      const answers = await against(race, three);
      const yes = answers.some(({ body }) => body.decision === true);
      crossings.push({ type: 'ActionAuthorised', field: 'grantId', id: grantId, yes });
      expect((await perform(inside, target)).body).toMatchObject({ decision: false });
    }
    const found = judgeOff(crossings, await acme.facts());
    const told = (type: string) => crossings.filter((crossing) => crossing.type === type && crossing.yes).length;
    const types = ['AccessApproved', 'SessionStarted', 'ActionAuthorised'];
    const won = Object.fromEntries(types.map((type) => [type, told(type)]));
    console.log(JSON.stringify({ harness: 'grants', offs: 3 * OFFS, ...won, violations: found.length }));
    expect(found).toEqual([]);
    // Each is ahead of the other now and then.
    for (const type of types) expect([type, told(type) > 0, told(type) < OFFS]).toEqual([type, true, true]);
  });

  it('catch a gate that looks and then writes: a grant spent twice, a request with two ends, an approval behind the off', async () => {
    await service.enable('acme', { minutes: 10_080 });
    await signIn();
    const lines: Line[] = [...(await acme.facts())];
    /** Looks at the lines, lets others go first, and then writes if what it saw allows it. */
    const carelessly = async (allows: () => boolean, line: Line): Promise<boolean> => {
      if (!allows()) return false;
      await later(1);
      lines.push(line);
      return true;
    };
    const { grantId } = await enterOnGrant();
    const isUnspent = () => !lines.some(({ type, data }) => type === 'ActionAuthorised' && data['grantId'] === grantId);
    const spent = await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, at) => {
        const data = { grantId, actionId: `act_${at}` };
        return (await carelessly(isUnspent, { type: 'ActionAuthorised', data })) ? [data.actionId] : [];
      }),
    );
    expect(judgeSpending([{ grantId, yes: spent.flat() }], lines)).toEqual([
      `${AT_ONCE} were told yes`,
      `the log holds ${AT_ONCE} actions`,
    ]);

    const { id: requestId } = await ask();
    const isOpen = () => !lines.some((line) => endIn(line) !== undefined && line.data['requestId'] === requestId);
    const told = await Promise.all([
      carelessly(isOpen, { type: 'AccessApproved', data: { requestId, change: null } }),
      carelessly(isOpen, { type: 'AccessDeclined', data: { requestId } }),
    ]);
    expect(told).toEqual([true, true]);
    expect(judgeEndings([{ requestId, told: ['approve', 'decline'] }], lines)).toEqual([
      'a request has 2 ends in the log',
      'told approve, decline, and the log says approve',
    ]);

    const isOn = () => lines.findLast(({ type }) => type.startsWith('StaffAccess'))?.type === 'StaffAccessEnabled';
    lines.push({ type: 'StaffAccessEnabled', data: {} });
    const approving = carelessly(isOn, { type: 'AccessApproved', data: { requestId: 'req_x' } });
    lines.push({ type: 'StaffAccessDisabled', data: {} });
    await approving;
    expect(judgeOff([], lines)).toEqual(['AccessApproved stands behind an off']);
    const unsaid = { type: 'AccessApproved', field: 'requestId', id: 'req_x', yes: false };
    expect(judgeOff([unsaid], lines)).toHaveLength(2);
  });
});
