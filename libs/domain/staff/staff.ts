import { STAFF_ROLES, type SessionId, type StaffRole, type WorkspaceId } from '@gatebook/protocol';
import * as v from 'valibot';
import { noCommands, remember, type CommandMemory } from '../command-memory.ts';
import { factKind, fromInstant, idWith, instant, type FactOf, type Written } from '../fact.ts';

export const StaffEnabled = factKind('StaffEnabled', 'The vendor’s directory told of a staff member and their roles.', {
  staffId: idWith('stf'),
  person: v.object({ issuer: v.string(), subject: v.string() }),
  roles: v.array(v.picklist(STAFF_ROLES)),
  personal: v.optional(v.object({ subject: idWith('stf'), name: v.string(), email: v.string() })),
});

export const StaffDisabled = factKind('StaffDisabled', 'A staff member may no longer visit anybody.', {
  staffId: idWith('stf'),
});

export const StaffSeatTaken = factKind('StaffSeatTaken', 'A staff member took their one seat for a visit.', {
  staffId: idWith('stf'),
  sessionId: idWith('ses'),
  workspaceId: idWith('ws'),
  /** The seat is free again at this instant, whatever happens. */
  until: instant,
});

export const StaffSeatReleased = factKind('StaffSeatReleased', 'A staff member’s seat is free again.', {
  staffId: idWith('stf'),
  sessionId: idWith('ses'),
});

export const STAFF_FACTS = [StaffEnabled, StaffDisabled, StaffSeatTaken, StaffSeatReleased] as const;
export type StaffFact = FactOf<(typeof STAFF_FACTS)[number]>;

export interface Seat {
  readonly sessionId: SessionId;
  readonly workspaceId: WorkspaceId;
  readonly until: number;
  /** Epoch milliseconds. */
  readonly takenAt: number;
}

interface LostRole {
  readonly role: StaffRole;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A staff member: roles, whether enabled, and the one seat. */
export interface StaffMember {
  readonly readable: boolean;
  readonly phase: 'unknown' | 'enabled' | 'disabled';
  readonly roles: readonly StaffRole[];
  /** Roles that they had once and have no more: what leaned on them is to have ended. */
  readonly lostRoles: readonly LostRole[];
  readonly seat: Seat | null;
  readonly shown: { readonly name: string; readonly email: string } | null;
  /** Their verified sign-in; `null`: the directory never told of them. */
  readonly person: { readonly issuer: string; readonly subject: string } | null;
  readonly commands: CommandMemory;
}

export const unknownStaff: StaffMember = {
  readable: true,
  phase: 'unknown',
  roles: [],
  lostRoles: [],
  seat: null,
  shown: null,
  person: null,
  commands: noCommands,
};

export function evolveStaff(state: StaffMember, fact: StaffFact, written: Written): StaffMember {
  const staff = { ...state, commands: remember(state.commands, written) };
  switch (fact.type) {
    case 'StaffEnabled': {
      const { roles, person, personal } = fact.data;
      return {
        ...staff,
        phase: 'enabled',
        roles,
        lostRoles: STAFF_ROLES.flatMap((role) => {
          if (roles.includes(role)) return [];
          if (staff.roles.includes(role)) return { role, at: written.time };
          return staff.lostRoles.find((lost) => lost.role === role) ?? [];
        }),
        shown: personal ? { name: personal.name, email: personal.email } : null,
        person: { issuer: person.issuer, subject: person.subject },
      };
    }
    case 'StaffDisabled':
      return { ...staff, phase: 'disabled' };
    case 'StaffSeatTaken': {
      const { sessionId, workspaceId, until } = fact.data;
      return { ...staff, seat: { sessionId, workspaceId, until: fromInstant(until), takenAt: written.time } };
    }
    case 'StaffSeatReleased':
      return staff.seat?.sessionId === fact.data.sessionId ? { ...staff, seat: null } : staff;
  }
}
