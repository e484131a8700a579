import type { Policy, PresetName } from './policy.ts';

/*
 * The six presets (policy.md), a value a line: behind each the requirement that asks for it, or `ours` where its source
 * gives no answer.
 */

/** What no source speaks of, or where all agree. */
const SESSION = {
  entrySeconds: 60, // ours
  identityMaxAgeSeconds: 300, // S1-32 asks for it, the number is ours
  caseGraceMinutes: 5, // ours
  livePerWorkspace: 2, // ours
  pagesPerMinute: 120, // ours
  rowsInAll: 2_000, // ours
} as const;

const REPORT_SECONDS = 120; // ours

export const PRESETS: { readonly [Name in PresetName]: Policy } = {
  default: {
    preset: 'default',
    consent: {
      mode: 'switch', // S0-57
      windowMinutes: 1_440, // S0-17
      longestWindowMinutes: 10_080, // ours
      maySwitch: ['owner', 'admin'], // S3-4
    },
    request: {
      lapseMinutes: 720, // ours, as Microsoft Customer Lockbox
      startByMinutes: 60, // ours
    },
    session: {
      ...SESSION,
      capMinutes: 60, // S3-6
      idleMinutes: 15, // S1-31
      mayVisit: ['agent', 'lead', 'engineer', 'responder'], // ours
    },
    write: { allowed: true, capMinutes: 30, reportSeconds: REPORT_SECONDS }, // S4-22, one action by S0-26
    approval: {
      customer: ['owner', 'admin'], // ours
      vendor: ['lead'], // S4-54
      mayWiden: false, // ours
      asked: {
        'every write': 'customer', // S0-29
        export: 'both', // S1-67, S4-65b
        reveal: 'both', // S1-44
        'sensitive page': 'both', // S4-21k
        'sensitive account': 'both', // S1-27
        billing: 'both', // S4-21a
        refund: 'both', // S4-21b
        credit: 'both', // S4-21c
        delete: 'both', // S4-21d
        restore: 'both', // S4-21e
        'bulk edit': 'both', // S4-21f
        ownership: 'both', // S4-21g
        'password reset': 'both', // S4-21h
        'e-mail reset': 'both', // S4-21i
        'MFA reset': 'both', // S4-21j
        'role change': 'both', // S4-65b
        'security setting': 'both', // S4-65b
      },
    },
    caseAnchor: 'required', // ours
    plan: { helpRequests: null }, // S0-49
    identityShown: 'name and e-mail', // S0-31
    recording: 'every page', // S0-48
    wording: 'default',
    leftOnReminderHours: 24, // S3-26 asks for it, the number is ours
  },

  'day-pass': {
    preset: 'day-pass',
    consent: {
      mode: 'switch', // S0-57
      windowMinutes: 1_440, // S0-17, S0-54
      longestWindowMinutes: 1_440, // S0-55
      maySwitch: ['owner'], // S0-17
    },
    request: {
      lapseMinutes: 1_440, // ours
      startByMinutes: 60, // ours
    },
    session: {
      ...SESSION,
      capMinutes: 1_440, // S0-16
      idleMinutes: 20, // ours
      mayVisit: ['agent', 'lead', 'engineer', 'responder'], // ours
    },
    write: { allowed: true, capMinutes: 60, reportSeconds: REPORT_SECONDS }, // S0-20, S0-25
    approval: {
      customer: ['owner'], // S0-42
      vendor: ['lead'], // ours
      mayWiden: false, // ours
      asked: {
        'every write': 'customer', // S0-29
        export: 'customer', // ours: the source has none
        reveal: 'customer', // ours: the source has none
      },
    },
    caseAnchor: 'optional', // S0-44
    plan: { helpRequests: null }, // S0-49
    identityShown: 'name and e-mail', // S0-31
    recording: 'every page', // S0-48
    wording: 'day-pass',
    leftOnReminderHours: null, // it ends by itself: S0-16
  },

  traceable: {
    preset: 'traceable',
    consent: {
      mode: 'role', // S1-14, S1-25
      windowMinutes: null, // ours: there is no window
      longestWindowMinutes: null, // ours
      maySwitch: ['owner', 'admin'], // ours: who may block
    },
    request: {
      lapseMinutes: 720, // ours
      startByMinutes: 60, // ours
    },
    session: {
      ...SESSION,
      capMinutes: 60, // ours
      idleMinutes: 20, // S1-31
      mayVisit: ['agent', 'lead', 'engineer'], // S1-26
    },
    write: { allowed: true, capMinutes: 30, reportSeconds: REPORT_SECONDS }, // ours
    approval: {
      customer: ['owner', 'admin'], // ours: where a workspace asks for more
      vendor: ['lead'], // S1-28, S1-67
      mayWiden: false, // ours
      asked: {
        'sensitive account': 'vendor', // S1-27
        refund: 'vendor', // S1-30a
        export: 'vendor', // S1-30b, S1-67
        'password reset': 'vendor', // S1-30c
        'e-mail reset': 'vendor', // S1-30c
        'MFA reset': 'vendor', // S1-30c
        delete: 'vendor', // S1-30d
        billing: 'vendor', // S1-97
        reveal: 'vendor', // S1-44
      },
    },
    caseAnchor: 'required', // S1-58
    plan: { helpRequests: null }, // ours
    identityShown: 'name', // S1-34
    recording: 'every click', // S1-16, S1-17, S1-95
    wording: 'traceable',
    leftOnReminderHours: null, // nothing is left on
  },

  'by-request': {
    preset: 'by-request',
    consent: {
      mode: 'request', // S2-8
      windowMinutes: 10_080, // ours; S2-14 says only "for that issue"
      longestWindowMinutes: 10_080, // ours
      maySwitch: ['owner', 'admin'], // ours: who may block
    },
    request: {
      lapseMinutes: 4_320, // ours; S2-20 answers by e-mail
      startByMinutes: 1_440, // ours
    },
    session: {
      ...SESSION,
      capMinutes: 60, // ours
      idleMinutes: 20, // ours
      mayVisit: ['agent', 'lead', 'engineer', 'responder'], // ours
    },
    write: { allowed: true, capMinutes: 30, reportSeconds: REPORT_SECONDS }, // ours
    approval: {
      customer: ['owner', 'admin', 'manager', 'agent', 'viewer'], // S2-5: the user who is asked
      vendor: ['lead'], // ours
      mayWiden: false, // ours
      asked: {
        'every session': 'customer', // S2-8
        export: 'customer', // ours: the source has none
        reveal: 'customer', // ours: the source has none
      },
    },
    caseAnchor: 'required', // S2-14
    plan: { helpRequests: ['paid'] }, // S2-29; the vendor writes its own plans’ names
    identityShown: 'support identity', // S2-27
    recording: 'every page', // ours; S2-27 asks for less
    wording: 'by-request',
    leftOnReminderHours: null, // nothing is left on
  },

  switch: {
    preset: 'switch',
    consent: {
      mode: 'switch', // S3-3
      windowMinutes: null, // S3-25
      longestWindowMinutes: null, // S3-25
      maySwitch: ['owner', 'admin'], // S3-4, S3-22
    },
    request: {
      lapseMinutes: 720, // ours: nothing is asked for
      startByMinutes: 60, // ours
    },
    session: {
      ...SESSION,
      capMinutes: 60, // S3-6
      idleMinutes: 20, // ours
      mayVisit: ['agent', 'lead', 'engineer', 'responder'], // ours
    },
    write: { allowed: false, capMinutes: 30, reportSeconds: REPORT_SECONDS }, // S3-13
    approval: {
      customer: ['owner', 'admin'], // ours
      vendor: ['lead'], // ours
      mayWiden: false, // ours
      asked: {
        export: 'customer', // ours: the source has none
        reveal: 'customer', // ours: the source has none
      },
    },
    caseAnchor: 'optional', // the source has no case
    plan: { helpRequests: null }, // ours
    identityShown: 'vendor log only', // S3-24
    recording: 'every page', // ours; S3-24 asks for less
    wording: 'switch',
    leftOnReminderHours: 24, // S3-26 asks for it, the number is ours
  },

  'per-ticket': {
    preset: 'per-ticket',
    consent: {
      mode: 'role', // S4-13, S4-17
      windowMinutes: null, // the approval itself is the window
      longestWindowMinutes: null,
      maySwitch: ['owner', 'admin'], // ours: who may block
    },
    request: {
      lapseMinutes: 240, // ours
      startByMinutes: 15, // ours, after the planned start of S4-32
    },
    session: {
      ...SESSION,
      capMinutes: 30, // S4-22
      idleMinutes: 15, // S4-62 asks for it, the number is ours
      mayVisit: ['agent', 'lead', 'engineer'], // ours
    },
    write: { allowed: true, capMinutes: 30, reportSeconds: REPORT_SECONDS }, // S4-22
    approval: {
      customer: ['owner', 'admin'], // ours: where a workspace asks for more
      vendor: ['lead'], // S4-20, S4-54
      mayWiden: true, // S4-26
      asked: {
        'every write': 'vendor', // S4-15
        export: 'vendor', // S4-65b
        reveal: 'vendor', // S4-9d
        'sensitive page': 'vendor', // S4-21k
        'sensitive account': 'vendor', // S4-21k
        billing: 'vendor', // S4-21a
        refund: 'vendor', // S4-21b
        credit: 'vendor', // S4-21c
        delete: 'vendor', // S4-21d
        restore: 'vendor', // S4-21e
        'bulk edit': 'vendor', // S4-21f
        ownership: 'vendor', // S4-21g
        'password reset': 'vendor', // S4-21h
        'e-mail reset': 'vendor', // S4-21i
        'MFA reset': 'vendor', // S4-21j
        'role change': 'vendor', // S4-65b
        'security setting': 'vendor', // S4-65b, S4-74
        'unrelated setting': 'vendor', // S4-74g
        'customer would notice': 'vendor', // S4-16
      },
    },
    caseAnchor: 'required', // S4-19
    plan: { helpRequests: null }, // ours
    identityShown: 'name', // S4-39, S4-44
    recording: 'sensitive pages', // S4-49, S4-63
    wording: 'per-ticket',
    leftOnReminderHours: null, // nothing is left on
  },
};
