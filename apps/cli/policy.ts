import { isTighter, KNOB_NAMES, type KnobName } from '#domain/policy/knobs';
import { PRESET_NAMES, readPolicy, type Policy } from '#domain/policy/policy';
import { PRESETS } from '#domain/policy/presets';
import { knobOf } from '#domain/policy/tighten';
import { settingSaid } from '#wording/policy-lines';
import { linesOf, mistakesOf } from '#server/config/declared-text';
import { declaredIn, printRemarks } from './declared-file.ts';
import { CommandFailed, EXIT } from './exit.ts';
import { forTerminal, say, sayJson } from './printed.ts';

interface Options {
  readonly json: boolean;
}

/** The presets' names, or one of them as sentences. @throws {CommandFailed} there is no such preset. */
export function presets(name: string | undefined, { json }: Options): void {
  if (name === undefined) {
    if (json) sayJson(PRESETS);
    else for (const each of PRESET_NAMES) say(each);
    return;
  }
  const policy = presetCalled(name);
  if (policy === undefined) throw new CommandFailed(EXIT.usage, noSuchPreset(name));
  if (json) sayJson(policy);
  else for (const knob of KNOB_NAMES) say(`${knob.padEnd(30)} ${said(policy, knob)}`);
}

/** Reads a policy as the service would. @throws {CommandFailed} it can't be used. */
export function checkPolicy(name: string, { json }: Options): void {
  const file = declaredIn(name);
  printRemarks(file, mistakesOf(file, readPolicy), { json, good: `${name} is good.` });
}

interface Difference {
  readonly knob: KnobName;
  readonly from: unknown;
  readonly to: unknown;
  readonly change: 'tighter' | 'looser' | 'other';
  readonly fromSaid: string;
  readonly toSaid: string;
}

/** What is tighter, looser or other in the second policy; each is a preset's name or a file. @throws {CommandFailed} */
export function diffPolicies(from: string, to: string, { json }: Options): void {
  const [before, after] = [policyMeant(from), policyMeant(to)];
  const differences = KNOB_NAMES.flatMap((knob) => differenceIn(before, after, knob));
  if (json) {
    sayJson({ differences });
    return;
  }
  if (differences.length === 0) say('Both say the same.');
  for (const { knob, change, fromSaid, toSaid } of differences) {
    for (const line of [`${knob} (${change})`, `  - ${fromSaid}`, `  + ${toSaid}`]) say(line);
  }
}

function differenceIn<Name extends KnobName>(before: Policy, after: Policy, knob: Name): Difference[] {
  const [from, to] = [knobOf(before, knob), knobOf(after, knob)];
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  const change = isTighter(knob, to, from) ? 'tighter' : isTighter(knob, from, to) ? 'looser' : 'other';
  return [{ knob, from, to, change, fromSaid: settingSaid(knob, from), toSaid: settingSaid(knob, to) }];
}

function policyMeant(meant: string): Policy {
  const preset = presetCalled(meant);
  if (preset) return preset;
  const file = declaredIn(meant);
  const mistakes = mistakesOf(file, readPolicy);
  const reading = readPolicy(file.content);
  if (mistakes.length === 0 && reading.kind === 'policy') return reading.policy;
  throw new CommandFailed(EXIT.failed, linesOf(meant, mistakes).map(forTerminal).join('\n'));
}

function said<Name extends KnobName>(policy: Policy, knob: Name): string {
  return settingSaid(knob, knobOf(policy, knob));
}

function presetCalled(name: string): Policy | undefined {
  const known = PRESET_NAMES.find((each) => each === name);
  return known && PRESETS[known];
}

function noSuchPreset(name: string): string {
  return `There is no preset “${name}”. There are ${PRESET_NAMES.join(', ')}.`;
}
