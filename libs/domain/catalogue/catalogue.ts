import { MASK_KINDS, type MaskKind } from '@gatebook/protocol';
import * as v from 'valibot';
import { readDeclared, type Mistake } from '../declared.ts';
import { TRIGGERS } from '../policy/triggers.ts';
import { choicesSchema, isForAll } from './choices.ts';

const name = v.pipe(
  v.string(),
  v.regex(
    /^[a-z][A-Za-z0-9.-]{0,63}$/,
    'must begin with a small letter and hold letters, digits, dots and hyphens only',
  ),
);
const label = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, 'must not be empty'),
  v.maxLength(120, 'must have at most 120 characters'),
);

export const catalogueSchema = v.strictObject({
  areas: v.record(name, label),
  pages: v.record(
    name,
    v.strictObject({
      label,
      area: v.optional(name),
      class: v.picklist(['view', 'sensitive', 'never']),
      /** How many rows of customers' data one opening shows. */
      rows: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    }),
  ),
  actions: v.record(
    name,
    v.strictObject({
      label,
      area: v.optional(name),
      class: v.picklist(['change', 'restricted', 'never']),
      target: v.optional(name),
      /** Names of its arguments, all text: none is asked for or approved without each of them. */
      takes: v.optional(v.array(name)),
      /** Which values its arguments may have; any text where it says nothing. */
      choices: v.optional(v.record(name, choicesSchema)),
      /** The pages that performing it needs: what a request for it opens without a job. */
      pages: v.optional(v.array(name)),
      /** What performing it does, in the policy’s words: whose approval it needs depends on it. */
      effects: v.optional(v.array(v.picklist(TRIGGERS))),
    }),
  ),
  /** `none`: looked at, and found fit to be shown and kept. What isn't declared at all is hidden (S1-46). */
  fields: v.record(
    name,
    v.strictObject({
      mask: v.picklist([...MASK_KINDS, 'none']),
      /** What people call it, within a sentence: "the e-mail address of {record}". */
      label: v.optional(label),
      /** Where it stands: what a reveal of it opens. */
      pages: v.optional(v.array(name)),
    }),
  ),
  jobs: v.record(
    name,
    v.strictObject({ label, pages: v.array(name), actions: v.array(name), mode: v.picklist(['read', 'edit']) }),
  ),
});

/** The vendor's declaration of pages, actions, fields and jobs, a risk class each. What is not in it is closed. */
export type Catalogue = v.InferOutput<typeof catalogueSchema>;
export type CataloguePage = Catalogue['pages'][string];

export const emptyCatalogue: Catalogue = { areas: {}, pages: {}, actions: {}, fields: {}, jobs: {} };

export type CatalogueMistake = Mistake;

export type CatalogueReading =
  | { readonly kind: 'catalogue'; readonly catalogue: Catalogue }
  | {
      readonly kind: 'mistakes';
      /** Each with where it stands, in words. */
      readonly mistakes: readonly string[];
      readonly found: readonly CatalogueMistake[];
    };

/** Reads a catalogue as a vendor wrote it (already parsed from YAML or JSON); every mistake says where it stands. */
export function readCatalogue(input: unknown): CatalogueReading {
  const declared = readDeclared(catalogueSchema, input, 'entry');
  const found = declared.kind === 'read' ? mistakesIn(declared.output) : declared.found;
  if (declared.kind === 'read' && found.length === 0) return { kind: 'catalogue', catalogue: declared.output };
  const mistakes = found.map(
    ({ path, message }) => `${path.length === 0 ? 'the catalogue' : path.join('.')}: ${message}`,
  );
  return { kind: 'mistakes', mistakes, found };
}

/** Of what can name pages and actions, what nobody opens isn't named: in their words. */
const CANNOT_OPEN: Readonly<Record<string, string>> = { jobs: 'job', actions: 'action' };

/** What doesn't hold together in a catalogue whose every entry is right by itself. */
function mistakesIn(catalogue: Catalogue): CatalogueMistake[] {
  const mistakes: CatalogueMistake[] = [];
  const mustHave = (group: 'areas' | 'pages' | 'actions', key: string | undefined, ...path: (string | number)[]) => {
    if (key === undefined) return;
    if (!Object.hasOwn(catalogue[group], key)) {
      mistakes.push({ path, message: `"${key}" is not among the ${group}` });
    } else if (CANNOT_OPEN[path[0]!] !== undefined && group !== 'areas' && catalogue[group][key]?.class === 'never') {
      mistakes.push({ path, message: `"${key}" is of class never, which no ${CANNOT_OPEN[path[0]!]} opens` });
    }
  };
  for (const [id, page] of Object.entries(catalogue.pages)) mustHave('areas', page.area, 'pages', id, 'area');
  for (const [id, action] of Object.entries(catalogue.actions)) {
    mustHave('areas', action.area, 'actions', id, 'area');
    action.pages?.forEach((page, at) => mustHave('pages', page, 'actions', id, 'pages', at));
    for (const [argument, choices] of Object.entries(action.choices ?? {})) {
      const path = ['actions', id, 'choices', argument];
      if (action.takes?.includes(argument) !== true) {
        mistakes.push({ path, message: `"${argument}" is not among the arguments in "takes"` });
      } else if (action.target === undefined && !isForAll(choices)) {
        mistakes.push({ path, message: 'must be a list: the action says nothing of a target in "target"' });
      }
    }
  }
  for (const [id, { pages = [] }] of Object.entries(catalogue.fields))
    pages.forEach((page, at) => mustHave('pages', page, 'fields', id, 'pages', at));
  for (const [id, job] of Object.entries(catalogue.jobs)) {
    job.pages.forEach((page, at) => mustHave('pages', page, 'jobs', id, 'pages', at));
    job.actions.forEach((action, at) => mustHave('actions', action, 'jobs', id, 'actions', at));
    if (job.mode === 'read' && job.actions.length > 0) {
      mistakes.push({ path: ['jobs', id, 'actions'], message: 'a job of mode "read" has no actions' });
    }
  }
  return mistakes;
}

export function pageOf(catalogue: Catalogue, id: string): CataloguePage | undefined {
  return Object.hasOwn(catalogue.pages, id) ? catalogue.pages[id] : undefined;
}

/** Of the arguments that an action takes, the first that isn't named: without it nothing could be performed. */
export function missingArgument(
  { takes }: Catalogue['actions'][string],
  given: Readonly<Record<string, unknown>> | null,
): string | undefined {
  return takes?.find((name) => given === null || !Object.hasOwn(given, name) || given[name] == null);
}

/** A page's or action's name for people: its label, with the record's id filled in and no other placeholder left. */
export function labelFor(text: string, record: string | null): string {
  // In one pass, and by a function: what a record's id holds is neither a placeholder nor a pattern. A preposition whose
  // placeholder stays empty goes with it: "retry the sync on {target}" is "retry the sync" where no target is meant.
  return text
    .replaceAll(
      /(\s+(?:on|of|for|to|in|from|with))?(\s*)\{([^}]*)\}/g,
      (_, preposition: string | undefined, space: string, placeholder: string) =>
        record !== null && (placeholder === 'record' || placeholder === 'target')
          ? (preposition ?? '') + space + recordNamed(record)
          : '',
    )
    .trim();
}

const PLAIN_ID = /^[\w.:#-]{1,64}$/;

/** A record's id within a sentence: in quotes where it isn't plainly an id, so that it can't go on with the sentence. */
export function recordNamed(record: string): string {
  return PLAIN_ID.test(record) ? record : `“${record.replaceAll(/[“”\\]/g, '\\$&')}”`;
}

/** Every declared field and how it is masked: in a read visit all of them are. */
export function masksOf(catalogue: Catalogue): Readonly<Record<string, MaskKind>> {
  return Object.fromEntries(
    Object.entries(catalogue.fields).flatMap(([field, { mask }]) => (mask === 'none' ? [] : [[field, mask] as const])),
  );
}

/** What a read visit may and may not do: page ids for deciding, phrases for people. */
export interface ReadScope {
  readonly pages: readonly string[];
  readonly can: readonly string[];
  readonly cannot: readonly string[];
}

const PHRASES_SHOWN = 40;

/** The smallest scope: a job's pages or, without a job, every page of class `view`; never an area that was left out. */
export function readScope(catalogue: Catalogue, job: string | null, withoutAreas: readonly string[]): ReadScope {
  const wanted = job === null ? Object.keys(catalogue.pages) : (catalogue.jobs[job]?.pages ?? []);
  const open = (id: string) => {
    const page = pageOf(catalogue, id);
    return page?.class === 'view' && !(page.area !== undefined && withoutAreas.includes(page.area));
  };
  const pages = wanted.filter(open);
  const closed = Object.entries(catalogue.pages).filter(([id]) => !pages.includes(id));
  const actions = Object.values(catalogue.actions);
  return {
    pages,
    can: pages.map((id) => `open ${labelFor(catalogue.pages[id]?.label ?? id, null)}`).slice(0, PHRASES_SHOWN),
    cannot: [
      'change anything',
      ...closed.map(([, page]) => `open ${labelFor(page.label, null)}`),
      ...actions.map((action) => labelFor(action.label, null)),
    ].slice(0, PHRASES_SHOWN),
  };
}
