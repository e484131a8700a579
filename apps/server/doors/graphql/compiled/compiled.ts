import { HeaderMap, type ApolloServerPlugin, type GraphQLRequestListener } from '@apollo/server';
import {
  getVariableValues,
  OperationTypeNode,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { GraphqlDoorOptions } from '../options.ts';
import type { GraphqlContext } from '../principal.ts';
import { execute, rememberOutcomes, type Outcomes } from './execution.ts';
import type { KnownOperations } from './known-operations.ts';
import { planFor, switchesIn, type Plan } from './plan.ts';

/** Of all plans together; with the documents behind them some ten megabytes. */
const WEIGHT_KEPT = 50_000;
/** Letters of a document, parsed, take as much memory as one field of a plan. */
const LETTERS_A_FIELD = 10;
/** graphql-js's own number; more faults than these are not told. */
const MAX_ERRORS = 50;

/**
 * Executes operations by plans that are made once for each document (docs/decisions/0017). Answers only what is whole: with
 * the first error, null where there must be none, or whatever else a plan doesn't foresee, graphql-js executes the
 * operation and says what is to be said; resolvers of the roots are not called again.
 */
export function compiledQueries({
  isPlanned = () => true,
  known,
}: Pick<GraphqlDoorOptions, 'isPlanned'> & {
  readonly known?: KnownOperations;
} = {}): ApolloServerPlugin<GraphqlContext> {
  const plans = new Plans(WEIGHT_KEPT);
  const left = new WeakMap<object, Outcomes>();
  const listener: GraphQLRequestListener<GraphqlContext> = {
    async responseForOperation({ schema, document, operation, queryHash, source, request, contextValue }) {
      const tried = known?.triedFor(contextValue.request);
      if (tried) {
        left.set(contextValue, tried);
        return null;
      }
      // Apollo asks for an operation that isn't there too.
      if (!(operation as OperationDefinitionNode | undefined) || !isPlanned(contextValue.request)) return null;
      const coerced = coercedFor(schema, operation, request.variables);
      if (!coerced) return null;
      const planOf = (variables: Record<string, unknown>) => {
        const key = `${queryHash} ${operation.name?.value ?? ''} ${settingOf(document, variables)}`;
        return plans.of(key, document, () => planFor(schema, document, operation, variables));
      };
      const plan = planOf(coerced);
      if (!plan) return null;
      const outcomes: Outcomes = new Map();
      const data = await execute(plan, { schema, context: contextValue, variables: coerced }, outcomes);
      if (data) {
        // What writes is rare, and is answered in full each time.
        if (operation.operation === OperationTypeNode.QUERY)
          known?.learn(
            { query: source, operationName: request.operationName },
            { schema, document, operation, planOf },
          );
        return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult: { data } } };
      }
      left.set(contextValue, outcomes);
      return null;
    },
  };
  return {
    serverWillStart: async ({ schema }) => rememberOutcomes(schema, (context) => left.get(context)),
    requestDidStart: async () => listener,
  };
}

/** Variables as graphql-js makes them; `undefined` where it has something to say about them. */
export function coercedFor(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> | undefined {
  return getVariableValues(schema, variableDefinitions, given ?? {}, { maxErrors: MAX_ERRORS }).coerced;
}

const switches = new WeakMap<DocumentNode, readonly string[]>();

/** What `@skip` and `@include` of a document are set to. */
function settingOf(document: DocumentNode, variables: Readonly<Record<string, unknown>>): string {
  let names = switches.get(document);
  if (!names) switches.set(document, (names = switchesIn(document)));
  return names.map((name) => String(variables[name])).join();
}

/** The plans that were asked for last, up to a weight; also that there is none for a document. */
export class Plans {
  readonly #most: number;
  readonly #kept = new Map<string, { readonly plan: Plan | undefined; readonly weight: number }>();
  #weight = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get weight(): number {
    return this.#weight;
  }

  of(key: string, document: DocumentNode, make: () => Plan | undefined): Plan | undefined {
    const known = this.#kept.get(key);
    if (known) {
      // The newest stand last.
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known.plan;
    }
    const plan = make();
    const weight = (plan?.fields ?? 1) + Math.ceil((document.loc?.end ?? 0) / LETTERS_A_FIELD);
    this.#kept.set(key, { plan, weight });
    this.#weight += weight;
    for (const [oldest, { weight: gone }] of this.#kept) {
      if (this.#weight <= this.#most) break;
      this.#kept.delete(oldest);
      this.#weight -= gone;
    }
    return plan;
  }
}
