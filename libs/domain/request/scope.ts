import type { MemberRole } from '@gatebook/protocol';
import { labelFor, pageOf, recordNamed, type Catalogue } from '../catalogue/catalogue.ts';
import type { Trigger } from '../policy/triggers.ts';
import type { PlannedAction, PlannedField, RequestKind, Wanted } from './request.ts';

/** What a person sees of a scope at most; the exact pages stand beside it. */
const PHRASES_SHOWN = 40;

/** The pages that a kind of request can be about: what is `never` can't be granted by anyone (S0-38 to S0-43). */
export function isGrantable(catalogue: Catalogue, page: string, kind: RequestKind): boolean {
  const declared = pageOf(catalogue, page);
  return declared?.class === 'view' || (declared?.class === 'sensitive' && kind === 'sensitive entry');
}

/**
 * The smallest scope that serves (S4-14, S4-31): of a field the pages that show it; else the job's pages or, without a job,
 * those that the action says it needs, or else those of its area; a visit without any of these may open every page of class
 * `view`. A field of which the catalogue tells no page has none without a job. Never an area that the owner left out.
 */
export function smallestPages(
  catalogue: Catalogue,
  {
    kind,
    job,
    action,
    field = null,
    withoutAreas,
  }: {
    readonly kind: RequestKind;
    readonly job: string | null;
    readonly action: string | null;
    /** The field of a reveal. */
    readonly field?: string | null;
    readonly withoutAreas: readonly string[];
  },
): string[] {
  const ofAction = action !== null && Object.hasOwn(catalogue.actions, action) ? catalogue.actions[action] : undefined;
  const area = ofAction?.area;
  const ofJob = job !== null && Object.hasOwn(catalogue.jobs, job) ? catalogue.jobs[job]?.pages : undefined;
  const ofField = field !== null && Object.hasOwn(catalogue.fields, field) ? catalogue.fields[field]?.pages : undefined;
  const wanted =
    ofField ??
    ofJob ??
    (field === null ? undefined : []) ??
    ofAction?.pages ??
    Object.entries(catalogue.pages)
      .filter(([, page]) => page.class === 'view' && (area === undefined || page.area === area))
      .map(([id]) => id);
  return wanted.filter((id) => {
    const own = pageOf(catalogue, id)?.area;
    return isGrantable(catalogue, id, kind) && !(own !== undefined && withoutAreas.includes(own));
  });
}

/** The exact can and can't lists of what is wanted, as phrases: what stands in the request, the grant and the session. */
export function wantedOf(
  catalogue: Catalogue,
  { pages, action, field, minutes }: Pick<Wanted, 'pages' | 'action' | 'field' | 'minutes'>,
): Wanted {
  const canOpen = pages.map((id) => `open ${labelFor(pageOf(catalogue, id)?.label ?? id, null)}`);
  const can = [...(action ? [`${action.label}, once`] : []), ...(field ? [`see ${fieldLabel(field)}, once`] : [])];
  const closed = Object.entries(catalogue.pages).filter(([id]) => !pages.includes(id));
  const actions = Object.entries(catalogue.actions).filter(([name]) => name !== action?.name);
  return {
    pages: [...pages],
    action,
    field,
    minutes,
    can: [...can, ...canOpen].slice(0, PHRASES_SHOWN),
    cannot: [
      action ? 'change anything else' : 'change anything',
      ...closed.map(([, page]) => `open ${labelFor(page.label, null)}`),
      ...actions.map(([, { label }]) => labelFor(label, null)),
    ].slice(0, PHRASES_SHOWN),
  };
}

/** A field of a record as people read of it: "the e-mail address of cus_81", or by its name in the catalogue. */
export function fieldLabel({
  field,
  record,
  label,
}: Pick<PlannedField, 'field' | 'record'> & { readonly label?: string | null | undefined }): string {
  if (label != null) return label;
  return record === null ? field : `${field} of ${recordNamed(record)}`;
}

/** A field of a record, with what the catalogue calls it where it does. */
export type NamedField = PlannedField;

/** A field of a record with what the catalogue calls it. A record is named, whether the label has a place for it or not. */
export function fieldNamed(
  { fields }: Pick<Catalogue, 'fields'>,
  { field, record }: Pick<PlannedField, 'field' | 'record'>,
): PlannedField {
  const called = Object.hasOwn(fields, field) ? fields[field]?.label : undefined;
  if (called === undefined) return { field, record };
  const label = labelFor(called, record);
  const namesIt = record === null || /\{(?:record|target)\}/.test(called);
  return { field, record, label: namesIt ? label : `${label} of ${recordNamed(record)}` };
}

/** Which triggers of the policy a request hits: its kind, its action's effects, its pages, and whom it is viewed as. */
export function triggersOf(
  catalogue: Catalogue,
  {
    kind,
    pages,
    action,
    viewedAsRole,
    viewedAsBillingContact,
  }: {
    readonly kind: RequestKind;
    readonly pages: readonly string[];
    readonly action: Pick<PlannedAction, 'name'> | null;
    readonly viewedAsRole: MemberRole | null;
    readonly viewedAsBillingContact: boolean;
  },
): Trigger[] {
  const effects = action === null ? [] : (catalogue.actions[action.name]?.effects ?? []);
  const hit = new Set<Trigger>(['every session', ...effects]);
  if (kind === 'write') hit.add('every write');
  if (kind === 'export') hit.add('export');
  if (kind === 'reveal') hit.add('reveal');
  if (pages.some((page) => pageOf(catalogue, page)?.class === 'sensitive')) hit.add('sensitive page');
  if (viewedAsRole === 'owner' || viewedAsRole === 'admin' || viewedAsBillingContact) hit.add('sensitive account');
  return [...hit];
}
