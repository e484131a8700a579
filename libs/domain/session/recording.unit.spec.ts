import { describe, it } from '@jest/globals';
import type { Installation } from '../installation/installation.ts';
import { given } from '../testing/given.ts';
import {
  accessOn,
  areaEntered,
  entered,
  installation,
  sam,
  samsVisit,
  started,
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
    given([...inside, areaEntered('inbox', 'Inbox')])
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
