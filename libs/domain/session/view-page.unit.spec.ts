import { describe, expect, it } from '@jest/globals';
import type { BookFact } from '../book/book.ts';
import { bookOf, given, type Past } from '../testing/given.ts';
import {
  accessOffBy,
  accessOn,
  areaEntered,
  case123,
  case123Closed,
  case124,
  case124Opened,
  catalogue,
  clock,
  ended,
  entered,
  harbour,
  installation,
  instantOf,
  maria,
  priya,
  rowsShown,
  sam,
  samEnabled,
  samsVisit,
  started,
  viewed,
  windowEnded,
  workspaceOpen,
} from '../testing/story.ts';
import { accessOff } from '../staff-access/staff-access.ts';
import type { ViewPage } from './view-page.ts';

const view = (command: Partial<ViewPage> = {}): ViewPage => ({
  type: 'ViewPage',
  sessionId: samsVisit,
  staffId: sam,
  page: 'dashboard',
  record: null,
  title: null,
  input: true,
  partOf: null,
  ...command,
});
const inside: Past<BookFact> = [...workspaceOpen, accessOn(), '10:00', started(), '10:00:10', entered()];

describe('Opening a page', () => {
  it('is a line, with what was masked, before the page is served (S0-48, S1-16)', () => {
    given(inside).when(view(), { at: '10:01' }).then([viewed()]);
  });

  it('in another area of the product says so first (S4-51), and once', () => {
    const billing = viewed({ page: 'billing', label: 'Billing', area: 'billing' });
    given(inside)
      .when(view({ page: 'billing' }), { at: '10:01' })
      .then([areaEntered('billing', 'Billing'), billing]);
    given([...inside, '10:01', areaEntered('billing', 'Billing'), billing])
      .when(view({ page: 'invoice', record: 'INV-88' }), { at: '10:02' })
      .then([viewed({ page: 'invoice', label: 'Invoice INV-88', area: 'billing', record: 'INV-88' })]);
    given([...inside, '10:01', areaEntered('billing', 'Billing'), billing, areaEntered('inbox', 'Inbox')])
      .when(view({ page: 'billing' }), { at: '10:02' })
      .then([areaEntered('billing', 'Billing'), billing]);
  });

  it('keeps the title of a record in the personal part, and the label without a name', () => {
    given(inside)
      .when(view({ page: 'inquiry', record: 'inq_7', title: 'Inquiry of Ada Example' }), { at: '10:01' })
      .then([
        areaEntered('inbox', 'Inbox'),
        viewed({
          page: 'inquiry',
          label: 'Inquiry inq_7',
          area: 'inbox',
          record: 'inq_7',
          personal: { subject: 'inq_7', title: 'Inquiry of Ada Example' },
        }),
      ]);
  });
});

describe('The same page again', () => {
  const past: Past<BookFact> = [...inside, '10:01', viewed({ page: 'team', label: 'Team', area: 'team' })];
  const again = view({ page: 'team' });

  it('within 30 seconds is the same view', () => {
    given(past).when(again, { at: '10:01' }).thenSameView('fact-10');
    given(past).when(again, { at: '10:01:29.999' }).thenSameView('fact-10');
  });

  it('at 30 seconds is another one', () => {
    given(past)
      .when(again, { at: '10:01:30' })
      .then([areaEntered('team', 'Team'), viewed({ page: 'team', label: 'Team', area: 'team' })]);
  });

  it('with another record is another view', () => {
    const first = viewed({ page: 'invoice', label: 'Invoice INV-1', area: 'billing', record: 'INV-1' });
    const seen: Past<BookFact> = [...inside, '10:01', areaEntered('billing', 'Billing'), first];
    given(seen)
      .when(view({ page: 'invoice', record: 'INV-2' }), { at: '10:01:05' })
      .then([viewed({ page: 'invoice', label: 'Invoice INV-2', area: 'billing', record: 'INV-2' })]);
    given(seen)
      .when(view({ page: 'invoice', record: 'INV-1' }), { at: '10:01:05' })
      .thenSameView('fact-11');
  });

  it('is found behind other pages too', () => {
    given([...past, '10:01:10', viewed()])
      .when(again, { at: '10:01:20' })
      .thenSameView('fact-10');
  });

  it('is decided like the first time: after the switch went off it is refused (T12)', () => {
    given([...past, '10:01:10', accessOffBy(maria, '10:01:10'), ended('revoked', '10:01:10')])
      .when(again, { at: '10:01:11' })
      .refused('visitHasNotEnded', 'Support access has been revoked');
  });
});

describe('A part of a page', () => {
  const past: Past<BookFact> = [
    ...inside,
    '10:01',
    viewed({ page: 'invoice', label: 'Invoice INV-1', area: 'billing', record: 'INV-1' }),
  ];
  const part = (command: Partial<ViewPage> = {}) =>
    view({ page: 'invoice', partOf: 'fact-10', input: false, ...command });

  it('is decided and not written, however long its page is open', () => {
    given(past).when(part(), { at: '10:01:01' }).thenSameView('fact-10');
    given(past)
      .when(part({ record: 'INV-1' }), { at: '10:14' })
      .thenSameView('fact-10');
  });

  it('needs a view of this visit, of this page', () => {
    const because = 'This belongs to a page that is not open.';
    given(past)
      .when(part({ partOf: 'fact-9' }))
      .refused('partBelongsToItsPage', because);
    given(past)
      .when(part({ page: 'billing' }))
      .refused('partBelongsToItsPage', because);
  });

  it('shows no other record than its page did', () => {
    given(past)
      .when(part({ record: 'INV-2' }))
      .refused('partBelongsToItsPage', 'This belongs to a page that is not open.');
  });

  it('is refused when the page is', () => {
    given(past)
      .when(part(), { installation: { ...installation, catalogue: { ...catalogue, pages: {} } } })
      .refused('pageIsDeclared');
  });
});

describe('Opening a page is refused', () => {
  it('where a line of the book can’t be read (T48)', () => {
    given({ ...bookOf(inside), readable: false })
      .when(view(), { at: '10:01' })
      .refused('bookIsReadable');
  });

  it('to a staff member who was disabled meanwhile (T9)', () => {
    given(inside)
      .when(view(), { at: '10:01', staff: { ...samEnabled, phase: 'disabled' } })
      .refused('staffMemberIsEnabled');
  });

  it('while staff access is off, whatever the visit says (S3-14, S3-15)', () => {
    given({ ...bookOf(inside), staffAccess: accessOff })
      .when(view(), { at: '10:01' })
      .refused('staffAccessIsOn', 'Staff access to this workspace is off.');
  });

  it('for a visit that is unknown here', () => {
    given(inside)
      .when(view({ sessionId: 'ses_other' }), { at: '10:01' })
      .refused('visitIsKnown', 'This visit has ended.');
  });

  it('for somebody else’s visit (T1, T2)', () => {
    given(inside)
      .when(view({ staffId: priya }), { at: '10:01' })
      .refused('visitIsTheirs', 'This visit is somebody else’s.');
  });

  it('after the owner turned access off, in S3-21’s words', () => {
    const refusal = given([...inside, '10:05', accessOffBy(maria, '10:05'), ended('revoked', '10:05')])
      .when(view(), { at: '10:06' })
      .refused('visitHasNotEnded', 'Support access has been revoked');
    expect(refusal.instead).toBe('A new problem or more time is a new visit, with a new reason.');
  });

  it.each([
    ['its cap (S0-16, S3-6)', '10:59', '11:00', 'reached its cap', 'This visit has ended: its time was up.'],
    [
      '15 minutes without input (S1-31, S4-62)',
      '10:20',
      '10:35',
      'idle',
      'This visit has ended: nobody had used it for a while.',
    ],
  ] as const)('at the very instant of %s, timekeeper or not (T15)', (_, lastInput, at, cause, because) => {
    const past: Past<BookFact> = [...inside, lastInput, { type: 'PresenceConfirmed', data: { sessionId: samsVisit } }];
    given(past)
      .when(view(), { at })
      .refused('visitHasNotEnded', because, { with: [ended(cause, at)] });
    const justBefore = new Date(clock(at) - 1).toISOString().slice(11, 23);
    given(past).when(view(), { at: justBefore }).then([viewed()]);
  });

  it('at the very instant at which the window ends (S0-54, S0-56)', () => {
    const past: Past<BookFact> = [
      ...workspaceOpen,
      accessOn({ until: instantOf('10:10') }),
      '10:00',
      started({ plannedEnd: instantOf('10:10') }),
    ];
    given(past).when(view(), { at: '10:09:59.999' }).then([viewed()]);
    given(past)
      .when(view(), { at: '10:10' })
      .refused('visitHasNotEnded', 'Support access has ended: the owner’s window is over.', {
        with: [windowEnded('10:10'), ended('window ended', '10:10')],
      });
  });

  it('five minutes after the case was closed', () => {
    const past: Past<BookFact> = [...inside, '10:05', case123Closed];
    given(past).when(view(), { at: '10:09:59.999' }).then([viewed()]);
    given(past)
      .when(view(), { at: '10:10' })
      .refused('visitHasNotEnded', 'This visit has ended: its case was closed.', {
        with: [ended('case closed', '10:10')],
      });
  });

  it('after the workspace was closed', () => {
    const off: BookFact = {
      type: 'StaffAccessDisabled',
      data: { cause: 'workspace closed', at: instantOf('10:05'), memberId: null },
    };
    given([...inside, '10:05', { type: 'WorkspaceClosed', data: { workspaceId: harbour } }, off])
      .when(view(), { at: '10:06' })
      .refused('visitHasNotEnded', 'This visit has ended: the workspace was closed.', {
        with: [ended('workspace closed', '10:05')],
      });
  });

  it.each([
    ['that the catalogue lacks', 'reports', 'pageIsDeclared', 'This page is not open to support.'],
    ['named like a part of every object', 'constructor', 'pageIsDeclared', 'This page is not open to support.'],
    [
      'of class sensitive',
      'customer',
      'pageIsViewable',
      'This page holds sensitive data and is not open in this visit.',
    ],
    ['of class never', 'keys', 'pageIsViewable', 'This page is never open to support.'],
  ] as const)('for a page %s', (_, page, rule, because) => {
    given(inside).when(view({ page }), { at: '10:01' }).refused(rule, because);
  });

  it('for a page of an area that the owner left out, also while the visit runs', () => {
    given([...inside, '10:05', accessOn({ withoutAreas: ['billing'] })])
      .when(view({ page: 'billing' }), { at: '10:06' })
      .refused('areaIsNotLeftOut', 'The owner left Billing out.');
  });

  it('of a visit for another case than the owner left the switch on for, while it runs (S3-15)', () => {
    const narrowed: Past<BookFact> = [...inside, '10:05', case124Opened, accessOn({ onlyCase: case124 })];
    given(narrowed)
      .when(view(), { at: '10:06' })
      .refused('visitFitsTheSwitch', 'Staff access is on for another case only.');
    given([...inside, '10:05', accessOn({ onlyCase: case123 })])
      .when(view(), { at: '10:06' })
      .then([viewed()]);
  });

  it('for a page outside the scope that the visit was started with, also where it was let in later', () => {
    given([...workspaceOpen, accessOn(), '10:00', started({ pages: ['billing'] })])
      .when(view({ page: 'team' }), { at: '10:01' })
      .refused('pageIsInScope', 'This page is not in the scope of this visit.');
  });
});

describe('Input and polls (S4-62)', () => {
  it('a poll keeps no visit from going idle', () => {
    given([...inside, '10:14', viewed({ input: false })])
      .when(view({ input: false }), { at: '10:15:10' })
      .refused('visitHasNotEnded', undefined, { with: [ended('idle', '10:15:10')] });
  });

  it('a person’s page does', () => {
    given([...inside, '10:14', viewed()])
      .when(view(), { at: '10:28:59.999' })
      .then([viewed()]);
  });
});

describe('The budget of pages (T56)', () => {
  const pages = (count: number, first = 0): readonly BookFact[] =>
    Array.from({ length: count }, (_, at) => viewed({ record: `r${first + at}` }));
  const next = view({ record: 'next' });

  it('lets a minute’s worth of pages be opened at once, and ends the visit at one more', () => {
    given([...inside, '10:01', ...pages(119)])
      .when(next, { at: '10:01' })
      .then([viewed({ record: 'next' })]);
    const refusal = given([...inside, '10:01', ...pages(120)])
      .when(next, { at: '10:01' })
      .refused('pagesAreWithinBudget', 'Too many pages were opened in a short time, so this visit has ended.', {
        with: [ended('too fast', '10:01')],
      });
    expect(refusal.instead).toBe('Start a new visit; a reviewer sees this one.');
  });

  it('comes back with time, one page each half second', () => {
    const spent: Past<BookFact> = [...inside, '10:01', ...pages(120)];
    given(spent)
      .when(next, { at: '10:01:00.499' })
      .then([viewed({ record: 'next' })]);
    given([...spent, '10:01:00.499', ...pages(1, 120)])
      .when(next, { at: '10:01:00.500' })
      .refused('pagesAreWithinBudget', undefined, { with: [ended('too fast', '10:01:00.500')] });
  });

  it('is not spent by repeats and parts', () => {
    given([...inside, '10:01', ...pages(120)])
      .when(view({ record: 'r119' }), { at: '10:01' })
      .thenSameView('fact-129');
  });

  it('of a visit is the one that it was started with, whatever policy says since', () => {
    given([...workspaceOpen, accessOn(), '10:00', started({ pagesPerMinute: 2 }), '10:01', ...pages(2)])
      .when(next, { at: '10:01' })
      .refused('pagesAreWithinBudget', undefined, { with: [ended('too fast', '10:01')] });
  });
});

describe('The budget of rows', () => {
  const shown = (rows: number): Past<BookFact> => [...inside, '10:01', viewed({ rows })];
  const next = (rows?: number) => view({ record: 'next', ...(rows !== undefined && { rows }) });

  it('lets a visit be shown so many rows in all, and ends it at one more', () => {
    given(shown(1_999))
      .when(next(1), { at: '10:10' })
      .then([viewed({ record: 'next', rows: 1 })]);
    given(shown(1_999))
      .when(next(2), { at: '10:10' })
      .refused('pagesAreWithinBudget', 'More data was opened than one visit needs, so this visit has ended.', {
        with: [ended('too fast', '10:10')],
      });
    // A page without rows is no data.
    given(shown(2_000))
      .when(next(), { at: '10:10' })
      .then([viewed({ record: 'next' })]);
  });

  it('goes by the catalogue where the product doesn’t count', () => {
    const { catalogue } = installation;
    const pages = Object.fromEntries(Object.entries(catalogue.pages).map(([id, page]) => [id, { ...page, rows: 20 }]));
    const counted = { ...installation, catalogue: { ...catalogue, pages } };
    given(shown(1_980))
      .when(next(), { at: '10:10', installation: counted })
      .then([viewed({ record: 'next', rows: 20 })]);
    given(shown(1_981))
      .when(next(), { at: '10:10', installation: counted })
      .refused('pagesAreWithinBudget', undefined, { with: [ended('too fast', '10:10')] });
    given(shown(1_981))
      .when(next(1), { at: '10:10', installation: counted })
      .then([viewed({ record: 'next', rows: 1 })]);
  });

  it('of a visit is the one that it was started with; one that began before there was any has none', () => {
    const begun = (rowsInAll?: number) =>
      [...workspaceOpen, accessOn(), '10:00', started({ rowsInAll }), '10:01', viewed({ rows: 5_000 })] as const;
    given(begun())
      .when(next(5_000), { at: '10:10' })
      .then([viewed({ record: 'next', rows: 5_000 })]);
    given(begun(10_000))
      .when(next(5_000), { at: '10:10' })
      .then([viewed({ record: 'next', rows: 5_000 })]);
    given(begun(9_999))
      .when(next(5_000), { at: '10:10' })
      .refused('pagesAreWithinBudget', undefined, { with: [ended('too fast', '10:10')] });
  });

  it('counts what is shown again and by parts, each time, up to the last row of it', () => {
    const invoice = { page: 'invoice', label: 'Invoice INV-1', record: 'INV-1' };
    const past = (rows: number): Past<BookFact> => [
      ...inside,
      '10:01',
      areaEntered('billing', 'Billing'),
      viewed({ ...invoice, area: 'billing', rows }),
    ];
    const again = (rows?: number) => view({ page: 'invoice', record: 'INV-1', ...(rows !== undefined && { rows }) });
    const part = (rows?: number) => view({ page: 'invoice', partOf: 'fact-11', input: false, ...(rows && { rows }) });
    const shows = (rows: number) => rowsShown({ view: 'fact-11', page: 'invoice', label: 'Invoice INV-1', rows });
    for (const asked of [again, part]) {
      given(past(1_999))
        .when(asked(1), { at: '10:01:10' })
        .thenOfView('fact-11', [shows(1)]);
      given(past(1_999))
        .when(asked(2), { at: '10:01:10' })
        .refused('pagesAreWithinBudget', 'More data was opened than one visit needs, so this visit has ended.', {
          with: [ended('too fast', '10:01:10')],
        });
      given([...past(1_990), shows(9)])
        .when(asked(1), { at: '10:01:10' })
        .thenOfView('fact-11', [shows(1)]);
      given([...past(1_990), shows(9)])
        .when(asked(2), { at: '10:01:10' })
        .refused('pagesAreWithinBudget', undefined, { with: [ended('too fast', '10:01:10')] });
      // What shows no row is the same view, whatever is left of the budget.
      given(past(2_000)).when(asked(), { at: '10:01:10' }).thenSameView('fact-11');
    }
  });

  it('counts a page that is opened again as the catalogue does, where the product counts nothing, and a part not at all', () => {
    const { catalogue } = installation;
    const pages = { ...catalogue.pages, team: { label: 'Team', class: 'view' as const, rows: 20 } };
    const counted = { ...installation, catalogue: { ...catalogue, pages } };
    const past: Past<BookFact> = [...inside, '10:01', viewed({ page: 'team', label: 'Team', rows: 20 })];
    given(past)
      .when(view({ page: 'team' }), { at: '10:01:10', installation: counted })
      .thenOfView('fact-10', [rowsShown({ view: 'fact-10', page: 'team', label: 'Team', rows: 20 })]);
    given(past)
      .when(view({ page: 'team', rows: 0 }), { at: '10:01:10', installation: counted })
      .thenSameView('fact-10');
    given(past)
      .when(view({ page: 'team', partOf: 'fact-10' }), { at: '10:01:10', installation: counted })
      .thenSameView('fact-10');
  });
});
