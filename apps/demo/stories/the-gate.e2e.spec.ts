import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Person } from '../testing/person.ts';
import { RunningStory } from './running-story.ts';

/** Sentences of a replay: the time with its zone and the revision taken off, second lines left out. */
function sentences(replay: string): string[] {
  return replay
    .split('\n')
    .map((line) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+\s+\d+ {2}(.*)$/.exec(line)?.[1])
    .filter((sentence) => sentence !== undefined);
}

describe('The gate, from off to off, over real HTTP (S0-2, S2-2)', () => {
  let story: RunningStory;
  let sam: Person;
  let entryCode: string;
  const start = (reason: string) =>
    story.command('sessions', 'start', 'acme', '--as', 'sam', '--case', 'CASE-123', '--reason', reason);

  beforeAll(async () => {
    story = await RunningStory.start();
    sam = story.person();
  });
  afterAll(() => story.stop());

  it('1. refuses a staff member while staff access is off, and the owner reads the refusal (S0-4, S0-9, S3-14)', async () => {
    expect(await start('Failed invoice sync since Tuesday')).toMatchObject({
      code: 3,
      err: 'Staff access to this workspace is off.\n',
    });
    const { out } = await story.command('denials', 'acme', '--as', 'maria');
    expect(out).toContain('Refused: Sam Lee tried to start a visit for CASE-123');
  });

  it('2. lets owners and admins turn it on, and nobody else; trying is a denial (S3-4, S3-22)', async () => {
    for (const [person, role] of [
      ['nina', 'a manager'],
      ['omar', 'an agent'],
      ['vera', 'a viewer'],
    ] as const) {
      const { code, err } = await story.command('access', 'on', 'acme', '--as', person);
      expect([code, err]).toEqual([3, `Only an owner or an admin may do this; you are ${role}.\n`]);
    }
    const stranger = await story.command('access', 'on', 'acme', '--as', 'bea');
    expect(stranger).toMatchObject({ code: 1, err: 'There is no workspace “acme” for you. Yours: bluebird.\n' });
    expect((await story.command('access', 'on', 'acme', '--as', 'tom')).code).toBe(0);
    expect((await story.command('access', 'on', 'acme', '--as', 'maria', '--for', '24h')).out).toMatch(
      /^Staff access is on until /,
    );
    const { out } = await story.command('denials', 'acme', '--as', 'maria');
    expect(out.match(/tried to turn staff access on/g)).toHaveLength(3);
  });

  it('3. refuses a reason that says nothing, with a hint, and starts from the case with one that does (S1-15, S4-18)', async () => {
    const vague = await start('check issue');
    expect(vague.code).toBe(3);
    expect(vague.err).toBe(
      '“check issue” could be about anything.\n' +
        '  Name what is wrong and where: “Failed invoice sync since Tuesday”.\n' +
        '  The owner reads your reason word for word.\n',
    );
    const started = await story.command(
      ...['sessions', 'start', 'acme', '--as', 'sam', '--case', 'CASE-123'],
      ...['--reason', 'Failed invoice sync since Tuesday', '--json'],
    );
    expect(started.code).toBe(0);
    ({ entryCode } = JSON.parse(started.out) as { entryCode: string });
    // The line stands before anything opens: nobody has entered yet (S1-51).
    const { out } = await story.command('log', 'acme', '--as', 'maria', '--first', '1');
    expect(out).toContain('Sam Lee came in for CASE-123 to look');
  });

  it('3b. takes the code once, from the staff member whom it was made for (visit.md, steps 3 to 5)', async () => {
    const priya = story.person();
    await priya.signIn('/sign-in/staff', 'priya');
    expect((await priya.post('/gatebook/enter', { code: entryCode })).page).not.toContain('READ ONLY');

    await sam.signIn('/sign-in/staff', 'sam');
    const inside = await sam.post('/gatebook/enter', { code: entryCode });
    expect(inside.status).toBe(200);
    expect((await sam.open('/')).page).toContain('READ ONLY');

    const again = story.person();
    await again.signIn('/sign-in/staff', 'sam');
    expect((await again.post('/gatebook/enter', { code: entryCode })).page).toContain('This code was used already.');
  });

  it('4. writes each page before it is served, and the owner reads it as a sentence (S0-34, S0-48, S1-19)', async () => {
    const billing = await sam.open('/billing');
    expect(billing.status).toBe(200);
    // It stands in the log itself by then; the tables that the owner reads from follow it.
    expect((await story.command('replay', 'acme')).out).toContain('Sam Lee viewed Billing');
    let out = '';
    while (!out.includes('Sam Lee viewed Billing')) ({ out } = await story.command('log', 'acme', '--as', 'maria'));
    for (const part of ['READ ONLY', 'Sam Lee', 'Acme Co', 'CASE-123', 'Exit', 'Stay'])
      expect(billing.page).toContain(part);
    expect(billing.headers.get('cache-control')).toContain('no-store');
  });

  it('4b. refuses what the catalogue does not declare, what is sensitive or never open, and every change (S0-10 to S0-14, S0-38, S4-11)', async () => {
    const labs = await sam.open('/labs');
    const customer = await sam.open('/customers/cus_81');
    const reply = await sam.post('/inquiries/INQ-1040/reply', { text: 'Hello from support' });
    const exported = await sam.open('/customers/export.csv');
    expect([labs.status, customer.status, reply.status, exported.status]).toEqual([403, 403, 403, 403]);
    const { out } = await story.command('denials', 'acme', '--as', 'maria', '--first', '50');
    const refused = out.split('\n').flatMap((line) => /Refused: (Sam Lee tried to .*)$/.exec(line)?.[1] ?? []);
    expect(refused.slice(0, 4).toReversed()).toEqual([
      expect.stringMatching(/^Sam Lee tried to open the page “.*labs.*”, which the catalogue doesn’t declare$/),
      'Sam Lee tried to open Customer',
      expect.stringMatching(/^Sam Lee tried to reply to inquiry/),
      expect.stringMatching(/^Sam Lee tried to export the customers/),
    ]);
  });

  it('5. shows the next request after the owner’s off that access has been revoked, and nothing of the page (S3-7, S3-21)', async () => {
    expect((await story.command('access', 'off', 'acme', '--as', 'maria')).code).toBe(0);
    const next = await sam.open('/invoices');
    expect(next.status).toBe(403);
    expect(next.page).toContain('Support access has been revoked');
    expect(next.page).not.toContain('INV-88');
    // The visit's cookie is gone: the staff member is back in their own account.
    expect((await sam.open('/staff')).page).toContain('Sam Lee');
  });

  it('7. tells the same story from the stream, to the letter, and the rebuilt tables equal the live ones', async () => {
    const { out } = await story.command('replay', 'acme');
    const told = sentences(out);
    const fromSwitch = told.slice(
      told.findIndex((sentence) => sentence.startsWith('Tom Reyes turned staff access on')),
    );
    expect(fromSwitch).toEqual([
      expect.stringMatching(/^Tom Reyes turned staff access on until /),
      expect.stringMatching(/^Maria Ortiz turned staff access on until /),
      'Sam Lee came in for CASE-123 to look, for up to 60 minutes: “Failed invoice sync since Tuesday”',
      expect.stringMatching(/^Sam Lee /),
      ...fromSwitch.slice(4, -2),
      'Maria Ortiz turned staff access off',
      'Sam Lee’s visit ended: staff access was turned off',
    ]);
    expect(fromSwitch).toContain('Sam Lee viewed Billing');

    const { out: log } = await story.command('log', 'acme', '--as', 'maria', '--first', '100');
    for (const sentence of fromSwitch) expect(log).toContain(sentence);

    // Reviewers read the same by the same commands (S1-8).
    const { out: reviewed } = await story.command('log', 'acme', '--as', 'jonas', '--first', '100');
    for (const sentence of fromSwitch) expect(reviewed).toContain(sentence);
    const reads = [['denials'], ['sessions', 'list'], ['sessions', 'list', '--ended'], ['access', 'show']];
    for (const read of reads) expect((await story.command(...read, 'acme', '--as', 'jonas')).code).toBe(0);

    const rebuilt = await story.command('rebuild');
    expect(rebuilt.code).toBe(0);
    expect(rebuilt.out).toContain('They equal the live ones, byte for byte.');
    const afterwards = await story.command('log', 'acme', '--as', 'maria', '--first', '100');
    expect(afterwards.out).toBe(log);
  });

  it('is well at the end', async () => {
    expect((await story.command('doctor')).code).toBe(0);
  });
});
