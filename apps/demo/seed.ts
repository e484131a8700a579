import { readFileSync } from 'node:fs';
import type { MemberRole } from '@gatebook/protocol';

interface Member {
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  /** The workspace's name. */
  readonly workspace: string;
  readonly role: MemberRole;
}

/** Ids of Fernway's workspaces, by the names that people know. */
const WORKSPACES: Readonly<Record<string, string>> = { 'Acme Co': 'acme', 'Bluebird Bakery': 'bluebird' };

/** The people of the workspaces, from the file that the built-in sign-in reads too. */
export function membersFrom(
  file: string,
): { sub: string; workspace: string; name: string; email: string; role: string }[] {
  const { members } = JSON.parse(readFileSync(file, 'utf8')) as { members: readonly Member[] };
  return members.map(({ workspace, ...person }) => {
    const id = WORKSPACES[workspace];
    if (id === undefined) throw new Error(`${file}: Fernway has no workspace called "${workspace}".`);
    return { ...person, workspace: id };
  });
}

type Row = Readonly<Record<string, string | number>>;

/** What is in a new Fernway, the same each time: table by table, in the order in which rows may refer to others. */
export const SEED: readonly (readonly [table: string, rows: readonly Row[]])[] = [
  [
    'workspaces',
    [
      {
        id: 'acme',
        name: 'Acme Co',
        plan: 'Team',
        renews: '2026-12-01',
        cents_a_month: 9900,
        billing_email: 'billing@acme.example',
        card: '4000 0566 5566 5556',
        iban: 'DE02 1203 0000 0000 2020 51',
      },
      {
        id: 'bluebird',
        name: 'Bluebird Bakery',
        plan: 'Starter',
        renews: '2026-12-14',
        cents_a_month: 2900,
        billing_email: 'office@bluebird.example',
        card: '5555 5555 5555 4444',
        iban: 'PT50 0002 0123 1234 5678 9015 4',
      },
    ],
  ],
  ['customers', customers()],
  ['inquiries', inquiries()],
  ['messages', messages()],
  ['invoices', invoices()],
  [
    'integrations',
    [
      integration('int_ledgerly', 'acme', 'Ledgerly accounting', 'failing', 'Since 19 Nov, 11:02: tax rates differ.'),
      integration('int_postbox', 'acme', 'Postbox mail', 'working', 'Checked today, 06:00.'),
      integration('int_chatline', 'acme', 'Chatline', 'off', 'Switched off by Tom Reyes on 2 Oct.'),
      integration('int_bb_postbox', 'bluebird', 'Postbox mail', 'failing', 'Replies bounce since 20 Nov.'),
      integration('int_bb_till', 'bluebird', 'Tillroll till', 'working', 'Checked today, 06:00.'),
    ],
  ],
  ['settings', ['acme', 'bluebird'].flatMap(settingsOf)],
  [
    'cases',
    [
      supportCase('CASE-123', 'acme', 'Failed invoice sync', '2026-11-19T11:40:00Z'),
      supportCase('CASE-131', 'acme', 'An inquiry is missing from the inbox', '2026-11-20T08:15:00Z'),
      supportCase('CASE-204', 'bluebird', 'Replies to customers bounce', '2026-11-20T14:05:00Z'),
    ],
  ],
  [
    'files',
    [
      { id: 'file_1', workspace: 'acme', name: 'Contract Bluebird Bakery.pdf', kilobytes: 248 },
      { id: 'file_2', workspace: 'acme', name: 'Price list 2026.xlsx', kilobytes: 61 },
      { id: 'file_3', workspace: 'bluebird', name: 'Flour order form.pdf', kilobytes: 92 },
    ],
  ],
  [
    'activity',
    [
      { workspace: 'acme', at: '2026-11-19T11:02:00Z', who: 'Ledgerly accounting', what: 'refused invoice INV-88' },
      { workspace: 'acme', at: '2026-11-19T11:38:00Z', who: 'Nina Brandt', what: 'asked Fernway for help' },
      { workspace: 'acme', at: '2026-11-20T09:12:00Z', who: 'Omar Haddad', what: 'replied to INQ-1041' },
      { workspace: 'bluebird', at: '2026-11-20T13:50:00Z', who: 'Postbox mail', what: 'returned 3 replies' },
      { workspace: 'bluebird', at: '2026-11-20T14:02:00Z', who: 'Bea Lindqvist', what: 'asked Fernway for help' },
    ],
  ],
];

function customers(): Row[] {
  // Name, contact, mailbox, country prefix: the numbers are in ranges that nobody has.
  const of = (workspace: string, first: number, rows: readonly (readonly [string, string, string, string])[]) =>
    rows.map(([name, contact, email, taxId], at) => ({
      id: `cus_${first + at}`,
      workspace,
      name,
      contact,
      email,
      phone: `+44 20 7946 0${String(100 + first + at)}`,
      tax_id: taxId,
      note: at % 3 === 0 ? `${contact} asked not to be called before ten.` : '',
      since: `202${2 + (at % 4)}-0${1 + (at % 9)}-14`,
      portal_token: `${workspace}-portal-${first + at}-9f27c4`,
    }));
  return [
    ...of('acme', 81, [
      ['Bluebird Bakery', 'Ada Fields', 'ada.fields@bluebird.example', 'PT 509 442 013'],
      ['Harbour Bikes', 'Finn Olsen', 'finn@harbourbikes.example', 'NO 981 276 957'],
      ['O’Neill & Daughters', 'Róisín O’Neill', 'roisin@oneill.example', 'IE 6388047V'],
      ['Studio <Kante>', 'Jule Kante', 'jule@kante.example', 'DE 811 569 869'],
      ['Nordlys Café', 'Signe Dahl', 'signe@nordlys.example', 'DK 1357 9246'],
      ['Pixel Prints', 'Mei Tanaka', 'mei@pixelprints.example', 'JP 5010 4010 6'],
      ['Quiet Gardens', 'Paul Weaver', 'paul@quietgardens.example', 'GB 982 736 451'],
      ['Zebra Logistics', 'Amara Obi', 'amara@zebra.example', 'NL 8534 7762 B01'],
    ]),
    ...of('bluebird', 301, [
      ['Café Aurora', 'Rita Lopes', 'rita@aurora.example', 'PT 503 201 998'],
      ['Hotel Miramar', 'Duarte Pinto', 'kitchen@miramar.example', 'PT 507 118 264'],
      ['Corner Deli', 'Ella Brown', 'ella@cornerdeli.example', 'GB 554 120 887'],
    ]),
  ];
}

function inquiries(): Row[] {
  const of = (id: string, workspace: string, customer: string, subject: string, status: string, opened_at: string) => ({
    id,
    workspace,
    customer,
    subject,
    status,
    opened_at,
  });
  return [
    of('INQ-1041', 'acme', 'cus_81', 'Why does our invoice say 10 % tax?', 'open', '2026-11-19T10:20:00Z'),
    of('INQ-1040', 'acme', 'cus_82', 'Two invoices for one order', 'waiting', '2026-11-18T15:03:00Z'),
    of('INQ-1038', 'acme', 'cus_84', 'Please <b>resend</b> last month’s invoice', 'open', '2026-11-18T09:44:00Z'),
    of('INQ-1035', 'acme', 'cus_85', 'New billing address', 'closed', '2026-11-16T12:30:00Z'),
    of('INQ-1031', 'acme', 'cus_88', 'Pallets arrived late', 'closed', '2026-11-12T07:58:00Z'),
    of('INQ-2007', 'bluebird', 'cus_301', 'Your answer came back to us', 'open', '2026-11-20T13:12:00Z'),
    of('INQ-2006', 'bluebird', 'cus_302', 'Forty rolls more on Saturdays', 'waiting', '2026-11-19T06:40:00Z'),
    of('INQ-2004', 'bluebird', 'cus_303', 'Gluten-free order', 'closed', '2026-11-15T10:00:00Z'),
  ];
}

function messages(): Row[] {
  const of = (inquiry: string, author: string, fromCustomer: boolean, at: string, body: string) => ({
    inquiry,
    author,
    from_customer: fromCustomer ? 1 : 0,
    at,
    body,
  });
  return [
    of(
      'INQ-1041',
      'Ada Fields',
      true,
      '2026-11-19T10:20:00Z',
      'Hello, INV-88 has 10 % tax, it used to be 20 %. Which is right? You reach me at ada.fields@bluebird.example.',
    ),
    of(
      'INQ-1041',
      'Omar Haddad',
      false,
      '2026-11-20T09:12:00Z',
      'Bread has the lower rate since November. We are finding out why accounting didn’t take it.',
    ),
    of('INQ-1040', 'Finn Olsen', true, '2026-11-18T15:03:00Z', 'I got INV-86 and INV-87 for the same two bikes.'),
    of(
      'INQ-1040',
      'Omar Haddad',
      false,
      '2026-11-18T16:20:00Z',
      'One of them is for the service in October. Can you check?',
    ),
    of('INQ-1038', 'Jule Kante', true, '2026-11-18T09:44:00Z', 'The PDF is lost, <i>sorry</i>. Thank you!'),
    of('INQ-1035', 'Signe Dahl', true, '2026-11-16T12:30:00Z', 'We moved to the harbour, number 7.'),
    of('INQ-1031', 'Amara Obi', true, '2026-11-12T07:58:00Z', 'Four hours late. What happened?'),
    of(
      'INQ-2007',
      'Rita Lopes',
      true,
      '2026-11-20T13:12:00Z',
      'Your mail to rita@aurora.example was returned. Is anything wrong?',
    ),
    of('INQ-2006', 'Duarte Pinto', true, '2026-11-19T06:40:00Z', 'From December on, please.'),
    of('INQ-2004', 'Ella Brown', true, '2026-11-15T10:00:00Z', 'Do you bake without flour from wheat?'),
  ];
}

function invoices(): Row[] {
  const of = (
    id: string,
    customer: string,
    issued: string,
    status: string,
    item: string,
    cents: number,
    more: Row = {},
  ) => ({
    id,
    workspace: Number(customer.slice(4)) < 300 ? 'acme' : 'bluebird',
    customer,
    issued,
    status,
    sync: 'synced',
    sync_note: '',
    card: `4242 4242 4242 ${customer === 'cus_81' ? '4242' : String(1000 + Number(customer.slice(4)) * 7).slice(-4)}`,
    item,
    cents,
    tax_percent: 20,
    ...more,
  });
  return [
    of('INV-88', 'cus_81', '2026-11-19', 'open', 'Bread subscription, November', 100_000, {
      tax_percent: 10,
      sync: 'failed',
      sync_note: 'Sync failed on 19 Nov, 11:02. Accounting still expects 20 % tax, this invoice says 10 %.',
    }),
    of('INV-87', 'cus_82', '2026-11-18', 'open', 'Two city bikes', 174_000),
    of('INV-86', 'cus_82', '2026-10-30', 'paid', 'Bike service, October', 12_500),
    of('INV-85', 'cus_84', '2026-10-28', 'paid', 'Exhibition stand', 68_000),
    of('INV-84', 'cus_85', '2026-10-21', 'overdue', 'Coffee beans, 40 kg', 52_000),
    of('INV-83', 'cus_88', '2026-10-12', 'paid', 'Pallets, first delivery', 230_000),
    of('INV-82', 'cus_81', '2026-10-19', 'paid', 'Bread subscription, October', 100_000),
    of('INV-301', 'cus_301', '2026-11-15', 'open', 'Pastries, first half of November', 41_000, { tax_percent: 10 }),
    of('INV-300', 'cus_302', '2026-11-01', 'paid', 'Rolls, October', 96_500, { tax_percent: 10 }),
  ];
}

function integration(id: string, workspace: string, name: string, state: string, note: string): Row {
  return { id, workspace, name, state, note, secret: `made-up-${id}-5b1e88d0c7` };
}

function settingsOf(workspace: string): Row[] {
  const of = (name: string, label: string, value: string, choices: string) => ({
    workspace,
    name,
    label,
    value,
    choices,
  });
  return [
    of('language', 'Language', workspace === 'acme' ? 'English' : 'Português', 'English|Deutsch|Português'),
    of('signature', 'Signature below replies', 'Name and company', 'Name and company|Name|None'),
    of('reply-within', 'Reply to inquiries within', '8 hours', '4 hours|8 hours|2 days'),
    of('tax', 'Tax on new invoices', '10 %', '0 %|10 %|20 %'),
  ];
}

function supportCase(ref: string, workspace: string, title: string, opened_at: string): Row {
  return { ref, workspace, title, state: 'open', opened_at };
}
