import { describe, expect, it } from '@jest/globals';
import { noNames, sentenceFor } from '#wording/wording';
import { readScope, type Catalogue } from '#domain/catalogue/catalogue';
import { draftOfStart, scopeOf } from './draft.ts';

describe('What a start says before it is pressed', () => {
  it('is the sentence of the fact that is then written, word for word', () => {
    const staffId = 'stf_1' as const;
    const { text } = sentenceFor(
      {
        type: 'SessionStarted',
        data: {
          sessionId: 'ses_1',
          staffId,
          caseId: 'case_1',
          caseRef: 'CASE-123',
          job: 'invoice-sync',
          mode: 'read',
          pages: ['billing'],
          can: ['open Billing'],
          cannot: ['change anything'],
          plannedEnd: '2026-11-24T13:30:00.000Z',
          idleMinutes: 15,
          pagesPerMinute: 30,
          enterBy: '2026-11-24T13:01:00.000Z',
          approvedBy: { kind: 'switch', memberId: 'mem_1' },
          identityConfirmedAt: '2026-11-24T12:55:00.000Z',
          viewedAs: null,
          reliedOn: { policy: 3, catalogue: 2, staff: 1 },
          personal: {
            subject: staffId,
            staffName: 'Sam Lee',
            staffEmail: 'sam@fernway.example',
            reason: 'Failed invoice sync since Tuesday',
            approverName: 'Maria Ortiz',
          },
        },
        metadata: { time: '2026-11-24T13:00:00.000Z', actor: { kind: 'staff', id: staffId } },
      },
      noNames,
    );
    const reason = 'Failed invoice sync since Tuesday';
    expect(draftOfStart({ name: 'Sam Lee', caseRef: 'CASE-123', reason, minutes: 30 })).toBe(text);
    expect(text).toBe(
      'Sam Lee came in for CASE-123 to look, for up to 30 minutes: “Failed invoice sync since Tuesday”',
    );
  });

  it('lists what the job opens and what stays closed as the visit will have it (S1-16)', () => {
    const page = (id: string, risk: string) => ({ id, label: `${id} {record}`, area: null, class: risk });
    const catalogue = {
      areas: [],
      pages: [page('billing', 'view'), page('invoice', 'view'), page('customer', 'sensitive')],
      actions: [
        {
          id: 'retry',
          label: 'retry the sync on {target}',
          phrase: 'retry the sync on {target}',
          target: 'invoice',
          takes: [],
          choices: [],
          pages: null,
          area: null,
          class: 'change',
          isExport: false,
        },
      ],
      fields: [],
      jobs: [{ id: 'sync', label: 'Sync', pages: ['billing', 'customer'], actions: [], readOnly: true }],
      visits: { capMinutes: 60, writeCapMinutes: 30, caseRequired: true, idleMinutes: 15, identityMaxAgeSeconds: 900 },
    };
    const asDeclared: Catalogue = {
      areas: {},
      pages: {
        billing: { label: 'billing {record}', class: 'view' },
        invoice: { label: 'invoice {record}', class: 'view' },
        customer: { label: 'customer {record}', class: 'sensitive' },
      },
      actions: { retry: { label: 'retry the sync on {target}', class: 'change' } },
      fields: {},
      jobs: { sync: { label: 'Sync', pages: ['billing', 'customer'], actions: [], mode: 'read' } },
    };
    const { can, cannot } = readScope(asDeclared, 'sync', []);
    expect(scopeOf(catalogue, 'sync')).toEqual({ can, cannot });
    expect(can).toEqual(['open billing']);
    expect(cannot).toEqual(['change anything', 'open invoice', 'open customer', 'retry the sync']);
  });
});
