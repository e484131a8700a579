import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Person } from '../testing/person.ts';
import { FernwayWithService } from './fernway-with-service.ts';

const REASON = 'Ada Fields says that our mails about INV-88 never reach her';

describe('One masked value, asked for, approved and shown once, in the product (S1-42, S1-44)', () => {
  let story: FernwayWithService;
  let sam: Person;

  beforeAll(async () => {
    story = await FernwayWithService.start();
    sam = story.newPerson();
    await sam.signIn('/sign-in/staff', 'sam');
    await done(['access', 'on', 'acme', '--as', 'maria']);
  });
  afterAll(() => story.close());

  const done = async (args: readonly string[]) => {
    const { code, out, err } = await story.gatebook(args);
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    return out;
  };
  const start = async (...args: readonly string[]) => {
    const started = await done(['sessions', 'start', 'acme', '--as', 'sam', ...args, '--json']);
    const { entryCode } = JSON.parse(started) as { entryCode: string };
    return sam.post('/gatebook/enter', { code: entryCode });
  };
  const facts = async (...kinds: readonly string[]) => {
    const all = await story.service.facts(`workspace-${story.service.workspaceId('acme')}`);
    return all.filter(({ type }) => kinds.includes(type)).map(({ data }) => data);
  };
  const linkOn = (page: string) => /<a class="ask" href="([^"]+)"/.exec(page)?.[1]?.replaceAll('&#38;', '&');
  let address: string;

  it('is masked in a visit that looks, and leads to where it is asked for, of whom it is', async () => {
    await start('--case', 'CASE-123', '--reason', REASON, '--job', 'invoice-sync');
    const { page } = await sam.open('/invoices/INV-88');
    address = /<span class="masked">(\w•••••@[^<]*)</.exec(page)?.[1] ?? '';
    const asks = new URL(linkOn(page) ?? '');
    expect([asks.pathname, Object.fromEntries(asks.searchParams)]).toEqual([
      '/staff/ask',
      {
        workspace: story.service.workspaceId('acme'),
        case: 'CASE-123',
        field: 'customer.email',
        record: expect.stringMatching(/^cus_\d+$/),
      },
    ]);
    expect(address).toMatch(/^\w•••••@/);
  });

  it('is refused where nobody approved it, and recorded as what it was', async () => {
    const refused = await sam.post('/invoices/INV-88', { reveal: 'customer.email', of: 'cus_81' });
    expect([refused.status, /<h1>([^<]*)/.exec(refused.page)?.[1]]).toEqual([
      403,
      'This field stays masked in this visit.',
    ]);
    expect(refused.page).not.toContain('•••••');
    expect(refused.page).toContain('Ask for it');
    expect(await facts('FieldRevealed')).toEqual([]);
  });

  it('is shown once by a press, on its own page; what else is there stays masked, and so do others’ values', async () => {
    const record = (await recordOn('/invoices/INV-88')) ?? '';
    const ask = ['request', 'acme', '--as', 'sam', '--case', 'CASE-123', '--kind', 'reveal', '--reason', REASON];
    // What is no part of a reveal is no reveal of something else.
    expect(await story.gatebook([...ask, '--field', 'customer.email', '--target', record])).toMatchObject({
      code: 2,
      err: '--target and --args are of an action, named by --action. Of a masked field, say --record.\n',
    });
    expect(await story.gatebook([...ask, '--record', record])).toMatchObject({
      code: 2,
      err: '--record is of a masked field, named by --field. Of an action, say --target.\n',
    });
    const asked = await done([...ask, '--field', 'customer.email', '--record', record]);
    const id = /req_\w+/.exec(asked)?.[0] ?? '';
    // The customer first, then the vendor’s second person.
    await done(['approve', id, '--as', 'maria', '--yes']);
    await done(['approve', id, '--as', 'priya', '--yes']);
    await start('--grant', id);

    const first = await sam.open('/');
    expect(first.page).toContain(`You may see the e-mail address of ${record}, once`);
    expect(first.page).toContain('<a href="/invoices/INV-88">Invoice INV-88</a>');
    const before = (await sam.open('/invoices/INV-88')).page;
    expect([before.includes('Show once'), before.includes(address)]).toEqual([true, true]);

    // Of somebody else, of another field, and by an address: nothing is shown, and nothing is used up.
    const others: Record<string, string>[] = [
      { reveal: 'customer.email', of: 'cus_1' },
      { reveal: 'customer.email' },
      { reveal: 'customer.taxId', of: record },
    ];
    for (const form of others)
      expect((await sam.post('/invoices/INV-88', form)).page).toContain('This field stays masked in this visit.');
    expect((await sam.open(`/invoices/INV-88?reveal=customer.email&of=${record}`)).page).toContain(address);
    expect(await facts('FieldRevealed')).toEqual([]);

    const shown = (await sam.post('/invoices/INV-88', { reveal: 'customer.email', of: record })).page;
    const value = /<b class="revealed">([^<]*)/.exec(shown)?.[1] ?? '';
    expect(value).toMatch(/^\w[\w.]+@/);
    expect(value.split('@')[1]).toBe(address.split('@')[1]);
    expect(shown).toContain(`You were shown the e-mail address of ${record}.`);
    expect(shown.match(/class="masked"/g)).toHaveLength(2);
    expect(await facts('FieldRevealed')).toMatchObject([{ field: 'customer.email', record }]);
  });

  it('is masked again when the page is opened anew, and a second press is refused', async () => {
    const again = (await sam.open('/invoices/INV-88')).page;
    expect(again).toContain(address);
    expect(again).not.toContain('class="revealed"');
    const record = (await recordOn('/invoices/INV-88')) ?? '';
    const refused = await sam.post('/invoices/INV-88', { reveal: 'customer.email', of: record });
    expect(refused.page).toContain('<h1>What was approved was shown already.</h1>');
    expect(await facts('FieldRevealed')).toHaveLength(1);
  });

  it('stands in the owner’s book as seen, by whom and for which case', async () => {
    let log: string;
    do log = await done(['log', 'acme', '--as', 'maria', '--first', '20']);
    while (!log.includes('was shown the e-mail'));
    expect(log.split('\n').filter((text) => text.includes('was shown the e-mail'))).toEqual([
      expect.stringMatching(/ Sam Lee was shown the e-mail address of cus_\d+, as approved$/),
    ]);
  });

  const recordOn = async (path: string) => {
    const { page } = await sam.open(path);
    return (
      new URL(linkOn(page) ?? 'https://gatebook.example').searchParams.get('record') ??
      /name="of" value="([^"]+)"/.exec(page)?.[1]
    );
  };
});
