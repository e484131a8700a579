import type { StartChoices } from './operations.ts';

interface Choices {
  readonly workspaces: { readonly nodes: readonly Pick<StartChoices['workspaces']['nodes'][number], 'openCases'>[] };
  readonly catalogue: { readonly visits: Pick<StartChoices['catalogue']['visits'], 'caseRequired'> };
}

/** Whether there is anything to begin: an open case or, where the settings ask for none, a customer (S0-44). */
export function mayBegin({ workspaces: { nodes }, catalogue: { visits } }: Choices): boolean {
  return nodes.some(({ openCases }) => openCases.length > 0 || !visits.caseRequired);
}
