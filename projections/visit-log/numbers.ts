import { sql, type Kysely } from 'kysely';
import type { Schema } from '../projections.ts';
import { DENIALS_PREFIX } from '../runner/streams.ts';

interface Line {
  readonly fact_id: string;
  readonly stream: string;
  readonly revision: number;
}

/**
 * Lines' places among both streams of their books, by fact: a line's own revision tells one, the nearest line of the
 * other before it the other. One statement, however many lines.
 */
export async function numbersOf(db: Kysely<Schema>, lines: readonly Line[]): Promise<ReadonlyMap<string, number>> {
  if (lines.length === 0) return new Map();
  const refusals = sql<string>`cast(${DENIALS_PREFIX} as text) || ${sql.ref('line.workspace_id')}`;
  const found = await db
    .selectFrom('visit_log as line')
    .select((eb) => [
      'line.fact_id as id',
      eb
        .case()
        .when('line.stream', '=', refusals)
        .then(
          eb
            .selectFrom('visit_log as fact')
            .select('fact.revision')
            .whereRef('fact.workspace_id', '=', 'line.workspace_id')
            .whereRef('fact.position', '<', 'line.position')
            .whereRef('fact.stream', '!=', 'line.stream')
            .orderBy('fact.position', 'desc')
            .limit(1),
        )
        .else(
          eb
            .selectFrom('denials as refusal')
            .select('refusal.revision')
            .where('refusal.stream', '=', refusals)
            .whereRef('refusal.position', '<', 'line.position')
            .orderBy('refusal.position', 'desc')
            .limit(1),
        )
        .end()
        .as('other'),
    ])
    .where(
      'line.fact_id',
      'in',
      lines.map(({ fact_id }) => fact_id),
    )
    .execute();
  const others = new Map(found.map(({ id, other }) => [id, other === null ? 0 : Number(other) + 1]));
  return new Map(lines.map(({ fact_id, revision }) => [fact_id, revision + 1 + (others.get(fact_id) ?? 0)]));
}
