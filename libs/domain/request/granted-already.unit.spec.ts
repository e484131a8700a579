import { describe, expect, it } from '@jest/globals';
import type { BookFact } from '../book/book.ts';
import { given, type Past } from '../testing/given.ts';
import { COMMANDS } from '../testing/pairs.ts';
import {
  accessOn,
  approved,
  approvedFirst,
  case124,
  case124Opened,
  entered,
  installation,
  priya,
  priyaEnabled,
  requested,
  samsRequest,
  samsWish,
  staffPerson,
  startedOnGrant,
  tightenedTo,
  vic,
  workspaceOpen,
} from '../testing/story.ts';
import type { RequestAccess } from './request-access.ts';

const on: Past<BookFact> = [...workspaceOpen, case124Opened, accessOn()];
const ask = (past: Past<BookFact>, wish: Partial<RequestAccess> = {}) =>
  given(past).when(
    { ...COMMANDS.RequestAccess, ...wish },
    wish.staffId === priya ? { staff: priyaEnabled, installation: reads } : { installation: reads },
  );
const types = (past: Past<BookFact>, wish: Partial<RequestAccess> = {}) =>
  ask(past, wish).decision.facts.map(({ type }) => type);
const { policy } = installation;
const reads = { ...installation, policy: { ...policy, approval: { ...policy.approval, mayWiden: true } } };
/** Nobody approves a look: it is granted as it is asked for. */
const look = (page: string): Partial<RequestAccess> => ({
  kind: 'read',
  action: null,
  pages: [page],
  requestId: `req_${page}`,
});
const PAGES = ['dashboard', 'billing', 'invoice', 'inquiry', 'team'];
/** So many looks, one after the other, none of which is begun. */
const looked = (pages: readonly string[], past = on): Past<BookFact> =>
  pages.reduce<Past<BookFact>>((before, page) => [...before, ...ask(before, look(page)).decision.facts], past);

describe('What was granted already, and not begun', () => {
  const ready = [...on, requested(), approved()];
  const other = ['AccessRequested'];

  it('is begun, and not granted a second time', () => {
    expect(ask(ready).refused('requestsAreFew', 'You were granted this already.').instead).toBe(
      'Begin it, or withdraw it to ask anew.',
    );
    const changed = approved({ change: { removed: [], added: ['open Team'], minutes: null } });
    expect(ask([...on, requested(), changed]).refused('requestsAreFew').instead).toBe(
      'Confirm what was changed, and begin it.',
    );
    ask(ready, { pages: ['billing'], minutes: 10 }).refused('requestsAreFew', 'You were granted this already.');
  });

  it('is asked for anew once it is withdrawn or begun, and by somebody else', () => {
    const withdrawn = given(ready).when(COMMANDS.WithdrawAccess).decision.facts;
    expect(types([...ready, ...withdrawn])).toEqual(other);
    expect(types([...ready, '10:00', startedOnGrant(), entered()])).toEqual(other);
    expect(types(ready, { staffId: priya, person: staffPerson('priya') })).toEqual(other);
  });

  it.each<[string, Partial<RequestAccess>]>([
    ['more pages', { pages: ['billing', 'team'] }],
    ['another case', { caseId: case124, caseRef: 'CASE-124' }],
    ['another job', { job: 'invoice-fix' }],
    ['another reason, which a start on it can’t say', { reason: 'Wrong tax rate on all invoices of May' }],
    ['the view of a member', { viewAs: vic.memberId }],
    ['a start that is planned', { plannedStart: Date.UTC(2026, 10, 23, 12) }],
    ['another target', { action: { name: 'invoice.retrySync', target: 'INV-99', arguments: null } }],
    ['other arguments', { action: { name: 'invoice.retrySync', target: 'INV-88', arguments: { amount: 10 } } }],
    ['another kind', look('billing')],
  ])('is not what is asked for with %s', (_, wish) => {
    expect(types(ready, wish)[0]).toBe('AccessRequested');
  });

  it('is not more of what was granted: that is a new request', () => {
    const less = [...on, requested(), approved({ granted: { ...samsWish, minutes: 10 } })];
    expect(types(less)).toEqual(other);
    ask(less, { minutes: 10 }).refused('requestsAreFew');
  });

  it('is not one value where another was granted', () => {
    const email = { field: 'customer.email', record: 'cus_81' };
    const wanted = { ...samsWish, pages: ['inquiry'], action: null, field: email, minutes: 60 };
    const second = approved({ by: { kind: 'staff', staffId: priya }, granted: wanted });
    const granted = [...on, requested({ kind: 'reveal', wanted, asks: 'both' }), approvedFirst, second];
    const wish = { kind: 'reveal', action: null, field: email } as const;
    ask(granted, wish).refused('requestsAreFew', 'You were granted this already.');
    expect(types(granted, { ...wish, field: { ...email, record: 'cus_82' } })).toEqual(other);
    expect(types(granted, { ...wish, pages: ['inquiry'], field: { ...email, field: 'owner.email' } })).toEqual(other);
  });

  it('is no sensitive entry where pages were granted, nor the other way round', () => {
    const wanted = { ...samsWish, pages: ['billing'], action: null, minutes: 60 };
    for (const [was, is] of [
      ['read', 'sensitive entry'],
      ['sensitive entry', 'read'],
    ] as const) {
      const granted = [...on, requested({ kind: was, wanted }), approved({ granted: wanted })];
      expect(types(granted, { ...look('billing'), kind: is })[0]).toBe('AccessRequested');
    }
  });

  it('is asked for anew where no visit could begin on it: more approval is needed by now, or its reason is erased', () => {
    const { asked } = policy.approval;
    const more = tightenedTo({ 'approval.asked': { ...asked, 'every write': 'both' } });
    expect(types([...ready, more])).toEqual(other);
    const request = requested();
    const erased = { ...request, data: { ...request.data, personal: undefined } } as BookFact;
    expect(types([...on, erased, approved()])).toEqual(other);
  });
});

describe('What waits and what was granted and not begun, of one person', () => {
  it('is never more than five, though nobody is asked (S4-20)', () => {
    const five = looked(PAGES);
    expect(five.slice(on.length).map((fact) => typeof fact === 'object' && fact.type)).toEqual(
      PAGES.flatMap(() => ['AccessRequested', 'AccessApproved']),
    );
    const refusal = ask(five).refused('requestsAreFew', '5 requests of yours wait here or are granted and not begun.');
    expect(refusal.instead).toBe('Begin or withdraw one of them.');
    expect(types(five, { staffId: priya, person: staffPerson('priya') })).toEqual(['AccessRequested']);
  });

  it('has room again once one is begun or withdrawn', () => {
    const five = looked(PAGES);
    const withdraw = { ...COMMANDS.WithdrawAccess, requestId: 'req_team' } as const;
    expect(types([...five, ...given(five).when(withdraw).decision.facts])).toEqual(['AccessRequested']);
    const begun = given(five).when({ ...COMMANDS.StartSession, grantId: 'gr_team' }).decision.facts;
    expect(begun.map(({ type }) => type)).toEqual(['SessionStarted']);
    expect(types([...five, '10:00', ...begun])).toEqual(['AccessRequested']);
  });

  it('counts what waits with what was granted, and says what to do where all of it waits', () => {
    const four = looked(PAGES.slice(1), [...on, requested({ requestId: samsRequest })]);
    ask(four, look('dashboard')).refused(
      'requestsAreFew',
      '5 requests of yours wait here or are granted and not begun.',
    );
    const waits = PAGES.map((page) => {
      const target = `INV-${page}`;
      const action = { ...samsWish.action!, target };
      return requested({ requestId: `req_${page}`, wanted: { ...samsWish, action } });
    });
    expect(ask([...on, ...waits]).refused('requestsAreFew', '5 requests of yours wait here already.').instead).toBe(
      'Withdraw one of them.',
    );
    expect(types([...on, ...waits.slice(1)])).toEqual(['AccessRequested']);
  });

  it('lets more time be asked for once: the same again is begun', () => {
    const begun = given(looked(['team'])).when({ ...COMMANDS.StartSession, grantId: 'gr_team' }).decision.facts;
    const [visit] = begun;
    if (visit?.type !== 'SessionStarted') throw new Error('Not begun.');
    const { sessionId } = visit.data;
    const inside = [...looked(['team']), '10:00', ...begun, entered(sessionId)];
    const more = {
      ...look('more'),
      kind: 'extension',
      caseId: null,
      caseRef: null,
      pages: null,
      extends: sessionId,
    } as const;
    const { facts } = ask(inside, more).decision;
    expect(facts.map(({ type }) => type)).toEqual(['AccessRequested', 'AccessApproved']);
    ask([...inside, ...facts], { ...more, requestId: 'req_again' }).refused(
      'requestsAreFew',
      'You were granted this already.',
    );
  });
});
