import type { BookFact } from '../book/book.ts';
import type { BookContext } from '../book/context.ts';
import { pageOf } from '../catalogue/catalogue.ts';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import { inVisit, VISIT_RULES, type VisitCommand, type VisitContext } from '../session/rules.ts';
import { grantOfSession } from './grant.ts';

/** A masked field of one record would be shown. */
export interface RevealField extends VisitCommand {
  readonly type: 'RevealField';
  readonly field: string;
  readonly record: string | null;
}

type Context = VisitContext<RevealField>;

const fieldIsDeclared: Rule<Context> = rule('fieldIsApproved', ({ command, installation: { catalogue } }) => {
  const mask = Object.hasOwn(catalogue.fields, command.field) ? catalogue.fields[command.field]?.mask : undefined;
  if (mask === undefined) return { because: 'The catalogue has no such field.' };
  if (mask === 'none') return { because: 'This field isn’t masked.' };
  return mask === 'secret' ? { because: 'Secrets are never shown, whoever approves it.' } : undefined;
});

const fieldIsApproved: Rule<Context> = rule('fieldIsApproved', ({ command, book }) => {
  const wanted = grantOfSession(book.grants, command.sessionId)?.granted.field ?? null;
  if (wanted !== null && wanted.field === command.field && wanted.record === command.record) return undefined;
  return {
    because: 'This field stays masked in this visit.',
    instead: 'Ask for this one field of this one record, with the reason.',
  };
});

/** A value is shown on a page: where the owner leaves out each page of the visit on which it stands, as of now, it isn't (S3-15). */
const areaIsNotLeftOut: Rule<Context> = rule('areaIsNotLeftOut', ({ command, session, book, installation }) => {
  const { staffAccess } = book;
  if (session?.phase !== 'live' || staffAccess.phase !== 'on' || staffAccess.withoutAreas.length === 0)
    return undefined;
  const { catalogue } = installation;
  const standsOn = catalogue.fields[command.field]?.pages ?? [];
  const inScope = [...session.pages];
  const shows = inScope.filter((page) => standsOn.includes(page));
  const areas = (shows.length > 0 ? shows : inScope).map((page) => pageOf(catalogue, page)?.area);
  const isLeftOut = (area: string | undefined) => area !== undefined && staffAccess.withoutAreas.includes(area);
  const [area] = areas;
  return area !== undefined && areas.every(isLeftOut)
    ? { because: `The owner left ${catalogue.areas[area] ?? area} out.` }
    : undefined;
});

const grantIsUnspent: Rule<Context> = rule('grantIsUnspent', ({ command, book }) =>
  grantOfSession(book.grants, command.sessionId)?.phase === 'in use'
    ? undefined
    : { because: 'What was approved was shown already.', instead: 'More is a new request.' },
);

const RULES: readonly Rule<Context>[] = [
  ...VISIT_RULES,
  fieldIsDeclared,
  areaIsNotLeftOut,
  fieldIsApproved,
  grantIsUnspent,
];

/** Shows a masked field, once, as it was approved for this case (S1-44). */
export function revealField(command: RevealField, context: BookContext): Decision<BookFact> {
  const here = inVisit(context, command);
  const refusal = firstRefusal(RULES, here);
  const grant = grantOfSession(context.book.grants, command.sessionId);
  if (refusal || !grant) return { facts: [], refusal };
  const { sessionId, field, record } = command;
  const label = grant.granted.field?.label;
  const { id: grantId, requestId } = grant;
  const revealed = { sessionId, grantId, requestId, field, record, ...(label !== undefined && { label }) };
  return { facts: [{ type: 'FieldRevealed', data: revealed }] };
}
