import { STAFF_ROLES, type StaffId } from '@gatebook/protocol';
import * as v from 'valibot';
import { catalogueSchema } from './catalogue/catalogue.ts';
import { idWith } from './fact.ts';
import type { Installation } from './installation/installation.ts';
import { packCommands, packedCommands, unpackCommands } from './packed-commands.ts';
import { policySchema } from './policy/policy.ts';
import type { StaffMember } from './staff/staff.ts';

/**
 * Raised whenever the meaning of the installation's or the staff members' folds changes, or their packed shape: states
 * that another version made are not used.
 */
export const OUTSIDE_FOLD_VERSION = 5;

/** A stream's state, and the revision of the last fact in it: -1 before the first. */
export interface Folded<State> {
  readonly state: State;
  readonly revision: number;
}

/** The states that decisions about workspaces read and that stand in other streams. */
export interface Outside {
  readonly installation: Folded<Installation>;
  readonly staff: ReadonlyMap<StaffId, Folded<StaffMember>>;
}

const finite = v.pipe(v.number(), v.finite());
const revision = v.pipe(v.number(), v.integer(), v.minValue(-1));

const packedOutside = v.strictObject({
  installation: v.strictObject({
    revision,
    readable: v.boolean(),
    policy: policySchema,
    policyRevision: revision,
    catalogue: catalogueSchema,
    catalogueRevision: revision,
    commands: packedCommands,
  }),
  staff: v.array(
    v.strictObject({
      id: idWith('stf'),
      revision,
      readable: v.boolean(),
      phase: v.picklist(['unknown', 'enabled', 'disabled']),
      roles: v.array(v.picklist(STAFF_ROLES)),
      lostRoles: v.array(v.strictObject({ role: v.picklist(STAFF_ROLES), at: finite })),
      seat: v.nullable(
        v.strictObject({ sessionId: idWith('ses'), workspaceId: idWith('ws'), until: finite, takenAt: finite }),
      ),
      shown: v.nullable(v.strictObject({ name: v.string(), email: v.string() })),
      person: v.nullable(v.strictObject({ issuer: v.string(), subject: v.string() })),
      commands: packedCommands,
    }),
  ),
});

/** The states as a plain value that JSON can hold. */
export function packOutside({ installation, staff }: Outside): unknown {
  const packed: v.InferInput<typeof packedOutside> = {
    installation: {
      ...installation.state,
      revision: installation.revision,
      commands: packCommands(installation.state.commands),
    },
    staff: [...staff].map(([id, { state, revision }]) => ({
      ...state,
      id,
      revision,
      roles: [...state.roles],
      lostRoles: [...state.lostRoles],
      commands: packCommands(state.commands),
    })),
  };
  return packed;
}

/** The states that were packed; `undefined` where these are no packed states of this version. */
export function unpackOutside(packed: unknown): Outside | undefined {
  const checked = v.safeParse(packedOutside, packed, { abortEarly: true });
  if (!checked.success) return undefined;
  const { installation, staff } = checked.output;
  const folded = <
    State extends { readonly revision: number; readonly commands: v.InferOutput<typeof packedCommands> },
  >({
    revision,
    ...state
  }: State) => ({ revision, state: { ...state, commands: unpackCommands(state.commands) } });
  return {
    installation: folded(installation),
    staff: new Map(staff.map(({ id, ...member }) => [id, folded(member)])),
  };
}
