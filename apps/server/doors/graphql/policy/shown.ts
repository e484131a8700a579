import { KNOB_NAMES, type KnobName } from '#domain/policy/knobs';
import type { Policy as DomainPolicy } from '#domain/policy/policy';
import { PRESETS } from '#domain/policy/presets';
import { effectivePolicy, knobOf, type Tightening } from '#domain/policy/tighten';
import { settingSaid } from '#wording/policy-lines';
import { wordsOf } from '#wording/word-sets';
import { SettingSource, type Policy, type PolicySetting, type PolicyWords } from './policy.types.ts';

/** The settings in force, each with where its value comes from: the earliest of preset, installation, workspace that has it. */
export function shownPolicy(policy: DomainPolicy, tightening: Tightening): Policy {
  const effective = effectivePolicy(policy, tightening);
  return {
    preset: effective.preset,
    words: wordsInForce(effective),
    settings: KNOB_NAMES.map((name) => shownSetting(name, effective, policy)),
  };
}

function wordsInForce(effective: DomainPolicy): PolicyWords {
  const { switchLabel, ...words } = wordsOf(effective);
  return { ...words, switchLabel: switchLabel[effective.consent.mode] };
}

function shownSetting<Name extends KnobName>(name: Name, effective: DomainPolicy, policy: DomainPolicy): PolicySetting {
  const value = knobOf(effective, name);
  const text = JSON.stringify(value);
  const isOf = (other: DomainPolicy) => JSON.stringify(knobOf(other, name)) === text;
  const vendors = isOf(PRESETS[policy.preset]) ? SettingSource.PRESET : SettingSource.INSTALLATION;
  return {
    name,
    value: text,
    source: isOf(policy) ? vendors : SettingSource.WORKSPACE,
    sentence: settingSaid(name, value),
  };
}
