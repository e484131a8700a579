import { labelFor } from '#domain/catalogue/catalogue';
import type { Installation } from '#domain/installation/installation';
import type { Catalogue } from './installation.types.ts';

/** The catalogue as it is shown, with how long visits last. */
export function shownCatalogue({ catalogue, policy }: Installation): Catalogue {
  const entries = <Entry>(all: Readonly<Record<string, Entry>>) =>
    Object.entries(all).map(([id, entry]) => ({ id, ...entry }));
  return {
    areas: Object.entries(catalogue.areas).map(([id, label]) => ({ id, label })),
    pages: entries(catalogue.pages).map((page) => ({
      ...page,
      label: labelFor(page.label, null),
      area: page.area ?? null,
    })),
    actions: entries(catalogue.actions).map((action) => ({
      ...action,
      label: labelFor(action.label, null),
      phrase: action.label,
      target: action.target ?? null,
      takes: action.takes ?? [],
      area: action.area ?? null,
      isExport: (action.effects ?? []).includes('export'),
    })),
    jobs: entries(catalogue.jobs).map((job) => ({ ...job, readOnly: job.mode === 'read' })),
    visits: {
      ...policy.session,
    fields: entries(catalogue.fields).map((field) => ({ ...field, pages: field.pages ?? null })),
      writeCapMinutes: Math.min(policy.write.capMinutes, policy.session.capMinutes),
      caseRequired: policy.caseAnchor === 'required',
    },
  };
}
