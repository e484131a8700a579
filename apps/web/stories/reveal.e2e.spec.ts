import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ClockedPages } from './clocked-pages.ts';
import { faultsIn } from './faults.ts';
import { focused } from './focus.ts';

const REASON = 'Ada Fields says that our mails about INV-88 never reach her: is the address right?';

describe('One masked value of one record, asked for by a link, approved and shown once, in a browser (S1-44)', () => {
  /** As the product names it: whose address stands on the invoice. */
  let customer: string;
  let what: string;
  let opened: ClockedPages;
  let maria: Page;
  let sam: Page;
  let complaints: string[][];

  beforeAll(async () => {
    opened = await ClockedPages.open();
    ({ maria, sam, complaints } = await opened.mariaAndSam());
    await opened.turnOn(maria);
    await opened.visitToLook(sam);
  });
  afterAll(() => opened.close());

  const askFor = (wish: Record<string, string>) => {
    const workspace = opened.story.service.workspaceId('acme');
    return sam.goto(
      `${opened.story.service.url}/staff/ask?${new URLSearchParams({ case: 'CASE-123', workspace, ...wish })}`,
    );
  };
  const section = () => sam.getByRole('region', { name: 'One masked value' });
  const which = () => section().getByRole('combobox', { name: 'Which value' });
  const record = () => section().getByRole('textbox', { name: 'Of which record' });
  const ask = () => sam.getByRole('button', { name: 'Ask for access', exact: true }).click();
  const can = async (page: Page) =>
    (await page.locator('.lists ul').first().getByRole('listitem').allInnerTexts()).map((text) => text.trim());

  it('is never a secret, and never what the catalogue doesn’t have: a link that asks for it is told so', async () => {
    await askFor({ field: 'integration.secret', record: 'int_1' });
    await section().getByText('integration.secret is a secret. Secrets are never shown').waitFor();
    expect(await which().inputValue()).toBe('');
    await askFor({ field: 'invoice.syncState', record: 'INV-88' });
    await section().getByText('invoice.syncState isn’t masked').waitFor();
    await askFor({ field: 'customer.shoeSize', record: 'cus_81' });
    await section().getByText('customer.shoeSize is no field that can be asked for').waitFor();
    // It is asked for by name, and by record: neither is guessed.
    await sam.getByRole('textbox', { name: 'What are you going in to find out?' }).fill(REASON);
    await ask();
    await section().getByText('Choose the value that you need to see.').waitFor();
    await focused(which());
    await which().selectOption('customer.email');
    await record().fill('');
    await ask();
    await section().getByText('Name the record by its id, as the product does.').waitFor();
    await focused(record());
    expect(await opened.facts('AccessRequested')).toEqual([]);
  });

  it('is asked for instead of starting a visit, by a press that can be taken back', async () => {
    await sam.goto(`${opened.story.service.url}/staff/start?case=CASE-123`);
    const press = section().getByRole('button', { name: 'Ask for one value' });
    await press.click();
    await sam.getByRole('heading', { level: 1, name: 'Ask for access to Acme Co for CASE-123' }).waitFor();
    await focused(which());
    await section().getByRole('button', { name: 'Leave it masked' }).click();
    await focused(press);
    expect(await which().count()).toBe(0);
  });

  it('may be the workspace’s own, as a link that names no record has it', async () => {
    await askFor({ field: 'bank.iban' });
    await section().getByText('You ask to see the workspace’s bank account number, once.').waitFor();
    expect(await section().getByRole('checkbox').isChecked()).toBe(true);
    expect(await record().count()).toBe(0);
  });

  it('is named by the product’s link, with the pages that show it and no others', async () => {
    await sam.goto(`${opened.story.demoUrl}/invoices/INV-88`);
    await sam.locator('a.ask[href*="customer.email"]').click();
    await sam.getByRole('heading', { level: 1, name: 'Ask for access to Acme Co for CASE-123' }).waitFor();
    customer = new URL(sam.url()).searchParams.get('record') ?? '';
    what = `see the e-mail address of ${customer}, once`;
    expect(customer).toMatch(/^cus_\d+$/);
    expect([await which().inputValue(), await record().inputValue()]).toEqual(['customer.email', customer]);
    await sam.getByText('None is needed: what opens are the pages that show the e-mail address.').waitFor();
    expect(await can(sam)).toEqual([
      'Open Dashboard, Inquiry and Invoice',
      `See the e-mail address of ${customer}, once`,
    ]);
  });

  it('is asked for alone: a sensitive page takes its place, and it takes a page’s, and both are said', async () => {
    const pages = sam.getByRole('region', { name: 'Sensitive pages' });
    await pages.getByRole('button', { name: 'Ask for a page instead' }).click();
    await sam.getByText('A request is about one thing: the masked value is no longer asked for.').waitFor();
    await pages.getByRole('checkbox', { name: 'Customer' }).check();
    await section().getByRole('button', { name: 'Ask for one value instead' }).click();
    await sam.getByText('A request is about one thing: the sensitive pages are no longer asked for.').waitFor();
    await focused(which());
    await which().selectOption('customer.email');
    await record().fill(customer);
  });

  it('is asked for with the reason, and its line is the one that was shown', async () => {
    await sam.getByRole('textbox', { name: 'What are you going in to find out?' }).fill(REASON);
    await sam.getByText(`Sam Lee asked to ${what}, for 30 minutes, for CASE-123: “${REASON}”`).waitFor();
    expect(await faultsIn(opened, sam, 'staff-ask-reveal')).toEqual({});
    await ask();
    await sam.getByRole('article', { name: `Waits for an answer: to ${what}` }).waitFor();
    const [asked, ...others] = await opened.facts('AccessRequested');
    expect(others).toEqual([]);
    expect(asked?.[1]).toMatchObject({
      kind: 'reveal',
      job: null,
      viewAs: null,
      triggers: ['every session', 'reveal'],
      asks: 'both',
      wanted: {
        pages: ['dashboard', 'inquiry', 'invoice'],
        action: null,
        field: { field: 'customer.email', record: customer },
        minutes: 30,
        can: [what, 'open Dashboard', 'open Inquiry', 'open Invoice'],
      },
    });
  });

  it('is read by the owner and by a second person of the vendor as exactly that, and approved once by each', async () => {
    const { page: priya } = await opened.windowOf('Priya Nair');
    await priya.goto('/staff/decide');
    for (const page of [maria, priya]) {
      const card = page.getByRole('region', { name: 'Waiting for you' }).getByRole('article');
      await card.getByRole('heading', { level: 3, name: what }).waitFor();
      expect((await can(page))[0]).toBe(`See the e-mail address of ${customer}, once`);
      if (page === maria) expect(await faultsIn(opened, maria, 'owner-reveal')).toEqual({});
      await card.getByRole('button', { name: /^Approve once/ }).click();
      await card.getByRole('heading', { name: 'Read, then approve' }).waitFor();
      const rows = await card.getByRole('table').getByRole('row').allInnerTexts();
      expect(rows.map((row) => row.replaceAll(/\s+/g, ' ').trim())).toContainEqual(
        expect.stringContaining(`Shown the e-mail address of ${customer}, once The same`),
      );
      await card.getByText(`Sam Lee’s request to ${what}`).first().waitFor();
      if (page === maria) expect(await faultsIn(opened, maria, 'owner-reveal-approve')).toEqual({});
      await card.getByRole('button', { name: /^Approve once/ }).click();
    }
    await priya.getByText('Nothing waits', { exact: false }).first().waitFor();
    const [first, approved] = await opened.facts('FirstApprovalGiven', 'AccessApproved');
    const field = { field: 'customer.email', record: customer };
    expect([first?.[1], approved?.[1]]).toMatchObject([
      { by: { kind: 'member' }, granted: { field, action: null }, change: null },
      { by: { kind: 'staff' }, granted: { field, action: null }, change: null },
    ]);
  });

  it('is what the visit may show, once: the pages of both sides say so, and that it wasn’t shown yet', async () => {
    const approved = sam.getByRole('article', { name: `Approved, once: to ${what}` });
    await approved.getByRole('button', { name: /^Start visit/ }).click();
    await sam.getByRole('region', { name: 'Support session' }).waitFor();
    const [, grant] = (await opened.facts('AccessApproved'))[0]!;
    const [, start] = (await opened.facts('SessionStarted')).at(-1)!;
    expect(start).toMatchObject({
      grantId: grant['grantId'],
      job: null,
      mode: 'read',
      action: null,
      pages: ['dashboard', 'inquiry', 'invoice'],
      can: [what, 'open Dashboard', 'open Inquiry', 'open Invoice'],
    });
    const said = `Read only, and one masked value: the e-mail address of ${customer} (not shown yet).`;
    await maria.getByText(said).waitFor();
    await sam.goto(`${opened.story.service.url}/staff`);
    await sam.getByText(said).waitFor();
    expect(await faultsIn(opened, sam, 'staff-live-reveal')).toEqual({});
  });

  it('is refused of another record, and that refusal leads to asking for exactly that one', async () => {
    await sam.goto(`${opened.story.demoUrl}/invoices/INV-88`);
    await sam.locator('form.show-once input[name=of]').evaluate((input) => input.setAttribute('value', 'cus_1'));
    await sam.getByRole('button', { name: 'Show once' }).click();
    await sam.getByRole('heading', { name: 'This field stays masked in this visit.' }).waitFor();
    await sam.goto(`${opened.story.service.url}/staff`);
    const refused = sam.getByRole('region', { name: 'Refused' }).getByRole('listitem').first();
    await refused.getByText('you tried to see the e-mail address of cus_1').waitFor();
    await refused.getByRole('link', { name: 'Ask for it' }).click();
    await sam.getByRole('heading', { level: 1, name: 'Ask for access to Acme Co for CASE-123' }).waitFor();
    expect([await which().inputValue(), await record().inputValue()]).toEqual(['customer.email', 'cus_1']);
    expect((await opened.facts('FieldRevealed')).length).toBe(0);
  });

  it('is shown once, and the pages of both sides say that it was, during the visit and after it', async () => {
    await sam.goto(`${opened.story.demoUrl}/invoices/INV-88`);
    await sam.getByRole('button', { name: 'Show once' }).click();
    await sam.locator('b.revealed').waitFor();
    const [, { sessionId, grantId }] = (await opened.facts('SessionStarted')).at(-1)!;
    expect(await opened.facts('FieldRevealed')).toMatchObject([
      ['FieldRevealed', { sessionId, grantId, field: 'customer.email', record: customer }],
    ]);
    await maria.getByText(`one masked value: the e-mail address of ${customer} (shown)`).first().waitFor();
    await sam.goto(`${opened.story.service.url}/staff`);
    await sam.getByText(`one masked value: the e-mail address of ${customer} (shown)`).waitFor();
    await sam.getByRole('button', { name: 'Exit this visit' }).click();
    await sam.getByText('You have left Acme Co.').waitFor();
    await sam.goto(`${opened.story.service.url}/staff/visit/${String(sessionId)}`);
    await sam.getByText('1 masked value, as approved').waitFor();
    await sam.getByText(`Sam Lee was shown the e-mail address of ${customer}, as approved`).waitFor();
    await sam.goto(`${opened.story.service.url}/staff/requests`);
    await sam.getByText('It was shown, once.').waitFor();
    expect(await faultsIn(opened, sam, 'staff-requests-reveal')).toEqual({});
  });

  it('tells a reviewer which value it was, that it was shown, and that all others stayed masked', async () => {
    const { page: jonas } = await opened.windowOf('Jonas Weber');
    const [, { sessionId }] = (await opened.facts('SessionStarted')).at(-1)!;
    await jonas.goto(`/review/visit/${String(sessionId)}`);
    const told = jonas.getByRole('region', { name: 'What happened, in order' });
    await told.getByText(`Sam Lee was shown the e-mail address of ${customer}, as approved`).waitFor();
    await told.getByText(`Sam Lee asked to ${what}`).waitFor();
    await jonas.getByText(', was shown 1 masked value, and changed nothing.').waitFor();
    const row = jonas.getByRole('row', { name: `See the e-mail address of ${customer}` });
    expect((await row.innerText()).split(/\s*\t\s*/)).toEqual([
      `See the e-mail address of ${customer}`,
      'yes, once',
      'shown',
    ]);
    await jonas.getByText('E-mail addresses: masked, but for the one value that was approved.').waitFor();
    await jonas.getByText('The scope was one masked value, on the pages for it.').waitFor();
    expect(await faultsIn(opened, jonas, 'review-reveal')).toEqual({});
    const pages = await Promise.all([maria, sam, jonas].map((page) => page.locator('body').innerText()));
    for (const text of pages) expect(text).not.toMatch(/\b(null|undefined)\b/);
    // The page itself says no, as a page does.
    expect(complaints).toEqual([[], [expect.stringContaining('403 (Forbidden) /invoices/INV-88')]]);
  });
});
