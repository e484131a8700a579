import type { ApolloServerPlugin } from '@apollo/server';
import {
  getNamedType,
  getNullableType,
  GraphQLError,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { PAGE_DEFAULT, PAGE_MAX } from './paging.ts';

/** What one operation may cost at most (graphql.md, rule 11). */
export const COST_MAX = 5000;
/** So many items a list without pages is thought to have. */
const UNPAGED_LIST = 10;
/** A command is decided and flushed, which costs more than reading a field. */
const COMMAND = 10;

type Variables = Readonly<Record<string, unknown>>;

/**
 * What an operation costs: one for each field, as often as it can come. A page of a list counts by the size that is asked
 * for, any other list of objects as ten; what the schema says of itself counts once, and every branch counts, skipped or
 * not. The document has passed validation.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables = {},
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const known = new Map<string, number>();

  /** `pageSize`: of the connection whose fields these are. */
  const costIn = (set: SelectionSetNode, parent: GraphQLNamedType | undefined, pageSize: number): number => {
    let cost = 0;
    for (const selection of set.selections) {
      switch (selection.kind) {
        case Kind.FIELD:
          cost += costOfField(selection, parent, pageSize);
          break;
        case Kind.INLINE_FRAGMENT: {
          const on = selection.typeCondition;
          cost += costIn(selection.selectionSet, on ? schema.getType(on.name.value) : parent, pageSize);
          break;
        }
        case Kind.FRAGMENT_SPREAD:
          cost += costOfFragment(selection.name.value, pageSize);
      }
    }
    return cost;
  };

  /** Each fragment is priced once for each page size: fragments that double each other would take exponential time. */
  const costOfFragment = (name: string, pageSize: number): number => {
    const key = `${name} ${pageSize}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    known.set(key, 0);
    const fragment = fragments.get(name);
    const cost = fragment
      ? costIn(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value), pageSize)
      : 0;
    known.set(key, cost);
    return cost;
  };

  const costOfField = (field: FieldNode, parent: GraphQLNamedType | undefined, pageSize: number): number => {
    if (field.name.value.startsWith('__')) return 1;
    const definition =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined;
    if (!definition || !field.selectionSet || isLeafType(getNamedType(definition.type))) return 1;
    const isList = isListType(getNullableType(definition.type));
    const isPaged = definition.args.some(({ name }) => name === 'first');
    const times = isList ? (pageSize > 0 ? pageSize : UNPAGED_LIST) : 1;
    const type = getNamedType(definition.type);
    const inside = costIn(
      field.selectionSet,
      isCompositeType(type) ? type : undefined,
      isPaged ? sizeAsked(field, variables) : 0,
    );
    return 1 + times * inside;
  };

  const root = schema.getRootType(operation.operation) ?? undefined;
  return (operation.operation === 'mutation' ? COMMAND : 0) + costIn(operation.selectionSet, root, 0);
}

/** The size of the page; what no page may have counts as the largest, and is refused where it is read. */
function sizeAsked(field: FieldNode, variables: Variables): number {
  const asked = (field.arguments ?? []).flatMap(({ name, value }) => {
    if (name.value !== 'first' && name.value !== 'last') return [];
    if (value.kind === Kind.INT) return [Number(value.value)];
    const given = value.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
    return typeof given === 'number' ? [given] : [];
  });
  const size = asked.length === 0 ? PAGE_DEFAULT : Math.max(...asked);
  return Math.min(Math.max(size, 1), PAGE_MAX);
}

/** Refuses what costs too much before anything is read, and says in `extensions.cost` what every operation cost. */
export function costPlugin(): ApolloServerPlugin {
  return {
    async requestDidStart() {
      let cost: number | undefined;
      return {
        async didResolveOperation({ schema, document, operation, request }) {
          if (!operation) return;
          cost = costOf(schema, document, operation, withDefaults(operation, request.variables));
          if (cost <= COST_MAX) return;
          throw new GraphQLError(`The operation costs ${cost}, and ${COST_MAX} is the most. Ask for smaller pages.`, {
            extensions: { code: 'TOO_EXPENSIVE', http: { status: 400 } },
          });
        },
        async willSendResponse({ response: { body } }) {
          if (cost === undefined || body.kind !== 'single') return;
          body.singleResult.extensions = {
            ...body.singleResult.extensions,
            cost: { requested: cost, maximum: COST_MAX },
          };
        },
      };
    },
  };
}

/** Settings of page sizes of one operation whose costs are remembered. */
const COSTS_KEPT = 50;

/** What an operation costs with these variables or those: counted once for each size of its pages. */
export function costsOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): (variables: Variables | undefined) => number {
  const names = sizesIn(document);
  const known = new Map<string, number>();
  return (given) => {
    const variables = withDefaults(operation, given);
    const key = JSON.stringify(names.map((name) => variables[name]));
    let cost = known.get(key);
    if (cost === undefined) {
      if (known.size >= COSTS_KEPT) known.clear();
      known.set(key, (cost = costOf(schema, document, operation, variables)));
    }
    return cost;
  };
}

/** The variables that page sizes stand in. */
function sizesIn(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Argument({ name, value }) {
      if ((name.value === 'first' || name.value === 'last') && value.kind === Kind.VARIABLE)
        names.add(value.name.value);
    },
  });
  return [...names];
}

/** Variables as they are given, with the operation's own defaults for those left out. */
function withDefaults(operation: OperationDefinitionNode, given: Variables = {}): Variables {
  const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
    defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)] as const] : [],
  );
  return { ...Object.fromEntries(defaults), ...given };
}
