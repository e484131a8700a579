import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '@gatebook/protocol';
import fc from 'fast-check';
import type { BookFact } from '../book/book.ts';
import type { Installation } from '../installation/installation.ts';
import { attemptDenied } from '../denial/denial.ts';
import { actionDigest } from '../request/request-access.ts';
import { digest } from '../testing/digest.ts';
import { bookOf, given, type Past } from '../testing/given.ts';
import {
  accessOn,
  approved,
  authorised,
  entered,
  installation,
  requested,
  sam,
  samsVisit,
  samsWish,
  startedOnGrant,
  workspaceOpen,
} from '../testing/story.ts';
import type { PerformAction } from './perform-action.ts';

type Arguments = Record<string, unknown>;

const asked = (target: string, args: Arguments) => ({
  ...samsWish,
  action: {
    name: 'invoice.retrySync',
    label: `retry the failed sync of ${target}`,
    target,
    digest: actionDigest({ name: 'invoice.retrySync', target, arguments: args }, digest),
  },
});
const insideOn = (target: string, args: Arguments) => {
  const wanted = asked(target, args);
  return bookOf([
    ...workspaceOpen,
    accessOn(),
    '10:00',
    requested({ wanted }),
    approved({ granted: wanted }),
    startedOnGrant(),
    '10:00:10',
    entered(),
  ]);
};
const perform = (target: string | null, args: Arguments | null, action = 'invoice.retrySync'): PerformAction => ({
  type: 'PerformAction',
  sessionId: samsVisit,
  staffId: sam,
  actionId: 'act_one',
  action,
  record: target,
  arguments: args,
});

const args = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }),
  fc.oneof(fc.string({ maxLength: 8, unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null)),
  { maxKeys: 5 },
);

describe('The action performed', () => {
  it('equals the approved one, in whatever order its arguments stand (RFC 8785)', () => {
    fc.assert(
      fc.property(args, (those) => {
        const turned = Object.fromEntries(Object.entries(those).reverse());
        given(insideOn('INV-88', those))
          .when(perform('INV-88', turned), { at: '10:00:20' })
          .then([
            authorised({
              digest: asked('INV-88', those).action.digest,
              personal: { subject: 'INV-88', arguments: { ...turned } },
            }),
          ]);
      }),
      { numRuns: 100 },
    );
  });

  it('is refused with one field or one byte changed: 500 changes, 0 performed (S0-26)', () => {
    let changed = 0;
    let performed = 0;
    const target = 'INV-88';
    while (changed < 500) {
      fc.assert(
        fc.property(args, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (those, at, other) => {
          const book = insideOn(target, those);
          const keys = Object.keys(those);
          const key = keys[at % Math.max(keys.length, 1)];
          const place = at % (target.length + 1);
          const tries = [
            perform(target.slice(0, place) + other + target.slice(place), those),
            perform(target.slice(0, place) + target.slice(place + 1), those),
            perform(target, { ...those, [`${other}+`]: at }),
            perform(target, those, `invoice.retrySync${other}`),
            ...(key === undefined
              ? []
              : [perform(target, without(those, key)), perform(target, { ...those, [key]: [those[key]] })]),
          ].filter((one) => !isSame(one, target, those));
          for (const one of tries) {
            changed++;
            const { decision } = given(book).when(one, { at: '10:00:20' });
            if (decision.facts.length > 0 || decision.refusal === undefined) performed++;
          }
        }),
        { numRuns: 100 },
      );
    }
    expect(changed).toBeGreaterThanOrEqual(500);
    expect(performed).toBe(0);
  });

  it('takes no arguments and none named for the same, and nothing else', () => {
    given(insideOn('INV-88', {}))
      .when(perform('INV-88', null), { at: '10:00:20' })
      .then([authorised({ personal: { subject: 'INV-88', arguments: null } })]);
    given(insideOn('INV-88', {})).when(perform(null, null), { at: '10:00:20' }).refused('actionIsApproved');
  });

  it('is refused with a value that the product took when it was approved, and takes no more (S0-26)', () => {
    const taking = (value: string[] | undefined): Installation => {
      const action = { ...installation.catalogue.actions['invoice.retrySync']!, takes: ['value'] };
      const actions = { 'invoice.retrySync': { ...action, ...(value && { choices: { value } }) } };
      return { ...installation, catalogue: { ...installation.catalogue, actions } };
    };
    const tried = (by: Installation, value = '10 %') =>
      given(insideOn('INV-88', { value: '10 %' })).when(perform('INV-88', { value }), {
        at: '10:00:20',
        installation: by,
      });
    for (const by of [taking(undefined), taking(['0 %', '10 %'])])
      expect(tried(by).decision.facts).toMatchObject([{ type: 'ActionAuthorised' }]);
    expect(tried(taking(['0 %', '20 %'])).decision).toStrictEqual({
      facts: [],
      refusal: {
        rule: 'requestIsGrantable',
        because: 'This takes “0 %” or “20 %” as the argument “value” by now: the catalogue was changed.',
        instead: 'Ask for it anew.',
      },
    });
    // What it takes by now isn't what was approved.
    tried(taking(['0 %', '20 %']), '20 %').refused('actionIsApproved');
  });

  it('is refused with what it was tried and approved with, for the personal part of the line (S1-30, T50)', () => {
    const past: Past<BookFact> = [
      ...workspaceOpen,
      accessOn(),
      '10:00',
      requested({ wanted: asked('INV-88', { value: '20 %' }) }),
      approved({
        granted: asked('INV-88', { value: '10 %' }),
        personal: { subject: 'mem_maria', name: 'Maria', message: null, arguments: { value: '10 %' } },
      }),
      startedOnGrant(),
      '10:00:10',
      entered(),
    ];
    const { refusal } = given(past).when(perform('INV-88', { value: '0 %' }), { at: '10:00:20' }).decision;
    expect(refusal?.exactly).toStrictEqual({ tried: { value: '0 %' }, approved: { value: '10 %' } });
    const attempt = { command: 'PerformAction', label: 'retry' };
    const denied = { attempt, refusal: refusal!, sessionId: samsVisit, count: 1, since: '2026-11-23T10:00:20.000Z' };
    const { personal, ...open } = attemptDenied({ ...denied, personal: { subject: sam, name: null } }).data;
    expect(personal?.exactly).toStrictEqual(refusal?.exactly);
    expect(JSON.stringify([open, attemptDenied(denied)])).not.toContain('%');
  });
});

function without(those: Arguments, key: string): Arguments {
  return Object.fromEntries(Object.entries(those).filter(([name]) => name !== key));
}

function isSame({ action, record, arguments: given }: PerformAction, target: string, those: Arguments): boolean {
  return action === 'invoice.retrySync' && record === target && canonicalJson(given) === canonicalJson(those);
}
