// Types of what the GraphQL door takes and answers, for callers that write their operations by hand.
// Usage: node scripts/schema-types.mjs (writes libs/protocol/graphql.ts; a spec holds it to schema.graphql)
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { readFileSync, writeFileSync } from 'node:fs';

const SCALARS = {
  Boolean: 'boolean',
  DateTime: 'string',
  EmailAddress: 'string',
  Float: 'number',
  ID: 'string',
  Int: 'number',
  JSONObject: 'Readonly<Record<string, unknown>>',
  String: 'string',
  URL: 'string',
};
const HEAD = `/*
 * What the GraphQL door takes and answers, type by type; an answer has of them what was asked for. Written by
 * scripts/schema-types.mjs from schema.graphql, and held to it by a spec.
 */
`;

export function typesOf(schemaText) {
  const schema = buildSchema(schemaText);
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !type.name.startsWith('__') && !roots.includes(type),
  );
  return HEAD + types.map((type) => declared(schema, type)).join('');
}

function declared(schema, type) {
  const said = comment(type.description, '');
  if (isEnumType(type)) {
    return `${said}export type ${type.name} = ${type
      .getValues()
      .map(({ name }) => `'${name}'`)
      .join(' | ')};\n`;
  }
  if (isUnionType(type)) return `${said}export type ${type.name} = ${type.getTypes().map(String).join(' | ')};\n`;
  if (isInterfaceType(type)) {
    const kinds = schema.getPossibleTypes(type).map(String);
    return `${said}export type ${type.name} = ${kinds.join(' | ')};\n`;
  }
  if (!isObjectType(type) && !isInputObjectType(type)) return '';
  const fields = Object.values(type.getFields()).map((field) => {
    const optional = isInputObjectType(type) && !isNonNullType(field.type) ? '?' : '';
    return `${comment(field.description, '  ')}  readonly ${field.name}${optional}: ${typeOf(field.type)};\n`;
  });
  const name = isObjectType(type) ? `  readonly __typename?: '${type.name}';\n` : '';
  return `${said}export interface ${type.name} {\n${name}${fields.join('')}}\n`;
}

function typeOf(type) {
  if (!isNonNullType(type)) return `${bare(type)} | null`;
  return bare(type.ofType);
}

function bare(type) {
  if (!isListType(type)) return SCALARS[type.name] ?? type.name;
  const of = typeOf(type.ofType);
  return `readonly ${of.includes(' ') ? `(${of})` : of}[]`;
}

function comment(description, indent) {
  return description ? `${indent}/** ${description.replaceAll('\n', ' ')} */\n` : '';
}

if (import.meta.main) {
  const { format, resolveConfig } = await import('prettier');
  const file = 'libs/protocol/graphql.ts';
  const text = typesOf(readFileSync('schema.graphql', 'utf8'));
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), parser: 'typescript' }));
}
