import { isTighter, KNOB_NAMES, type KnobName } from '#domain/policy/knobs';
import { PRESET_NAMES, readPolicy, type Policy } from '#domain/policy/policy';
import { PRESETS } from '#domain/policy/presets';
import { knobOf } from '#domain/policy/tighten';
import { settingSaid } from '#wording/policy-lines';
import { DeclaredFile, printRemarks } from './declared-file.ts';
import { CommandFailed, EXIT } from './exit.ts';

interface Options {
  readonly json: boolean;
}

/** The presets' names, or one of them as sentences. @throws {CommandFailed} there is no such preset. */
export function presets(name: string | undefined, { json }: Options): void {
  if (name === undefined) {
    if (json) console.log(JSON.stringify(PRESETS));
    else for (const each of PRESET_NAMES) console.log(each);
    return;
  }
  const policy = presetCalled(name);
  if (policy === undefined) throw new CommandFailed(EXIT.usage, noSuchPreset(name));
  if (json) console.log(JSON.stringify(policy));
  else for (const knob of KNOB_NAMES) console.log(`${knob.padEnd(30)} ${said(policy, knob)}`);
}

/** Reads a policy as the service would. @throws {CommandFailed} it can't be used. */
export function checkPolicy(name: string, { json }: Options): void {
  const file = DeclaredFile.read(name);
  const remarks = file.syntax.length > 0 ? file.syntax : mistakesIn(file);
  printRemarks(file, remarks, { json, good: `${name} is good.` });
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
    console.log(JSON.stringify({ differences }));
    return;
  }
  if (differences.length === 0) console.log('Both say the same.');
  for (const { knob, change, fromSaid, toSaid } of differences) {
    console.log(`${knob} (${change})\n  - ${fromSaid}\n  + ${toSaid}`);
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
  const reading = readPolicy(DeclaredFile.read(meant).content);
  if (reading.kind === 'policy') return reading.policy;
  throw new CommandFailed(EXIT.failed, reading.mistakes.map((mistake) => `${meant}: ${mistake}.`).join('\n'));
}

function mistakesIn(file: DeclaredFile) {
  const reading = readPolicy(file.content);
  if (reading.kind === 'policy') return [];
  return reading.found.map(({ path, message }) => file.remark('error', path, message));
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
