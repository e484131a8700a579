import {
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { keepMade, madeBefore } from './unchanging.ts';

type Variables = Readonly<Record<string, unknown>>;
type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/** More fields than any operation of a page has; what is larger is executed by graphql-js. */
export const FIELDS_MAX = 2000;

/** Something that graphql-js must answer: an error, or what nobody foresaw here. What it would say is its own. */
export const UNFORESEEN = new Error('This is for graphql-js.');

/** A field of whose value the answer has to wait. */
export interface Awaited {
  readonly value: PromiseLike<unknown>;
  readonly complete: Complete;
  readonly into: Record<string, unknown>;
  readonly key: string;
}

/** One execution of a plan. */
export interface Run {
  readonly context: unknown;
  readonly waiting: Awaited[];
  /** Some of the answer was made before, and is written already. */
  hasWritten?: boolean;
}

/** Makes what a resolver gave into what is answered. @throws what it meets, where graphql-js would make an error of it. */
export type Complete = (value: unknown, run: Run) => unknown;

/** A field of the query or mutation type: its resolver is called as graphql-js calls it. */
export interface RootField {
  readonly key: string;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
  readonly parentType: GraphQLObjectType;
  readonly complete: Complete;
}

/** An operation made ready: which fields are read from which objects, and how their values are written. */
export interface Plan {
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
  /** One after another, each whole before the next begins. */
  readonly isSerial: boolean;
  readonly roots: readonly (RootField | Typename)[];
  /** Fields in it, those of every possible type: how much memory it takes. */
  readonly fields: number;
}

interface Typename {
  readonly key: string;
  readonly typename: string;
}

interface PropertyField {
  readonly key: string;
  readonly read: (source: unknown) => unknown;
  readonly complete: Complete;
}

/**
 * Makes an operation ready; `undefined` where graphql-js is to execute it: it asks the schema about itself, is too large,
 * or has a field below its root that more belongs to than reading a property. `variables`: of them only those count that
 * `@skip` and `@include` name. The document has passed validation.
 */
export function planFor(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): Plan | undefined {
  const rootType = schema.getRootType(operation.operation);
  if (!rootType || operation.operation === OperationTypeNode.SUBSCRIPTION) return undefined;
  const planning = new Planning(schema, document, variables);
  try {
    const { fragments } = planning;
    const roots = planning.rootsOf(rootType, operation);
    const isSerial = operation.operation === OperationTypeNode.MUTATION;
    return { operation, fragments, isSerial, roots, fields: planning.fields };
  } catch {
    // Also a directive whose variable is null: what that comes to is said by graphql-js.
    return undefined;
  }
}

/** Names of the variables by which `@skip` and `@include` of a document switch: each setting of them is a plan of its own. */
export function switchesIn(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  const look = (node: { readonly directives?: readonly unknown[]; readonly selectionSet?: unknown }): void => {
    for (const directive of (node.directives ?? []) as FieldNode['directives'] & object) {
      if (directive.name.value !== 'skip' && directive.name.value !== 'include') continue;
      for (const { value } of directive.arguments ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    }
    for (const below of (node.selectionSet as FieldNode['selectionSet'])?.selections ?? []) look(below);
  };
  for (const definition of document.definitions) look(definition);
  return [...names].toSorted();
}

class Planning {
  readonly fragments: Fragments;
  fields = 0;
  readonly #schema: GraphQLSchema;
  readonly #variables: Variables;

  constructor(schema: GraphQLSchema, { definitions }: DocumentNode, variables: Variables) {
    this.#schema = schema;
    this.#variables = variables;
    const fragments = Object.create(null) as Record<string, FragmentDefinitionNode>;
    for (const node of definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
    this.fragments = fragments;
  }

  rootsOf(parentType: GraphQLObjectType, { selectionSet }: OperationDefinitionNode): (RootField | Typename)[] {
    const collected = collectFields(this.#schema, this.fragments, this.#variables, parentType, selectionSet);
    return Array.from(collected, ([key, nodes]) => {
      const name = this.#nameOf(key, nodes);
      if (name === '__typename') return { key, typename: parentType.name };
      const definition = parentType.getFields()[name];
      if (!definition?.resolve) throw UNFORESEEN;
      return { key, definition, nodes, parentType, complete: this.#complete(definition.type, nodes) };
    });
  }

  #nameOf(key: string, nodes: readonly FieldNode[]): string {
    // As a property that key would be no key.
    if (++this.fields > FIELDS_MAX || key === '__proto__') throw UNFORESEEN;
    return nodes[0]!.name.value;
  }

  #complete(type: GraphQLOutputType, nodes: readonly FieldNode[]): Complete {
    const complete = this.#completeSome(getNullableType(type), nodes);
    const nothing = isNonNullType(type) ? () => unforeseen() : () => null;
    return (value, run) => {
      if (value === null || value === undefined) return nothing();
      // An error that is returned is one that is thrown.
      if (typeof value === 'function' || value instanceof Error) throw UNFORESEEN;
      return complete(value, run);
    };
  }

  #completeSome(type: GraphQLOutputType, nodes: readonly FieldNode[]): Complete {
    if (isListType(type)) return listOf(this.#complete(type.ofType, nodes));
    if (isLeafType(type)) return leafOf(type);
    if (isAbstractType(type)) return this.#oneOf(type, nodes);
    if (isObjectType(type)) return this.#object(type, nodes);
    throw UNFORESEEN;
  }

  #object(type: GraphQLObjectType, nodes: readonly FieldNode[]): Complete {
    if (type.isTypeOf) throw UNFORESEEN;
    const collected = collectSubfields(this.#schema, this.fragments, this.#variables, type, nodes);
    return objectOf(Array.from(collected, ([key, itsNodes]) => this.#property(type, key, itsNodes)));
  }

  #property(type: GraphQLObjectType, key: string, nodes: readonly FieldNode[]): PropertyField {
    const name = this.#nameOf(key, nodes);
    if (name === '__typename') return { key, read: () => type.name, complete: (value) => value };
    const definition = type.getFields()[name];
    if (!definition || !readsProperty(definition)) throw UNFORESEEN;
    return {
      key,
      read: definition.resolve as (source: unknown) => unknown,
      complete: this.#complete(definition.type, nodes),
    };
  }

  #oneOf(type: GraphQLAbstractType, nodes: readonly FieldNode[]): Complete {
    const { resolveType } = type;
    if (!resolveType) throw UNFORESEEN;
    const possible = this.#schema.getPossibleTypes(type);
    const byName = new Map(possible.map((each) => [each.name, this.#object(each, nodes)]));
    return (value, run) => {
      const name = resolveType(value, run.context, UNKNOWN_INFO, type);
      const complete = typeof name === 'string' ? byName.get(name) : undefined;
      if (!complete) throw UNFORESEEN;
      return complete(value, run);
    };
  }
}

/**
 * Whether a field's resolver is the one that Nest gives a property: it takes the object and nothing else. By its name and
 * its one parameter; the spec of every operation holds that no other resolver is taken for it.
 */
export function readsProperty({ resolve, args }: GraphQLField<unknown, unknown>): boolean {
  return resolve !== undefined && resolve.name === 'rootFieldResolver' && resolve.length === 1 && args.length === 0;
}

/** For functions that tell an object's type: they go by the object, and one that looks here is left to graphql-js. */
const UNKNOWN_INFO = new Proxy({} as GraphQLResolveInfo, { get: () => unforeseen() });

function unforeseen(): never {
  throw UNFORESEEN;
}

function leafOf(type: GraphQLLeafType): Complete {
  return (value) => type.serialize(value) ?? unforeseen();
}

function listOf(complete: Complete): Complete {
  return (value, run) => {
    if (!Array.isArray(value)) throw UNFORESEEN;
    const list: unknown[] = [];
    // By index: a hole is an item too.
    for (let at = 0; at < value.length; at++) {
      const item: unknown = value[at];
      if (isPromise(item)) throw UNFORESEEN;
      list.push(complete(item, run));
    }
    return list;
  };
}

function objectOf(fields: readonly PropertyField[]): Complete {
  return (source, run) => {
    const isThing = typeof source === 'object' && source !== null;
    const before = isThing ? madeBefore(source, fields) : undefined;
    if (before) {
      run.hasWritten = true;
      return before;
    }
    const waiting = run.waiting.length;
    const into: Record<string, unknown> = {};
    for (const { key, read, complete } of fields) {
      const value = read(source);
      if (isPromise(value)) {
        // Its place among the others is now.
        into[key] = null;
        // Whoever answers in the end hears of its failure; until then nobody else may.
        value.then(undefined, () => undefined);
        run.waiting.push({ value, complete, into, key });
      } else {
        into[key] = complete(value, run);
      }
    }
    // What is still waited for belongs to this run alone.
    if (isThing && run.waiting.length === waiting) keepMade(source, fields, into);
    return into;
  };
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
