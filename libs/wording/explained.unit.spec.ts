import { describe, expect, it } from '@jest/globals';
import { emptyCatalogue, type Catalogue } from '#domain/catalogue/catalogue';
import { PRESET_NAMES, type Policy, type PresetName } from '#domain/policy/policy';
import { PRESETS } from '#domain/policy/presets';
import { effectivePolicy, noTightening, type Tightening } from '#domain/policy/tighten';
import { TRIGGERS, type NeededApproval, type Trigger } from '#domain/policy/triggers';
import { DEEDS, explained, type Explained, type Opening } from './explained.ts';

const catalogue: Catalogue = {
  ...emptyCatalogue,
  areas: { inbox: 'Inbox', billing: 'Billing', team: 'Team' },
  pages: { files: { label: 'Files', area: 'inbox', class: 'never' }, bills: { label: 'Billing', class: 'view' } },
  actions: {
    'plan.change': { label: 'change the plan', class: 'never' },
    'invoice.retrySync': { label: 'retry the sync on {target}', class: 'change', target: 'invoice' },
  },
  fields: {
    'card.number': { mask: 'last4' },
    'customer.email': { mask: 'email' },
    'integration.secret': { mask: 'secret' },
    'setting.tax': { mask: 'none' },
  },
};
const open: Opening = { catalogue, withoutAreas: [], onlyCase: null, askEach: false };

const under = (preset: PresetName, tightening: Tightening = noTightening) =>
  effectivePolicy(PRESETS[preset], tightening);
const textsOf = ({ whileOn, whoDecides, whoSwitches, can, cannot }: Explained) => [
  whileOn,
  whoDecides,
  whoSwitches,
  ...can,
  ...cannot,
];

const DECIDES: readonly (readonly [PresetName, string])[] = [
  [
    'default',
    'What needs your yes is asked for here first, with a reason: one of your owners or admins approves it, approves less, asks back or declines.',
  ],
  [
    'day-pass',
    'What needs your yes is asked for here first, with a reason: one of your owners approves it, approves less, asks back or declines.',
  ],
  [
    'traceable',
    'What is asked for stands here, with its reason: a lead of support decides about it, and your owners or admins can decline it.',
  ],
  [
    'by-request',
    'What needs your yes is asked for here first, with a reason: one of your owners, admins, managers, agents or viewers approves it, approves less, asks back or declines.',
  ],
  [
    'switch',
    'What needs your yes is asked for here first, with a reason: one of your owners or admins approves it, approves less, asks back or declines.',
  ],
  [
    'per-ticket',
    'What is asked for stands here, with its reason: a lead of support decides about it, and your owners or admins can decline it.',
  ],
];
const WHILE_ON: readonly (readonly [PresetName, string])[] = [
  [
    'default',
    'Staff may come in and look. A change is one named action, done once after one of your owners or admins approved it.',
  ],
  [
    'day-pass',
    'Staff may come in and look. A change is one named action, done once after one of your owners approved it.',
  ],
  ['traceable', 'Staff may come in and look. A change is one named action, done once, in a visit of its own.'],
  [
    'by-request',
    'Staff may ask to come in and look, and one of your owners, admins, managers, agents or viewers approves each visit. A change is one named action, done once after one of your owners, admins, managers, agents or viewers approved it.',
  ],
  ['switch', 'Staff may come in and look. They may not change anything.'],
  [
    'per-ticket',
    'Staff may come in and look. A change is one named action, done once after a lead of support approved it.',
  ],
];

describe('What staff access means, to the customer’s people', () => {
  it.each(WHILE_ON)('under %s, while it is on (S0-10, S0-29, S2-8, S3-13, S4-15): %s', (preset, sentence) => {
    expect(explained(under(preset), open).whileOn).toBe(sentence);
  });

  it('is a list of what staff can and can’t do under day-pass (S0-2, S0-16, S0-25, S0-44)', () => {
    expect(explained(under('day-pass'), { ...open, withoutAreas: ['team'] })).toStrictEqual({
      whileOn:
        'Staff may come in and look. A change is one named action, done once after one of your owners approved it.',
      whoDecides:
        'What needs your yes is asked for here first, with a reason: one of your owners approves it, approves less, asks back or declines.',
      whoSwitches: 'Owners may turn staff access on and off.',
      can: [
        'Look at pages of Inbox and Billing',
        'Come in for a support case, or without one, with a reason that you read word for word',
        'Stay for 24 hours at most, and for 20 minutes with nobody there',
        'See 2,000 rows of data at most in a visit',
        'Change one thing by name, once, in a visit of 60 minutes at most, after one of your owners approved it',
      ],
      cannot: [
        'Open Team: left out',
        'Open a page before its line is in your book',
        'Change anything that they didn’t ask for by name, or change it twice',
        'Do or see any of these before one of your owners approved it: exports',
        'Read card numbers and e-mail addresses in full, but for one value after one of your owners approved it',
        'Read secrets at all, whoever approves it',
        'Do any of these, whoever approves it: open Files and change the plan',
        'Come in while staff access is off, or stay when you turn it off',
        'Edit or remove a line',
      ],
    });
  });

  it('promises no change and no export where there is none (S3-6, S3-13)', () => {
    expect(explained(under('switch'), { ...open, onlyCase: 'CASE-123' })).toStrictEqual({
      whileOn: 'Staff may come in and look. They may not change anything.',
      whoDecides:
        'What needs your yes is asked for here first, with a reason: one of your owners or admins approves it, approves less, asks back or declines.',
      whoSwitches: 'Owners and admins may turn staff access on and off.',
      can: [
        'Look at pages of Inbox, Billing and Team',
        'Come in for CASE-123 only, with a reason that you read word for word',
        'Stay for 60 minutes at most, and for 20 minutes with nobody there',
        'See 2,000 rows of data at most in a visit',
      ],
      cannot: [
        'Open a page before its line is in your book',
        'Change, send, retry, delete or export anything',
        'Read card numbers and e-mail addresses in full, but for one value after one of your owners or admins approved it',
        'Read secrets at all, whoever approves it',
        'Do any of these, whoever approves it: open Files and change the plan',
        'Come in while staff access is off, or stay when you turn it off',
        'Edit or remove a line',
      ],
    });
  });

  it.each(DECIDES)('under %s, who decides (S0-23, S1-28, S2-5, S4-54): %s', (preset, sentence) => {
    expect(explained(under(preset), open).whoDecides).toBe(sentence);
  });

  it('says so where nobody is asked at all', () => {
    const nobody = { ...under('traceable'), approval: { ...under('traceable').approval, asked: {} } };
    expect(explained(nobody, open).whoDecides).toBe(
      'The settings ask nobody: what is asked for stands here, with its reason, and may begin at once.',
    );
    expect(explained(nobody, { ...open, askEach: true }).whoDecides).toContain(
      'one of your owners or admins approves it',
    );
  });

  it('names both sides where both are asked (S1-28, S4-21)', () => {
    const { cannot } = explained(under('default'), open);
    expect(cannot.find((text) => text.startsWith('Do or see'))).toBe(
      'Do or see any of these before one of your owners or admins, and then a lead of support, approved it: exports, sensitive pages, visits as an owner, an admin or a contact for bills, changes of billing, refunds, credits, deletes, restores, bulk edits, changes of ownership, password resets, e-mail resets, MFA resets, role changes and changes of security settings',
    );
  });

  it('says that each visit is asked for where the owner wishes it, whatever the policy asks', () => {
    const { whileOn, can } = explained(under('traceable'), { ...open, askEach: true });
    expect(whileOn).toBe(
      'Staff may ask to come in and look, and one of your owners or admins approves each visit. A change is one named action, done once after one of your owners or admins approved it.',
    );
    expect(can[1]).toBe(
      'Come in for an open support case, with a reason that you read word for word, once one of your owners or admins approved the visit',
    );
  });

  it('leaves out what there is none of', () => {
    const nothing = explained(under('switch'), { ...open, catalogue: emptyCatalogue });
    expect(nothing.can[0]).toBe(
      'Come in for a support case, or without one, with a reason that you read word for word',
    );
    expect(nothing.cannot).toStrictEqual([
      'Open a page before its line is in your book',
      'Change, send, retry, delete or export anything',
      'Come in while staff access is off, or stay when you turn it off',
      'Edit or remove a line',
    ]);
  });
});

/** Policies that differ from their presets in what the texts speak of, one setting at a time. */
const TIGHTENINGS: readonly Tightening[] = [
  noTightening,
  { 'consent.mode': 'request' },
  { 'consent.maySwitch': ['owner'] },
  { 'session.capMinutes': 10 },
  { 'session.idleMinutes': 7 },
  { 'session.rowsInAll': 1 },
  { 'write.allowed': false },
  { 'write.capMinutes': 5 },
  { 'approval.customer': ['owner'] },
  { 'approval.asked': { 'every session': 'both' } },
  { 'approval.asked': { 'every write': 'vendor', reveal: 'vendor', 'sensitive page': 'customer' } },
  { 'approval.asked': { refund: 'both', export: 'both' } },
  { caseAnchor: 'required' },
];
const POLICIES = PRESET_NAMES.flatMap((preset) =>
  TIGHTENINGS.map((tightening) => [preset, JSON.stringify(tightening), under(preset, tightening)] as const),
);

/** What the texts say, read back from them by whoever knows no policy. */
function claimsOf(texts: Explained) {
  const all = textsOf(texts).join('\n');
  const found = (pattern: RegExp) => pattern.exec(all)?.slice(1) ?? null;
  const minutes = (pattern: RegExp) => {
    const [count, unit = ''] = found(pattern) ?? [];
    return count === undefined
      ? null
      : Number(count) * ({ minute: 1, hour: 60, day: 1_440 }[unit.replace(/s$/, '')] ?? NaN);
  };
  const deeds = texts.cannot.flatMap((text) => {
    const [, yes = '', listed = ''] = /^Do or see any of these before (.*?),? approved it: (.*)$/.exec(text) ?? [];
    return yes === '' ? [] : [[yes, listed] as const];
  });
  return {
    cap: minutes(/Stay for (\d+) (\w+) at most/),
    idle: minutes(/and for (\d+) (\w+) with nobody there/),
    rows: Number(found(/See ([\d,]+) rows? of data/)?.[0]?.replaceAll(',', '')),
    write: minutes(/in a visit of (\d+) (\w+) at most/),
    visit: found(/look, and (.*?),? approves each visit/)?.[0] ?? null,
    change: found(/done once after (.*?),? approved it/)?.[0] ?? null,
    reveal: found(/in full, but for one value after (.*?),? approved it/)?.[0] ?? null,
    decides: DECIDERS.find(([, sign]) => texts.whoDecides.includes(sign))?.[0],
    deeds,
    needsCase: all.includes('for an open support case,'),
    switches: found(/^(.*) may turn staff access on and off\.$/m)?.[0],
  };
}

const DECIDERS = [
  ['customer', 'needs your yes'],
  ['vendor', 'can decline it'],
  ['nobody', 'ask nobody'],
] as const;

/** Whose yes anything can need at all: the customer's, or else the vendor's. */
function decidersUnder(policy: Policy, askEach: boolean): string {
  const { asked } = policy.approval;
  const looks: readonly Trigger[] = ['every session', 'reveal', 'sensitive page', 'sensitive account'];
  const sides = TRIGGERS.filter((of) => policy.write.allowed || looks.includes(of)).map((of) => asked[of]);
  if (askEach || sides.includes('customer') || sides.includes('both')) return 'customer';
  return sides.includes('vendor') ? 'vendor' : 'nobody';
}

/** Who a side is, in the words of the texts, written out by hand from the policy's roles. */
function whoIs(side: NeededApproval, { approval }: Policy): string | null {
  const or = (words: readonly string[]) =>
    [words.slice(0, -1).join(', '), words.at(-1)].filter((part) => part !== '').join(' or ');
  const customer = `one of your ${or(approval.customer.map((role) => `${role}s`))}`;
  const vendor = `${or(approval.vendor.map((role) => (/^[aeiou]/.test(role) ? `an ${role}` : `a ${role}`)))} of support`;
  return { nobody: null, customer, vendor, both: `${customer}, and then ${vendor}` }[side];
}

/** The most that is asked, over the policy's own table. */
function mostAsked({ approval }: Policy, triggers: readonly Trigger[], each: boolean): NeededApproval {
  const sides = triggers.map((trigger) => approval.asked[trigger]);
  const customer = each || sides.includes('customer') || sides.includes('both');
  const vendor = sides.includes('vendor') || sides.includes('both');
  return customer ? (vendor ? 'both' : 'customer') : vendor ? 'vendor' : 'nobody';
}

describe.each([false, true])('What is promised, where the owner’s wish to be asked is %s', (askEach) => {
  it.each(POLICIES)('is what the policy does: %s, %s', (_, __, policy) => {
    const claims = claimsOf(explained(policy, { ...open, askEach }));
    const { session, write, consent } = policy;
    const asked = (...triggers: Trigger[]) => mostAsked(policy, ['every session', ...triggers], askEach);
    expect(claims).toStrictEqual({
      cap: session.capMinutes,
      idle: session.idleMinutes < session.capMinutes ? session.idleMinutes : null,
      rows: session.rowsInAll,
      write: write.allowed ? Math.min(write.capMinutes, session.capMinutes) : null,
      visit: whoIs(asked(), policy),
      change: write.allowed ? whoIs(asked('every write'), policy) : null,
      reveal: whoIs(asked('reveal'), policy),
      decides: decidersUnder(policy, askEach),
      deeds: expect.any(Array),
      needsCase: policy.caseAnchor === 'required',
      switches: capital(listedAnd(consent.maySwitch.map((role) => `${role}s`))),
    });
    for (const trigger of TRIGGERS) {
      if (['every session', 'every write', 'reveal'].includes(trigger)) continue;
      const looks = trigger === 'sensitive page' || trigger === 'sensitive account';
      const base: Trigger[] = looks || trigger === 'export' ? [] : ['every write'];
      const side = asked(...base, trigger);
      const isSaid = (write.allowed || looks) && side !== asked(...base);
      const said = claims.deeds.filter(([, listed]) => listed.includes(DEEDS[trigger])).map(([yes]) => yes);
      expect([trigger, said]).toStrictEqual([trigger, isSaid ? [whoIs(side, policy)] : []]);
    }
  });
});

const listedAnd = (words: readonly string[]) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

describe('A text that speaks of a setting', () => {
  it.each([
    ['consent.maySwitch', ['owner']],
    ['session.capMinutes', 31],
    ['session.idleMinutes', 9],
    ['session.rowsInAll', 99],
    ['write.allowed', false],
    ['write.capMinutes', 29],
    ['approval.customer', ['owner']],
    ['approval.asked', { 'every session': 'customer' }],
    ['consent.mode', 'request'],
  ] as const)('is another when %s is', (name, value) => {
    const before = textsOf(explained(under('default'), open));
    expect(textsOf(explained(under('default', { [name]: value }), open))).not.toStrictEqual(before);
  });
});
