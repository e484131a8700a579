import { describe, expect, it } from '@jest/globals';
import type { BookFact } from '../book/book.ts';
import type { RequestAccess } from './request-access.ts';
import { given, type Past } from '../testing/given.ts';
import { COMMANDS } from '../testing/pairs.ts';
import {
  accessOn,
  adam,
  ended,
  entered,
  installation,
  maria,
  priyasVisit,
  requested,
  samsVisit,
  samsWish,
  started,
  workspaceOpen,
} from '../testing/story.ts';

const payer = { label: 'Payer', area: 'billing', class: 'sensitive' as const };
const { catalogue } = installation;
const two = { ...installation, catalogue: { ...catalogue, pages: { ...catalogue.pages, payer } } };
const sensitive = (...pages: string[]): RequestAccess => ({
  ...COMMANDS.RequestAccess,
  kind: 'sensitive entry',
  action: null,
  pages,
});
const pagesOf = (past: Past<BookFact>, command: RequestAccess) =>
  given(past)
    .when(command, { installation: two })
    .decision.facts.map((fact) => (fact.type === 'AccessRequested' ? fact.data.wanted.pages : fact.type));

describe('Asking for a sensitive page where the owner left an area out', () => {
  const withoutBilling = [...workspaceOpen, accessOn({ withoutAreas: ['billing'] })];

  it('leaves out what else of that area it names, as a visit on the switch does (S3-15)', () => {
    expect(pagesOf(withoutBilling, sensitive('dashboard', 'billing', 'invoice', 'customer'))).toEqual([
      ['dashboard', 'customer'],
    ]);
  });

  it('is refused where the sensitive page itself is of that area, or nothing sensitive is named', () => {
    for (const pages of [['customer', 'payer'], ['payer'], ['billing', 'dashboard']])
      given(withoutBilling)
        .when(sensitive(...pages), { installation: two })
        .refused('areaIsNotLeftOut', 'The owner left Billing out.');
  });

  it('names the area where nothing that it needs is left: of a job, of what a field stands on, of all there is (S4-14)', () => {
    const look: RequestAccess = { ...COMMANDS.RequestAccess, kind: 'read', action: null };
    const job = 'invoice-sync';
    for (const wish of [{ job }, { job, kind: 'sensitive entry', viewAs: maria.memberId }] as const)
      given(withoutBilling)
        .when({ ...look, ...wish }, { installation: two })
        .refused('areaIsNotLeftOut', 'The owner left Billing out.');
    const reveal = { ...look, kind: 'reveal', field: { field: 'customer.email', record: 'cus_81' } } as const;
    given([...workspaceOpen, accessOn({ withoutAreas: ['inbox'] })])
      .when(reveal)
      .refused('areaIsNotLeftOut', 'The owner left Inbox out.');
    const { dashboard: _, ...inAreas } = catalogue.pages;
    given([...workspaceOpen, accessOn({ withoutAreas: ['team', 'billing', 'inbox'] })])
      .when(look, { installation: { ...installation, catalogue: { ...catalogue, pages: inAreas } } })
      .refused('areaIsNotLeftOut', 'The owner left Billing out.');
    expect(pagesOf(withoutBilling, { ...look, pages: ['team'] })).toEqual([['team'], 'AccessApproved']);
  });

  it('may be for an action alone, of which every page is left out', () => {
    const anywhere = { ...catalogue.actions['invoice.retrySync']!, area: undefined };
    const actions = { ...catalogue.actions, 'invoice.retrySync': anywhere };
    const { facts } = given(withoutBilling).when(
      { ...COMMANDS.RequestAccess, job: 'invoice-fix' },
      { installation: { ...installation, catalogue: { ...catalogue, actions } } },
    ).decision;
    expect(facts).toMatchObject([{ type: 'AccessRequested', data: { wanted: { pages: [] } } }]);
  });

  it('is for something: a page, or an action', () => {
    const look: RequestAccess = { ...COMMANDS.RequestAccess, kind: 'read', action: null, pages: [] };
    const refusal = given([...workspaceOpen, accessOn()])
      .when(look)
      .refused('requestIsGrantable', 'It would open no page.');
    expect(refusal).toMatchObject({ instead: 'Name the pages, or the job.', field: ['pages'] });
  });

  it('is not what a visit is told to do about a page of that area', () => {
    const view = { ...COMMANDS.ViewPage, page: 'payer', record: null, title: null };
    const inside: Past<BookFact> = ['10:00', started(), entered()];
    const { refusal } = given([...withoutBilling, ...inside]).when(view, { at: '10:01', installation: two }).decision;
    expect(refusal).toMatchObject({ rule: 'areaIsNotLeftOut', because: 'The owner left Billing out.' });
    expect(refusal?.instead).toBeUndefined();
    given([...workspaceOpen, accessOn(), ...inside])
      .when(view, { at: '10:01', installation: two })
      .refused('pageIsViewable');
  });
});

describe('What was asked for already, and waits', () => {
  const ofCustomer = requested({
    kind: 'sensitive entry',
    wanted: { ...samsWish, action: null, pages: ['dashboard', 'customer'] },
  });
  const waits = [...workspaceOpen, accessOn(), '10:00', ofCustomer];
  const refused = (past: Past<BookFact>, command: RequestAccess) =>
    given(past)
      .when(command, { installation: two })
      .refused('requestsAreFew', 'You asked for this already, and it waits.');

  it('is the same sensitive pages, and not another one', () => {
    refused(waits, sensitive('customer', 'dashboard', 'customer'));
    expect(pagesOf(waits, sensitive('dashboard', 'payer'))).toEqual([['dashboard', 'payer']]);
    expect(pagesOf(waits, sensitive('dashboard', 'customer', 'payer'))).toEqual([['dashboard', 'customer', 'payer']]);
  });

  it('is the view of one member, and not another’s', () => {
    const asMaria = [...workspaceOpen, accessOn(), requested({ kind: 'read', viewAs: maria.memberId, wanted: look })];
    const as = (viewAs: RequestAccess['viewAs']): RequestAccess => ({
      ...COMMANDS.RequestAccess,
      kind: 'read',
      action: null,
      viewAs,
    });
    refused(asMaria, as(maria.memberId));
    for (const other of [adam.memberId, null]) expect(pagesOf(asMaria, as(other))).toHaveLength(other ? 1 : 2);
  });

  it('is more time for one visit, and not for the next', () => {
    const more = (visit: RequestAccess['extends']): RequestAccess => ({
      ...COMMANDS.RequestAccess,
      kind: 'extension',
      caseId: null,
      caseRef: null,
      action: null,
      extends: visit,
    });
    const past = [
      ...[...workspaceOpen, accessOn({ askEach: true }), '09:50', started(), entered()],
      ...[requested({ kind: 'extension', extends: samsVisit, wanted: look })],
    ];
    refused(past, more(samsVisit));
    const next = [
      ...past,
      ended('exited', '09:51'),
      '09:52',
      started({ sessionId: priyasVisit }),
      entered(priyasVisit),
    ];
    expect(pagesOf(next, more(priyasVisit))).toEqual([look.pages]);
  });

  const look = { ...samsWish, action: null, pages: ['dashboard', 'billing', 'invoice', 'inquiry', 'team'] };
});
