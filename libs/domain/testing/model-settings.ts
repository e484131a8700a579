import type { MemberRole, StaffRole } from '@gatebook/protocol';
import type { KnobName } from '../policy/knobs.ts';
import type { Policy } from '../policy/policy.ts';
import type { Tightening } from '../policy/tighten.ts';

/** The settings that a day is played under, flat; times in minutes but where the name says otherwise. */
export interface Settings {
  readonly mode: 'role' | 'switch' | 'request';
  readonly window: number | null;
  readonly longest: number | null;
  readonly switchers: readonly MemberRole[];
  readonly lapse: number;
  readonly startBy: number;
  readonly cap: number;
  readonly idle: number;
  readonly entrySeconds: number;
  readonly grace: number;
  readonly live: number;
  readonly pace: number;
  readonly rows: number;
  readonly visitors: readonly StaffRole[];
  readonly writes: boolean;
  readonly writeCap: number;
  readonly reportSeconds: number;
  readonly approvers: readonly MemberRole[];
  readonly leads: readonly StaffRole[];
  readonly widen: boolean;
  readonly asked: Readonly<Record<string, Asks>>;
  /** The log holds less of pages that aren't sensitive. */
  readonly brief: boolean;
  /** Every click is a line. */
  readonly clicks: boolean;
  /** Who comes names a case. */
  readonly caseNeeded: boolean;
}

export type Asks = 'customer' | 'vendor' | 'both';

export function settingsOf({ consent, request, session, write, approval, recording, caseAnchor }: Policy): Settings {
  return {
    mode: consent.mode,
    window: consent.windowMinutes,
    longest: consent.longestWindowMinutes,
    switchers: consent.maySwitch,
    lapse: request.lapseMinutes,
    startBy: request.startByMinutes,
    cap: session.capMinutes,
    idle: session.idleMinutes,
    entrySeconds: session.entrySeconds,
    grace: session.caseGraceMinutes,
    live: session.livePerWorkspace,
    pace: session.pagesPerMinute,
    rows: session.rowsInAll,
    visitors: session.mayVisit,
    writes: write.allowed,
    writeCap: write.capMinutes,
    reportSeconds: write.reportSeconds,
    approvers: approval.customer,
    leads: approval.vendor,
    widen: approval.mayWiden,
    asked: approval.asked as Record<string, Asks>,
    brief: recording === 'sensitive pages',
    clicks: recording === 'every click',
    caseNeeded: caseAnchor === 'required',
  };
}

export const CHANGES = [
  'shorter',
  'looser',
  'idler',
  'soon',
  'alone',
  'no writes',
  'owners',
  'each',
  'both',
  'for a case',
] as const;
export type Change = (typeof CHANGES)[number];

/** What the owner sets. */
export function setBy(change: Change, { approval: { asked } }: Policy): Tightening {
  switch (change) {
    case 'shorter':
      return { 'session.capMinutes': 10 };
    case 'looser':
      return { 'session.capMinutes': 1_000 };
    case 'idler':
      return { 'session.idleMinutes': 5 };
    case 'soon':
      return { 'request.lapseMinutes': 20, 'request.startByMinutes': 3 };
    case 'alone':
      return { 'session.livePerWorkspace': 1 };
    case 'no writes':
      return { 'write.allowed': false };
    case 'owners':
      return { 'approval.customer': ['owner'], 'consent.maySwitch': ['owner'] };
    case 'each':
      return { 'consent.mode': 'request' };
    case 'both':
      return {
        'approval.asked': Object.fromEntries([...Object.keys(asked), 'every write'].map((of) => [of, 'both' as const])),
      };
    case 'for a case':
      return { caseAnchor: 'required' };
  }
}

export const ALL_KNOBS: readonly KnobName[] = [
  'session.capMinutes',
  'session.idleMinutes',
  'request.lapseMinutes',
  'request.startByMinutes',
  'session.livePerWorkspace',
  'write.allowed',
  'approval.customer',
  'consent.maySwitch',
  'consent.mode',
  'approval.asked',
  'caseAnchor',
];

/** Whether an owner may make this change where the installation has these settings. */
export const isLooser = (change: Change, { cap }: Settings): boolean => change === 'looser' && cap < 1_000;

/** The settings with the changes that stand; of two on the cap the later one counts. */
export function withChanges(settings: Settings, changes: ReadonlySet<Change>): Settings {
  let now = settings;
  if (changes.has('shorter')) now = { ...now, cap: Math.min(now.cap, 10) };
  if (changes.has('looser')) now = { ...now, cap: Math.min(now.cap, 1_000) };
  if (changes.has('idler')) now = { ...now, idle: Math.min(now.idle, 5) };
  if (changes.has('soon')) now = { ...now, lapse: Math.min(now.lapse, 20), startBy: Math.min(now.startBy, 3) };
  if (changes.has('alone')) now = { ...now, live: 1 };
  if (changes.has('for a case')) now = { ...now, caseNeeded: true };
  if (changes.has('no writes')) now = { ...now, writes: false };
  if (changes.has('owners')) now = { ...now, approvers: ['owner'], switchers: ['owner'] };
  if (changes.has('both')) {
    const asked = Object.fromEntries(
      [...Object.keys(settings.asked), 'every write'].map((of) => [of, 'both' as const]),
    );
    now = { ...now, asked };
  }
  if (changes.has('each')) {
    const each = most(now.asked['every session'] ?? null, 'customer') ?? 'customer';
    now = { ...now, mode: 'request', asked: { ...now.asked, 'every session': each } };
  }
  return now;
}

/** Who is asked where one thing asks these and another those. */
export function most(a: Asks | null, b: Asks | null): Asks | null {
  if (a === null || b === null) return a ?? b;
  return a === b ? a : 'both';
}
