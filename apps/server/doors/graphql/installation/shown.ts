import { labelFor } from '#domain/catalogue/catalogue';
import { isForAll } from '#domain/catalogue/choices';
import type { Installation } from '#domain/installation/installation';
import type { ArgumentChoices, Catalogue } from './installation.types.ts';

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
      choices: shownChoices(action),
      pages: action.pages ?? null,
      area: action.area ?? null,
      isExport: (action.effects ?? []).includes('export'),
    })),
    fields: entries(catalogue.fields).map((field) => ({
      ...field,
      label: field.label ?? null,
      pages: field.pages ?? null,
    })),
    jobs: entries(catalogue.jobs).map((job) => ({ ...job, readOnly: job.mode === 'read' })),
    visits: {
      ...policy.session,
      writeCapMinutes: Math.min(policy.write.capMinutes, policy.session.capMinutes),
      caseRequired: policy.caseAnchor === 'required',
    },
  };
}

/** The values that an action’s arguments may have, one list for each target that has its own. */
export function shownChoices({ choices = {} }: Installation['catalogue']['actions'][string]): ArgumentChoices[] {
  return Object.entries(choices).flatMap(([argument, declared]): ArgumentChoices[] =>
    isForAll(declared)
      ? [{ argument, target: null, values: declared }]
      : Object.entries(declared).map(([target, values]) => ({ argument, target, values })),
  );
}
