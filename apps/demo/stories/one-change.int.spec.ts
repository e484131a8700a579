import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Person } from '../testing/person.ts';
import { FernwayWithService } from './fernway-with-service.ts';

const REASON = 'Acme can’t update its subscription: new invoices still carry 20 % tax';

describe('One ordinary task from start to finish, by the command alone (S1-61, S1-102, S4-66)', () => {
  let story: FernwayWithService;
  let maria: Person;
  let sam: Person;
  let requestId: string;
  let before: readonly string[];

  beforeAll(async () => {
    story = await FernwayWithService.start();
    maria = story.newPerson();
    await maria.signIn('/sign-in/members', 'maria');
    await maria.post('/settings/tax', { value: '20 %' });
    before = await read();
    sam = story.newPerson();
    await sam.signIn('/sign-in/staff', 'sam');
  });
  afterAll(() => story.close());

  /** What the owner sees of the settings and of all that is about money. */
  const read = async () => {
    const pages: string[] = [];
    for (const path of ['/settings', '/billing', '/invoices', '/invoices/INV-88', '/team'])
      pages.push((await maria.open(path)).page);
    return pages;
  };
  const done = async (args: readonly string[], answer?: string) => {
    const { code, out, err } = await story.gatebook(args, answer);
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    return out;
  };
  const ask = [
    ...['request', 'acme', '--as', 'sam', '--case', 'CASE-123', '--kind', 'write', '--reason', REASON],
    ...['--action', 'settings.change', '--target', 'tax', '--args', '{"value":"10 %"}', '--minutes', '20'],
  ];

  it('is refused without a reason, and while staff access is off, each with its own exit code (S1-2, S4-17)', async () => {
    const off = await story.gatebook([...ask, '--job', 'setting-change']);
    expect(off).toEqual({ code: 3, out: '', err: 'Staff access to this workspace is off.\n' });
    const wrong = ask.map((word) => (word === REASON ? 'check issue' : word));
    await done(['access', 'on', 'acme', '--as', 'maria']);
    const vague = await story.gatebook(wrong);
    expect([vague.code, vague.err.split('\n')[0]]).toEqual([3, '“check issue” could be about anything.']);
    expect((await story.gatebook(['request', 'acme', '--as', 'sam'])).code).toBe(2);
  });

  it('is asked for under its head, as one sentence with what it lets do, and shown so to who decides (S0-22)', async () => {
    const out = await done([...ask, '--job', 'setting-change']);
    expect(out.split('\n').slice(0, 3)).toEqual([
      'Write request from Sam Lee to change the setting tax, once',
      `  Sam Lee asked to change the setting tax, once, for 20 minutes, for CASE-123: “${REASON}”`,
      '  Can:   change the setting tax, once; open Dashboard; open Settings',
    ]);
    expect(out).toContain('  With exactly: {"value":"10 %"}');
    requestId = /req_\w+/.exec(out)?.[0] ?? '';
    expect(await done(['requests', 'acme', '--as', 'maria', '--open'])).toContain(requestId);
    const twice = await story.gatebook([...ask, '--job', 'setting-change']);
    expect(twice).toMatchObject({
      code: 3,
      err: 'You asked for this already, and it waits.\n  Withdraw it to ask for something else.\n',
    });
  });

  it('is approved only when who reads it says yes, and never by who asked', async () => {
    const no = await story.gatebook(['approve', requestId, '--as', 'maria'], '\n');
    expect([no.code, no.err]).toEqual([1, 'Approve this? [y/N] Nothing was decided.\n']);
    expect(no.out).toMatch(/^ {2}Can't: open .* or .*; change anything else: .* or .*$/m);
    const own = await story.gatebook(['approve', requestId, '--as', 'sam', '--yes']);
    expect(own).toMatchObject({ code: 3, err: 'You asked for this yourself; somebody else decides about it.\n' });
    const stranger = await story.gatebook(['approve', requestId, '--as', 'bea', '--yes']);
    expect(stranger).toMatchObject({
      code: 1,
      err: `There is no request “${requestId}”, or it is not yours to see.\n`,
    });

    await done(['ask', requestId, 'Which invoices does it touch?', '--as', 'maria']);
    expect(await done(['requests', '--mine', '--open', '--as', 'sam'])).toContain(
      "waits for the staff member's answer",
    );
    await done(['answer', requestId, 'New ones only, none that exist', '--as', 'sam']);
    const out = await done(['approve', requestId, '--as', 'maria', '--message', 'Please do'], 'y\n');
    expect(out).toContain('Answered: “New ones only, none that exist”');
    expect(out).toContain('approved by Maria Ortiz: “Please do”; the visit is to be begun by ');
  });

  it('changes the one field, and nothing else', async () => {
    const started = await done(['sessions', 'start', 'acme', '--as', 'sam', '--grant', requestId, '--json']);
    const { entryCode, session } = JSON.parse(started) as { entryCode: string; session: { id: string } };
    await sam.post('/gatebook/enter', { code: entryCode });
    const inside = async () => (await done(['sessions', 'list', 'acme', '--as', 'maria'])).split('\n')[0];
    expect(await inside()).toMatch(/^Sam Lee is inside for CASE-123 to change the setting tax, once, until .*: “/);
    expect((await sam.open('/settings')).page).toContain('One change is approved, once');
    expect((await sam.post('/settings/tax', { value: '0 %' })).page).toContain('not exactly what was approved');
    expect((await sam.post('/settings/language', { value: 'Deutsch' })).page).toContain('not exactly');
    expect((await sam.open('/billing')).page).toContain('This page is not in the scope of this visit.');
    expect((await sam.post('/settings/tax', { value: '10 %' })).page).toContain('<option selected>10 %</option>');
    expect((await sam.post('/settings/tax', { value: '10 %' })).page).toContain('a grant allows it once');
    expect(await inside()).toMatch(
      /^Sam Lee is inside for CASE-123 to change the setting tax, which was done, and can only look now, until /,
    );
    await done(['sessions', 'exit', 'acme', session.id, '--as', 'sam']);

    const after = await read();
    expect(after.slice(1)).toEqual(before.slice(1));
    // The one option that is selected moved; every other byte of the settings is the same.
    const unselected = (page = '', choice: string) => {
      expect(page).toContain(`<option selected>${choice}</option>`);
      return page.replace(`<option selected>${choice}</option>`, `<option >${choice}</option>`);
    };
    expect(unselected(after[0], '10 %')).toBe(unselected(before[0], '20 %'));
  });

  it('leaves the full path in the log: who, ticket, field, old, new and end (S0-35, S1-17, S1-62, S4-25, S4-48, S4-79)', async () => {
    const log = await done(['log', 'acme', '--as', 'maria', '--first', '50']);
    const lines = log
      .split('\n')
      .filter((line) => /^\d{4}-/.test(line))
      .map((line) => line.replace(/^\S+ \S+ \S+ {2}/, ''))
      .reverse();
    const from = lines.findIndex((line) => line.startsWith('Sam Lee asked'));
    expect(lines.slice(from).filter((line) => !line.startsWith('Refused: '))).toEqual([
      `Sam Lee asked to change the setting tax, once, for 20 minutes, for CASE-123: “${REASON}”`,
      'Maria Ortiz asked back: “Which invoices does it touch?”',
      'Sam Lee answered: “New ones only, none that exist”',
      'Maria Ortiz approved Sam Lee’s request to change the setting tax, once, for 20 minutes',
      `Sam Lee came in for CASE-123 to change the setting tax, for up to 20 minutes: “${REASON}”`,
      'Sam Lee arrived in the workspace',
      'Sam Lee moved to Overview',
      'Sam Lee viewed Dashboard',
      'Sam Lee moved to Administration',
      'Sam Lee viewed Settings',
      'Sam Lee was allowed to change the setting tax, under CASE-123',
      'Sam Lee changed the setting tax from 20 % to 10 %, under CASE-123',
      'Sam Lee left, after less than 1 of 20 minutes',
    ]);
    const notes = await done(['sessions', 'list', 'acme', '--as', 'maria', '--ended']);
    expect(notes).toContain(
      'Sam Lee accessed your workspace to change the setting tax, for CASE-123, for less than a minute: 2 pages viewed, one approved change made, ',
    );
    const { sessions } = JSON.parse(await done(['sessions', 'list', 'acme', '--as', 'maria', '--ended', '--json'])) as {
      sessions: unknown[];
    };
    expect(sessions).toEqual([
      {
        id: expect.stringMatching(/^ses_/),
        note: expect.stringMatching(/^Sam Lee accessed .* one approved change made, \d attempts refused\.$/),
        startedAt: expect.any(String),
        endedAt: expect.any(String),
        endCause: 'EXITED',
      },
    ]);
    // Of a change that is not the approved one, both values (S1-30).
    expect(log).toContain('Tried with exactly: value "0 %". Approved with exactly: value "10 %".');
    // What else was tried stands among them (S0-27).
    expect(lines.slice(from).filter((line) => line.startsWith('Refused: '))).toEqual([
      'Refused: Sam Lee tried to ask to change the setting tax for CASE-123',
      'Refused: Sam Lee tried to approve a request',
      'Refused: Sam Lee tried to change the setting tax',
      'Refused: Sam Lee tried to change the setting language',
      'Refused: Sam Lee tried to open Billing',
      'Refused: Sam Lee tried to change the setting tax',
    ]);
    expect(await done(['grant', requestId, '--as', 'sam'])).toContain('used (done)');
  });

  it('ends with the staff member whom the directory takes out: told by the command, read from the log', async () => {
    const { out } = await story.gatebook(['staff', 'list']);
    expect(out).toContain('Sam Lee (sam, sam@fernway.example): agent');
    const asked = JSON.parse(await done([...ask, '--json'])) as { accessRequest: { id: string } };
    await done(['staff', 'disable', 'sam']);
    expect((await story.gatebook(['staff', 'list'])).out).toContain('Sam Lee (sam, sam@fernway.example): disabled');
    const { id } = asked.accessRequest;
    let out2 = '';
    for (let attempt = 0; attempt < 20 && !out2.includes('withdrawn'); attempt++)
      out2 = await done(['grant', id, '--as', 'maria']);
    expect(out2).toContain('withdrawn: staff disabled');
    await done(['staff', 'enable', 'sam', '--name', 'Sam Lee', '--email', 'sam@fernway.example', '--roles', 'agent']);
    const again = await done([...ask, '--json']);
    const { accessRequest } = JSON.parse(again) as { accessRequest: { id: string } };
    expect(await done(['withdraw', accessRequest.id, '--as', 'sam'])).toBe('withdrawn: by the staff member\n');
    const bad = await story.gatebook(['staff', 'disable', 'sam', '--data-dir', '/nonexistent']);
    expect(bad.code).toBe(2);
  });
});
