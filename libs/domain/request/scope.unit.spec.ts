import { describe, expect, it } from '@jest/globals';
import { emptyCatalogue, type Catalogue } from '../catalogue/catalogue.ts';
import { fieldLabel, fieldNamed, smallestPages, wantedOf } from './scope.ts';

const catalogue: Catalogue = {
  ...emptyCatalogue,
  areas: { billing: 'Billing', account: 'Account' },
  pages: {
    invoices: { label: 'Invoices', area: 'billing', class: 'view' },
    settings: { label: 'Account settings', area: 'account', class: 'view' },
    secrets: { label: 'Secrets', area: 'account', class: 'never' },
  },
  actions: {
    'sync.reset': { label: 'reset the failed sync of {target}', area: 'billing', class: 'change', target: 'invoice' },
    'password.change': { label: 'change a password', class: 'never' },
    'data.export': { label: 'export the data', class: 'restricted', effects: ['export'] },
  },
  jobs: { sync: { label: 'Failed sync', pages: ['invoices', 'settings'], actions: ['sync.reset'], mode: 'edit' } },
};

describe('What is asked for', () => {
  it('is told as what it can and what it can’t, by name, and never as “standard support access” (S4-35, S4-31)', () => {
    const pages = smallestPages(catalogue, { kind: 'write', job: 'sync', action: 'sync.reset', withoutAreas: [] });
    const action = { name: 'sync.reset', label: 'reset the failed sync of INV-1', target: 'INV-1', digest: 'sha256:1' };
    const { can, cannot } = wantedOf(catalogue, { pages, action, field: null, minutes: 15 });
    expect(can).toEqual(['reset the failed sync of INV-1, once', 'open Invoices', 'open Account settings']);
    expect(cannot).toEqual(['change anything else', 'open Secrets', 'change a password', 'export the data']);
  });

  it('is no more than the job needs, and nothing of an area that the owner left out (S4-14, S4-75)', () => {
    const pages = (withoutAreas: string[], job: string | null = 'sync') =>
      smallestPages(catalogue, { kind: 'write', job, action: 'sync.reset', withoutAreas });
    expect(pages([])).toEqual(['invoices', 'settings']);
    expect(pages(['account'])).toEqual(['invoices']);
    // Without a job: the pages of the action's own area.
    expect(pages([], null)).toEqual(['invoices']);
  });

  it.each([
    ['the e-mail address of {record}', 'cus_81', 'the e-mail address of cus_81'],
    ['the e-mail address of {record}', 'bea & “others”', 'the e-mail address of “bea & \\“others\\””'],
    // A record is named, whether the label has a place for it or not: nobody approves more than they read.
    ['the e-mail address', 'cus_81', 'the e-mail address of cus_81'],
    ['the bank account number of {record}', null, 'the bank account number'],
    [undefined, 'cus_81', 'customer.email of cus_81'],
    [undefined, null, 'customer.email'],
  ])('names a field as the catalogue calls it: %j of %j is %j', (label, record, said) => {
    const fields = { 'customer.email': { mask: 'email' as const, ...(label !== undefined && { label }) } };
    const field = fieldNamed({ fields }, { field: 'customer.email', record });
    expect(fieldLabel(field)).toBe(said);
    expect(wantedOf(catalogue, { pages: [], action: null, field, minutes: 15 }).can).toEqual([`see ${said}, once`]);
  });

  it('is without a job exactly what the action says it needs, of what can be granted (S4-14, S4-31)', () => {
    const needs = (of: string[] | undefined): Catalogue => ({
      ...catalogue,
      pages: { ...catalogue.pages, payer: { label: 'Payer', area: 'billing', class: 'sensitive' } },
      actions: { 'sync.reset': { ...catalogue.actions['sync.reset']!, ...(of && { pages: of }) } },
    });
    const pages = (of: string[] | undefined, job: string | null = null, withoutAreas: string[] = []) =>
      smallestPages(needs(of), { kind: 'write', job, action: 'sync.reset', withoutAreas });
    expect(pages(['settings'])).toEqual(['settings']);
    expect(pages(['settings', 'invoices'], null, ['account'])).toEqual(['invoices']);
    expect(pages(['payer', 'secrets', 'settings'])).toEqual(['settings']);
    expect(pages([])).toEqual([]);
    // The job's go first, as they are what was picked.
    expect(pages(['settings'], 'sync')).toEqual(['invoices', 'settings']);
    expect(pages(undefined)).toEqual(['invoices']);
  });
});
