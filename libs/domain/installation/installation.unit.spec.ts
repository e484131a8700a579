import { describe, expect, it } from '@jest/globals';
import { catalogue, installation } from '../testing/story.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { PRESETS } from '../policy/presets.ts';
import { decideInstallation } from './installation.ts';

const policy = PRESETS.default;
const byLead = (to: Catalogue) =>
  decideInstallation({ type: 'ChangeCatalogue', catalogue: to, by: 'lead' }, installation);
const withPage = (id: string, page: Catalogue['pages'][string]) => ({
  ...catalogue,
  pages: { ...catalogue.pages, [id]: page },
});
const withAction = (id: string, action: Catalogue['actions'][string]) => ({
  ...catalogue,
  actions: { ...catalogue.actions, [id]: action },
});
const withField = (id: string, field: Catalogue['fields'][string]) => ({
  ...catalogue,
  fields: { ...catalogue.fields, [id]: field },
});
const retry = { label: 'retry the failed sync of {target}', area: 'billing', class: 'change' } as const;

describe('A lead', () => {
  it('makes the policy stricter at once', () => {
    const stricter = { ...policy, session: { ...policy.session, capMinutes: 30 } };
    expect(decideInstallation({ type: 'ChangePolicy', policy: stricter, by: 'lead' }, installation)).toStrictEqual({
      facts: [{ type: 'PolicyChanged', data: { policy: stricter } }],
    });
  });

  it.each([
    ['session.capMinutes would be looser', { ...policy, session: { ...policy.session, capMinutes: 61 } }],
    ['approval.asked would be looser', { ...policy, approval: { ...policy.approval, asked: {} } }],
    ['preset would no longer be default', { ...policy, preset: 'day-pass' as const }],
  ])('loosens nothing that they work under: %s', (what, looser) => {
    expect(decideInstallation({ type: 'ChangePolicy', policy: looser, by: 'lead' }, installation)).toStrictEqual({
      facts: [],
      refusal: {
        rule: 'changeIsTighter',
        because: `${what}, and a command only closes.`,
        instead: 'What opens is the operator’s to change, in the file that the service starts with.',
      },
    });
    expect(decideInstallation({ type: 'ChangePolicy', policy: looser }, installation).refusal).toBeUndefined();
  });

  it.each<[string, Catalogue]>([
    [
      'without a page',
      { ...catalogue, pages: { ...catalogue.pages, team: { ...catalogue.pages['team']!, class: 'never' } } },
    ],
    ['without fields, which are hidden then', { ...catalogue, fields: {} }],
    ['with a field that nothing is shown of', withField('customer.note', { mask: 'hidden' })],
    [
      'with an action that more people are asked for',
      withAction('invoice.retrySync', { ...retry, class: 'restricted', effects: ['billing'] }),
    ],
    ['with another job', { ...catalogue, jobs: {} }],
  ])('closes parts of the catalogue at once: %s', (_, to) => {
    expect(byLead(to)).toStrictEqual({ facts: [{ type: 'CatalogueChanged', data: { catalogue: to } }] });
  });

  it.each<[string, Catalogue]>([
    ['pages.attic is declared anew', withPage('attic', { label: 'Attic', class: 'never' })],
    ['pages.keys would no longer be of class never', withPage('keys', { label: 'API keys', class: 'sensitive' })],
    [
      'pages.customer would no longer be of class sensitive',
      withPage('customer', { label: 'Customer {name}', area: 'inbox', class: 'view', rows: 1 }),
    ],
    [
      'pages.customer would count fewer rows',
      withPage('customer', { label: 'Customer {name}', area: 'inbox', class: 'sensitive' }),
    ],
    ['pages.team would be called otherwise', withPage('team', { label: 'Help', area: 'team', class: 'view' })],
    ['pages.team would be in another area', withPage('team', { label: 'Team', class: 'view' })],
    [
      'actions.portal.open would no longer be of class never',
      withAction('portal.open', { label: 'open the customer portal', class: 'restricted' }),
    ],
    ['fields.card.number would show more', withField('card.number', { mask: 'last2' })],
    ['fields.customer.phone would show more', withField('customer.phone', { mask: 'phone' })],
  ])('opens nothing: %s', (what, to) => {
    expect(byLead(to).refusal).toMatchObject({
      rule: 'changeIsTighter',
      because: `${what}, and a command only closes.`,
    });
    expect(decideInstallation({ type: 'ChangeCatalogue', catalogue: to }, installation).refusal).toBeUndefined();
  });

  it('asks for no argument less', () => {
    const before = { ...installation, catalogue: withAction('invoice.retrySync', { ...retry, takes: ['value'] }) };
    expect(decideInstallation({ type: 'ChangeCatalogue', catalogue, by: 'lead' }, before).refusal?.because).toBe(
      'actions.invoice.retrySync would no longer need the argument “value”, and a command only closes.',
    );
  });

  it('lets no argument have more values', () => {
    const taking = (...value: string[]) =>
      withAction('invoice.retrySync', { ...retry, takes: ['value'], choices: { value } });
    const before = { ...installation, catalogue: taking('a', 'b') };
    const told = (to: Catalogue) => decideInstallation({ type: 'ChangeCatalogue', catalogue: to, by: 'lead' }, before);
    expect(told(taking('a')).refusal).toBeUndefined();
    expect(told(taking('a', 'c')).refusal?.because).toBe(
      'actions.invoice.retrySync would let the argument “value” have more values, and a command only closes.',
    );
  });

  it('takes no effect from an action', () => {
    const before = { ...installation, catalogue: withAction('invoice.retrySync', { ...retry, effects: ['billing'] }) };
    expect(decideInstallation({ type: 'ChangeCatalogue', catalogue, by: 'lead' }, before).refusal?.because).toBe(
      'actions.invoice.retrySync would no longer have the effect “billing”, and a command only closes.',
    );
  });
});
