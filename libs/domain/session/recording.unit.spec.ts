import { describe, it } from '@jest/globals';
import type { Installation } from '../installation/installation.ts';
import { given } from '../testing/given.ts';
import {
  accessOffBy,
  accessOn,
  approved,
  areaEntered,
  clicked,
  ended,
  entered,
  installation,
  maria,
  requested,
  rowsShown,
  sam,
  samsVisit,
  started,
  startedOnGrant,
  tightenedTo,
  viewed,
  workspaceOpen,
} from '../testing/story.ts';

/** As under per-ticket: the log holds sensitive pages (S4-49, S4-63). */
const brief: Installation = { ...installation, policy: { ...installation.policy, recording: 'sensitive pages' } };
const pages = ['dashboard', 'billing', 'invoice', 'inquiry', 'customer'];
const inside = [...workspaceOpen, accessOn(), '10:00', started({ pages }), '10:00:10', entered()] as const;
const inBilling = [...inside, '10:00:20', areaEntered('billing', 'Billing')] as const;
const opens = (page: string, record: string | null = null, more: object = {}) =>
  ({
    type: 'ViewPage',
    sessionId: samsVisit,
    staffId: sam,
    page,
    record,
    title: null,
    input: true,
    partOf: null,
    ...more,
  }) as const;
const ofBilling = { area: 'billing', record: null } as const;

describe('Where the log holds sensitive pages', () => {
  it('says of any other that it was opened, before it is served, and not with which record or title (S4-49)', () => {
    given(inBilling)
      .when(opens('invoice', 'INV-7', { title: 'Invoice of Ada Example' }), { at: '10:00:30', installation: brief })
      .then([viewed({ page: 'invoice', label: 'Invoice', ...ofBilling })]);
  });

  it('holds a sensitive page with all there is to it (S4-63)', () => {
    const asked = [...workspaceOpen, accessOn(), requested({ kind: 'sensitive entry' }), approved(), '10:00'] as const;
    given([...asked, startedOnGrant({ pages }), '10:00:10', entered(), areaEntered('inbox', 'Inbox')])
      .when(opens('customer', 'cus_81', { title: 'Customer Ada Example' }), { at: '10:00:30', installation: brief })
      .then([
        viewed({
          page: 'customer',
          label: 'Customer',
          area: 'inbox',
          record: 'cus_81',
          rows: 1,
          personal: { subject: 'cus_81', title: 'Customer Ada Example' },
        }),
      ]);
  });

  it('writes a line for every area that is entered (S4-51)', () => {
    given([...inBilling, viewed({ page: 'inquiry', label: 'Inquiry', area: 'inbox', record: null })])
      .when(opens('inquiry', 'Q-2'), { at: '10:02', installation: brief })
      .then([
        areaEntered('inbox', 'Inbox'),
        viewed({ page: 'inquiry', label: 'Inquiry', area: 'inbox', record: null }),
      ]);
  });

  it('takes another record of such a page for the same view, for five minutes and no longer', () => {
    const past = [...inBilling, '10:01', viewed({ page: 'invoice', label: 'Invoice', ...ofBilling })] as const;
    const view = `fact-${past.filter((entry) => typeof entry !== 'string').length - 1}`;
    given(past).when(opens('invoice', 'INV-8'), { at: '10:05:59.999', installation: brief }).thenSameView(view);
    given(past)
      .when(opens('invoice', 'INV-8'), { at: '10:06', installation: brief })
      .then([viewed({ page: 'invoice', label: 'Invoice', ...ofBilling })]);
    given(past)
      .when(opens('invoice', 'INV-8', { partOf: view }), { at: '10:01:10', installation: brief })
      .thenSameView(view);
  });

  it('writes often enough that a visit which is used never goes idle', () => {
    const short = [
      ...workspaceOpen,
      accessOn(),
      '10:00',
      started({ pages, idleMinutes: 3 }),
      '10:00:10',
      entered(),
    ] as const;
    const past = [
      ...short,
      areaEntered('billing', 'Billing'),
      viewed({ page: 'invoice', label: 'Invoice', ...ofBilling }),
    ] as const;
    given(past)
      .when(opens('invoice', 'INV-8'), { at: '10:01:10', installation: brief })
      .then([viewed({ page: 'invoice', label: 'Invoice', ...ofBilling })]);
  });

  it('holds every page where a workspace asks for that', () => {
    given([...inBilling, tightenedTo({ recording: 'every page' })])
      .when(opens('invoice', 'INV-7'), { at: '10:00:30', installation: brief })
      .then([viewed({ page: 'invoice', label: 'Invoice INV-7', area: 'billing', record: 'INV-7' })]);
  });
});

/** As under traceable: the log holds every click (S1-16, S1-17, S1-95). */
const every: Installation = { ...installation, policy: { ...installation.policy, recording: 'every click' } };

describe('Where the log holds every click', () => {
  const invoice = { page: 'invoice', label: 'Invoice INV-7', area: 'billing', record: 'INV-7' } as const;
  const past = [...inBilling, '10:01', viewed(invoice)] as const;
  const view = `fact-${past.filter((entry) => typeof entry !== 'string').length - 1}`;
  const clicks = (more: object = {}) =>
    opens('invoice', null, { partOf: view, click: 'How the total is made', ...more });
  const line = (more: object = {}) =>
    clicked({ view, page: 'invoice', label: 'Invoice INV-7', part: 'How the total is made', ...more });

  it('one is a line under its page, before it does anything, and twice it is two (S1-95)', () => {
    given(past).when(clicks(), { at: '10:01:05', installation: every }).thenOfView(view, [line()]);
    given([...past, '10:01:05', line()])
      .when(clicks(), { at: '10:01:05', installation: every })
      .thenOfView(view, [line()]);
    given(past)
      .when(clicks({ input: false }), { at: '10:01:05', installation: every })
      .thenOfView(view, [line({ input: false })]);
  });

  it('it is decided and not written where the log holds pages only, every one or the sensitive', () => {
    given(past).when(clicks(), { at: '10:01:05' }).thenSameView(view);
    given(past).when(clicks(), { at: '10:01:05', installation: brief }).thenSameView(view);
    given([...past, tightenedTo({ recording: 'every click' })])
      .when(clicks(), { at: '10:01:05' })
      .thenOfView(view, [line()]);
  });

  it('a part that nobody clicked for is no line, and a page is one as ever', () => {
    given(past)
      .when(opens('invoice', null, { partOf: view }), { at: '10:01:05', installation: every })
      .thenSameView(view);
    given(inBilling)
      .when(opens('invoice', 'INV-7'), { at: '10:01', installation: every })
      .then([viewed(invoice)]);
  });

  it('it belongs to a page of this visit that is open', () => {
    const because = 'What is clicked belongs to a page that is open.';
    given(past)
      .when(clicks({ partOf: null }), { at: '10:01:05', installation: every })
      .refused('partBelongsToItsPage', because);
    given(past)
      .when(clicks({ partOf: 'fact-1' }), { at: '10:01:05', installation: every })
      .refused('partBelongsToItsPage', 'This belongs to a page that is not open.');
    given([...past, '10:01:02', accessOffBy(maria, '10:01:02'), ended('revoked', '10:01:02')])
      .when(clicks(), { at: '10:01:05', installation: every })
      .refused('visitHasNotEnded', 'Support access has been revoked');
  });

  it('it is paced as a page is: a minute’s worth at once, and one more ends the visit', () => {
    const many = (count: number) => Array.from({ length: count }, () => line());
    given([...past, ...many(118)])
      .when(clicks(), { at: '10:01', installation: every })
      .thenOfView(view, [line()]);
    given([...past, ...many(119)])
      .when(clicks(), { at: '10:01', installation: every })
      .refused('pagesAreWithinBudget', undefined, { with: [ended('too fast', '10:01')] });
    // What isn't written isn't paced.
    given([...past, ...many(119)])
      .when(clicks(), { at: '10:01' })
      .thenSameView(view);
  });

  it('the rows that it uncovers count with it', () => {
    given(past)
      .when(clicks({ rows: 3 }), { at: '10:01:05', installation: every })
      .thenOfView(view, [line(), rowsShown({ view, page: 'invoice', label: 'Invoice INV-7', rows: 3 })]);
    given(past)
      .when(clicks({ rows: 2_001 }), { at: '10:01:05', installation: every })
      .refused('pagesAreWithinBudget', undefined, { with: [ended('too fast', '10:01:05')] });
  });

  it('a person’s keeps the visit from going idle, a script’s doesn’t (S4-62)', () => {
    given([...past, '10:10', line()])
      .when(clicks(), { at: '10:24:59.999', installation: every })
      .thenOfView(view, [line()]);
    given([...past, '10:10', line({ input: false })])
      .when(clicks(), { at: '10:16', installation: every })
      .refused('visitHasNotEnded', undefined, { with: [ended('idle', '10:16')] });
  });
});
