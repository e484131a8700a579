import { canonicalJson } from '@gatebook/protocol';
import * as v from 'valibot';
import { openedBy } from '../catalogue/opened.ts';
import { catalogueSchema, emptyCatalogue, type Catalogue } from '../catalogue/catalogue.ts';
import { noCommands, remember, type CommandMemory } from '../command-memory.ts';

import { factKind, type FactOf, type Written } from '../fact.ts';
import { isAtLeastAsTight, KNOB_NAMES, type KnobName } from '../policy/knobs.ts';
import { knobOf } from '../policy/tighten.ts';
import { defaultPolicy, firstPolicySchema, policySchema, upcastPolicy, type Policy } from '../policy/policy.ts';
import type { Decision } from '../rule.ts';

export const PolicyChanged = factKind(
  'PolicyChanged',
  'The installation’s settings are these from now on.',
  {
    /** Today's shape, or the first release's: which, is told by what it has. */
    policy: v.union([policySchema, firstPolicySchema]),
  },
  2,
);

export const CatalogueChanged = factKind(
  'CatalogueChanged',
  'The vendor’s pages, actions, fields and jobs are these from now on.',
  {
    catalogue: catalogueSchema,
  },
);

export const INSTALLATION_FACTS = [PolicyChanged, CatalogueChanged] as const;
export type InstallationFact = FactOf<(typeof INSTALLATION_FACTS)[number]>;

/** Policy and catalogue, each with the revision of the fact that set it: -1 before any. */
export interface Installation {
  readonly readable: boolean;
  readonly policy: Policy;
  readonly policyRevision: number;
  readonly catalogue: Catalogue;
  readonly catalogueRevision: number;
  readonly commands: CommandMemory;
}

export const newInstallation: Installation = {
  readable: true,
  policy: defaultPolicy,
  policyRevision: -1,
  catalogue: emptyCatalogue,
  catalogueRevision: -1,
  commands: noCommands,
};

export function evolveInstallation(state: Installation, fact: InstallationFact, written: Written): Installation {
  const installation = { ...state, commands: remember(state.commands, written) };
  switch (fact.type) {
    case 'PolicyChanged':
      return { ...installation, policy: upcastPolicy(fact.data.policy), policyRevision: written.revision };
    case 'CatalogueChanged':
      return { ...installation, catalogue: fact.data.catalogue, catalogueRevision: written.revision };
  }
}

export type InstallationCommand =
  | { readonly type: 'ChangePolicy'; readonly policy: Policy; readonly by?: Changer }
  | { readonly type: 'ChangeCatalogue'; readonly catalogue: Catalogue; readonly by?: Changer };

/**
 * Who changes it: the operator, by the files that the service starts with (left out), or a lead, by a command. A lead may
 * close at once, and open nothing: who could loosen what they work under would need nobody's approval.
 */
export type Changer = 'operator' | 'lead';

/** A change that changes nothing is refused, so that starting with the same files again writes nothing. */
export function decideInstallation(
  command: InstallationCommand,
  installation: Installation,
): Decision<InstallationFact> {
  switch (command.type) {
    case 'ChangePolicy': {
      const { policy, by = 'operator' } = command;
      if (same(policy, installation.policy) && installation.policyRevision >= 0) return unchanged('policy');
      const looser = by === 'lead' ? looserIn(installation.policy, policy) : undefined;
      return looser === undefined ? { facts: [{ type: 'PolicyChanged', data: { policy } }] } : opens(looser);
    }
    case 'ChangeCatalogue': {
      const { catalogue, by = 'operator' } = command;
      if (same(catalogue, installation.catalogue)) return unchanged('catalogue');
      const opened = by === 'lead' ? openedBy(installation.catalogue, catalogue) : undefined;
      return opened === undefined
        ? { facts: [{ type: 'CatalogueChanged', data: { catalogue } }] }
        : opens(`${opened.path.join('.')} ${opened.message}`);
    }
  }
}

function looserIn(from: Policy, to: Policy): string | undefined {
  if (from.preset !== to.preset) return `preset would no longer be ${from.preset}`;
  const looser = KNOB_NAMES.find((name) => isLooser(name, from, to));
  return looser && `${looser} would be looser`;
}

function isLooser<Name extends KnobName>(name: Name, from: Policy, to: Policy): boolean {
  return !isAtLeastAsTight(name, knobOf(to, name), knobOf(from, name));
}

function opens(what: string): Decision<InstallationFact> {
  return {
    facts: [],
    refusal: {
      rule: 'changeIsTighter',
      because: `${what}, and a command only closes.`,
      instead: 'What opens is the operator’s to change, in the file that the service starts with.',
    },
  };
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function unchanged(what: string): Decision<InstallationFact> {
  return { facts: [], refusal: { rule: 'changeIsDifferent', because: `The ${what} is already what the change says.` } };
}
