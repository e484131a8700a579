import type { WorkspaceId } from '@gatebook/protocol';
import type { Book } from '#domain/book/book';
import type { Installation } from '#domain/installation/installation';
import { effectivePolicy } from '#domain/policy/tighten';
import { longestWindow } from '#domain/staff-access/enable-staff-access';
import { WORD_SETS } from '#wording/word-sets';
import type { StaffAccess } from './staff-access.types.ts';

export interface SwitchState {
  readonly workspaceId: WorkspaceId;
  /** In which what the clock has ended is ended. */
  readonly book: Book;
  /** Of the book's last line. */
  readonly revision: number;
  readonly installation: Installation;
}

/** The switch as it is shown. */
export function shownStaffAccess({ workspaceId, book, revision, installation }: SwitchState): StaffAccess {
  const { staffAccess, workspace } = book;
  const policy = effectivePolicy(installation.policy, book.tightening);
  const areas = Object.entries(installation.catalogue.areas).map(([id, label]) => ({ id, label }));
  const { consent } = policy;
  const { panel, switchLabel } = WORD_SETS[policy.wording];
  const same = {
    workspaceId,
    panel,
    switchLabel,
    revision,
    areas,
    maySwitch: consent.maySwitch,
    windowMinutes: consent.mode === 'switch' ? consent.windowMinutes : null,
    longestWindowMinutes: longestWindow(policy),
  };
  if (staffAccess.phase === 'off') {
    return { ...same, on: false, until: null, since: null, by: null, withoutAreas: [], onlyCase: null, askEach: false };
  }
  const { until, since, by, byName, withoutAreas, onlyCase, askEach } = staffAccess;
  return {
    ...same,
    on: true,
    until: Number.isFinite(until) ? new Date(until) : null,
    since: new Date(since),
    by: { id: by, name: byName },
    withoutAreas: [...withoutAreas],
    onlyCase: onlyCase === null ? null : (workspace.cases.get(onlyCase)?.ref ?? onlyCase),
    askEach,
  };
}
