import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import type { SessionId, WorkspaceId } from '@gatebook/protocol';
import type { BookCommand } from '#domain/book/decide';
import type { Catalogue } from '#domain/catalogue/catalogue';
import { envelopeWith } from '#event-log/envelope';
import type { EventLog } from '#event-log/port';
import { openSqliteLog } from '#event-log/sqlite/log';
import { livedTime } from '../testing/lived-time.ts';
import { Desk } from './desk.ts';
import { EntryCodes } from './entry-codes.ts';
import { caseIdOf, memberIdOf, sessionIdOf, staffIdOf, strangerIdOf, workspaceIdOf } from './identity.ts';
import type { Caller } from './outcome.ts';
import { Visits } from './visits.ts';

const catalogue: Catalogue = {
  areas: { billing: 'Billing', inbox: 'Inbox' },
  pages: {
    billing: { label: 'Billing', area: 'billing', class: 'view' },
    inquiries: { label: 'Inquiries', area: 'inbox', class: 'view' },
    customer: { label: 'Customer {name}', area: 'inbox', class: 'sensitive' },
  },
  actions: {
    'invoice.retrySync': { label: 'retry the failed invoice sync on {target}', class: 'change', target: 'invoice' },
  },
  fields: { 'customer.email': { mask: 'email' } },
  jobs: { 'invoice-sync': { label: 'Failed invoice sync', pages: ['billing'], actions: [], mode: 'read' } },
};

const acme = workspaceIdOf('fernway', 'acme');
const sam = staffIdOf('https://staff.example', 'sam');
const maria = { issuer: 'https://members.example', subject: 'maria', name: 'Maria Ortiz' };
const asMaria: Caller = { actor: { kind: 'member', id: memberIdOf(acme, 'maria') } };
const asSam: Caller = { actor: { kind: 'staff', id: sam } };
const product: Caller = { actor: { kind: 'product', id: 'fernway' } };
const directory: Caller = { actor: { kind: 'system', id: 'directory' } };

describe('The desk', () => {
  let directoryPath: string;
  let log: EventLog;
  let desk: Desk;
  let visits: Visits;
  let now: number;

  const open = async () => {
    log = openSqliteLog({ directory: directoryPath, now: () => now, synchronous: 'off' });
    desk = new Desk({ log, envelope: envelopeWith(), clock: { now: () => now }, timer: livedTime });
    visits = new Visits(desk, new EntryCodes(new Uint8Array(32)));
    await desk.start();
  };
  const close = async () => {
    await desk.stop();
    await log.close();
  };

  beforeEach(async () => {
    directoryPath = mkdtempSync(join(tmpdir(), 'gatebook-desk-'));
    now = Date.parse('2026-11-21T09:00:00.000Z');
    await open();
    await desk.handleInstallation({ type: 'ChangeCatalogue', catalogue }, directory);
    await told({
      type: 'RegisterWorkspace',
      workspaceId: acme,
      externalId: 'acme',
      product: 'fernway',
      name: 'Acme Co',
    });
    await told({
      type: 'ChangeMemberRole',
      memberId: memberIdOf(acme, 'maria'),
      externalId: 'maria',
      ...maria,
      email: 'maria@acme.example',
      role: 'owner',
    });
    await told({
      type: 'OpenCase',
      caseId: caseIdOf(acme, 'CASE-123'),
      caseRef: 'CASE-123',
      title: 'Failed invoice sync',
    });
    await desk.handleStaff(
      {
        type: 'EnableStaff',
        staffId: sam,
        issuer: 'https://staff.example',
        subject: 'sam',
        name: 'Sam Lee',
        email: 'sam@fernway.example',
        roles: ['agent'],
      },
      directory,
    );
  });

  afterEach(async () => {
    await close();
    rmSync(directoryPath, { recursive: true });
  });

  const told = (command: BookCommand) => desk.handle(acme, command, product);
  const turnOn = (caller: Partial<Caller> = {}) =>
    desk.handle(
      acme,
      { type: 'EnableStaffAccess', by: maria, minutes: null, withoutAreas: [], onlyCase: null },
      { ...asMaria, ...caller },
    );
  const turnOff = () => desk.handle(acme, { type: 'DisableStaffAccess', by: maria }, asMaria);
  const types = async (stream: string) => {
    const found: string[] = [];
    for await (const { type } of log.readStream(stream)) found.push(type);
    return found;
  };
  const behindSetUp = async () => (await types(`workspace-${acme}`)).slice(3);
  const view = (sessionId: SessionId, page = 'billing', record: string | null = null): BookCommand => ({
    type: 'ViewPage',
    sessionId,
    staffId: sam,
    page,
    record,
    title: null,
    input: true,
    partOf: null,
  });
  const start = (
    commandId = v7({ msecs: now }),
    reason = 'Failed invoice sync since Tuesday',
    workspaceId: WorkspaceId = acme,
  ) =>
    visits.start(
      { workspaceId, caseRef: 'CASE-123', job: null, reason, minutes: null },
      { staffId: sam, identityConfirmedAt: now },
      { ...asSam, commandId },
    );

  describe('when a staff member starts a visit', () => {
    it('refuses while staff access is off, takes no seat, and writes the denial where the owner can read it (S0-4, S0-9)', async () => {
      expect(await start()).toMatchObject({ kind: 'refused', refusal: { rule: 'staffAccessIsOn' } });
      expect(await types(`denials-${acme}`)).toEqual(['AttemptDenied']);
      expect(await types(`staff-${sam}`)).toEqual(['StaffEnabled']);
      expect(await behindSetUp()).toEqual([]);
    });

    it('takes the seat first, then writes the start (visit.md, step 2)', async () => {
      await turnOn();
      const started = await start();
      expect(started).toMatchObject({ kind: 'started' });
      expect(await behindSetUp()).toEqual(['StaffAccessEnabled', 'SessionStarted']);
      expect(await types(`staff-${sam}`)).toEqual(['StaffEnabled', 'StaffSeatTaken']);
    });

    it('gives one session and one code for one command id, however often it is sent', async () => {
      await turnOn();
      const commandId = v7({ msecs: now });
      const [first, again] = [await start(commandId), await start(commandId)];
      expect(again).toEqual(first);
      expect(await behindSetUp()).toEqual(['StaffAccessEnabled', 'SessionStarted']);
    });

    it('refuses a second visit while the first goes on, and allows one when it is over (one live session per staff member)', async () => {
      await turnOn();
      await start();
      expect(await start()).toMatchObject({ kind: 'refused', refusal: { rule: 'staffMemberHasNoOtherVisit' } });
      await turnOff();
      await turnOn();
      expect(await start()).toMatchObject({ kind: 'started' });
    });

    it('lets one of two visits that start at once begin, though neither has a line yet when the seats are looked at', async () => {
      await turnOn();
      const begun = await Promise.all([start(), start(), start()]);
      expect(begun.map(({ kind }) => kind).toSorted()).toEqual(['refused', 'refused', 'started']);
      expect(await behindSetUp()).toEqual(['StaffAccessEnabled', 'SessionStarted']);
    });

    it('gives a seat away whose visit never began, once it had its time to', async () => {
      await turnOn();
      const until = now + 3_600_000;
      const abandoned = sessionIdOf(v7({ msecs: now }), acme, sam);
      const take = { type: 'TakeSeat' as const, staffId: sam, sessionId: abandoned, workspaceId: acme, until };
      await desk.handleStaff({ ...take, holderIsOver: null }, asSam);
      expect(await start()).toMatchObject({ kind: 'refused', refusal: { rule: 'staffMemberHasNoOtherVisit' } });
      now += 60_000;
      expect(await start()).toMatchObject({ kind: 'started' });
    });

    it('asks for a fresh proof of identity and stores nothing (S1-32)', async () => {
      await turnOn();
      const before = (await log.head()).toString();
      const answer = await visits.start(
        {
          workspaceId: acme,
          caseRef: 'CASE-123',
          job: null,
          reason: 'Failed invoice sync since Tuesday',
          minutes: null,
        },
        { staffId: sam, identityConfirmedAt: now - 300_001 },
        { ...asSam, commandId: v7({ msecs: now }) },
      );
      expect(answer).toEqual({ kind: 'step-up', maxAgeSeconds: 300 });
      expect(await log.head()).toBe(before);
    });

    it('writes each view before the answer, and nothing behind the owner’s off (S3-7, S3-15)', async () => {
      await turnOn();
      const started = await start();
      if (started.kind !== 'started') throw new Error('not started');
      const { sessionId } = started;
      expect(await desk.handle(acme, view(sessionId), asSam)).toMatchObject({ kind: 'accepted' });
      await turnOff();
      expect(await desk.handle(acme, view(sessionId, 'inquiries'), asSam)).toMatchObject({
        kind: 'refused',
        refusal: { rule: 'visitHasNotEnded', because: 'Support access has been revoked' },
      });
      expect((await behindSetUp()).slice(1)).toEqual([
        'SessionStarted',
        'AreaEntered',
        'PageViewed',
        'StaffAccessDisabled',
        'SessionEnded',
      ]);
    });

    it('ends it by the clock on the dot, though nothing was due each time it was asked for before (threat T15)', async () => {
      await turnOn();
      const started = await start();
      if (started.kind !== 'started') throw new Error('not started');
      const { sessionId } = started;
      const goesOn = () => desk.handle(acme, { type: 'ContinueVisit', sessionId, staffId: sam }, asSam);
      const began = now;
      now = began + 15 * 60_000 - 1;
      expect(await goesOn()).toMatchObject({ kind: 'accepted' });
      expect(await goesOn()).toMatchObject({ kind: 'accepted' });
      now = began + 15 * 60_000;
      expect(await goesOn()).toMatchObject({ kind: 'refused', refusal: { rule: 'visitHasNotEnded' } });
    });

    it('gives the seat back when the visit ends', async () => {
      await turnOn();
      const started = await start();
      if (started.kind !== 'started') throw new Error('not started');
      await desk.handle(acme, { type: 'ExitSession', sessionId: started.sessionId, staffId: sam }, asSam);
      for await (const heard of log.follow({ streamPrefixes: [`staff-${sam}`], signal: AbortSignal.timeout(30_000) })) {
        if (heard.kind === 'fact' && heard.fact.type === 'StaffSeatReleased') break;
      }
      expect(await types(`staff-${sam}`)).toEqual(['StaffEnabled', 'StaffSeatTaken', 'StaffSeatReleased']);
    });

    it('puts an off in front of the views that wait with it', async () => {
      await turnOn();
      const started = await start();
      if (started.kind !== 'started') throw new Error('not started');
      const views = Array.from({ length: 8 }, (_, i) =>
        desk.handle(acme, view(started.sessionId, 'billing', `INV-${i}`), asSam),
      );
      const [off, ...answers] = await Promise.all([turnOff(), ...views]);
      expect(off.kind).toBe('accepted');
      expect(answers.map(({ kind }) => kind)).toEqual(Array(8).fill('refused'));
      expect((await behindSetUp()).slice(1)).toEqual(['SessionStarted', 'StaffAccessDisabled', 'SessionEnded']);
    });

    it('knows the same after a restart: commands, sessions, the seat', async () => {
      await turnOn();
      const commandId = v7({ msecs: now });
      const first = await start(commandId);
      await close();
      await open();
      expect(await start(commandId)).toEqual(first);
      expect(await start()).toMatchObject({ kind: 'refused', refusal: { rule: 'staffMemberHasNoOtherVisit' } });
    });
  });

  it('refuses a command id that stood for another payload, and one older than 24 hours (threat T44)', async () => {
    const commandId = v7({ msecs: now });
    expect(await turnOn({ commandId })).toMatchObject({ kind: 'accepted' });
    expect(await turnOn({ commandId })).toMatchObject({ kind: 'repeated', count: 1 });
    const off = await desk.handle(acme, { type: 'DisableStaffAccess', by: maria }, { ...asMaria, commandId });
    expect(off).toMatchObject({ kind: 'refused', refusal: { rule: 'commandIsNotReused' } });
    expect(await turnOn({ commandId: v7({ msecs: now - 25 * 3600_000 }) })).toMatchObject({
      kind: 'refused',
      refusal: { rule: 'commandIsFresh' },
    });
  });

  it('writes a refused command’s denial once, however often it is sent', async () => {
    const commandId = v7({ msecs: now });
    const viewer = { issuer: maria.issuer, subject: 'vic', name: 'Vic' };
    const refuse = () => desk.handle(acme, { type: 'DisableStaffAccess', by: viewer }, { ...asMaria, commandId });
    await refuse();
    await refuse();
    const own = `denials-${strangerIdOf(viewer.issuer, viewer.subject)}`;
    const ids = new Set<string>();
    for await (const { id } of log.readStream(own)) ids.add(id);
    expect(ids.size).toBe(1);
    expect(await types(`denials-${acme}`)).toEqual([]);
  });

  it('counts a flood of denials of one kind, never the first ones (threat T53)', async () => {
    const refused = view(sessionIdOf(v7(), acme, sam));
    await Promise.all(Array.from({ length: 40 }, () => desk.handle(acme, refused, asSam)));
    expect(await types(`denials-${acme}`)).toEqual(Array(5).fill('AttemptDenied'));
    now += 10_000;
    await desk.denials.closeWindows();
    const counts: number[] = [];
    for await (const { data } of log.readStream(`denials-${acme}`))
      counts.push((JSON.parse(data) as { count: number }).count);
    expect(counts).toEqual([1, 1, 1, 1, 1, 35]);
  });

  it('counts them together whatever visits they name that are none (threat T53), and apart for each that is', async () => {
    for (let each = 0; each < 8; each++) await desk.handle(acme, view(sessionIdOf(v7(), acme, sam)), asSam);
    expect(await types(`denials-${acme}`)).toHaveLength(5);
    now += 10_000;
    await desk.denials.closeWindows();
    await turnOn();
    for (let each = 0; each < 2; each++) {
      const started = await start();
      if (started.kind !== 'started') throw new Error(`The visit did not begin: ${started.kind}.`);
      await desk.handle(acme, { type: 'ExitSession', sessionId: started.sessionId, staffId: sam }, asSam);
      for (let time = 0; time < 6; time++) await desk.handle(acme, view(started.sessionId), asSam);
    }
    expect(await types(`denials-${acme}`)).toHaveLength(5 + 1 + 5 + 5);
  });
});
