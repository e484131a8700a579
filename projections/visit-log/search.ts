import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely';
import type { Schema } from '../projections.ts';

/** Words of a search: at most so many, each of at least two characters. All of them must be found. */
const MOST_TERMS = 6;

export function termsOf(search: string): readonly string[] {
  const words = search.normalize('NFC').toLowerCase().split(/\s+/);
  return [...new Set(words.filter((word) => word.length >= 2))].slice(0, MOST_TERMS);
}

/**
 * Lines that may hold a term: in what the fact says, in the visit that it belongs to (who, why, which case), or in its
 * actor's name. Letters are found in any case, on both databases alike; beyond ASCII where the text has the whole word
 * small, the whole word big, or its first letter big.
 */
export function mayHold(
  eb: ExpressionBuilder<Schema, 'visit_log'>,
  workspaceId: string,
  term: string,
  /** Staff whose names, as the reader reads them, hold the term. */
  called: readonly string[] = [],
): Expression<SqlBool> {
  const written = spellings(term);
  // In JSON a quotation mark and a backslash are written with a backslash before them.
  const inJson = written.map((spelling) => JSON.stringify(spelling).slice(1, -1));
  const visits = eb
    .selectFrom('visits')
    .select('visits.session_id')
    .where('visits.workspace_id', '=', workspaceId)
    .where(({ or, eb: of }) =>
      or([
        ...(['staff_name', 'staff_email', 'case_ref', 'reason'] as const).map((name) =>
          like(`visits.${name}`, written),
        ),
        ...(called.length > 0 ? [of('visits.staff_id', 'in', called)] : []),
      ]),
    );
  const people = eb.selectFrom('people').select('people.id').where(like('people.name', written));
  return eb.or([
    like('visit_log.data', inJson),
    eb('visit_log.session_id', 'in', visits),
    eb('visit_log.actor_id', 'in', people),
    ...(called.length > 0 ? [eb('visit_log.actor_id', 'in', called)] : []),
  ]);
}

/** SQLite's `lower` leaves letters beyond ASCII alone: a small term as it may stand in a text after that. */
function spellings(term: string): readonly string[] {
  const [first = '', ...others] = term;
  const written = [term, first.toUpperCase() + others.join(''), term.toUpperCase()];
  return [...new Set(written.map((spelling) => spelling.replace(/[A-Z]/g, (letter) => letter.toLowerCase())))];
}

function like(column: string, spellings: readonly string[]): Expression<SqlBool> {
  const lowered = sql`lower(${sql.ref(column)})`;
  const found = spellings.map((spelling) => {
    const pattern = `%${spelling.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
    return sql`${lowered} like ${pattern} escape '\\'`;
  });
  return sql<SqlBool>`(${sql.join(found, sql` or `)})`;
}

/** Whether a line's words hold every term; what only looked alike (a name of a field, say) doesn't. */
export function holdsAll(terms: readonly string[], texts: readonly string[]): boolean {
  const text = texts.join('\n').normalize('NFC').toLowerCase();
  return terms.every((term) => text.includes(term));
}

/** The texts in a fact's data, without the names of its fields and without ids. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return /^[a-z]+_[0-7][0-9a-z]{25}$/.test(value) ? [] : [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsIn);
}
