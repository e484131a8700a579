import { describe, expect, it } from '@jest/globals';
import { insteadSaid, wayOn, withItsCase, type Refused } from './way-on.ts';

const refused: Refused = {
  workspaceId: 'ws_1',
  caseRef: 'CASE-123',
  sessionId: 'ses_1',
  rule: 'nothingIsChanged',
  because: 'This visit is read only: nothing can be changed.',
  instead: 'Ask to retry the failed invoice sync on INV-91, once.',
  action: { name: 'invoice.retrySync', target: 'INV-91', argumentsJson: null },
  page: null,
  field: null,
};
const to = (more: Partial<Refused>) => {
  const way = wayOn({ ...refused, ...more });
  const url = way && new URL(way.to, 'http://gatebook');
  return url && [url.pathname, Object.fromEntries(url.searchParams)];
};
const PLACE = { workspace: 'ws_1', case: 'CASE-123' };

describe('The way on from a refusal (S1-30)', () => {
  it.each<[string, string]>([
    ['nothingIsChanged', 'Ask to retry the failed invoice sync on INV-91, once.'],
    ['actionIsApproved', 'Approved was to retry the failed invoice sync on INV-88.'],
    ['grantIsUnspent', 'More is a new request.'],
  ])('leads from %s to asking for what was tried, and not for what was approved', (rule, instead) => {
    const asked = { ...PLACE, action: 'invoice.retrySync', target: 'INV-91' };
    expect(to({ rule, instead })).toEqual(['/staff/ask', asked]);
    const without = { ...PLACE, action: 'customers.export' };
    expect(to({ rule, instead, action: { name: 'customers.export', target: null, argumentsJson: null } })).toEqual([
      '/staff/ask',
      without,
    ]);
  });

  it('takes along what it was tried with, so that exactly that is asked for', () => {
    const action = { name: 'settings.change', target: 'tax', argumentsJson: '{"value":"10 %"}' };
    expect(to({ action })).toEqual([
      '/staff/ask',
      { ...PLACE, action: 'settings.change', target: 'tax', args: '{"value":"10 %"}' },
    ]);
  });

  it('leads from a page that holds sensitive data to asking for that page', () => {
    const instead = 'Ask for it as a sensitive entry, with the reason.';
    const sensitive = { rule: 'pageIsViewable', instead, action: null };
    expect(to({ ...sensitive, page: 'customer' })).toEqual(['/staff/ask', { ...PLACE, page: 'customer' }]);
    expect(to({ ...sensitive, page: 'files', instead: null })).toBeUndefined();
  });

  it('leads from a value that stays masked to asking for exactly that field of that record (S1-44)', () => {
    const instead = 'Ask for this one field of this one record, with the reason.';
    const field = { field: 'customer.email', record: 'inq_1' };
    const masked = { rule: 'fieldIsApproved', instead, action: null, field };
    expect(to(masked)).toEqual(['/staff/ask', { ...PLACE, ...field }]);
    expect(to({ ...masked, rule: 'grantIsUnspent', instead: 'More is a new request.' })).toEqual([
      '/staff/ask',
      { ...PLACE, ...field },
    ]);
    expect(to({ ...masked, field: { field: 'bank.iban', record: null } })).toEqual([
      '/staff/ask',
      { ...PLACE, field: 'bank.iban' },
    ]);
    // A secret: nobody could approve it.
    expect(to({ ...masked, instead: null })).toBeUndefined();
  });

  it('leads to asking for the job that changes something, and for the visit that is approved first', () => {
    const because = 'The job “Mend” changes something, and a visit only reads.';
    const job = { rule: 'jobIsReadOnly', because, instead: 'Ask for the one action that it needs.', action: null };
    expect(to(job)).toEqual(['/staff/ask', { ...PLACE, instead: because }]);
    const visit = { rule: 'visitIsApproved', instead: 'Ask for access.', action: null };
    expect(to(visit)).toEqual(['/staff/ask', { ...PLACE, instead: 'Ask for access.' }]);
    expect(to({ ...visit, caseRef: '' })).toEqual(['/staff/ask', { workspace: 'ws_1', instead: 'Ask for access.' }]);
  });

  it('leads to what was asked for already, where that can be confirmed or asked for anew', () => {
    for (const rule of ['grantIsReady', 'startIsAsApproved', 'visitIsApproved'])
      expect(to({ rule, instead: 'Ask anew.', action: null })).toEqual(['/staff/requests', {}]);
  });

  it('leads to a new visit, where a new visit is what helps', () => {
    for (const rule of ['pageIsInScope', 'visitHasNotEnded', 'pagesAreWithinBudget'])
      expect(to({ rule, action: null })).toEqual(['/staff/start', PLACE]);
    expect(to({ rule: 'staffAccessIsOn', action: null })).toEqual(['/staff/start', PLACE]);
  });

  it('keeps the case of the visit that it was refused in, where what was tried names none', () => {
    const visits = [
      { id: 'ses_2', caseRef: 'CASE-131' },
      { id: 'ses_1', caseRef: 'CASE-123' },
    ];
    const inVisit = { ...refused, caseRef: null };
    expect(withItsCase(inVisit, visits).caseRef).toBe('CASE-123');
    expect(withItsCase({ ...inVisit, caseRef: 'CASE-7' }, visits).caseRef).toBe('CASE-7');
    expect(withItsCase({ ...inVisit, sessionId: null }, visits).caseRef).toBeNull();
  });

  it('goes by the visit that one is in now, and not by the one in which it was refused', () => {
    const words = (rule: string, inside?: string) => {
      const { before = '', link, after } = wayOn({ ...refused, rule, action: null }, inside)!;
      return `${before}${link}${after}`;
    };
    expect(words('pageIsInScope', 'ses_1')).toBe('Start a new visit once you have left this one.');
    expect(words('pageIsInScope', 'ses_2')).toBe('Start a new visit once you have left the one that you are in.');
    expect(words('pageIsInScope')).toBe('Start a new visit.');
    expect(words('visitHasNotEnded')).toBe('If there is more to do, start a new visit.');
    expect(insteadSaid({ rule: 'visitHasNotEnded', instead: 'A new problem or more time is a new visit.' })).toBeNull();
    expect(insteadSaid({ rule: 'pageIsInScope', instead: 'A new problem is a new visit.' })).not.toBeNull();
  });

  it('leads nowhere where nothing could be asked for, or in a workspace that nobody may know of', () => {
    expect(to({ instead: null })).toBeUndefined();
    expect(to({ workspaceId: null })).toBeUndefined();
    expect(to({ rule: 'actionIsGrantable' })).toBeUndefined();
  });
});
