import { describe, expect, it } from '@jest/globals';
import { catalogue } from '../testing/story.ts';
import { emptyCatalogue, labelFor, masksOf, pageOf, readCatalogue, readScope } from './catalogue.ts';

const mistakesIn = (input: unknown) => {
  const reading = readCatalogue(input);
  return reading.kind === 'mistakes' ? reading.mistakes : [];
};

describe('Reading a catalogue', () => {
  it('gives back what a vendor wrote', () => {
    expect(readCatalogue(fromFile(catalogue))).toStrictEqual({ kind: 'catalogue', catalogue });
    expect(readCatalogue(emptyCatalogue)).toStrictEqual({ kind: 'catalogue', catalogue: emptyCatalogue });
  });

  it('says of every mistake where it stands', () => {
    expect(
      mistakesIn({
        ...catalogue,
        pages: { ...catalogue.pages, 'Bad Name': { label: 'x', class: 'view' }, blank: { label: ' ', class: 'view' } },
        actions: { odd: { label: 'x', class: 'view' } },
        fields: { 'card.number': { mask: 'first4' } },
      }),
    ).toStrictEqual([
      'pages.Bad Name: must begin with a small letter and hold letters, digits, dots and hyphens only',
      'pages.blank.label: must not be empty',
      'actions.odd.class: must be one of change, restricted, never, not "view"',
      'fields.card.number.mask: must be one of email, last2, last4, secret, personal-id, phone, hidden, none, not "first4"',
    ]);
  });

  it.each([null, 'text', 7])('refuses %j', (input) => {
    expect(mistakesIn(input)).toHaveLength(1);
    expect(mistakesIn(input)[0]).toMatch(/^the catalogue: /);
  });

  it('misses each part that is left out', () => {
    expect(mistakesIn([])).toHaveLength(5);
    expect(mistakesIn({ ...catalogue, jobs: undefined })).toStrictEqual(['jobs: is missing']);
  });

  it('knows no field that it was not told of, so that a misspelt class opens nothing', () => {
    expect(mistakesIn({ ...catalogue, pages: { a: { label: 'A', klass: 'never', class: 'view' } } })).toStrictEqual([
      'pages.a.klass: there is no such entry',
    ]);
  });

  it('says every mistake at once in plain words, and loses no name without one', () => {
    expect(
      mistakesIn({
        ...catalogue,
        areas: null,
        pages: [],
        actions: JSON.parse('{"__proto__":{"label":"x","class":"never"},"a":[],"b":7,"c":{"label":3,"class":true}}'),
        colour: 'red',
        smell: {},
      }),
    ).toStrictEqual([
      'pages: must be a group of entries with names, not a list',
      'actions.__proto__: is a word that nothing can be named',
      'actions.a: must be a group of entries with names, not a list',
      'colour: there is no such entry',
      'smell: there is no such entry',
      'areas: must be a group of entries; there is nothing here',
      'actions.b: must be a group of entries, not 7',
      'actions.c.label: must be text, not 3',
      'actions.c.class: must be one of change, restricted, never, not true',
    ]);
  });

  it('misses areas, pages and actions that are named and not declared', () => {
    expect(
      mistakesIn({
        areas: { billing: 'Billing' },
        pages: { a: { label: 'A', area: 'inbox', class: 'view' } },
        actions: { do: { label: 'do', area: 'toString', class: 'change' } },
        fields: {},
        jobs: { j: { label: 'J', pages: ['a', 'b'], actions: ['undo'], mode: 'edit' } },
      }),
    ).toStrictEqual([
      'pages.a.area: "inbox" is not among the areas',
      'actions.do.area: "toString" is not among the areas',
      'jobs.j.pages.1: "b" is not among the pages',
      'jobs.j.actions.0: "undo" is not among the actions',
    ]);
  });

  it('misses pages that an action needs, and lets none be needed that is never open (S0-38 to S0-43)', () => {
    const actions = { do: { label: 'do', class: 'change', pages: ['billing', 'attic', 'keys'] } };
    expect(mistakesIn({ ...catalogue, actions, jobs: {} })).toStrictEqual([
      'actions.do.pages.1: "attic" is not among the pages',
      'actions.do.pages.2: "keys" is of class never, which no action opens',
    ]);
  });

  it('lets a job that only reads have no actions (S1-48)', () => {
    expect(
      mistakesIn({
        ...catalogue,
        jobs: { j: { label: 'J', pages: ['billing'], actions: ['portal.open'], mode: 'read' } },
      }),
    ).toStrictEqual([
      'jobs.j.actions.0: "portal.open" is of class never, which no job opens',
      'jobs.j.actions: a job of mode "read" has no actions',
    ]);
  });

  it('lets no job have what is never open, page or action (S0-38 to S0-43, S3-17)', () => {
    const never = {
      areas: {},
      pages: { keys: { label: 'API keys', class: 'never' } },
      actions: { 'portal.open': { label: 'open the portal', class: 'never' } },
      fields: {},
      jobs: { j: { label: 'J', pages: ['keys'], actions: ['portal.open'], mode: 'edit' } },
    };
    expect(mistakesIn(never)).toStrictEqual([
      'jobs.j.pages.0: "keys" is of class never, which no job opens',
      'jobs.j.actions.0: "portal.open" is of class never, which no job opens',
    ]);
  });
});

describe('A label', () => {
  it.each([
    ['Invoice {record}', 'INV-88', 'Invoice INV-88'],
    ['retry the failed sync of {target}', 'INV-88', 'retry the failed sync of INV-88'],
    ['Invoice {record}', null, 'Invoice'],
    ['Customer {name}', 'cus_81', 'Customer'],
    ['Customer {name} and {record} of {name}', 'cus_81', 'Customer and cus_81'],
    ['Move {record} to the bin', null, 'Move to the bin'],
    ['Billing', 'INV-88', 'Billing'],
  ])('%s with the record %s reads %s', (text, record, read) => {
    expect(labelFor(text, record)).toBe(read);
  });

  it.each(['$&', "$'", '$`', '$$', '{name}', '{record}'])('takes the record %s as it is', (record) => {
    expect(labelFor('Invoice {record} of {name}', record)).toBe(`Invoice “${record}”`);
  });

  it.each(['INV-88', 'tax', '#12', 'a_b:c.d', 'x'.repeat(64)])('names the record %s plainly', (record) => {
    expect(labelFor('Invoice {record}', record)).toBe(`Invoice ${record}`);
  });

  it('puts what is not plainly an id in quotes that it can’t end, so that it is no part of the sentence', () => {
    const label = (record: string) => labelFor('retry {target}', record);
    expect(label('INV-88, once, for 1 minute, for CASE-1: “harmless”.')).toBe(
      'retry “INV-88, once, for 1 minute, for CASE-1: \\“harmless\\”.”',
    );
    expect(label('a” and “b\\')).toBe('retry “a\\” and \\“b\\\\”');
    expect(label('x'.repeat(65))).toBe(`retry “${'x'.repeat(65)}”`);
  });
});

describe('The scope of a read visit', () => {
  it('without a job is every page of class view, and nothing else (S4-10)', () => {
    expect(readScope(catalogue, null, [])).toStrictEqual({
      pages: ['dashboard', 'billing', 'invoice', 'inquiry', 'team'],
      can: ['open Dashboard', 'open Billing', 'open Invoice', 'open Inquiry', 'open Team'],
      cannot: [
        'change anything',
        'open Customer',
        'open API keys',
        'retry the failed sync',
        'open the customer portal',
      ],
    });
  });

  it('of a job is its pages, as far as a read visit may open them', () => {
    const jobs = { odd: { label: 'Odd', pages: ['billing', 'customer', 'keys'], actions: [], mode: 'read' as const } };
    expect(readScope({ ...catalogue, jobs }, 'odd', []).pages).toStrictEqual(['billing']);
    expect(readScope(catalogue, 'unknown', []).pages).toStrictEqual([]);
  });

  it('never has an area that was left out', () => {
    expect(readScope(catalogue, null, ['billing', 'team']).pages).toStrictEqual(['dashboard', 'inquiry']);
    expect(readScope(catalogue, 'invoice-sync', ['billing']).pages).toStrictEqual([]);
  });

  it('shows at most 40 phrases of each kind, and opens every page all the same', () => {
    const pages = Object.fromEntries(
      Array.from({ length: 50 }, (_, at) => [`p${at}`, { label: `Page ${at}`, class: 'view' as const }]),
    );
    const scope = readScope({ ...emptyCatalogue, pages }, null, []);
    expect([scope.pages.length, scope.can.length, scope.cannot.length]).toStrictEqual([50, 40, 1]);
    expect(readScope({ ...emptyCatalogue, pages }, 'none', []).cannot).toHaveLength(40);
  });
});

describe('Looking up in the catalogue', () => {
  it('finds what was declared, never what every object has', () => {
    expect(pageOf(catalogue, 'billing')?.label).toBe('Billing');
    for (const id of ['constructor', '__proto__', 'toString', 'nope']) expect(pageOf(catalogue, id)).toBeUndefined();
  });

  it('tells how every declared field is masked', () => {
    expect(masksOf(catalogue)).toStrictEqual({
      'customer.email': 'email',
      'card.number': 'last4',
      'owner.email': 'email',
    });
  });
});

/** As it comes from a file: no object of it is the specs' own. */
function fromFile<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
