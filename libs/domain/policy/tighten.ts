import { bothOf } from './triggers.ts';
import { KNOB_NAMES, tighterOf, type KnobName, type KnobValue } from './knobs.ts';
import type { Policy } from './policy.ts';

/** What a workspace has set for itself, by the knob's name. */
export type Tightening = { readonly [Name in KnobName]?: KnobValue<Name> };

export const noTightening: Tightening = {};

const LONGEST_MINUTES = 10_080;

/** A policy's value for a knob. */
export function knobOf<Name extends KnobName>(policy: Policy, name: Name): KnobValue<Name> {
  const [group = '', key] = name.split('.');
  const value = (policy as unknown as Record<string, unknown>)[group];
  return (key === undefined ? value : (value as Record<string, unknown>)[key]) as KnobValue<Name>;
}

/**
 * The policy with each knob as tight as both: the loosest policy that is at least as tight as either. In whatever order
 * and however often the same is applied, the same comes of it.
 */
export function tightened(policy: Policy, by: Tightening): Policy {
  let tighter = policy;
  for (const name of KNOB_NAMES) tighter = withTighter(tighter, name, by[name]);
  return consistent(tighter);
}

function withTighter<Name extends KnobName>(policy: Policy, name: Name, by: KnobValue<Name> | undefined): Policy {
  return by === undefined ? policy : withKnob(policy, name, tighterOf(name, knobOf(policy, name), by));
}

function withKnob(policy: Policy, name: KnobName, value: unknown): Policy {
  const [group = '', key] = name.split('.');
  if (key === undefined) return { ...policy, [group]: value };
  return { ...policy, [group]: { ...(policy as unknown as Record<string, object>)[group], [key]: value } };
}

/** What one knob demands of another, once they have been tightened apart. */
function consistent(policy: Policy): Policy {
  const { preset, consent, approval } = policy;
  // Where a switch or an approval lets staff in, it has an end; only the preset switch knows none.
  const most = consent.mode === 'role' || preset === 'switch' ? null : LONGEST_MINUTES;
  const longestWindowMinutes = least(consent.longestWindowMinutes, most);
  const windowMinutes = least(consent.windowMinutes, longestWindowMinutes);
  const everySession = bothOf(approval.asked['every session'] ?? 'nobody', 'customer');
  return {
    ...policy,
    consent: { ...consent, longestWindowMinutes, windowMinutes },
    ...(consent.mode === 'request' &&
      everySession !== 'nobody' && {
        approval: { ...approval, asked: { ...approval.asked, 'every session': everySession } },
      }),
  };
}

function least(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}

const known = new WeakMap<Policy, WeakMap<Tightening, Policy>>();

/** The policy that is in force in a workspace. What was worked out once for the same two is not worked out again. */
export function effectivePolicy(policy: Policy, tightening: Tightening): Policy {
  if (tightening === noTightening) return policy;
  let ofPolicy = known.get(policy);
  if (!ofPolicy) known.set(policy, (ofPolicy = new WeakMap()));
  let effective = ofPolicy.get(tightening);
  if (!effective) ofPolicy.set(tightening, (effective = tightened(policy, tightening)));
  return effective;
}
