import { sql, type ExpressionBuilder, type Kysely } from 'kysely';
import type { Actor, RuleCode } from '@gatebook/protocol';
import type { DenialVerdict } from '#domain/review/review';
import { utcTime, type FormatTime, type Sentence } from '#wording/wording';
import { denialLineOf } from '../denials/queries.ts';
import type { Schema } from '../projections.ts';
import { cut, pageOf, type Page, type PageOptions } from '../runner/paging.ts';
import type { TablesReader } from '../runner/tables.ts';

export interface DenialReview {
  /** The fact's id. */
  readonly id: string;
  readonly by: { readonly id: string; readonly name: string | null };
  readonly verdict: DenialVerdict;
  readonly note: string | null;
  /** Epoch milliseconds. */
  readonly reviewedAt: number;
  /** Denials up to this position, inclusive, were looked at. */
  readonly upTo: string;
}

/** What one person was refused by one rule. Times are epoch milliseconds. */
export interface DenialGroup {
  readonly person: Actor & { readonly name: string | null };
  readonly rule: RuleCode;
  /** Attempts, those that were only counted included; and how many of them nobody has looked at. */
  readonly times: number;
  readonly unreviewed: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** In how many workspaces' books; what was foreign to the asker counts in none. */
  readonly workspaces: number;
  /** The newest of them. */
  readonly example: Sentence;
  /** Position of the newest of them: a review goes up to it. */
  readonly position: string;
  /** The newest review, whether or not more came after it. */
  readonly review: DenialReview | null;
  /** Of the stream of the person's reviews; -1 before the first. */
  readonly reviewsRevision: number;
}

export interface DenialGroupsFilter {
  /** Refused at or after, and before: epoch milliseconds. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly workspaceId?: string | undefined;
  readonly personId?: string | undefined;
  readonly rule?: string | undefined;
  /** Those of which all was looked at, or those of which not. */
  readonly reviewed?: boolean | undefined;
}

/** Refusals by person and rule, the newest first (S1-68, S1-73). */
export function denialGroups(
  tables: TablesReader,
  filter: DenialGroupsFilter,
  page: PageOptions,
  formatTime: FormatTime = utcTime,
): Promise<Page<DenialGroup>> {
  return tables.read(async (db) => {
    const { limit, direction, from } = cut(page, true);
    let found = groups(db, filter).selectAll();
    if (from) found = found.where('position', from.operator, from.position);
    const rows = pageOf(await found.orderBy('position', direction).limit(limit).execute(), page);
    if (rows.items.length === 0) return { ...rows, items: [] };

    const newest = await db
      .selectFrom('denials')
      .selectAll()
      .where(
        'position',
        'in',
        rows.items.map(({ position }) => position),
      )
      .execute();
    const examples = new Map(newest.map((row) => [`${row.position} ${row.actor_id} ${row.rule}`, row]));
    const ids = [...new Set(rows.items.map(({ actor_id }) => actor_id))];
    const named = [...new Set([...ids, ...newest.flatMap(({ behalf_id }) => behalf_id ?? [])])];
    const people = await db.selectFrom('people').select(['id', 'name']).where('id', 'in', named).execute();
    const names = new Map(people.flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const])));
    const reviews = await newestReviews(db, ids);
    const revisions = await reviewRevisions(db, ids);
    const items = rows.items.flatMap(({ actor_id, actor_kind, rule, position, ...row }): DenialGroup[] => {
      const example = examples.get(`${position} ${actor_id} ${rule}`);
      if (!example) return [];
      const { sentence, actor } = denialLineOf(example, names, formatTime);
      return [
        {
          person: { kind: actor_kind as Actor['kind'], id: actor_id, name: actor.name },
          rule: rule as RuleCode,
          times: Number(row.times),
          unreviewed: Number(row.unreviewed),
          firstAt: Number(row.first_at),
          lastAt: Number(row.last_at),
          workspaces: Number(row.workspaces),
          example: sentence,
          position,
          review: reviews.get(`${actor_id} ${rule}`) ?? null,
          reviewsRevision: revisions.get(actor_id) ?? -1,
        },
      ];
    });
    return { ...rows, items };
  });
}

/** How many groups there are, counted no further than `most`. */
export function denialGroupsCount(tables: TablesReader, filter: DenialGroupsFilter, most: number): Promise<number> {
  return tables.read(async (db) => {
    const some = groups(db, filter).select('position').limit(most);
    const counted = db.selectFrom(some.as('some')).select((eb) => eb.fn.countAll<number>().as('items'));
    return Number((await counted.executeTakeFirstOrThrow()).items);
  });
}

function groups(db: Kysely<Schema>, { from, to, workspaceId, personId, rule, reviewed }: DenialGroupsFilter) {
  const looked = db
    .selectFrom('denial_reviews')
    .select((eb) => ['person_id', 'rule as reviewed_rule', eb.fn.max<string>('up_to').as('up_to')])
    .groupBy(['person_id', 'rule']);
  let all = db
    .selectFrom('denials')
    .leftJoin(looked.as('looked'), (join) =>
      join.onRef('looked.person_id', '=', 'denials.actor_id').onRef('looked.reviewed_rule', '=', 'denials.rule'),
    );
  if (from !== undefined) all = all.where('occurred_at', '>=', from);
  if (to !== undefined) all = all.where('occurred_at', '<', to);
  if (workspaceId !== undefined) all = all.where('workspace_id', '=', workspaceId);
  if (personId !== undefined) all = all.where('actor_id', '=', personId);
  if (rule !== undefined) all = all.where('rule', '=', rule);
  const grouped = all
    .select((eb) => [
      'actor_id',
      'actor_kind',
      'rule',
      eb.fn.max<string>('position').as('position'),
      eb.fn.min<number>('since_at').as('first_at'),
      eb.fn.max<number>('occurred_at').as('last_at'),
      eb.fn.sum<number>('times').as('times'),
      eb.fn.count<number>('workspace_id').distinct().as('workspaces'),
      sql<number>`sum(${isNew(eb)})`.as('unreviewed'),
    ])
    .groupBy(['actor_id', 'actor_kind', 'rule']);
  const found = db.selectFrom(grouped.as('found'));
  if (reviewed === undefined) return found;
  return found.where('unreviewed', reviewed ? '=' : '>', 0);
}

/** How many attempts of a row nobody has looked at. */
function isNew(eb: ExpressionBuilder<Schema & { looked: { up_to: string | null } }, 'denials' | 'looked'>) {
  return eb
    .case()
    .when(eb.or([eb('looked.up_to', 'is', null), eb('denials.position', '>', eb.ref('looked.up_to'))]))
    .then(eb.ref('denials.times'))
    .else(0)
    .end();
}

async function reviewRevisions(db: Kysely<Schema>, people: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('denial_reviews')
    .select((eb) => ['person_id', eb.fn.max<number>('revision').as('revision')])
    .where('person_id', 'in', people)
    .groupBy('person_id')
    .execute();
  return new Map(rows.map(({ person_id, revision }) => [person_id, Number(revision)]));
}

async function newestReviews(
  db: Kysely<Schema>,
  people: readonly string[],
): Promise<ReadonlyMap<string, DenialReview>> {
  const rows = await db
    .selectFrom('denial_reviews as review')
    .selectAll()
    .where('person_id', 'in', people)
    .where((eb) =>
      eb(
        'position',
        '=',
        eb
          .selectFrom('denial_reviews as other')
          .select((other) => other.fn.max<string>('other.position').as('newest'))
          .whereRef('other.person_id', '=', 'review.person_id')
          .whereRef('other.rule', '=', 'review.rule'),
      ),
    )
    .execute();
  return new Map(
    rows.map((row) => [
      `${row.person_id} ${row.rule}`,
      {
        id: row.fact_id,
        by: { id: row.by_id, name: row.by_name },
        verdict: row.verdict as DenialVerdict,
        note: row.note,
        reviewedAt: row.reviewed_at,
        upTo: row.up_to,
      },
    ]),
  );
}
