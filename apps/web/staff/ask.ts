import { isTypedId, type MaskKind, type MemberId } from '@gatebook/protocol';
import { labelFor, recordNamed, type Catalogue } from '#domain/catalogue/catalogue';
import { exactObject } from '#domain/exact-json';
import { fieldNamed, smallestPages, wantedOf, type NamedField } from '#domain/request/scope';
import { isTaken } from '../requests/choices.ts';
import type { Typed } from './intent.ts';
import type { StartChoices } from './operations.ts';

type Choices = StartChoices['catalogue'];
export type Action = Choices['actions'][number];
export type Field = Choices['fields'][number];

/** Whether what is filled in has to be asked for: it changes something, or each visit is approved here. */
export function isAsked({ jobs }: Choices, typed: Typed): boolean {
  return typed.asks === true || jobs.some(({ id, readOnly }) => id === typed.job && !readOnly);
}

/** The actions of the job that somebody could approve; without a job, every such action. */
export function actionsOf({ jobs, actions }: Choices, job: string): readonly Action[] {
  const named = jobs.find(({ id }) => id === job)?.actions;
  return actions.filter(({ id, class: risk }) => risk !== 'never' && (named === undefined || named.includes(id)));
}

/** Why an action that a link names can’t be asked for; `undefined`: it can, or the link names none. */
export function unaskableAction({ actions }: Pick<Choices, 'actions'>, asked: string): string | undefined {
  const named = actions.find(({ id }) => id === asked);
  if (asked === '' || (named && named.class !== 'never')) return undefined;
  if (named) return `To ${labelFor(named.phrase, null)} is open to nobody of support, whoever approves it.`;
  return `${recordNamed(asked)} is no action that can be asked for: the catalogue doesn’t declare it.`;
}

/** The one action that is asked for; `undefined`: to look, and change nothing. */
export function actionOf(catalogue: Choices, typed: Typed): Action | undefined {
  if (!isAsked(catalogue, typed)) return undefined;
  const job = catalogue.jobs.find(({ id }) => id === typed.job);
  if (job?.readOnly === true) return undefined;
  const possible = actionsOf(catalogue, typed.job);
  return possible.find(({ id }) => id === typed.action) ?? (job && possible.length === 1 ? possible[0] : undefined);
}

/** The pages that hold sensitive data, which are asked for by name. */
export function sensitivePages({ pages }: Pick<Choices, 'pages'>): Choices['pages'] {
  return pages.filter(({ class: risk }) => risk === 'sensitive');
}

/** The fields of which somebody could approve that one value is shown. */
export function maskedFields({ fields }: Pick<Choices, 'fields'>): readonly Field[] {
  return fields.filter(({ mask }) => mask !== 'none' && mask !== 'secret');
}

/** Why a field that a link names can't be asked for; `undefined`: it can, or the link names none. */
export function unaskable({ fields }: Pick<Choices, 'fields'>, asked: string | null): string | undefined {
  if (asked === null || asked === '' || maskedFields({ fields }).some(({ id }) => id === asked)) return undefined;
  const mask = fields.find(({ id }) => id === asked)?.mask;
  if (mask === 'secret') return `${asked} is a secret. Secrets are never shown, whoever approves it.`;
  if (mask === 'none') return `${asked} isn’t masked: it is shown on the pages that a visit opens.`;
  return `${recordNamed(asked)} is no field that can be asked for: the catalogue doesn’t declare it.`;
}

/**
 * The one value that is asked for, once it is named, with what the catalogue calls it; its record is `''` until that is
 * named too. `null`: none is.
 */
export function fieldAsked({ fields }: Pick<Choices, 'fields'>, { field = '', record }: Typed): NamedField | null {
  if (field === '') return null;
  return fieldNamed({ fields: fieldsDeclared(fields) }, { field, record: record === undefined ? null : record.trim() });
}

/** What a field is called where no record of it is meant: "the e-mail address". */
export function fieldCalled({ id, label }: Pick<Field, 'id' | 'label'>): string {
  return label === null ? id : labelFor(label, null);
}

export function fieldById({ fields }: Pick<Choices, 'fields'>, id = ''): string {
  return fieldCalled(fields.find((field) => field.id === id) ?? { id, label: null });
}

/** Whether the value says by itself which pages open: then no job does. */
export function opensByField({ fields }: Pick<Choices, 'fields'>, { field }: Pick<Typed, 'field'>): boolean {
  return fields.some(({ id, pages }) => id === field && pages !== null);
}

/** The job that is asked for, by id; `null`: none is needed. */
export function jobAsked(choices: Choices, typed: Typed): string | null {
  return typed.job === '' || opensByField(choices, typed) ? null : typed.job;
}

/**
 * What is filled in once something more is: a request is about one action, one value or sensitive pages, and what was
 * chosen last takes the place of what was chosen before.
 */
export function chosen({ jobs }: Pick<Choices, 'jobs'>, typed: Typed, change: Partial<Typed>): Typed {
  const changes = change.job !== undefined && jobs.some(({ id, readOnly }) => id === change.job && !readOnly);
  const after: Typed = { ...typed, ...change };
  if (changes || change.action) return { ...after, sensitive: undefined, field: undefined, record: undefined };
  if (change.field !== undefined) return { ...after, sensitive: undefined, action: undefined, args: undefined };
  return change.sensitive?.length ? { ...after, field: undefined, record: undefined } : after;
}

const VALUE = 'the masked value';

/** What gave way to what was chosen last, as a sentence; `undefined`: nothing did. */
export function gaveWay(before: Typed, after: Typed): string | undefined {
  const gone = [
    ...(before.field && after.field === undefined ? [VALUE] : []),
    ...(before.sensitive?.length && after.sensitive === undefined ? ['the sensitive pages'] : []),
  ];
  if (gone.length === 0) return undefined;
  const [first = '', ...others] = gone;
  const is = others.length === 0 && first === VALUE ? 'is' : 'are';
  return `A request is about one thing: ${[first, ...others].join(' and ')} ${is} no longer asked for.`;
}

/** What is asked for: an action, one masked value, or to look, also at the sensitive pages that are named. */
export function kindOf(action: Action | undefined, { field, sensitive = [] }: Pick<Typed, 'field' | 'sensitive'>) {
  if (action) return action.isExport ? 'export' : 'write';
  if (field !== undefined) return 'reveal';
  return sensitive.length > 0 ? 'sensitive entry' : 'read';
}

/** What the action would be done with; `undefined`: what the link brought means nothing exact. */
export function argumentsOf({ args = '' }: Typed): Readonly<Record<string, unknown>> | undefined {
  if (args === '') return {};
  const read = exactObject(args);
  return 'value' in read ? read.value : undefined;
}

/** Of the arguments that the action takes, the first without a text that it could be; `undefined`: it is named whole. */
export function missingArgument(action: Action, typed: Typed): string | undefined {
  const given = argumentsOf(typed) ?? {};
  const isSaid = (name: string) => Object.hasOwn(given, name) && given[name] !== '';
  const on = (typed.target ?? '').trim();
  return action.takes.find((name) => !isSaid(name) || !isTaken(action.choices, name, on, given[name]));
}

/** As whom is looked: by a member's id, as oneself (`null`), or nobody yet whom an id could name (`undefined`). */
export function viewedAs({ viewAs }: Pick<Typed, 'viewAs'>): MemberId | null | undefined {
  if (viewAs === undefined) return null;
  const id = viewAs.trim();
  return isTypedId('mem', id) ? id : undefined;
}

/** "retry the failed invoice sync on INV-88". */
export function labelOf({ phrase, target }: Action, typed: Typed): string {
  const named = typed.target?.trim() ?? '';
  if (target === null) return labelFor(phrase, null);
  // "change the setting {target}" names the kind of thing itself, and says it once.
  if (named !== '' || phrase.includes(`${target} {target}`)) return labelFor(phrase, named || null);
  return labelFor(
    phrase.replaceAll('{target}', () => `the ${target}`),
    null,
  );
}

/** The action that a refusal speaks of: "Ask to retry the failed invoice sync on INV-88, once." */
export function actionFrom(
  actions: Choices['actions'],
  instead: string,
): { action: string; target: string } | undefined {
  const said = /^Ask to (.+), once\.?$/.exec(instead)?.[1];
  if (said === undefined) return undefined;
  const unquoted = (target: string) =>
    /^“.+”$/s.test(target) ? target.slice(1, -1).replaceAll(/\\(.)/gs, '$1') : target;
  for (const { id, phrase, target } of actions) {
    const parts = phrase.split('{target}');
    if (target === null || parts.length !== 2) {
      if (said === phrase) return { action: id, target: '' };
    } else if (
      said.startsWith(parts[0]!) &&
      said.endsWith(parts[1]!) &&
      said.length > phrase.length - '{target}'.length
    ) {
      return { action: id, target: unquoted(said.slice(parts[0]!.length, said.length - parts[1]!.length)) };
    }
  }
  return undefined;
}

/** The job that a refusal speaks of: "The job “Retry a failed invoice sync” changes something, …". */
export function jobFrom(jobs: Choices['jobs'], because: string): string | undefined {
  return jobs.find(({ label }) => because.startsWith(`The job “${label}” `))?.id;
}

/** Exactly what the request would let one do and not do, by the very functions that decide it. */
export function askedScope(choices: Choices, typed: Typed, action: Action | undefined) {
  const { can, cannot } = wantedOf(asDeclared(choices), {
    pages: [...pagesAsked(choices, typed, action)],
    action: action ? { name: action.id, label: labelOf(action, typed), target: null, digest: '' } : null,
    field: action ? null : fieldAsked(choices, typed),
    minutes: typed.minutes,
  });
  return { can, cannot };
}

/** The pages that would be open: the smallest scope that serves, and of what is sensitive the pages that are named. */
export function pagesAsked(choices: Choices, typed: Typed, action: Action | undefined): readonly string[] {
  const job = jobAsked(choices, typed);
  const kind = action || typed.field !== undefined ? kindOf(action, typed) : 'read';
  const field = action ? null : (typed.field ?? null);
  const named = { action: action?.id ?? null, field };
  const smallest = smallestPages(asDeclared(choices), { kind, job, ...named, withoutAreas: [] });
  return action || field !== null ? smallest : [...smallest, ...(typed.sensitive ?? [])];
}

function fieldsDeclared(fields: Choices['fields']): Catalogue['fields'] {
  return Object.fromEntries(
    fields.map(({ id, label, mask, pages }) => [
      id,
      { mask: mask as MaskKind, ...(label !== null && { label }), ...(pages !== null && { pages: [...pages] }) },
    ]),
  );
}

function asDeclared({ pages, jobs, actions, fields }: Choices): Catalogue {
  const byId = <Entry extends { readonly id: string }, Value>(all: readonly Entry[], value: (entry: Entry) => Value) =>
    Object.fromEntries(all.map((entry) => [entry.id, value(entry)]));
  const within = (area: string | null) => (area === null ? {} : { area });
  return {
    areas: {},
    pages: byId(pages, ({ label, class: risk, area }) => ({ label, class: risk, ...within(area) })),
    actions: byId(actions, ({ phrase, class: risk, area, pages: its }) => ({
      label: phrase,
      class: risk,
      ...within(area),
      ...(its !== null && { pages: its }),
    })),
    fields: fieldsDeclared(fields),
    jobs: byId(jobs, ({ label, pages: of, actions: its, readOnly }) => ({
      label,
      pages: of,
      actions: its,
      mode: readOnly ? 'read' : 'edit',
    })),
  } as Catalogue;
}
