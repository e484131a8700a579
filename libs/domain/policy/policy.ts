import { MEMBER_ROLES } from '@gatebook/protocol';
import * as v from 'valibot';
import { readDeclared, type Mistake } from '../declared.ts';
import { KNOBS } from './knobs.ts';
import { PRESETS } from './presets.ts';

export const PRESET_NAMES = ['default', 'day-pass', 'traceable', 'by-request', 'switch', 'per-ticket'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

const presetName = v.picklist(
  PRESET_NAMES,
  ({ received }) => `must be one of ${PRESET_NAMES.join(', ')}, not ${received}`,
);

/** A group of settings that holds these and no other. */
function group<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.strictObject(entries, ({ expected, received }) => {
    if (expected === 'never') return 'there is no such setting';
    return received === 'undefined' ? 'is missing' : 'must be a group of settings';
  });
}

export const policySchema = v.pipe(
  group({
    /** The preset that the values began from (policy.md). */
    preset: presetName,
    consent: v.pipe(
      group({
        mode: KNOBS['consent.mode'].schema,
        windowMinutes: KNOBS['consent.windowMinutes'].schema,
        longestWindowMinutes: KNOBS['consent.longestWindowMinutes'].schema,
        maySwitch: KNOBS['consent.maySwitch'].schema,
      }),
      v.forward(
        v.check(
          // The window that is taken when none is asked for is allowed, too.
          ({ windowMinutes, longestWindowMinutes }) =>
            (windowMinutes ?? Infinity) <= (longestWindowMinutes ?? Infinity),
          'must be at most longestWindowMinutes',
        ),
        ['windowMinutes'],
      ),
    ),
    request: group({
      lapseMinutes: KNOBS['request.lapseMinutes'].schema,
      startByMinutes: KNOBS['request.startByMinutes'].schema,
    }),
    session: group({
      capMinutes: KNOBS['session.capMinutes'].schema,
      idleMinutes: KNOBS['session.idleMinutes'].schema,
      entrySeconds: KNOBS['session.entrySeconds'].schema,
      identityMaxAgeSeconds: KNOBS['session.identityMaxAgeSeconds'].schema,
      caseGraceMinutes: KNOBS['session.caseGraceMinutes'].schema,
      livePerWorkspace: KNOBS['session.livePerWorkspace'].schema,
      pagesPerMinute: KNOBS['session.pagesPerMinute'].schema,
      rowsInAll: KNOBS['session.rowsInAll'].schema,
      mayVisit: v.pipe(KNOBS['session.mayVisit'].schema, v.minLength(1, 'must name a role')),
    }),
    write: group({
      allowed: KNOBS['write.allowed'].schema,
      capMinutes: KNOBS['write.capMinutes'].schema,
      reportSeconds: KNOBS['write.reportSeconds'].schema,
    }),
    approval: group({
      customer: KNOBS['approval.customer'].schema,
      vendor: v.pipe(KNOBS['approval.vendor'].schema, v.minLength(1, 'must name a role')),
      mayWiden: KNOBS['approval.mayWiden'].schema,
      asked: KNOBS['approval.asked'].schema,
    }),
    caseAnchor: KNOBS.caseAnchor.schema,
    plan: group({ helpRequests: KNOBS['plan.helpRequests'].schema }),
    identityShown: KNOBS.identityShown.schema,
    recording: KNOBS.recording.schema,
    /** Which set of sentences people read: each preset has its own words (S0-8, S3-21). */
    wording: presetName,
    leftOnReminderHours: KNOBS.leftOnReminderHours.schema,
  }),
  v.forward(
    v.check(
      // A switch without an end is one preset's alone; elsewhere `null` says that a switch isn't what lets staff in.
      ({ preset, consent }) =>
        consent.mode !== 'switch' || preset === 'switch' || consent.longestWindowMinutes !== null,
      'must be a number of minutes: only the preset switch lets staff access stay on until it is turned off',
    ),
    ['consent', 'longestWindowMinutes'],
  ),
  v.forward(
    v.check(
      ({ consent, approval }) =>
        consent.mode !== 'request' || ['customer', 'both'].includes(approval.asked['every session'] ?? ''),
      'must ask the customer for “every session” where consent.mode is request',
    ),
    ['approval', 'asked'],
  ),
);

/** The installation's settings, from a preset. Every value is copied into the facts it gave rise to. */
export type Policy = v.InferOutput<typeof policySchema>;

/** A policy as the first release wrote it into the log: a few of the settings of the preset `default`. */
export const firstPolicySchema = v.strictObject({
  preset: v.picklist(['default']),
  consent: v.strictObject({
    windowMinutes: v.pipe(v.number(), v.minValue(1), v.maxValue(10_080)),
    longestWindowMinutes: v.pipe(v.number(), v.minValue(1), v.maxValue(10_080)),
    maySwitch: v.array(v.picklist(MEMBER_ROLES)),
  }),
  session: v.strictObject({
    capMinutes: KNOBS['session.capMinutes'].schema,
    idleMinutes: KNOBS['session.idleMinutes'].schema,
    entrySeconds: KNOBS['session.entrySeconds'].schema,
    identityMaxAgeSeconds: KNOBS['session.identityMaxAgeSeconds'].schema,
    caseGraceMinutes: KNOBS['session.caseGraceMinutes'].schema,
    livePerWorkspace: KNOBS['session.livePerWorkspace'].schema,
    pagesPerMinute: KNOBS['session.pagesPerMinute'].schema,
    mayVisit: KNOBS['session.mayVisit'].schema,
  }),
});
export type FirstPolicy = v.InferOutput<typeof firstPolicySchema>;

/** The preset `default` (policy.md). */
export const defaultPolicy: Policy = PRESETS.default;

/** A policy of any shape that the log holds, told by what it has, in today's shape. */
export function upcastPolicy(stored: Policy | FirstPolicy): Policy {
  if ('approval' in stored) return stored;
  const { consent, session } = stored;
  const maySwitch = MEMBER_ROLES.filter((role) => role === 'owner' || consent.maySwitch.includes(role));
  return {
    ...defaultPolicy,
    consent: { ...defaultPolicy.consent, ...consent, maySwitch },
    session: { ...defaultPolicy.session, ...session },
  };
}

export type PolicyMistake = Mistake;

export type PolicyReading =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | {
      readonly kind: 'mistakes';
      /** Each with where it stands, in words. */
      readonly mistakes: readonly string[];
      readonly found: readonly PolicyMistake[];
    };

/**
 * Reads a policy as a vendor wrote it (already parsed from YAML or JSON): the name of a preset, and the settings that
 * are to differ from it. Every mistake says where it stands.
 */
export function readPolicy(input: unknown): PolicyReading {
  if (!isGroup(input)) return mistaken([{ path: [], message: 'must be a group of settings' }]);
  const declared = readDeclared(policySchema, overPreset(input), 'setting');
  return declared.kind === 'read' ? { kind: 'policy', policy: declared.output } : mistaken(declared.found);
}

function mistaken(found: readonly PolicyMistake[]): PolicyReading {
  const mistakes = found.map(({ path, message }) => `${path.length === 0 ? 'the policy' : path.join('.')}: ${message}`);
  return { kind: 'mistakes', mistakes, found };
}

function overPreset(written: Readonly<Record<string, unknown>>): unknown {
  const { preset = 'default' } = written;
  const named = PRESET_NAMES.find((name) => name === preset);
  if (!named) return { ...defaultPolicy, ...written };
  const base: Readonly<Record<string, unknown>> = PRESETS[named];
  const settings = Object.entries(written).map(([key, value]) => {
    const from = Object.hasOwn(base, key) ? base[key] : undefined;
    return [key, isGroup(value) && isGroup(from) ? { ...from, ...value } : value];
  });
  return { ...base, ...Object.fromEntries(settings) };
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
