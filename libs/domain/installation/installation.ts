import { canonicalJson } from '@gatebook/protocol';
import * as v from 'valibot';
import { catalogueSchema, emptyCatalogue, type Catalogue } from '../catalogue/catalogue.ts';
import { noCommands, remember, type CommandMemory } from '../command-memory.ts';

import { factKind, type FactOf, type Written } from '../fact.ts';
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
  | { readonly type: 'ChangePolicy'; readonly policy: Policy }
  | { readonly type: 'ChangeCatalogue'; readonly catalogue: Catalogue };

/** A change that changes nothing is refused, so that starting with the same files again writes nothing. */
export function decideInstallation(
  command: InstallationCommand,
  installation: Installation,
): Decision<InstallationFact> {
  switch (command.type) {
    case 'ChangePolicy':
      return same(command.policy, installation.policy) && installation.policyRevision >= 0
        ? unchanged('policy')
        : { facts: [{ type: 'PolicyChanged', data: { policy: command.policy } }] };
    case 'ChangeCatalogue':
      return same(command.catalogue, installation.catalogue)
        ? unchanged('catalogue')
        : { facts: [{ type: 'CatalogueChanged', data: { catalogue: command.catalogue } }] };
  }
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function unchanged(what: string): Decision<InstallationFact> {
  return { facts: [], refusal: { rule: 'changeIsDifferent', because: `The ${what} is already what the change says.` } };
}
