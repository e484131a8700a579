import type { EvaluationRequest, MaskKind, RuleCode } from '@gatebook/protocol';
import type { AskedInstead, GatebookOptions } from './options.ts';
import type { Visit } from './visits.ts';

const whereOf = ({ who, banner }: Visit) => ({ workspaceId: who.ws, caseRef: banner.caseRef });

/** What a refused action, sensitive page or masked value could be asked for as; nothing where it was another page. */
export function wishOf(visit: Visit, { resource }: EvaluationRequest, rule: RuleCode): AskedInstead | undefined {
  const where = whereOf(visit);
  const { record, arguments: given } = resource.properties;
  switch (resource.type) {
    case 'page':
      return rule === 'pageIsViewable' ? { ...where, page: resource.id } : undefined;
    case 'field':
      return { ...where, field: resource.id, ...(record !== undefined && { record }) };
    case 'operation': {
      const target = record === undefined ? {} : { target: record };
      const exactly = given === undefined ? {} : { arguments: given };
      return { ...where, action: resource.id, ...target, ...exactly };
    }
  }
}

/** Where a masked value can be asked for: what is a secret, or isn't masked here, can't be. */
export function askingFor(
  visit: Visit,
  masks: Readonly<Record<string, MaskKind>>,
  ask: GatebookOptions['ask'],
): (field: string, record?: string) => string | undefined {
  return (field, record) => {
    const mask = Object.hasOwn(masks, field) ? masks[field] : undefined;
    if (mask === undefined || mask === 'secret') return undefined;
    return ask?.({ ...whereOf(visit), field, ...(record !== undefined && { record }) });
  };
}
