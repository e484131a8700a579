import { describe, expect, it } from '@jest/globals';
import { FACT_KINDS, recognise } from '#domain/facts';
import { defaultPolicy } from '#domain/policy/policy';
import {
  caseOpened,
  catalogueChanged,
  changed,
  clicked,
  denied,
  enabled,
  ended,
  logExported,
  mariaJoined,
  names as told,
  off,
  registered,
  said,
  sam,
  samEnabled,
  started,
  shows,
  viewed,
} from './testing/facts.ts';
import { accessRequested, REQUEST_LINES } from './testing/request-lines.ts';
import { evolveNames, markOf, noNames, sentenceFor, type Names, type SpokenFact } from './wording.ts';

const names = evolveNames(told, accessRequested);

/** Fact, sentence with its strong words between stars, mark, detail. */
const LINES: readonly [string, SpokenFact, string, string, string?][] = [
  ['a workspace that was told', registered, 'Acme *was registered*', 'dot'],
  [
    'a workspace that was closed',
    said({ type: 'WorkspaceClosed', data: { workspaceId: 'ws_acme' } }),
    'Acme *was closed*',
    'dot',
  ],
  [
    'a book that was taken along',
    logExported(),
    'Maria Ortiz *exported* 12 lines of the visit log as CSV',
    'dot',
    'The whole book.',
  ],
  [
    'some lines of it',
    logExported({
      format: 'ndjson',
      lines: 1,
      filter: {
        actors: ['stf_sam'],
        marks: ['viewed'],
        from: '2026-11-01T00:00:00.000Z',
        before: '2026-11-08T00:00:00.000Z',
      },
    }),
    'Maria Ortiz *exported* 1 line of the visit log as NDJSON',
    'dot',
    'Only lines of 1 person, of some kinds, from 2026-11-01 00:00 UTC on and before 2026-11-08 00:00 UTC.',
  ],
  [
    'lines that were found by words',
    logExported({ lines: null, personal: { subject: 'mem_maria', name: 'Maria Ortiz', search: 'Ada' } }),
    'Maria Ortiz *exported* lines of the visit log as CSV',
    'dot',
    'Only lines with the words “Ada”.',
  ],
  [
    'what an erased member took along',
    logExported({ personal: undefined, filter: { sessionId: 'ses_1' } }),
    'Maria Ortiz *exported* 12 lines of the visit log as CSV',
    'dot',
    'Only lines of one visit.',
  ],
  ['a new owner', mariaJoined, 'Maria Ortiz *is now* an owner', 'dot', 'Member id: mem_maria.'],
  [
    'a new manager',
    changed(mariaJoined, { role: 'manager' }),
    'Maria Ortiz *is now* a manager',
    'dot',
    'Member id: mem_maria.',
  ],
  ['a member who left', changed(mariaJoined, { role: null }), 'Maria Ortiz *is no longer a member*', 'dot'],
  ['a case', caseOpened, 'CASE-123 *was opened*: “Invoices don’t sync”', 'dot'],
  [
    'a closed case',
    said({ type: 'CaseClosed', data: { caseId: 'case_123', caseRef: 'CASE-123', graceMinutes: 5 } }),
    'CASE-123 *was closed*',
    'dot',
    'A visit for it ends within 5 minutes.',
  ],
  [
    'a contact for bills',
    changed(mariaJoined, { role: 'admin', billingContact: true }),
    'Maria Ortiz *is now* an admin, and the contact for bills',
    'dot',
    'Member id: mem_maria.',
  ],
  [
    'a merged case',
    said({
      type: 'CaseMerged',
      data: { caseId: 'case_123', caseRef: 'CASE-123', intoCaseId: 'case_124', intoCaseRef: 'CASE-124' },
    }),
    'CASE-123 *was merged* into CASE-124',
    'dot',
    'What was for CASE-123 is for CASE-124 from now on.',
  ],
  [
    'a case of somebody else',
    said({ type: 'CaseReassigned', data: { caseId: 'case_123', caseRef: 'CASE-123', staffId: 'stf_sam' } }),
    'CASE-123 *belongs to* Sam Lee now',
    'dot',
    'A visit for it by anybody else has ended.',
  ],
  [
    'a case of nobody',
    said({ type: 'CaseReassigned', data: { caseId: 'case_123', caseRef: 'CASE-123', staffId: null } }),
    'CASE-123 *belongs to* nobody now',
    'dot',
    'A visit for it by anybody has ended.',
  ],
  ['a plan', said({ type: 'PlanChanged', data: { plan: 'Business' } }), 'The plan *is now* Business', 'dot'],
  ['staff access on', enabled, 'Maria Ortiz *turned staff access on* until 2026-11-25 13:50 UTC', 'dot'],
  [
    'staff access that stays on (S3-25)',
    changed(enabled, { until: null }),
    'Maria Ortiz *turned staff access on* until it is turned off',
    'dot',
  ],
  [
    'settings that a workspace made stricter',
    said({
      type: 'WorkspacePolicyTightened',
      data: {
        memberId: 'mem_maria',
        set: { 'session.capMinutes': 30, 'approval.asked': { 'every session': 'customer', export: 'both' } },
        cleared: ['consent.windowMinutes', 'identityShown'],
        policyRevision: 0,
        personal: { subject: 'mem_maria', name: 'Maria Ortiz' },
      },
    }),
    'Maria Ortiz *changed the workspace’s own settings*',
    'dot',
    'A visit lasts 30 minutes at most. The customer approves: every session. The customer and then the vendor approve: export. The vendor’s setting again: how long staff access is on and what the customer reads of a staff member.',
  ],
  [
    'staff access on with limits',
    changed(enabled, { withoutAreas: ['inbox', 'files', 'gone'], onlyCase: 'case_123' }),
    'Maria Ortiz *turned staff access on* until 2026-11-25 13:50 UTC, for CASE-123 only',
    'dot',
    'Left out: Inbox, Files and gone.',
  ],
  ['staff access off', off('owner'), 'Maria Ortiz *turned staff access off*', 'dot'],
  ['a window that ended', off('window ended'), 'Staff access *went off*: its time was up', 'dot'],
  ['no owner', off('no owner left'), 'Staff access *went off*: the workspace had no owner any more', 'dot'],
  ['a closed workspace', off('workspace closed'), 'Staff access *went off*: the workspace was closed', 'dot'],
  [
    'the start of a visit',
    started,
    'Sam Lee *came in* for CASE-123 to look, for up to 60 minutes: “Failed invoice sync since Tuesday”',
    'in',
    'Maria Ortiz had turned staff access on.',
  ],
  [
    'the arrival',
    said({ type: 'SessionEntered', data: { sessionId: 'ses_1' } }),
    'Sam Lee *arrived* in the workspace',
    'dot',
  ],
  [
    'another area',
    said({ type: 'AreaEntered', data: { sessionId: 'ses_1', area: 'billing', label: 'Billing' } }),
    'Sam Lee *moved* to Billing',
    'dot',
  ],
  ['a page', viewed('Billing'), 'Sam Lee *viewed* Billing', 'viewed'],
  [
    'a visit without a case',
    changed(started, { caseId: null, caseRef: null }),
    'Sam Lee *came in* without a case to look, for up to 60 minutes: “Failed invoice sync since Tuesday”',
    'in',
    'Maria Ortiz had turned staff access on.',
  ],
  ['a click within a page (S1-95)', clicked('Card details'), 'Sam Lee *clicked* “Card details” on Billing', 'dot'],
  ['rows of a page', shows(12), 'Sam Lee *was shown* 12 rows of Billing', 'dot'],
  ['one row of a page', shows(1), 'Sam Lee *was shown* 1 row of Billing', 'dot'],
  ['a page of a record', viewed('Invoice INV-88'), 'Sam Lee *viewed* Invoice INV-88', 'viewed'],
  [
    'a page that names a person',
    viewed('Customer', 'Customer Ada Example'),
    'Sam Lee *viewed* Customer Ada Example',
    'viewed',
  ],
  [
    'a page with masks',
    changed(viewed('Billing'), { masked: ['email', 'last4', 'personal-id'] }),
    'Sam Lee *viewed* Billing',
    'viewed',
    'Masked: e-mail addresses, card numbers and identity numbers.',
  ],
  [
    'somebody who stays',
    said({ type: 'PresenceConfirmed', data: { sessionId: 'ses_1' } }),
    'Sam Lee *pressed Stay*',
    'dot',
  ],
  ['a visit that was left', ended('exited'), 'Sam Lee *left*, after 15 of 60 minutes', 'out'],
  ...(
    [
      ['idle', 'nobody had used it for a while'],
      ['reached its cap', 'its time was up'],
      ['window ended', 'the time of staff access was up'],
      ['revoked', 'staff access was turned off'],
      ['ended by owner', 'the customer ended it'],
      ['case closed', 'its case was closed'],
      ['case reassigned', 'its case belongs to somebody else now'],
      ['staff disabled', 'the staff member may no longer visit'],
      ['workspace closed', 'the workspace was closed'],
      ['too fast', 'more was opened than a visit’s budget allows'],
    ] as const
  ).map(([cause, because]): [string, SpokenFact, string, string, string] => [
    `an end (${cause})`,
    ended(cause),
    `Sam Lee’s visit *ended*: ${because}`,
    'out',
    'It ended after 15 of 60 minutes.',
  ]),
  [
    'a review of refusals',
    said({
      type: 'DenialsReviewed',
      data: {
        personId: 'stf_sam',
        rule: 'pageIsInScope',
        upTo: '17',
        verdict: 'somebody to help',
        by: 'stf_jonas',
        personal: { subject: 'stf_jonas', name: 'Jonas Weber', note: 'Sam looks for invoices elsewhere.' },
      },
    }),
    'Jonas Weber *reviewed* what Sam Lee was refused (pageIsInScope): somebody needs help',
    'dot',
    'Sam looks for invoices elsewhere.',
  ],
  ['a staff member', samEnabled, 'Sam Lee *was enabled* as agent and lead', 'dot'],
  ['a staff member without a role', changed(samEnabled, { roles: [] }), 'Sam Lee *was enabled*, with no role', 'dot'],
  [
    'a staff member who was disabled',
    said({ type: 'StaffDisabled', data: { staffId: 'stf_sam' } }),
    'Sam Lee *was disabled*',
    'dot',
  ],
  [
    'a seat',
    said({
      type: 'StaffSeatTaken',
      data: { staffId: 'stf_sam', sessionId: 'ses_1', workspaceId: 'ws_acme', until: '2026-11-24T15:02:00.000Z' },
    }),
    'Sam Lee *took the seat* for a visit to Acme until 2026-11-24 15:02 UTC',
    'dot',
  ],
  [
    'a seat given back',
    said({ type: 'StaffSeatReleased', data: { staffId: 'stf_sam', sessionId: 'ses_1' } }),
    'Sam Lee *gave the seat back*',
    'dot',
  ],
  [
    'new settings',
    said({ type: 'PolicyChanged', data: { policy: defaultPolicy } }),
    'The settings *were changed*',
    'dot',
    'They began from the preset “default”.',
  ],
  [
    'a new catalogue',
    catalogueChanged,
    'The catalogue *was changed*',
    'dot',
    'It declares 2 pages, 0 actions, 1 field and 0 jobs.',
  ],
  [
    'a refusal',
    denied,
    '*Refused:* Sam Lee tried to open Customers',
    'refused',
    'This page is not in the scope of this visit. A new problem is a new visit, with a new reason.',
  ],
  [
    'a refusal with nothing instead',
    changed(denied, { because: 'Support access has been revoked', instead: null }),
    '*Refused:* Sam Lee tried to open Customers',
    'refused',
    'Support access has been revoked',
  ],
  [
    'a sentence without its full stop before the next',
    changed(denied, { because: 'Support access has been revoked', instead: 'Ask an owner.' }),
    '*Refused:* Sam Lee tried to open Customers',
    'refused',
    'Support access has been revoked. Ask an owner.',
  ],
  [
    'a change that is not the approved one, with both values (S0-26, S1-30)',
    changed(denied, {
      because: 'This is not exactly what was approved.',
      instead: 'Approved was to change the setting tax.',
      personal: {
        subject: 'stf_sam',
        name: 'Sam Lee',
        exactly: { tried: { value: '0 %' }, approved: { value: '10 %' } },
      },
    }),
    '*Refused:* Sam Lee tried to open Customers',
    'refused',
    'This is not exactly what was approved. Approved was to change the setting tax. Tried with exactly: value "0 %". Approved with exactly: value "10 %".',
  ],
  [
    'a flood of refusals',
    changed(denied, { count: 14, instead: null }),
    '*Refused:* Sam Lee tried to open Customers 14 times since 2026-11-24 14:11 UTC',
    'refused',
    'This page is not in the scope of this visit.',
  ],
  ...REQUEST_LINES,
];

function starred(fact: SpokenFact, known: Names): string {
  return sentenceFor(fact, known)
    .parts.map(({ text, strong }) => (strong ? `*${text}*` : text))
    .join('');
}

describe('The sentence (S1-19, S1-21) of', () => {
  it.each(LINES.map(([name, ...told]) => ({ name, told })))('$name', ({ told: [fact, line, mark, detail] }) => {
    expect(recognise(fact)).toBeDefined();
    const sentence = sentenceFor(fact, names);
    expect(starred(fact, names)).toBe(line);
    expect(sentence.text).toBe(line.replaceAll('*', ''));
    expect(sentence.mark).toBe(mark);
    expect(markOf(fact.type)).toBe(mark);
    expect(sentence.detail).toBe(detail);
  });

  it('every kind of fact stands in the table above', () => {
    const told = new Set(LINES.map(([, fact]) => fact.type));
    expect(FACT_KINDS.map(({ type }) => type).filter((type) => !told.has(type))).toEqual([]);
  });

  it('a fact that nobody knows says so, and has a dot', () => {
    const unknown = { type: 'SessionTeleported', data: {}, metadata: { time: '2026-11-24T14:02:00.000Z', actor: sam } };
    expect(sentenceFor(unknown, names)).toEqual({
      text: 'A line that this version can’t read (SessionTeleported)',
      parts: [{ text: 'A line that this version can’t read (SessionTeleported)' }],
      mark: 'dot',
    });
    expect(sentenceFor(changed(enabled, { until: 'tomorrow' }), names).text).toBe(
      'A line that this version can’t read (StaffAccessEnabled)',
    );
    expect(markOf('SessionTeleported')).toBe('dot');
  });
});

describe('A sentence', () => {
  it('writes times as whoever shows it wishes', () => {
    expect(sentenceFor(enabled, names, () => 'Wed 25 Nov, 14:50').text).toBe(
      'Maria Ortiz turned staff access on until Wed 25 Nov, 14:50',
    );
  });

  it('falls back to pseudonymous ids where names are erased', () => {
    const erased = { personal: undefined };
    const lines = [
      changed(started, erased),
      changed(enabled, erased),
      changed(denied, erased),
      changed(mariaJoined, erased),
    ];
    const known = lines.reduce(evolveNames, noNames);
    expect(
      [...lines, viewed('Billing'), changed(viewed('Billing'), { sessionId: 'ses_2' }), off('owner')].map(
        (fact) => sentenceFor(changed(fact, erased), known).text,
      ),
    ).toEqual([
      'Staff member stf_sam came in for CASE-123 to look, for up to 60 minutes',
      'Member mem_maria turned staff access on until 2026-11-25 13:50 UTC',
      'Refused: Staff member stf_sam tried to open Customers',
      'Member mem_maria is now an owner',
      'Staff member stf_sam viewed Billing',
      'A staff member viewed Billing',
      'Member mem_maria turned staff access off',
    ]);
  });

  it('shows characters that can’t be seen or that turn text around (T25, T52)', () => {
    const sentence = sentenceFor(viewed('Customer', 'Ada\u202e gnilliB\u001b[2J'), names);
    expect(sentence.text).toBe('Sam Lee viewed Ada\ufffd gnilliB\ufffd[2J');
  });

  it('tells a visit in the order of S4-58: staff access, start, views, a refusal, the end', () => {
    const told: string[] = [];
    let known = noNames;
    for (const fact of [
      mariaJoined,
      enabled,
      started,
      viewed('Billing'),
      denied,
      viewed('Integrations'),
      off('owner'),
      ended('revoked'),
    ]) {
      known = evolveNames(known, fact);
      told.push(sentenceFor(fact, known).text);
    }
    expect(told).toEqual([
      'Maria Ortiz is now an owner',
      'Maria Ortiz turned staff access on until 2026-11-25 13:50 UTC',
      'Sam Lee came in for CASE-123 to look, for up to 60 minutes: “Failed invoice sync since Tuesday”',
      'Sam Lee viewed Billing',
      'Refused: Sam Lee tried to open Customers',
      'Sam Lee viewed Integrations',
      'Maria Ortiz turned staff access off',
      'Sam Lee’s visit ended: staff access was turned off',
    ]);
  });
});
