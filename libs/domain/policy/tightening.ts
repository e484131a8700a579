import * as v from 'valibot';
import { factKind, idWith, type FactOf } from '../fact.ts';
import { KNOB_NAMES, KNOBS, type KnobName } from './knobs.ts';
import { noTightening, type Tightening } from './tighten.ts';

type KnobSchemas = { readonly [Name in KnobName]: v.OptionalSchema<(typeof KNOBS)[Name]['schema'], undefined> };

/** Values of knobs by their names, each as the policy has it. */
export const tighteningSchema = v.strictObject(
  Object.fromEntries(KNOB_NAMES.map((name) => [name, v.optional(KNOBS[name].schema)])) as unknown as KnobSchemas,
  ({ expected }) => (expected === 'never' ? 'there is no such setting' : 'must be a group of settings'),
);

export const WorkspacePolicyTightened = factKind(
  'WorkspacePolicyTightened',
  'The workspace set some of the settings tighter than the installation has them, or went back to the installation’s.',
  {
    memberId: idWith('mem'),
    set: tighteningSchema,
    /** Settings that are the installation’s again. */
    cleared: v.array(v.picklist(KNOB_NAMES)),
    /** Revision of the policy that they are tighter than. */
    policyRevision: v.number(),
    personal: v.optional(v.object({ subject: idWith('mem'), name: v.string() })),
  },
);

export const TIGHTENING_FACTS = [WorkspacePolicyTightened] as const;
export type TighteningFact = FactOf<typeof WorkspacePolicyTightened>;

export function evolveTightening(tightening: Tightening, { data: { set, cleared } }: TighteningFact): Tightening {
  const all: Tightening = { ...tightening, ...set };
  // In one order, however it came to be.
  const kept = KNOB_NAMES.filter((name) => all[name] !== undefined && !cleared.includes(name));
  return kept.length === 0 ? noTightening : Object.fromEntries(kept.map((name) => [name, all[name]]));
}
