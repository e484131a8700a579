import { describe, expect, it } from '@jest/globals';
import { describeAttempt } from './book/attempt.ts';
import { attemptDenied } from './denial/denial.ts';
import { emptyBook } from './book/book.ts';
import { fromInstant, toInstant, type Written } from './fact.ts';
import { FACT_KINDS, foldBook, foldInstallation, foldStaff, recognise } from './facts.ts';
import { decideInstallation, newInstallation } from './installation/installation.ts';
import { defaultPolicy } from './policy/policy.ts';
import { unknownStaff } from './staff/staff.ts';
import { bookOf, given } from './testing/given.ts';
import {
  accessOn,
  case123,
  catalogue,
  clock,
  ended,
  maria,
  priya,
  registered,
  sam,
  samsVisit,
  started,
  workspaceOpen,
} from './testing/story.ts';

const written: Written = { id: 'f', revision: 12, time: clock('10:00'), actor: { kind: 'system', id: 'spec' } };
const denial = (rule: unknown) => ({
  type: 'AttemptDenied',
  data: {
    attempt: { command: 'ViewPage', label: 'open Billing', page: 'billing' },
    rule,
    because: 'x',
    instead: null,
    sessionId: null,
    count: 1,
    since: '2026-11-23T10:00:00.000Z',
  },
});

describe('A fact that is read back', () => {
  it('is recognised by its kind and its shape', () => {
    for (const fact of [registered, accessOn(), started(), ended('idle', '10:00'), denial('caseIsOpen')]) {
      expect(recognise(fact)).toBe(fact);
    }
  });

  it.each<[string, { type: string; data: unknown }]>([
    ['of a kind that is not known', { type: 'VisitBlessed', data: {} }],
    ['named like a part of every object', { type: 'constructor', data: {} }],
    ['without data', { type: 'SessionEntered', data: null }],
    ['with an id of another thing', { type: 'SessionEntered', data: { sessionId: 'stf_sam' } }],
    [
      'with a cause that is not known',
      { type: 'SessionEnded', data: { ...ended('idle', '10:00').data, cause: 'bored' } },
    ],
    ['with a time that is none', { type: 'SessionEnded', data: { ...ended('idle', '10:00').data, at: 'soon' } }],
    [
      'with a time of another precision',
      { type: 'SessionEnded', data: { ...ended('idle', '10:00').data, at: '2026-11-23T10:00:00Z' } },
    ],
    [
      'with a time that no calendar has',
      { type: 'SessionStarted', data: { ...started().data, plannedEnd: '2026-13-45T99:99:99.999Z' } },
    ],
    ['with a rule that is none', denial('noSuchRule')],
    ['with a rule named like a part of every object', denial('constructor')],
  ])('is unknown, never guessed: %s', (_, fact) => {
    expect(recognise(fact)).toBeUndefined();
  });

  it('may have more than is known here: readers ship before writers', () => {
    const more = { type: 'SessionEntered', data: { sessionId: samsVisit, device: 'tablet' } };
    expect(recognise(more)).toBe(more);
  });

  it('closes the book to grants where it can’t be read, and off and end still work (T48)', () => {
    const before = bookOf([...workspaceOpen, accessOn(), '10:00', started()]);
    const closed = foldBook(before, { type: 'VisitBlessed', data: {} }, written);
    expect(closed).toStrictEqual({ ...before, readable: false });
    expect(foldBook(closed, registered, written).readable).toBe(false);
    given(closed).when({ type: 'ContinueVisit', sessionId: samsVisit, staffId: sam }).refused('bookIsReadable');
    expect(given(closed).when({ type: 'DisableStaffAccess', by: maria }).decision.facts).toHaveLength(2);
  });

  it('belongs into its own stream: elsewhere it can’t be read', () => {
    expect(foldBook(emptyBook, { type: 'StaffDisabled', data: { staffId: sam } }, written).readable).toBe(false);
    expect(foldStaff(unknownStaff, registered, written).readable).toBe(false);
    expect(foldInstallation(newInstallation, registered, written).readable).toBe(false);
    expect(foldStaff(unknownStaff, { type: 'StaffDisabled', data: { staffId: sam } }, written).phase).toBe('disabled');
  });

  it('is of a kind whose name is unlike every other', () => {
    const names = FACT_KINDS.map(({ type }) => type);
    expect(new Set(names).size).toBe(names.length);
    for (const { says } of FACT_KINDS) expect(says).toMatch(/^[A-Z].*\.$/);
  });

  it('has its times as RFC 3339, UTC, milliseconds', () => {
    expect(toInstant(1_795_252_443_112)).toBe('2026-11-21T09:14:03.112Z');
    expect(fromInstant('2026-11-21T09:14:03.112Z')).toBe(1_795_252_443_112);
  });
});

describe('The installation', () => {
  const policy = { ...defaultPolicy, consent: { ...defaultPolicy.consent, windowMinutes: 60 } };

  it('takes a policy and a catalogue, and remembers which line set them', () => {
    expect(decideInstallation({ type: 'ChangePolicy', policy }, newInstallation)).toStrictEqual({
      facts: [{ type: 'PolicyChanged', data: { policy } }],
    });
    expect(decideInstallation({ type: 'ChangeCatalogue', catalogue }, newInstallation)).toStrictEqual({
      facts: [{ type: 'CatalogueChanged', data: { catalogue } }],
    });
    const changed = foldInstallation(newInstallation, { type: 'CatalogueChanged', data: { catalogue } }, written);
    expect(changed).toStrictEqual({ ...newInstallation, catalogue, catalogueRevision: 12 });
  });

  it('writes the policy down at the first start, also the default one', () => {
    const first = decideInstallation({ type: 'ChangePolicy', policy: defaultPolicy }, newInstallation);
    expect(first.facts).toHaveLength(1);
  });

  it('refuses a change that changes nothing, in whatever order its keys are', () => {
    const { consent, preset, session, ...others } = policy;
    const set = foldInstallation(newInstallation, { type: 'PolicyChanged', data: { policy } }, written);
    expect(
      decideInstallation({ type: 'ChangePolicy', policy: { session, ...others, consent, preset } }, set),
    ).toStrictEqual({
      facts: [],
      refusal: { rule: 'changeIsDifferent', because: 'The policy is already what the change says.' },
    });
  });

  it('can’t be read with a policy out of bounds', () => {
    const wrong = { ...policy, session: { ...policy.session, idleMinutes: 0 } };
    expect(
      foldInstallation(newInstallation, { type: 'PolicyChanged', data: { policy: wrong } }, written).readable,
    ).toBe(false);
  });
});

describe('What a refused command tried', () => {
  const whose = { sessionId: samsVisit, staffId: priya } as const;
  const view = { type: 'ViewPage', ...whose, title: null, input: true, partOf: null } as const;

  it.each([
    [
      { ...view, page: 'billing', record: null },
      { command: 'ViewPage', label: 'open Billing', page: 'billing' },
    ],
    [
      { ...view, page: 'invoice', record: 'INV-1' },
      { command: 'ViewPage', label: 'open Invoice INV-1', page: 'invoice', record: 'INV-1' },
    ],
    [
      { ...view, page: 'constructor', record: null },
      {
        command: 'ViewPage',
        label: 'open the page “constructor”, which the catalogue doesn’t declare',
        page: 'constructor',
      },
    ],
    [
      {
        type: 'PerformAction',
        ...whose,
        actionId: 'act_one',
        action: 'invoice.retrySync',
        record: 'INV-1',
        arguments: null,
      },
      {
        command: 'PerformAction',
        label: 'retry the failed sync of INV-1',
        action: 'invoice.retrySync',
        record: 'INV-1',
      },
    ],
    [
      { type: 'RevealField', ...whose, field: 'customer.email', record: 'cus 81' },
      {
        command: 'RevealField',
        label: 'see customer.email of “cus 81”',
        field: 'customer.email',
        record: 'cus 81',
      },
    ],
    [
      { type: 'PerformAction', ...whose, actionId: 'act_one', action: 'toString', record: null, arguments: null },
      { command: 'PerformAction', label: 'do “toString”, which the catalogue doesn’t declare', action: 'toString' },
    ],
  ] as const)('is named so that it follows “tried to”: $type $page$action$field', (command, attempt) => {
    expect(describeAttempt(command, catalogue)).toStrictEqual(attempt);
  });

  it('becomes a fact with the rule, the sentence and what could be done instead', () => {
    const attempt = { command: 'ExitSession', label: 'exit a visit' };
    const since = '2026-11-23T10:00:00.000Z';
    const refusal = { rule: 'staffAccessIsOn', because: 'It is off.', instead: 'Ask.', hints: ['Hint.'] } as const;
    const personal = { subject: sam, name: 'Sam Reed' };
    expect(attemptDenied({ attempt, refusal, sessionId: samsVisit, count: 3, since, personal })).toStrictEqual({
      type: 'AttemptDenied',
      data: {
        attempt,
        rule: 'staffAccessIsOn',
        because: 'It is off.',
        instead: 'Ask.',
        sessionId: samsVisit,
        count: 3,
        since,
        personal,
      },
    });
    // A reason is personal data: it stands in the personal part, and nowhere else (design, section 3; T50).
    const vague = given([...workspaceOpen, accessOn()])
      .when({
        type: 'StartSession',
        sessionId: samsVisit,
        staffId: sam,
        caseId: case123,
        caseRef: 'CASE-123',
        job: null,
        reason: 'help Ada',
        minutes: null,
        identityConfirmedAt: clock('09:58'),
        grantId: null,
      })
      .refused('reasonIsSpecific', '“help Ada” could be about anything.');
    const { personal: told, ...open } = attemptDenied({
      attempt,
      refusal: vague,
      sessionId: null,
      count: 1,
      since,
      personal: { subject: sam, name: 'Sam Reed', reason: 'help Ada' },
    }).data;
    expect(told?.reason).toBe('help Ada');
    expect(JSON.stringify(open)).not.toContain('Ada');
    expect(open.because).toBe('The reason could be about anything.');

    const bare = attemptDenied({
      attempt,
      refusal: { rule: 'caseIsOpen', because: 'No.' },
      sessionId: null,
      count: 1,
      since,
    });
    expect(bare.data).toStrictEqual({
      attempt,
      rule: 'caseIsOpen',
      because: 'No.',
      instead: null,
      sessionId: null,
      count: 1,
      since,
    });
  });
});
