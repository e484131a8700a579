import { getArgumentValues, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import { isPromise, type Complete, type Plan, type RootField, type Run } from './plan.ts';

/** What a resolver of the query or mutation type came to, by the key of its field: it is called once, whoever answers. */
export type Outcomes = Map<string | number, Outcome>;
type Outcome = { readonly value: unknown } | { readonly thrown: unknown };

interface Asked {
  readonly schema: GraphQLSchema;
  readonly context: object;
  /** Coerced. */
  readonly variables: Record<string, unknown>;
}

export function runFor(context: object): Run {
  return { context, waiting: [] };
}

/**
 * Executes a plan; `undefined` as soon as anything goes another way than a whole answer's. What has been called until then
 * is in `outcomes`, and graphql-js goes on from there.
 */
export async function execute(
  plan: Plan,
  asked: Asked,
  outcomes: Outcomes,
  run: Run = runFor(asked.context),
): Promise<Record<string, unknown> | undefined> {
  const data: Record<string, unknown> = {};
  try {
    const calls = plan.roots.map((root) => ('typename' in root ? root : { ...root, call: callOf(root, plan, asked) }));
    if (!plan.isSerial) {
      const late: { readonly key: string; readonly value: unknown; readonly complete: Complete }[] = [];
      for (const each of calls) {
        const value = 'typename' in each ? each.typename : called(each, outcomes);
        // Whole at once where it can be: a field behind one that fails is perhaps never to be called.
        const isLate = isPromise(value);
        data[each.key] = 'typename' in each || isLate ? value : each.complete(value, run);
        if (isLate && !('typename' in each)) late.push({ key: each.key, value, complete: each.complete });
      }
      const values = late.length === 1 ? [await late[0]!.value] : await Promise.all(late.map(({ value }) => value));
      for (const [at, { key, complete }] of late.entries()) data[key] = complete(values[at], run);
      await complete(run);
      return data;
    }
    for (const each of calls) {
      data[each.key] = 'typename' in each ? each.typename : each.complete(await called(each, outcomes), run);
      await complete(run);
    }
    return data;
  } catch {
    return undefined;
  }
}

/** The call of a resolver; its arguments are coerced now, so that wrong ones are found before anything is called. */
function callOf(
  { key, definition, nodes, parentType }: RootField,
  { operation, fragments }: Plan,
  { schema, context, variables }: Asked,
): () => unknown {
  const args = getArgumentValues(definition, nodes[0]!, variables);
  const info: GraphQLResolveInfo = {
    fieldName: definition.name,
    fieldNodes: nodes,
    returnType: definition.type,
    parentType,
    path: { prev: undefined, key, typename: parentType.name },
    schema,
    fragments,
    rootValue: undefined,
    operation,
    variableValues: variables,
  };
  return () => definition.resolve!(undefined, args, context, info);
}

function called({ key, call }: { readonly key: string; readonly call: () => unknown }, outcomes: Outcomes): unknown {
  try {
    const value = call();
    outcomes.set(key, { value });
    // Whoever answers in the end hears of its failure; until then nobody else may.
    if (isPromise(value)) value.then(undefined, () => undefined);
    return value;
  } catch (thrown) {
    outcomes.set(key, { thrown });
    throw thrown;
  }
}

/** Waits for the properties that are promises, and for those behind them. */
async function complete(run: Run): Promise<void> {
  while (run.waiting.length > 0) {
    const waiting = run.waiting.splice(0);
    const values = await Promise.all(waiting.map(({ value }) => value));
    for (const [at, { complete, into, key }] of waiting.entries()) into[key] = complete(values[at], run);
  }
}

/** Has the resolvers of the schema's roots answer what they have answered before, where `outcomesOf` an operation has that. */
export function rememberOutcomes(schema: GraphQLSchema, outcomesOf: (context: object) => Outcomes | undefined): void {
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      const { resolve } = field;
      if (!resolve) continue;
      field.resolve = (source, args, context: object, info) => {
        const outcome = outcomesOf(context)?.get(info.path.key);
        if (!outcome) return resolve(source, args, context, info) as unknown;
        if ('thrown' in outcome) throw outcome.thrown;
        return outcome.value;
      };
    }
  }
}
