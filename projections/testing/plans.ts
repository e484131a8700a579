import { ExplainNode, sql, type KyselyPlugin } from 'kysely';
import type { TablesReader } from '../index.ts';
import type { TablesKind } from './kinds.ts';

/** How the database goes about what is asked of the tables: the lines of each statement's plan, one text each. */
export async function plansOf(
  { name }: Pick<TablesKind, 'name'>,
  tables: TablesReader,
  ask: (tables: TablesReader) => Promise<unknown>,
): Promise<readonly string[]> {
  const plans: string[] = [];
  const options = name === 'SQLite' ? sql`query plan`.toOperationNode() : undefined;
  const explaining: KyselyPlugin = {
    transformQuery: ({ node }) =>
      node.kind === 'SelectQueryNode' ? { ...node, explain: ExplainNode.create(undefined, options) } : node,
    transformResult: ({ result }) => {
      plans.push(result.rows.map((row) => String(row['detail'] ?? row['QUERY PLAN'])).join('\n'));
      // Whoever asked gets nothing: a plan is no answer.
      return Promise.resolve({ ...result, rows: [] });
    },
  };
  const explained: TablesReader = { read: (query) => tables.read((db) => query(db.withPlugin(explaining))) };
  await ask(explained).catch((error: unknown) => {
    if (plans.length === 0) throw error;
  });
  return plans;
}
