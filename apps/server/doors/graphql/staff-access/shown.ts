import type { WorkspaceId } from '@gatebook/protocol';
import type { Book } from '#domain/book/book';
import type { Installation } from '#domain/installation/installation';
import { effectivePolicy } from '#domain/policy/tighten';
import { leftOnFrom, letsInUntil } from '#domain/staff-access/left-on';
import { longestWindow } from '#domain/staff-access/enable-staff-access';
import { explained, type Opening } from '#wording/explained';
import { leftOnReminder } from '#wording/left-on';
import { wordsOf } from '#wording/word-sets';
import type { StaffAccess } from './staff-access.types.ts';

export interface SwitchState {
  readonly workspaceId: WorkspaceId;
  /** In which what the clock has ended is ended. */
  readonly book: Book;
  /** Of the book's last line. */
  readonly revision: number;
  readonly installation: Installation;
  /** Epoch milliseconds: the time that it is shown of. */
  readonly now: number;
}

/** The switch as it is shown. */
export function shownStaffAccess({ workspaceId, book, revision, installation, now }: SwitchState): StaffAccess {
  const { staffAccess, workspace } = book;
  const policy = effectivePolicy(installation.policy, book.tightening);
  const { catalogue } = installation;
  const areas = Object.entries(catalogue.areas).map(([id, label]) => ({ id, label }));
  const { consent, approval, request } = policy;
  const { panel, switchLabel } = wordsOf(policy);
  const opening: Omit<Opening, 'catalogue'> =
    staffAccess.phase === 'off'
      ? { withoutAreas: [], onlyCase: null, askEach: false }
      : {
          withoutAreas: [...staffAccess.withoutAreas],
          onlyCase:
            staffAccess.onlyCase === null
              ? null
              : (workspace.cases.get(staffAccess.onlyCase)?.ref ?? staffAccess.onlyCase),
          askEach: staffAccess.askEach,
        };
  const same = {
    workspaceId,
    panel,
    switchLabel: switchLabel[consent.mode],
    rules: explained(policy, { catalogue, ...opening }),
    withoutAreas: [...opening.withoutAreas],
    onlyCase: opening.onlyCase,
    askEach: opening.askEach,
    revision,
    areas,
    maySwitch: consent.maySwitch,
    mayDecide: approval.customer,
    startByMinutes: request.startByMinutes,
    mayWiden: approval.mayWiden,
    windowMinutes: consent.mode === 'switch' ? consent.windowMinutes : null,
    longestWindowMinutes: longestWindow(policy),
  };
  if (staffAccess.phase === 'off') {
    // Where no switch lets staff in, only what somebody turned off keeps them out (policy.md, "Presets").
    const on =
      consent.mode !== 'switch' && !staffAccess.blocked && workspace.members.all.some(({ role }) => role === 'owner');
    return { ...same, on, until: null, since: null, by: null, remindAt: null, reminder: null };
  }
  const { since, by, byName } = staffAccess;
  const until = letsInUntil(staffAccess, policy);
  if (now >= until) return { ...same, on: false, until: null, since: null, by: null, remindAt: null, reminder: null };
  const remindAt = leftOnFrom(staffAccess, policy);
  return {
    ...same,
    on: true,
    until: Number.isFinite(until) ? new Date(until) : null,
    since: new Date(since),
    by: { id: by, name: byName },
    remindAt: remindAt === null ? null : new Date(remindAt),
    reminder: remindAt === null || now < remindAt ? null : leftOnReminder(now - since),
  };
}
