/** Operations and values by chance, for every field that a schema has; the same seed gives the same. */
import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2654435761 + 1) >>> 0;
  }

  /** From 0 to below 1 (xorshift32). */
  next(): number {
    let x = this.#state || 1;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state / 2 ** 32;
  }

  happens(share: number): boolean {
    return this.next() < share;
  }

  of<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.next() * items.length)]!;
  }
}

export interface MadeUpOperation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

interface Style {
  /** 0: every field, no more; 1: some of the fields, with aliases, directives, fragments and variables. */
  readonly liveliness: 0 | 1;
}

/** An operation on these root fields with whatever is below them. */
export function operationOn(
  schema: GraphQLSchema,
  root: GraphQLObjectType,
  fields: readonly GraphQLField<unknown, unknown>[],
  chance: Chance,
  { liveliness }: Style,
): MadeUpOperation {
  const declared = new Map<string, string>();
  const variables: Record<string, unknown> = {};
  const fragments: string[] = [];
  let aliases = 0;
  let directives = 0;

  const variable = (type: string, value: unknown): string => {
    const name = `v${declared.size}`;
    declared.set(name, type);
    if (value !== undefined) variables[name] = value;
    return `$${name}`;
  };
  const directive = (): string => {
    if (liveliness === 0 || directives >= 8 || !chance.happens(0.1)) return '';
    directives++;
    const on = chance.happens(0.5);
    const given = (): string =>
      chance.happens(0.2) ? variable(`Boolean = ${on}`, chance.of([null, undefined, !on])) : variable('Boolean!', on);
    const value = chance.happens(0.5) ? given() : String(on);
    return ` @${chance.of(['skip', 'include'])}(if: ${value})`;
  };
  const argument = ({ name, type }: GraphQLArgument): string[] => {
    if (!isNonNullType(type) && chance.happens(0.5)) return [];
    const value = inputOf(type, chance);
    if (liveliness === 0 || chance.happens(0.5)) return [`${name}: ${variable(String(type), value)}`];
    return [`${name}: ${literal(value, type)}`];
  };
  const field = (each: GraphQLField<unknown, unknown>, depth: number): string => {
    const named = getNamedType(each.type);
    const alias = liveliness === 1 && aliases < 12 && chance.happens(0.12) ? `a${aliases++}: ` : '';
    const args = each.args.flatMap(argument);
    const below = isCompositeType(named) ? ` ${selection(named, depth + 1)}` : '';
    return `${alias}${each.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${directive()}${below}`;
  };
  /** Fields of one object or interface type. */
  const fieldsOf = (all: readonly GraphQLField<unknown, unknown>[], depth: number): string[] => {
    const deep = (each: GraphQLField<unknown, unknown>) => isCompositeType(getNamedType(each.type));
    const reachable = all.filter((each) => depth < 6 || !deep(each));
    const chosen = liveliness === 0 ? reachable : reachable.filter(() => chance.happens(0.6));
    const lines = chosen.map((each) => field(each, depth));
    if (chosen.length === 0 || chance.happens(0.3)) lines.push('__typename');
    // Asked for twice, it stands once.
    if (liveliness === 1 && chance.happens(0.1)) lines.push('__typename');
    return lines;
  };
  const fragmentOn = (type: string, lines: readonly string[]): string => {
    if (liveliness === 0 || chance.happens(0.5)) return `... on ${type}${directive()} { ${lines.join(' ')} }`;
    const name = `F${fragments.length}`;
    fragments.push('');
    fragments[Number(name.slice(1))] = `fragment ${name} on ${type} { ${lines.join(' ')} }`;
    return `...${name}${directive()}`;
  };
  const selection = (type: ReturnType<typeof getNamedType>, depth: number): string => {
    if (isAbstractType(type)) {
      const own = 'getFields' in type ? fieldsOf(Object.values(type.getFields()), depth) : ['__typename'];
      const each = schema
        .getPossibleTypes(type)
        .filter(() => liveliness === 0 || chance.happens(0.7))
        .map((one) => fragmentOn(one.name, fieldsOf(Object.values(one.getFields()), depth)));
      return `{ ${[...own, ...each].join(' ')} }`;
    }
    if (!isObjectType(type)) return '';
    const lines = fieldsOf(Object.values(type.getFields()), depth);
    if (liveliness === 1 && chance.happens(0.2)) return `{ ${fragmentOn(type.name, lines)} __typename }`;
    return `{ ${lines.join(' ')} }`;
  };

  const chosen = fields.map((each) => field(each, 1));
  if (liveliness === 1 && chance.happens(0.2)) chosen.push('__typename');
  const word = root === schema.getMutationType() ? 'mutation' : 'query';
  const head = [...declared].map(([name, type]) => `$${name}: ${type}`).join(', ');
  return {
    query: [`${word} Q${head ? `(${head})` : ''} { ${chosen.join(' ')} }`, ...fragments].join('\n'),
    variables,
  };
}

const INPUTS: Readonly<Record<string, readonly unknown[]>> = {
  ID: ['ws_1', 'x', 7],
  String: ['', 'words', '“ü”\n'],
  Int: [1, 3, 20],
  Boolean: [true, false],
  DateTime: ['2026-11-21T09:00:00.000Z', '2026-02-30T09:00:00.000Z'],
};

function inputOf(type: GraphQLInputType, chance: Chance): unknown {
  if (!isNonNullType(type) && chance.happens(0.2)) return null;
  const bare = getNullableType(type);
  if (isListType(bare))
    return Array.from({ length: 1 + Math.floor(chance.next() * 3) }, () => inputOf(bare.ofType, chance));
  if (isEnumType(bare)) return chance.of(bare.getValues()).name;
  if (isInputObjectType(bare))
    return Object.fromEntries(
      Object.values(bare.getFields())
        .filter(({ type: its }) => isNonNullType(its) || chance.happens(0.4))
        .map(({ name, type: its }) => [name, inputOf(its, chance)]),
    );
  // Now and then a wrong one.
  if (chance.happens(0.02)) return { not: 'this' };
  return chance.of(INPUTS[String(bare)] ?? ['something']);
}

function literal(value: unknown, type: GraphQLInputType): string {
  const bare = getNullableType(type);
  if (value === null) return 'null';
  if (Array.isArray(value) && isListType(bare))
    return `[${value.map((each: unknown) => literal(each, bare.ofType as GraphQLInputType)).join(', ')}]`;
  if (isEnumType(bare)) return String(value);
  if (typeof value === 'object' && isInputObjectType(bare)) {
    const fields = bare.getFields();
    return `{ ${Object.entries(value)
      .map(([name, each]) => `${name}: ${literal(each, fields[name]!.type)}`)
      .join(', ')} }`;
  }
  return typeof value === 'object' ? '{ not: "this" }' : JSON.stringify(value);
}

/** What goes wrong in a value, by chance: errors, nothing, promises, what is no such type. */
const FAULTS: readonly (() => unknown)[] = [
  () => null,
  () => undefined,
  () => new Error('a returned error'),
  () => ({ nothing: 'of the kind' }),
  () => 'a text',
  () => Number.NaN,
  () => 7,
  () => true,
  () => new Date(Number.NaN),
  () => [],
  () => [null, undefined, new Error('in a list')],
  () => new Set(['a', 'b']),
  () => () => 'a function',
  () => Symbol('a symbol'),
  () => ({ type: 'Nobody', __typename: 'Nobody' }),
];

const PROMISED_FAULTS: readonly (() => unknown)[] = [
  () => Promise.reject(new Error('a rejected promise')),
  () => Promise.resolve(null),
  () => [Promise.reject(new Error('a promise in a list'))],
];

const LEAVES: Readonly<Record<string, readonly unknown[]>> = {
  ID: ['ses_1', 12, ''],
  String: ['a sentence', '', '“ü”\u2028', 7, true],
  Int: [0, -1, 2 ** 31 - 1],
  Float: [0.5, 3],
  Boolean: [true, false],
  DateTime: [new Date(0), new Date(1_795_251_600_123)],
  JSONObject: [{ a: { b: [1, null, 'c'] } }, {}],
};

/** How values are made up. */
export interface Making {
  readonly schema: GraphQLSchema;
  /** The share of values that something is wrong with. */
  readonly faults: number;
  /** Here graphql-js forgets promises once another item has failed, and the process ends: with faults there are none. */
  readonly inList?: boolean;
}

/** A value as a resolver would give it. */
export function valueOf(making: Making, type: GraphQLOutputType, chance: Chance): unknown {
  const { faults, inList = false } = making;
  if (chance.happens(faults)) {
    const known = inList ? FAULTS : [...FAULTS, ...PROMISED_FAULTS];
    return handled(chance.of(known)());
  }
  if (!isNonNullType(type) && chance.happens(0.15)) return chance.of([null, undefined]);
  const bare = getNullableType(type);
  const value = somethingOf(making, bare, chance);
  return chance.happens(0.05) && !inList ? Promise.resolve(value) : value;
}

function somethingOf(making: Making, bare: GraphQLOutputType, chance: Chance): unknown {
  if (isListType(bare)) {
    const item = bare.ofType as GraphQLOutputType;
    const inList = { ...making, inList: true };
    // All of them or none: where one item fails at once, graphql-js leaves the promises of others to nobody.
    const isPromised = making.faults === 0 && chance.happens(0.1);
    return Array.from({ length: Math.floor(chance.next() * 4) }, () => {
      const value = valueOf(inList, item, chance);
      return isPromised ? Promise.resolve(value) : value;
    });
  }
  if (isEnumType(bare)) return chance.of(bare.getValues()).value;
  if (isAbstractType(bare)) return objectOf(making, chance.of(making.schema.getPossibleTypes(bare)), chance);
  if (isObjectType(bare)) return objectOf(making, bare, chance);
  // What writes down any object would write an error down too.
  if (making.faults > 0 && String(bare) === 'JSONObject' && chance.happens(0.1)) return new Error('a returned error');
  return chance.of(LEAVES[String(bare)] ?? ['something']);
}

function objectOf(making: Making, type: GraphQLObjectType, chance: Chance): object {
  const object: Record<string, unknown> = { type: type.name, __typename: type.name };
  for (const { name, type: its } of Object.values(type.getFields())) {
    // Values are made when they are asked for: types go in circles. Asked again, the same is given.
    const seed = Math.floor(chance.next() * 2 ** 31);
    const throws = chance.happens(making.faults / 2);
    Object.defineProperty(object, name, {
      enumerable: true,
      get: () => {
        if (throws) throw new Error('a property that throws');
        return valueOf(making, its, new Chance(seed));
      },
    });
  }
  return object;
}

/** Rejections that nobody asked for are no faults of the test. */
function handled<Value>(value: Value): Value {
  for (const each of Array.isArray(value) ? (value as unknown[]) : [value])
    if (each instanceof Promise) each.catch(() => undefined);
  return value;
}
