import {
  buildSchema,
  getNamedType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
} from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../../../../schema.graphql'), 'utf8'));

export type Root = 'query' | 'mutation' | 'subscription';
export interface Operation {
  readonly root: Root;
  readonly field: GraphQLField<unknown, unknown>;
}
const ROOTS = {
  query: schema.getQueryType(),
  mutation: schema.getMutationType(),
  subscription: schema.getSubscriptionType(),
};
/** Every operation of the published schema. */
export const OPERATIONS: readonly Operation[] = Object.entries(ROOTS).flatMap(([root, type]) =>
  Object.values(type?.getFields() ?? {}).map((field) => ({ root: root as Root, field })),
);

/** A place of an operation that takes an id: `id`, `input.sessionId`, `filter.actor.id.in`. */
export const placesIn = (args: readonly GraphQLArgument[]): string[][] => {
  const below = (name: string, type: GraphQLInputType, path: readonly string[]): string[][] => {
    const named = getNamedType(type);
    const here = [...path, name];
    if (named.name === 'ID') return name === 'commandId' ? [] : [here];
    if (!isInputObjectType(named)) return [];
    return Object.values(named.getFields()).flatMap((field) => below(field.name, field.type, here));
  };
  return args.flatMap(({ name, type }) => below(name, type, []));
};

/** Everything that a type shows, as deep as the door lets one ask. */
function selectionOf(type: GraphQLNamedType, depth = 1): string {
  if (isUnionType(type) || isInterfaceType(type)) {
    const possible = schema.getPossibleTypes(type);
    // Of fields that are of several types, each kind's has a name of its own: else no answer could have them all.
    const types = new Map<string, Set<string>>();
    for (const kind of possible)
      for (const { name, type: shown } of Object.values(kind.getFields()))
        types.set(name, (types.get(name) ?? new Set()).add(String(shown)));
    const isAmbiguous = (name: string) => (types.get(name)?.size ?? 0) > 1;
    const kinds = possible.map((kind) => `... on ${kind} { ${fieldsOf(kind, depth, isAmbiguous)} }`);
    return `{ __typename ${kinds.join(' ')} }`;
  }
  return `{ __typename ${fieldsOf(type, depth)} }`;
}

function fieldsOf(type: GraphQLNamedType, depth: number, isAmbiguous = (_name: string) => false): string {
  if (!isObjectType(type)) return '';
  return Object.values(type.getFields())
    .filter(({ args }) => args.every(({ type: argument }) => !isNonNullType(argument)))
    .flatMap((field) => {
      const inner = getNamedType(field.type);
      const shown = isAmbiguous(field.name) ? `${field.name}Of${type.name}: ${field.name}` : field.name;
      if (!isCompositeType(inner)) return [shown];
      if (depth >= 5 || field.name === 'edges') return [];
      return [`${shown} ${selectionOf(inner, depth + 1)}`];
    })
    .join(' ');
}

/** The document of an operation that shows all it can, its arguments as one variable each. */
export function documentOf({ root, field }: Operation): string {
  const declared = field.args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const type = getNamedType(field.type);
  const shown = isCompositeType(type) ? selectionOf(type) : '';
  return `${root} ${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`} ${shown} }`;
}
