import type { Wanted } from '#domain/request/request';
import { changed, said } from './facts.ts';
import type { SpokenFact } from '../wording.ts';

const requestId = 'req_sam' as const;
const grantId = 'gr_sam' as const;
const sessionId = 'ses_1' as const;
const maria = { subject: 'mem_maria', name: 'Maria Ortiz' };
const byMaria = { kind: 'member' as const, memberId: 'mem_maria' as const };

const wanted: Wanted = {
  pages: ['billing', 'invoice'],
  action: {
    name: 'invoice.retrySync',
    label: 'retry the failed invoice sync on INV-88',
    target: 'INV-88',
    digest: 'sha256:1',
  },
  field: null,
  minutes: 30,
  can: ['retry the failed invoice sync on INV-88, once', 'open Billing', 'open Invoice'],
  cannot: ['change anything else'],
};

export const accessRequested = said({
  type: 'AccessRequested',
  data: {
    requestId,
    staffId: 'stf_sam',
    person: { issuer: 'https://staff.example', subject: 'sam' },
    kind: 'write',
    caseId: 'case_123',
    caseRef: 'CASE-123',
    job: null,
    viewAs: null,
    wanted,
    extends: null,
    plannedStart: null,
    triggers: ['every write'],
    asks: 'customer',
    lapsesAt: '2026-11-25T02:02:00.000Z',
    digest: 'sha256:2',
    reliedOn: { policy: 0, catalogue: 1, staff: 2 },
    personal: {
      subject: 'stf_sam',
      staffName: 'Sam Lee',
      staffEmail: 'sam@fernway.example',
      reason: 'Failed invoice sync since Tuesday',
      arguments: null,
    },
  },
});

const reported = (
  outcome: 'done' | 'failed' | 'unknown',
  changes: { field: string; old: string | null; new: string | null }[] = [],
): SpokenFact =>
  said({
    type: 'ActionReported',
    data: {
      actionId: 'act_1',
      sessionId,
      outcome,
      label: wanted.action?.label ?? '',
      caseRef: 'CASE-123',
      fields: changes.map(({ field }) => field),
      ...(changes.length > 0 && { personal: { subject: 'act_1', changes } }),
    },
  });

const approval = {
  requestId,
  grantId,
  by: byMaria,
  granted: wanted,
  change: null,
  startBy: '2026-11-24T15:02:00.000Z',
  personal: { ...maria, message: null },
};

/** What is said of a request and of what comes of it; see the table of all lines. */
export const REQUEST_LINES: readonly [string, SpokenFact, string, string, string?][] = [
  [
    'a request (S4-44, S4-58)',
    accessRequested,
    'Sam Lee *asked* to retry the failed invoice sync on INV-88, once, for 30 minutes, for CASE-123: “Failed invoice sync since Tuesday”',
    'asked',
    'It lapses 2026-11-25 02:02 UTC. Can: retry the failed invoice sync on INV-88, once, open Billing and open Invoice.',
  ],
  [
    'a question about a request',
    said({
      type: 'InformationAsked',
      data: { requestId, by: byMaria, digest: 'sha256:3', personal: { ...maria, question: 'Which invoice?' } },
    }),
    'Maria Ortiz *asked back*: “Which invoice?”',
    'asked',
  ],
  [
    'an answer about a request',
    said({
      type: 'InformationGiven',
      data: {
        requestId,
        digest: 'sha256:4',
        personal: { subject: 'stf_sam', name: 'Sam Lee', answer: 'The one of Tuesday' },
      },
    }),
    'Sam Lee *answered*: “The one of Tuesday”',
    'asked',
  ],
  [
    'the first of two approvals (S1-28)',
    said({
      type: 'FirstApprovalGiven',
      data: {
        requestId,
        by: byMaria,
        granted: wanted,
        change: null,
        digest: 'sha256:5',
        personal: { ...maria, email: null, message: null },
      },
    }),
    'Maria Ortiz *approved first*, and a second person decides now: Sam Lee’s request to retry the failed invoice sync on INV-88, once',
    'approved',
  ],
  [
    'an approval as asked (S4-58)',
    said({ type: 'AccessApproved', data: approval }),
    'Maria Ortiz *approved* Sam Lee’s request to retry the failed invoice sync on INV-88, once, for 30 minutes',
    'approved',
    'It is begun by 2026-11-24 15:02 UTC or not at all.',
  ],
  [
    'an approval that trimmed (S4-26)',
    said({
      type: 'AccessApproved',
      data: {
        ...approval,
        granted: { ...wanted, minutes: 15 },
        change: { removed: ['open Invoice'], added: [], minutes: { from: 30, to: 15 } },
      },
    }),
    'Maria Ortiz *approved with changes* Sam Lee’s request to retry the failed invoice sync on INV-88, once, for 15 minutes',
    'approved',
    'Left out: open Invoice; 15 minutes where 30 were asked for. It is begun by 2026-11-24 15:02 UTC or not at all.',
  ],
  [
    'an approval of another value, for less time (S4-26, S4-47)',
    said({
      type: 'AccessApproved',
      data: {
        ...approval,
        granted: { ...wanted, minutes: 15 },
        change: { removed: [], added: [], minutes: { from: 30, to: 15 } },
        personal: { ...maria, message: null, arguments: { value: '21' }, askedArguments: { value: '20 %' } },
      },
    }),
    'Maria Ortiz *approved with changes* Sam Lee’s request to retry the failed invoice sync on INV-88, once, for 15 minutes',
    'approved',
    'With exactly: value "21" where "20 %" was asked for. 15 minutes where 30 were asked for. It is begun by 2026-11-24 15:02 UTC or not at all.',
  ],
  [
    'an approval of another value and nothing else',
    said({
      type: 'AccessApproved',
      data: {
        ...approval,
        change: { removed: [], added: [], minutes: null },
        personal: { ...maria, message: null, askedArguments: { value: '20 %' } },
      },
    }),
    'Maria Ortiz *approved with changes* Sam Lee’s request to retry the failed invoice sync on INV-88, once, for 30 minutes',
    'approved',
    'With exactly: value left out where "20 %" was asked for. It is begun by 2026-11-24 15:02 UTC or not at all.',
  ],
  [
    'an approval of another record, which its phrase doesn’t name',
    said({
      type: 'AccessApproved',
      data: {
        ...approval,
        change: { removed: [], added: [], minutes: null, target: { from: 'INV-7', to: 'INV-88' } },
      },
    }),
    'Maria Ortiz *approved with changes* Sam Lee’s request to retry the failed invoice sync on INV-88, once, for 30 minutes',
    'approved',
    'On INV-88 where INV-7 was asked for. It is begun by 2026-11-24 15:02 UTC or not at all.',
  ],
  [
    'an approval by the settings (S4-20)',
    said({
      type: 'AccessApproved',
      data: {
        requestId,
        grantId,
        by: { kind: 'policy' },
        granted: { ...wanted, action: null },
        change: null,
        startBy: '2026-11-24T15:02:00.000Z',
      },
    }),
    'The settings *approved* Sam Lee’s request to look, for 30 minutes',
    'approved',
    'It is begun by 2026-11-24 15:02 UTC or not at all.',
  ],
  [
    'a no',
    said({
      type: 'AccessDeclined',
      data: { requestId, by: byMaria, personal: { ...maria, message: 'We do it ourselves.' } },
    }),
    'Maria Ortiz *declined* Sam Lee’s request',
    'refused',
    '“We do it ourselves.”',
  ],
  [
    'a request taken back',
    said({ type: 'AccessWithdrawn', data: { requestId, cause: 'by the staff member' } }),
    'Sam Lee’s request *was taken back*',
    'dot',
  ],
  [
    'a request that lapsed',
    said({ type: 'AccessLapsed', data: { requestId, cause: 'nobody decided', at: '2026-11-25T02:02:00.000Z' } }),
    'Sam Lee’s request *lapsed*: nobody decided in time',
    'dot',
  ],
  [
    'a changed scope that was taken (S4-32)',
    said({ type: 'ScopeConfirmed', data: { requestId, grantId, staffId: 'stf_sam' } }),
    'Sam Lee *confirmed* the changed scope',
    'approved',
  ],
  [
    'a request without a case (S0-44)',
    changed(accessRequested, { caseId: null, caseRef: null }),
    'Sam Lee *asked* to retry the failed invoice sync on INV-88, once, for 30 minutes, without a case: “Failed invoice sync since Tuesday”',
    'asked',
    'It lapses 2026-11-25 02:02 UTC. Can: retry the failed invoice sync on INV-88, once, open Billing and open Invoice.',
  ],
  [
    'an action that failed, without a case',
    changed(reported('failed'), { caseRef: null }),
    'Sam Lee *tried* to retry the failed invoice sync on INV-88, and it failed, without a case',
    'changed',
  ],
  [
    'a grant that nobody used',
    said({
      type: 'GrantLapsed',
      data: { grantId, requestId, cause: 'not started in time', at: '2026-11-24T15:02:00.000Z' },
    }),
    'What Sam Lee was granted *lapsed*: it was not begun in time',
    'dot',
  ],
  [
    'an action that may be done now',
    said({
      type: 'ActionAuthorised',
      data: {
        actionId: 'act_1',
        sessionId,
        grantId,
        requestId,
        action: 'invoice.retrySync',
        label: 'retry the failed invoice sync on INV-88',
        target: 'INV-88',
        caseRef: 'CASE-123',
        digest: 'sha256:1',
        reportBy: '2026-11-24T14:04:00.000Z',
        personal: { subject: 'INV-88', arguments: null },
      },
    }),
    'Sam Lee *was allowed* to retry the failed invoice sync on INV-88, under CASE-123',
    'changed',
    'What came of it is told by 2026-11-24 14:04 UTC.',
  ],
  [
    'a change with its values (S1-21, S4-52)',
    reported('done', [{ field: 'invoice email', old: 'old@acme.example', new: 'new@acme.example' }]),
    'Sam Lee *changed* invoice email from old@acme.example to new@acme.example, under CASE-123',
    'changed',
    'To retry the failed invoice sync on INV-88.',
  ],
  [
    'a change of a field that has no word for people but what was approved (S1-21, S4-48)',
    changed(reported('done', [{ field: 'setting.tax', old: '20 %', new: '10 %' }]), {
      label: 'change the setting tax',
    }),
    'Sam Lee *changed* the setting tax from 20 % to 10 %, under CASE-123',
    'changed',
    'Changed: setting.tax.',
  ],
  [
    'a change whose values are not kept (S4-48)',
    reported('done', [{ field: 'card.number', old: null, new: null }]),
    'Sam Lee *did* what was approved, to retry the failed invoice sync on INV-88, under CASE-123',
    'changed',
    'Changed: card.number; the values are not kept.',
  ],
  [
    'an action that failed',
    reported('failed'),
    'Sam Lee *tried* to retry the failed invoice sync on INV-88, and it failed, under CASE-123',
    'changed',
  ],
  [
    'an action that nobody reported',
    reported('unknown'),
    'What came of it *is unknown*: to retry the failed invoice sync on INV-88, under CASE-123',
    'changed',
  ],
  [
    'a field that was shown (S1-44)',
    said({
      type: 'FieldRevealed',
      data: { sessionId, grantId, requestId, field: 'customer.taxId', record: 'cus_81' },
    }),
    'Sam Lee *was shown* customer.taxId of cus_81, as approved',
    'viewed',
  ],
];
