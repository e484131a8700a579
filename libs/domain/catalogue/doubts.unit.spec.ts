import { describe, expect, it } from '@jest/globals';
import { emptyCatalogue, type Catalogue } from './catalogue.ts';
import { doubtsIn } from './doubts.ts';

const doubted = (catalogue: Partial<Catalogue>) =>
  doubtsIn({ ...emptyCatalogue, ...catalogue }).map(({ path, message }) => `${path.join('.')}: ${message}`);
const page = { label: 'Billing', class: 'view' } as const;
const job = { label: 'A job', pages: ['billing'], actions: [], mode: 'read' } as const;
const action = { label: 'retry the sync', class: 'change' } as const;
const inJob = (name: string) => ({ fix: { label: 'Fix', pages: [], actions: [name], mode: 'edit' as const } });

describe('A doubt about a catalogue', () => {
  it('is none where every part is used and fits', () => {
    expect(
      doubted({
        areas: { money: 'Money' },
        pages: {
          billing: { ...page, area: 'money', label: 'Invoice {record} of {name}' },
          keys: { label: 'Keys', class: 'never' },
        },
        actions: {
          'invoice.refund': { label: 'refund {target}', class: 'restricted', target: 'invoice', effects: ['refund'] },
          'portal.open': { label: 'open the portal', class: 'never' },
        },
        fields: {
          'user.password': { mask: 'secret' },
          'api.token': { mask: 'last2' },
          'card.number': { mask: 'last4' },
          'customer.taxId': { mask: 'personal-id' },
          'customer.email': { mask: 'email' },
          'owner.phone': { mask: 'phone' },
          'customer.note': { mask: 'hidden' },
        },
        jobs: { look: { ...job, pages: ['billing'], actions: [] }, ...inJob('invoice.refund') },
      }),
    ).toStrictEqual([]);
  });

  it.each<[string, Partial<Catalogue>, string]>([
    ['an area that nothing is in', { areas: { attic: 'Attic' } }, 'areas.attic: no page and no action is in this area'],
    [
      'a page without a job',
      { pages: { billing: page } },
      'pages.billing: no job has this page: only a visit without a job opens it',
    ],
    [
      'a label with an unknown placeholder',
      {
        pages: { billing: { ...page, label: 'Billing of {customer}' } },
        jobs: { look: { ...job, pages: ['billing'], actions: [] } },
      },
      'pages.billing.label: {customer} is filled by nothing; there are {record}, {target} or {name}',
    ],
    [
      'a field that is called by what nothing fills',
      { fields: { 'customer.name': { mask: 'hidden', label: 'the name of {customer}' } } },
      'fields.customer.name.label: {customer} is filled by nothing; there are {record}, {target} or {name}',
    ],
    [
      'a restricted action without effects',
      { actions: { refund: { label: 'refund', class: 'restricted' } }, jobs: inJob('refund') },
      'actions.refund: a restricted action says in "effects" what it does, so that the right people are asked',
    ],
    [
      'effects of an action that nobody may do',
      { actions: { portal: { label: 'open the portal', class: 'never', effects: ['billing'] } } },
      'actions.portal.effects: nobody is ever asked for an action of class never: its effects say nothing',
    ],
    [
      'an action without a job',
      {
        areas: { money: 'Money' },
        pages: { billing: { ...page, area: 'money' } },
        actions: { retry: { ...action, area: 'money' } },
        jobs: { look: { ...job, pages: ['billing'], actions: [] } },
      },
      'actions.retry: no job has this action',
    ],
    [
      'an action without a job, and with pages of its own',
      {
        pages: { billing: page },
        actions: { retry: { ...action, pages: ['billing'] } },
        jobs: { look: { ...job, pages: ['billing'], actions: [] } },
      },
      'actions.retry: no job has this action',
    ],
    [
      'an action of which nothing says what it needs (S4-14)',
      { actions: { retry: action } },
      'actions.retry: no job has this action, and neither "pages" nor an area says what it needs: asked for, it opens every page of class view',
    ],
    [
      'an action that would be done without a page',
      { actions: { retry: { ...action, pages: [] } }, jobs: inJob('retry') },
      'actions.retry.pages: a visit for this would open no page',
    ],
    [
      'a sensitive page of an action (S4-21)',
      {
        pages: { payer: { label: 'Payer', class: 'sensitive' } },
        actions: { retry: { ...action, pages: ['payer'] } },
        jobs: inJob('retry'),
      },
      'actions.retry.pages.0: a sensitive page is opened by a request of its own, and not with an action',
    ],
    [
      'a target that is not told of',
      { actions: { retry: { ...action, label: 'retry {target}' } }, jobs: inJob('retry') },
      'actions.retry.label: the label names a target, and the action says nothing of one in "target"',
    ],
    [
      'an effect that is none',
      { actions: { retry: { ...action, effects: ['refund', 'every write'] } }, jobs: inJob('retry') },
      'actions.retry.effects.1: “every write” is no effect of an action',
    ],
    [
      'a job that opens nothing',
      { jobs: { look: { ...job, pages: [], actions: [] } } },
      'jobs.look: this job opens nothing',
    ],
    [
      'a job to edit that only reads',
      { pages: { billing: page }, jobs: { look: { ...job, pages: ['billing'], actions: [], mode: 'edit' } } },
      'jobs.look.mode: a job of mode "edit" without an action only reads',
    ],
  ])('is had about %s', (_, catalogue, doubt) => {
    expect(doubted(catalogue)).toStrictEqual([doubt]);
  });

  it.each([
    ['user.password', 'last4', 'looks like a secret, which secret or hidden would mask'],
    ['mfa.recoveryCodes', 'last2', 'looks like a secret, which secret or hidden would mask'],
    ['service.apiKey', 'email', 'looks like a token, which secret, hidden or last2 would mask'],
    ['card.number', 'last2', 'looks like a number to pay with, which secret, hidden or last4 would mask'],
    [
      'person.dateOfBirth',
      'last4',
      'looks like personal identification, which personal-id, secret or hidden would mask',
    ],
    ['contact.phone', 'last4', 'looks like a telephone number, which phone, secret or hidden would mask'],
    ['contact.email', 'last4', 'looks like an e-mail address, which email, secret or hidden would mask'],
  ] as const)('is had about %s masked by %s (S1-37 to S1-43)', (field, mask, doubt) => {
    expect(doubted({ fields: { [field]: { mask } } })).toStrictEqual([`fields.${field}.mask: ${doubt}`]);
  });
});
