import { describe, expect, it } from '@jest/globals';
import type { Request, Scope } from './operations.ts';
import {
  changedBetween,
  changeOf,
  isAnother,
  compared,
  endOf,
  grantEnd,
  pagePhrases,
  whatIsAsked,
  wished,
  type Terms,
} from './told.ts';

const scope: Scope = {
  pages: ['billing', 'integrations'],
  minutes: 30,
  can: ['retry the failed invoice sync on INV-88, once', 'open Billing', 'open Integrations'],
  cannot: ['change anything else', 'open Customers'],
  action: { name: 'invoice.retrySync', label: 'retry the failed invoice sync on INV-88', target: 'INV-88' },
  field: null,
};
const request = {
  id: 'req_1',
  kind: 'WRITE',
  staffName: 'Sam Lee',
  caseRef: 'CASE-123',
  asked: scope,
  scope,
  change: null,
  asks: 'CUSTOMER',
  waitsFor: 'CUSTOMER',
  waitsAgain: null,
  phase: 'WAITING',
  digest: 'sha256:1',
  question: null,
  answer: null,
  firstApproval: null,
  decision: null,
  message: null,
  endCause: null,
  grant: null,
} as unknown as Request;
const CHANGE = 'Retry the failed invoice sync on INV-88, once';

describe('A request, told', () => {
  it('names each page by its phrase in the can list', () => {
    expect([...pagePhrases(scope)]).toEqual([
      ['billing', 'open Billing'],
      ['integrations', 'open Integrations'],
    ]);
  });

  it('is trimmed to less: a page taken out can’t be opened, and the time is shorter (S4-26)', () => {
    const granted = wished(scope, { pages: ['billing'], minutes: 15, target: 'INV-88' });
    expect(granted).toEqual({
      ...scope,
      pages: ['billing'],
      minutes: 15,
      can: ['retry the failed invoice sync on INV-88, once', 'open Billing'],
      cannot: ['change anything else', 'open Customers', 'open Integrations'],
    });
    expect(changeOf(scope, granted)).toEqual({
      removed: ['open Integrations'],
      added: [],
      minutes: { from: 30, to: 15 },
    });
    expect(compared(scope, granted)).toEqual([
      { what: 'Change', asked: CHANGE, granted: CHANGE, same: true },
      { what: 'Pages', asked: 'Billing, Integrations', granted: 'Billing', same: false },
      { what: 'Time', asked: '30 min', granted: '15 min', same: false },
    ]);
  });

  it('is granted on another target of the same action', () => {
    const granted = wished(scope, { pages: scope.pages, minutes: 30, target: 'INV-89' });
    expect(changeOf(scope, granted)).toEqual({
      removed: ['retry the failed invoice sync on INV-88, once'],
      added: ['retry the failed invoice sync on INV-89, once'],
      minutes: null,
      target: { from: 'INV-88', to: 'INV-89' },
    });
    expect(granted.action).toMatchObject({ target: 'INV-89', label: 'retry the failed invoice sync on INV-89' });
  });

  it('is granted with other arguments of the same action, and what isn’t edited stays as it was asked (S4-26)', () => {
    const asked: Terms = { ...scope, argumentsJson: '{"since":5,"value":"20 %"}' };
    const as = { pages: scope.pages, minutes: 30, target: 'INV-88' };
    const granted = wished(asked, { ...as, args: { value: '10 %' } });
    expect(granted).toEqual({ ...asked, argumentsJson: '{"since":5,"value":"10 %"}' });
    expect(changeOf(asked, granted)).toEqual({ removed: [], added: [], minutes: null });
    expect(isAnother(asked, granted)).toBe(true);
    expect(isAnother(asked, wished(asked, { ...as, pages: ['billing'] }))).toBe(false);
    expect(compared(asked, granted).filter(({ same }) => !same)).toEqual([
      { what: 'With value', asked: '"20 %"', granted: '"10 %"', same: false },
    ]);
    const nothingElse: readonly Record<string, string>[] = [{}, { value: '20 %' }, { since: 'soon' }];
    for (const args of nothingElse) expect(changeOf(asked, wished(asked, { ...as, args }))).toBeNull();
  });

  it('can’t be widened by a wish: a page that wasn’t asked for isn’t granted', () => {
    expect(wished(scope, { pages: ['billing', 'customers'], minutes: 30, target: 'INV-88' }).pages).toEqual([
      'billing',
    ]);
  });

  it('is approved as asked where nothing differs', () => {
    expect(changeOf(scope, wished(scope, { pages: scope.pages, minutes: 30, target: 'INV-88' }))).toBeNull();
  });

  it('says what became another thing since it was read', () => {
    const after = { ...request, digest: 'sha256:2', question: 'Which one?', answer: 'INV-88' };
    expect(changedBetween(request, after)).toEqual(['Somebody asked: “Which one?”', 'Sam answered: “INV-88”']);
    expect(changedBetween(after, after)).toEqual([]);
    const trimmed = { ...after, scope: wished(scope, { pages: ['billing'], minutes: 30, target: 'INV-88' }) };
    expect(changedBetween(after, trimmed)).toEqual(['Pages: Billing, and not Billing, Integrations.']);
  });

  it('says how it ended, by whom, and what became of the grant', () => {
    const decision = { id: 'mem_1', name: 'Maria Ortiz', at: '2026-11-24T14:20:00Z' };
    const ended = (more: object) => endOf({ ...request, decision, ...more } as Request);
    expect(ended({ phase: 'APPROVED' })).toBe('Maria Ortiz approved it.');
    expect(ended({ phase: 'DECLINED', message: 'Not now.' })).toBe('Maria Ortiz declined it. “Not now.”');
    expect(ended({ phase: 'LAPSED', endCause: 'access off' })).toBe('It lapsed: staff access was turned off.');
    expect(ended({ phase: 'WITHDRAWN', endCause: 'by the staff member' })).toBe('It was taken back.');
    const grant = { phase: 'SPENT', actionOutcome: 'DONE', cause: null };
    expect(grantEnd({ grant } as Request)).toBe('It was done, once.');
  });

  it('says of a reveal which value of which record, and that it was shown (S1-44)', () => {
    const field = { field: 'customer.email', record: 'inq_1', label: null };
    const can = ['see customer.email of inq_1, once', 'open Inquiry', 'open Dashboard'];
    const revealed: Scope = { ...scope, action: null, field, pages: ['inquiry', 'dashboard'], can };
    const about = { kind: 'REVEAL', scope: revealed, viewAs: null, viewAsName: null } as const;
    expect(whatIsAsked(about)).toBe('see customer.email of inq_1, once');
    const called = { ...revealed, field: { ...field, label: 'the e-mail address of inq_1' } };
    expect(whatIsAsked({ ...about, scope: called })).toBe('see the e-mail address of inq_1, once');
    // What a record is called can't go on with the sentence.
    const odd = { ...revealed, field: { ...field, record: 'INV-1, and the phone' } };
    expect(whatIsAsked({ ...about, scope: odd })).toBe('see customer.email of “INV-1, and the phone”, once');
    expect(compared(revealed, wished(revealed, { pages: ['inquiry'], minutes: 15, target: null }))).toEqual([
      { what: 'Shown', asked: 'customer.email of inq_1, once', granted: 'customer.email of inq_1, once', same: true },
      { what: 'Pages', asked: 'Inquiry, Dashboard', granted: 'Inquiry', same: false },
      { what: 'Time', asked: '30 min', granted: '15 min', same: false },
    ]);
    const grant = { phase: 'SPENT', actionOutcome: null, cause: null };
    expect(grantEnd({ kind: 'REVEAL', grant } as Request)).toBe('It was shown, once.');
  });
});
