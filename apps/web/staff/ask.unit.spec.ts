import { describe, expect, it } from '@jest/globals';
import { smallestPages, wantedOf } from '#domain/request/scope';
import type { Catalogue } from '#domain/catalogue/catalogue';
import {
  actionFrom,
  actionOf,
  argumentsOf,
  askedScope,
  chosen,
  fieldAsked,
  gaveWay,
  isAsked,
  jobAsked,
  jobFrom,
  kindOf,
  labelOf,
  maskedFields,
  missingArgument,
  pagesAsked,
  sensitivePages,
  unaskable,
  unaskableAction,
  viewedAs,
} from './ask.ts';
import type { Typed } from './intent.ts';
import type { StartChoices } from './operations.ts';

const action = (id: string, phrase: string, target: string | null, risk = 'change', isExport = false) => ({
  id,
  label: phrase.replace(/ on \{target\}/, ''),
  phrase,
  target,
  takes: id === 'setting' ? ['value'] : [],
  choices: [],
  pages: null,
  area: 'billing',
  class: risk,
  isExport,
});
const catalogue: StartChoices['catalogue'] = {
  areas: [{ id: 'billing', label: 'Billing' }],
  pages: [
    { id: 'billing', label: 'Billing', area: 'billing', class: 'view' },
    { id: 'invoice', label: 'Invoice', area: 'billing', class: 'view' },
    { id: 'team', label: 'Team', area: null, class: 'view' },
    { id: 'customer', label: 'Customer', area: null, class: 'sensitive' },
  ],
  actions: [
    action('retry', 'retry the failed invoice sync on {target}', 'invoice'),
    action('export', 'export the invoices', null, 'restricted', true),
    action('plan', 'change the plan', null, 'never'),
  ],
  fields: [
    {
      id: 'customer.email',
      label: 'the e-mail address of {record}',
      mask: 'email',
      pages: ['billing', 'invoice', 'customer'],
    },
    { id: 'customer.note', label: null, mask: 'hidden', pages: null },
    { id: 'invoice.state', label: null, mask: 'none', pages: null },
    { id: 'integration.secret', label: null, mask: 'secret', pages: null },
  ],
  jobs: [
    { id: 'look', label: 'Look', pages: ['billing', 'customer'], actions: [], readOnly: true },
    { id: 'mend', label: 'Mend', pages: ['billing', 'invoice'], actions: ['retry'], readOnly: false },
  ],
  visits: { capMinutes: 60, writeCapMinutes: 30, caseRequired: true, idleMinutes: 15, identityMaxAgeSeconds: 900 },
};
const typed: Typed = {
  workspaceId: 'ws_1',
  caseRef: 'CASE-123',
  job: 'mend',
  reason: '',
  minutes: 30,
  target: 'INV-88',
};

describe('What is asked for instead of started', () => {
  it('is whatever changes something, and what somebody chose to ask for', () => {
    expect(isAsked(catalogue, typed)).toBe(true);
    expect(isAsked(catalogue, { ...typed, job: 'look' })).toBe(false);
    expect(isAsked(catalogue, { ...typed, job: 'look', asks: true })).toBe(true);
  });

  it('is the one action of the job, on the one thing (S0-21)', () => {
    const found = actionOf(catalogue, typed);
    expect(found?.id).toBe('retry');
    expect(kindOf(found, typed)).toBe('write');
    expect(labelOf(found!, typed)).toBe('retry the failed invoice sync on INV-88');
    expect(labelOf(found!, { ...typed, target: '' })).toBe('retry the failed invoice sync on the invoice');
    const setting = action('setting', 'change the setting {target}', 'setting');
    expect(labelOf(setting, { ...typed, target: '' })).toBe('change the setting');
  });

  it('is done with exactly what the link brought or was filled in', () => {
    const setting = action('setting', 'change the setting {target}', 'setting');
    const withArgs = (args: string) => ({ ...typed, args });
    expect(argumentsOf(typed)).toEqual({});
    expect(argumentsOf(withArgs('{"value":"20 %"}'))).toEqual({ value: '20 %' });
    for (const args of ['{', '[]', '{"value":"10 %","value":"20 %"}'])
      expect(argumentsOf(withArgs(args))).toBeUndefined();
    expect(missingArgument(setting, typed)).toBe('value');
    expect(missingArgument(setting, withArgs('{"value":""}'))).toBe('value');
    expect(missingArgument(setting, withArgs('{"value":"20 %"}'))).toBeUndefined();
  });

  it('is done with nothing but what the product takes there', () => {
    const values = ['0 %', '10 %'];
    const choices = [{ argument: 'value', target: 'tax', values }];
    const setting = { ...action('setting', 'change the setting {target}', 'setting'), choices };
    const wrong = (args: string, target = ' tax ') => missingArgument(setting, { ...typed, target, args });
    expect(wrong('{"value":"10 %"}')).toBeUndefined();
    expect(wrong('{"value":"11 %"}', 'vat')).toBeUndefined();
    for (const args of ['{"value":"11 %"}', '{"value":10}', '{"value":""}', '']) expect(wrong(args)).toBe('value');
  });

  it('is nothing that changes where the job only looks, and never what nobody may approve', () => {
    expect(actionOf(catalogue, { ...typed, job: 'look', asks: true })).toBeUndefined();
    expect(actionOf(catalogue, { ...typed, job: '', asks: true, action: 'plan' })).toBeUndefined();
    expect(kindOf(actionOf(catalogue, { ...typed, job: '', asks: true, action: 'export' }), typed)).toBe('export');
  });

  it('is never what nobody may approve, nor what the catalogue doesn’t declare: a link is told so', () => {
    for (const asked of ['', 'retry', 'export']) expect(unaskableAction(catalogue, asked)).toBeUndefined();
    expect(unaskableAction(catalogue, 'plan')).toBe(
      'To change the plan is open to nobody of support, whoever approves it.',
    );
    expect(unaskableAction(catalogue, 'pl an')).toBe(
      '“pl an” is no action that can be asked for: the catalogue doesn’t declare it.',
    );
  });

  it('is looked at as oneself, or as the member whose id is named, and nobody else (S1-4)', () => {
    expect(viewedAs(typed)).toBeNull();
    expect(viewedAs({ viewAs: ' mem_01kahg00000e008000000000m1 ' })).toBe('mem_01kahg00000e008000000000m1');
    for (const viewAs of ['', 'maria@acme.example', 'mem_1', 'ses_01kahg00000e008000000000m1'])
      expect(viewedAs({ viewAs })).toBeUndefined();
  });

  it('is of the sensitive pages exactly those that are named, beside what the job opens anyway', () => {
    const look = { ...typed, job: 'look', asks: true };
    const ofCustomers = { ...look, sensitive: ['customer'] };
    expect(sensitivePages(catalogue).map(({ id }) => id)).toEqual(['customer']);
    expect([kindOf(undefined, look), kindOf(undefined, ofCustomers)]).toEqual(['read', 'sensitive entry']);
    // What the job would open too, if it might, stays closed as long as nobody asks for it by name.
    expect(pagesAsked(catalogue, look, undefined)).toEqual(['billing']);
    expect(pagesAsked(catalogue, ofCustomers, undefined)).toEqual(['billing', 'customer']);
    expect(askedScope(catalogue, ofCustomers, undefined).can).toEqual(['open Billing', 'open Customer']);
  });

  it('is one masked value of one record, on the pages that show it and are open to it (S1-44)', () => {
    const look = { ...typed, job: 'look', asks: true };
    const email = { ...look, field: 'customer.email', record: ' inq_1 ' };
    expect(kindOf(undefined, email)).toBe('reveal');
    expect(fieldAsked(catalogue, email)).toEqual({
      field: 'customer.email',
      record: 'inq_1',
      label: 'the e-mail address of inq_1',
    });
    // The page that holds sensitive data is asked for by itself, whatever it shows.
    expect(pagesAsked(catalogue, email, undefined)).toEqual(['billing', 'invoice']);
    expect(jobAsked(catalogue, email)).toBeNull();
    expect(askedScope(catalogue, email, undefined)).toMatchObject({
      can: ['see the e-mail address of inq_1, once', 'open Billing', 'open Invoice'],
      cannot: expect.arrayContaining(['change anything', 'open Customer']),
    });
  });

  it('is shown on the job’s pages where the catalogue tells none, and on no page without a job', () => {
    const note = { ...typed, job: 'look', asks: true, field: 'customer.note', record: 'cus_81' };
    expect([jobAsked(catalogue, note), pagesAsked(catalogue, note, undefined)]).toEqual(['look', ['billing']]);
    expect(pagesAsked(catalogue, { ...note, job: '' }, undefined)).toEqual([]);
    expect(fieldAsked(catalogue, { ...note, field: '' })).toBeNull();
    // The workspace’s own, of no record.
    expect(fieldAsked(catalogue, { ...note, record: undefined })).toEqual({ field: 'customer.note', record: null });
    expect(fieldAsked(catalogue, { ...note, record: ' ' })).toEqual({ field: 'customer.note', record: '' });
  });

  it('is never a secret, nor what isn’t masked, nor what the catalogue doesn’t declare: a link is told so', () => {
    expect(maskedFields(catalogue).map(({ id }) => id)).toEqual(['customer.email', 'customer.note']);
    const why = (asked: string | null) => unaskable(catalogue, asked);
    for (const asked of [null, '', 'customer.email', 'customer.note']) expect(why(asked)).toBeUndefined();
    expect(why('integration.secret')).toBe(
      'integration.secret is a secret. Secrets are never shown, whoever approves it.',
    );
    expect(why('invoice.state')).toBe('invoice.state isn’t masked: it is shown on the pages that a visit opens.');
    expect(why('customer.shoe size')).toBe(
      '“customer.shoe size” is no field that can be asked for: the catalogue doesn’t declare it.',
    );
  });

  it('is about one thing: what is chosen last takes the place of what was, and that is said', () => {
    const look = { ...typed, job: 'look', asks: true };
    const step = (before: Typed, change: Partial<Typed>) => {
      const after = chosen(catalogue, before, change);
      const { field, record, sensitive, action } = after;
      return [{ field, record, sensitive, action }, gaveWay(before, after)];
    };
    const nothing = { field: undefined, record: undefined, sensitive: undefined, action: undefined };
    const email = { field: 'customer.email', record: 'inq_1' };
    expect(step({ ...look, sensitive: ['customer'] }, { field: '', record: '' })).toEqual([
      { ...nothing, field: '', record: '' },
      'A request is about one thing: the sensitive pages are no longer asked for.',
    ]);
    expect(step({ ...look, ...email }, { sensitive: ['customer'] })).toEqual([
      { ...nothing, sensitive: ['customer'] },
      'A request is about one thing: the masked value is no longer asked for.',
    ]);
    expect(step({ ...look, ...email }, { job: 'mend' })).toEqual([
      nothing,
      'A request is about one thing: the masked value is no longer asked for.',
    ]);
    expect(step({ ...look, sensitive: ['customer'] }, { job: 'look' })).toEqual([
      { ...nothing, sensitive: ['customer'] },
      undefined,
    ]);
    expect(step({ ...look, ...email }, { reason: 'Another' })).toEqual([{ ...nothing, ...email }, undefined]);
  });

  it('has the lists that the decision will have, by the same functions (S4-31)', () => {
    const declared = {
      areas: {},
      pages: Object.fromEntries(catalogue.pages.map(({ id, label, class: risk }) => [id, { label, class: risk }])),
      actions: Object.fromEntries(
        catalogue.actions.map(({ id, phrase, class: risk }) => [id, { label: phrase, class: risk }]),
      ),
      fields: {},
      jobs: { mend: { label: 'Mend', pages: ['billing', 'invoice'], actions: ['retry'], mode: 'edit' } },
    } as Catalogue;
    const label = 'retry the failed invoice sync on INV-88';
    const pages = smallestPages(declared, { kind: 'write', job: 'mend', action: 'retry', withoutAreas: [] });
    const wish = { name: 'retry', label, target: 'INV-88', digest: '' };
    const { can, cannot } = wantedOf(declared, { pages, action: wish, field: null, minutes: 30 });
    expect(askedScope(catalogue, typed, actionOf(catalogue, typed))).toEqual({ can, cannot });
    expect(can).toEqual([`${label}, once`, 'open Billing', 'open Invoice']);
  });

  it('opens without a job exactly the pages that the action says it needs (S4-14)', () => {
    const needs = (pages: string[] | null) => ({
      ...catalogue,
      actions: catalogue.actions.map((one) => (one.id === 'retry' ? { ...one, pages } : one)),
    });
    const opened = (pages: string[] | null, job = '') => {
      const choices = needs(pages);
      const wish = { ...typed, job, asks: true, action: 'retry' };
      return pagesAsked(choices, wish, actionOf(choices, wish));
    };
    expect(opened(['invoice', 'customer'])).toEqual(['invoice']);
    expect(opened(null)).toEqual(['billing', 'invoice']);
    expect(opened(['invoice'], 'mend')).toEqual(['billing', 'invoice']);
  });

  it('is found in the words of a refusal, with its target', () => {
    const from = (instead: string) => actionFrom(catalogue.actions, instead);
    expect(from('Ask to retry the failed invoice sync on INV-88, once.')).toEqual({
      action: 'retry',
      target: 'INV-88',
    });
    expect(from('Ask to export the invoices, once.')).toEqual({ action: 'export', target: '' });
    expect(from('Ask to retry the failed invoice sync on , once.')).toBeUndefined();
    expect(from('Exit it first.')).toBeUndefined();
    const job = (because: string) => jobFrom(catalogue.jobs, because);
    expect(job('The job “Mend” changes something, and a visit only reads.')).toBe('mend');
    expect(job('The job “Me” changes something, and a visit only reads.')).toBeUndefined();
  });
});
