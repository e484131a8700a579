import type { SessionId, StaffId, StaffRole, WorkspaceId } from '@gatebook/protocol';
import { toInstant } from '../fact.ts';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import type { StaffFact, StaffMember } from './staff.ts';

/** What the vendor's directory and the start of a visit ask of a staff member's own stream. */
export type StaffCommand =
  | {
      readonly type: 'EnableStaff';
      readonly staffId: StaffId;
      readonly issuer: string;
      readonly subject: string;
      readonly name: string;
      readonly email: string;
      readonly roles: readonly StaffRole[];
    }
  | { readonly type: 'DisableStaff'; readonly staffId: StaffId }
  | {
      readonly type: 'TakeSeat';
      readonly staffId: StaffId;
      readonly sessionId: SessionId;
      readonly workspaceId: WorkspaceId;
      /** When the seat frees itself, epoch milliseconds. */
      readonly until: number;
      /** The session that holds the seat was looked up in its workspace and is over, or never began. */
      readonly holderIsOver: SessionId | null;
    }
  | { readonly type: 'ReleaseSeat'; readonly staffId: StaffId; readonly sessionId: SessionId };

interface SeatContext {
  readonly staff: StaffMember;
  readonly now: number;
  readonly holderIsOver: SessionId | null;
}

const staffMemberIsEnabled: Rule<SeatContext> = rule('staffMemberIsEnabled', ({ staff }) =>
  staff.readable && staff.phase === 'enabled' ? undefined : { because: 'You are not enabled as a staff member.' },
);

const staffMemberHasNoOtherVisit: Rule<SeatContext> = rule(
  'staffMemberHasNoOtherVisit',
  ({ staff: { seat }, now, holderIsOver }) => {
    if (seat === null || now >= seat.until || seat.sessionId === holderIsOver) return undefined;
    return { because: 'You are in a visit already.', instead: 'Exit it first.' };
  },
);

/** One live session per staff member: the seat is taken by the exact revision of this stream, so two can't both win. */
export function decideStaff(command: StaffCommand, staff: StaffMember, now: number): Decision<StaffFact> {
  switch (command.type) {
    case 'EnableStaff': {
      const { staffId, issuer, subject, name, email, roles } = command;
      const nothingNew =
        staff.phase === 'enabled' &&
        staff.shown?.name === name &&
        staff.shown.email === email &&
        [...staff.roles].sort().join() === [...roles].sort().join();
      if (nothingNew) return { facts: [] };
      const personal = { subject: staffId, name, email };
      return {
        facts: [{ type: 'StaffEnabled', data: { staffId, person: { issuer, subject }, roles: [...roles], personal } }],
      };
    }
    case 'DisableStaff':
      if (staff.phase !== 'enabled') return { facts: [] };
      return { facts: [{ type: 'StaffDisabled', data: { staffId: command.staffId } }] };
    case 'TakeSeat': {
      const { staffId, sessionId, workspaceId, until, holderIsOver } = command;
      if (staff.phase === 'enabled' && staff.seat?.sessionId === sessionId && now < staff.seat.until)
        return { facts: [] };
      const refusal = firstRefusal([staffMemberIsEnabled, staffMemberHasNoOtherVisit], { staff, now, holderIsOver });
      if (refusal) return { facts: [], refusal };
      return {
        facts: [{ type: 'StaffSeatTaken', data: { staffId, sessionId, workspaceId, until: toInstant(until) } }],
      };
    }
    case 'ReleaseSeat': {
      const { staffId, sessionId } = command;
      if (staff.seat?.sessionId !== sessionId) return { facts: [] };
      return { facts: [{ type: 'StaffSeatReleased', data: { staffId, sessionId } }] };
    }
  }
}
