import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { masksOf, readCatalogue, type Catalogue } from '#domain/catalogue/catalogue';
import { ROUTES } from './routes.ts';
import { startFernway, type Fernway } from './testing/fernway.ts';
import type { Person } from './testing/person.ts';

let fernway: Fernway;
beforeAll(async () => {
  fernway = await startFernway();
});
afterAll(() => fernway.close());

function catalogue(): Catalogue {
  const reading = readCatalogue(parse(readFileSync('apps/demo/gatebook.catalogue.yaml', 'utf8')));
  if (reading.kind === 'mistakes') throw new Error(reading.mistakes.join('\n'));
  return reading.catalogue;
}

describe('The catalogue', () => {
  it('declares each page and action of the table of routes but /labs, and the portal', () => {
    const { pages, actions } = catalogue();
    const asked = ROUTES.map(({ asks }) => asks).filter((asks) => asks !== 'part');
    const askedPages = asked.flatMap((asks) => ('page' in asks ? asks.page : []));
    const askedActions = asked.flatMap((asks) => ('action' in asks ? asks.action : []));
    expect([...askedPages, 'portal'].sort()).toEqual([...Object.keys(pages), 'labs'].sort());
    expect(askedActions.sort()).toEqual(Object.keys(actions).sort());
  });
});

describe('A member', () => {
  let maria: Person;
  beforeAll(async () => {
    maria = fernway.newPerson();
    const home = await maria.signIn('/sign-in/members', 'maria');
    expect([home.status, home.url.pathname]).toEqual([200, '/']);
  });

  it.each([
    ['/', 'Dashboard'],
    ['/inquiries', 'Inbox'],
    ['/inquiries/INQ-1041', 'Why does our invoice say 10 % tax?'],
    ['/customers', 'Customers'],
    ['/customers/cus_81', 'Bluebird Bakery'],
    ['/files', 'Files'],
    ['/billing', 'Billing'],
    ['/invoices', 'Invoices'],
    ['/invoices/INV-88', 'Invoice INV-88'],
    ['/integrations', 'Integrations'],
    ['/team', 'Team'],
    ['/settings', 'Settings'],
    ['/labs', 'Labs'],
  ])('opens %s', async (path, title) => {
    const { status, page, headers } = await maria.open(path);
    expect(status).toBe(200);
    expect(page).toContain(`<h1>${title}</h1>`);
    expect(page).toContain('<p class="where">Acme Co</p>');
    expect(page).toContain('Maria Ortiz, owner');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('reads what customers wrote as they wrote it, and nothing of it is markup', async () => {
    const { page } = await maria.open('/inquiries/INQ-1038');
    expect(page).toContain('Please &#60;b&#62;resend&#60;/b&#62; last month’s invoice');
    expect(page).not.toContain('<i>sorry');
    const search = await maria.open(`/inquiries?q=${encodeURIComponent('"><script>')}`);
    expect(search.page).toContain('value="&#34;&#62;&#60;script&#62;"');
    expect(search.page).not.toContain('<script>');
  });

  it.each(['/invoices/INV-301', '/customers/cus_301', '/inquiries/INQ-2007', '/nothing', '/billing/', '/%zz'])(
    'finds nothing at %s, which is another workspace’s or nobody’s',
    async (path) => {
      const { status, page } = await maria.open(path);
      expect([status, page.includes('Not here')]).toEqual([404, true]);
    },
  );

  it('replies, and the reply stands below the inquiry', async () => {
    const { page, url } = await maria.post('/inquiries/INQ-1040/reply', { body: 'Both are right.' });
    expect(url.pathname).toBe('/inquiries/INQ-1040');
    expect(page).toContain('Both are right.');
  });

  it('is not made to change anything by another site', async () => {
    const { status } = await maria.post('/settings/language', { value: 'Deutsch' }, { 'sec-fetch-site': 'cross-site' });
    expect(status).toBe(403);
    expect((await maria.open('/settings')).page).toContain('<option selected>English</option>');
  });

  it('takes the customers along as a file, in which nothing is a formula', async () => {
    const { page, headers } = await maria.open('/customers/export.csv');
    expect(headers.get('content-disposition')).toBe('attachment; filename=customers.csv');
    expect(page).toContain(`"cus_81","Bluebird Bakery","Ada Fields","ada.fields@bluebird.example","'+44`);
    expect(page).not.toContain('cus_301');
  });

  it('changes somebody’s role, and Gatebook is told', async () => {
    await maria.post('/team/vera/role', { role: 'agent' });
    const told = () => fernway.signals.filter((signal) => 'member' in signal && signal.member === 'vera');
    while (told().length < 2) await new Promise((next) => setImmediate(next));
    expect(told()).toMatchObject([
      { role: 'viewer' },
      { type: 'member.role-changed', workspace: 'acme', role: 'agent' },
    ]);
  });

  it('may not do what the role does not allow', async () => {
    const zoe = fernway.newPerson();
    await zoe.signIn('/sign-in/members?next=/billing', 'zoe');
    expect((await zoe.post('/billing/plan')).status).toBe(403);
    expect((await zoe.open('/customers/export.csv')).status).toBe(403);
    expect((await zoe.open('/billing')).page).not.toContain('Change plan');
  });

  it('is nobody after signing out, and with a cookie that was touched', async () => {
    const omar = fernway.newPerson();
    await omar.signIn('/sign-in/members', 'omar');
    expect((await omar.open('/billing')).status).toBe(200);
    await omar.post('/sign-out');
    expect((await omar.open('/billing')).status).toBe(401);
    const forged = await fetch(`${fernway.url}/billing`, { headers: { cookie: 'fernway-member=a.b' } });
    expect(forged.status).toBe(401);
  });

  it('comes back from a sign-in that another browser began to nobody’s account', async () => {
    const begun = await fetch(`${fernway.url}/sign-in/members`, { redirect: 'manual' });
    const state = new URL(begun.headers.get('location')!).searchParams.get('state')!;
    const { status, page } = await fernway.newPerson().open(`/sign-in/members/callback?code=x&state=${state}`);
    expect([status, page.includes('begun in another browser')]).toEqual([400, true]);
  });
});

describe('A staff member', () => {
  let sam: Person;
  beforeAll(async () => {
    sam = fernway.newPerson();
  });
  beforeEach(() => {
    fernway.service.decide = () => fernway.service.yes(masksOf(catalogue()));
  });

  it('is at home in an account in which no workspace is open', async () => {
    const { page, url } = await sam.signIn('/staff', 'sam');
    expect(url.pathname).toBe('/staff');
    expect(page).toContain('Signed in as Sam Lee, Fernway support. No workspace is open.');
    expect(page).toContain('CASE-123');
    expect((await sam.open('/billing')).status).toBe(401);
  });

  it('sees the visited workspace and no other, even signed in as a member of one, with every declared field masked (S1-6, S3-16, S4-12)', async () => {
    await sam.signIn('/sign-in/members', 'bea');
    fernway.service.codes.add('the-code');
    const entered = await sam.post('/gatebook/enter', { code: 'the-code' });
    expect([entered.status, entered.url.pathname]).toEqual([200, '/']);
    expect(entered.page).toContain('<p class="where">Acme Co</p>');
    expect(entered.page).toContain('Sam Lee, on a support visit');
    expect(entered.page).toContain('gatebook-strip');

    const { email, secrets } = {
      email: /[\w.]+@(?:bluebird|acme|harbourbikes|kante)\.example/,
      secrets: ['4242 4242 4242', 'made-up-int_ledgerly', '509 442 013', '7946 0181', '0000 2020', 'called before ten'],
    };
    const pages = [
      '/inquiries',
      '/inquiries/INQ-1041',
      '/customers',
      '/customers/cus_81',
      '/invoices/INV-88',
      '/billing',
    ];
    for (const path of [...pages, '/integrations', '/team', '/inquiries?q=ada.fields', '/customers?q=ada.fields']) {
      const { status, page } = await sam.open(path);
      expect([path, status]).toEqual([path, 200]);
      expect([path, email.exec(page)]).toEqual([path, null]);
      for (const secret of secrets) expect([path, page.includes(secret)]).toEqual([path, false]);
    }
    const invoice = (await sam.open('/invoices/INV-88')).page;
    expect(invoice).toContain('<span class="masked">a•••••@bluebird.example</span>');
    expect(invoice).toContain('<span class="masked">•••• 4242</span>');
    expect((await sam.open('/customers?q=ada.fields')).page).toContain('No customer is called that.');
  });

  it('is asked about by the names of the catalogue, with the record and whose it is', async () => {
    fernway.service.calls.length = 0;
    await sam.open('/customers/cus_81');
    await sam.open('/invoices/INV-301');
    await sam.open('/labs');
    await sam.open('/c/acme-portal-81-9f27c4');
    await sam.open('/customers/export.csv');
    await sam.post('/invoices/INV-88/retry-sync');
    await sam.open('/staff');
    expect(
      fernway.service.questions().map(({ action, resource: { type, id, properties } }) => {
        const { workspace, ...more } = properties;
        return [action.name, type, id, workspace.startsWith('ws_') ? 'theirs' : workspace, more];
      }),
    ).toEqual([
      ['view', 'page', 'customer', 'theirs', { record: 'cus_81', title: 'Customer Bluebird Bakery' }],
      ['view', 'page', 'invoice', 'bluebird', { record: 'INV-301' }],
      ['view', 'page', 'labs', 'theirs', {}],
      ['view', 'page', 'portal', 'theirs', {}],
      ['perform', 'operation', 'customers.export', 'theirs', {}],
      ['perform', 'operation', 'invoice.retrySync', 'theirs', { record: 'INV-88' }],
      ['view', 'page', 'invoice', 'theirs', { record: 'INV-88' }],
    ]);
  });

  it('changes nothing where the gate says no', async () => {
    fernway.service.decide = () => fernway.service.no('A read visit changes nothing.');
    const { page } = await sam.post('/settings/tax', { value: '20 %' });
    expect(page).toContain('A read visit changes nothing.');
    // What it would be changed to is part of what was asked: another value is another action.
    expect(fernway.service.questions().at(-1)?.resource).toMatchObject({
      id: 'settings.change',
      properties: { record: 'tax', arguments: { value: '20 %' } },
    });
    const maria = fernway.newPerson();
    await maria.signIn('/sign-in/members', 'maria');
    expect((await maria.open('/settings')).page).toContain('<option selected>10 %</option>');
  });
});
