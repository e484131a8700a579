import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
  isScalarType,
  getNullableType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLType,
} from 'graphql';

/** Lists that are no connections, and why each is short by nature. */
const SHORT_LISTS: Readonly<Record<string, string>> = {
  'Query.activeSessions': 'a staff member is in one visit at a time: there are never more than staff members',
};
const SCALARS = [
  'Boolean',
  'DateTime',
  'Duration',
  'EmailAddress',
  'Float',
  'ID',
  'Int',
  'JSONObject',
  'String',
  'URL',
];
const PAGE_INFO = ['endCursor: String', 'hasNextPage: Boolean!', 'hasPreviousPage: Boolean!', 'startCursor: String'];
const PAGE_ARGUMENTS = ['after: String', 'before: String', 'first: Int', 'last: Int', 'minPosition: String'];
/** What has happened: "sessionChanged", "accessRevoked". */
const PAST_TENSE = /^[a-z]+([A-Z][a-z]+)*[A-Z][a-z]*ed$/;
const VERB_NOUN = /^[a-z]+([A-Z][a-z0-9]*)+$/;
const DATED = /\d{4}-\d{2}-\d{2}/;

/** Which of our rules for a schema (graphql.md) this one breaks, each as a sentence; none: `[]`. */
export function breachesIn(schema: GraphQLSchema): string[] {
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  return [
    ...mutationBreaches(schema),
    ...userErrorBreaches(schema),
    ...types.flatMap((type) => connectionBreaches(schema, type)),
    ...queryBreaches(schema),
    ...subscriptionBreaches(schema),
    ...types.flatMap((type) => [
      ...descriptionBreaches(schema, type),
      ...scalarBreaches(type),
      ...nodeBreaches(schema, type),
    ]),
    ...deprecationBreaches(types),
  ];
}

/** Rules 1, 2, 4. */
function mutationBreaches(schema: GraphQLSchema): string[] {
  return fieldsOf(schema.getMutationType()).flatMap((mutation) => {
    const breaches: string[] = [];
    const Name = mutation.name.charAt(0).toUpperCase() + mutation.name.slice(1);
    const say = (sentence: string) => breaches.push(`Mutation.${mutation.name} ${sentence}`);
    if (!VERB_NOUN.test(mutation.name)) say('is not named verbNoun');
    if (mutation.args.map(({ name }) => name).join() !== 'input' || String(mutation.args[0]?.type) !== `${Name}Input!`)
      say(`does not take exactly input: ${Name}Input!`);
    if (String(mutation.type) !== `${Name}Payload!`) say(`does not answer ${Name}Payload!`);
    const input = schema.getType(`${Name}Input`);
    if (!isInputObjectType(input) || String(input.getFields()['commandId']?.type) !== 'ID!')
      say('takes no commandId: ID!');
    const { workspaceId, expectedRevision } = isInputObjectType(input) ? input.getFields() : {};
    // A workspace's stream has one revision that people are told; the vendor's own settings have none.
    if (workspaceId && String(expectedRevision?.type) !== 'Int') say('takes no expectedRevision: Int');
    const payload = schema.getType(`${Name}Payload`);
    const fields = isObjectType(payload) ? payload.getFields() : {};
    if (String(fields['userErrors']?.type) !== '[UserError!]!') say('answers no userErrors: [UserError!]!');
    if (String(fields['position']?.type) !== 'String') say('answers no position: String');
    for (const { name, type } of Object.values(fields)) {
      if (name !== 'userErrors' && getNullableType(type) !== type) say(`answers ${name}, which can’t be null`);
    }
    return breaches;
  });
}

/** Rule 2: typed errors that a client can read in one loop, each with a code of its own. */
function userErrorBreaches(schema: GraphQLSchema): string[] {
  const face = schema.getType('UserError');
  if (!schema.getMutationType()) return [];
  if (!isInterfaceType(face)) return ['UserError is no interface'];
  const breaches: string[] = [];
  for (const [name, type] of [
    ['code', 'UserErrorCode!'],
    ['message', 'String!'],
    ['field', '[String!]!'],
  ] as const) {
    if (String(face.getFields()[name]?.type) !== type) breaches.push(`UserError.${name} is not ${type}`);
  }
  const codes = schema.getType('UserErrorCode');
  const kinds = new Set(schema.getPossibleTypes(face).map(({ name }) => constantCase(name)));
  for (const { name } of isEnumType(codes) ? codes.getValues() : []) {
    if (!kinds.delete(name)) breaches.push(`UserErrorCode.${name} has no type of its own`);
  }
  return [...breaches, ...[...kinds].map((kind) => `${kind} is a user error without a code`)];
}

/** Rule 8. */
function connectionBreaches(schema: GraphQLSchema, type: GraphQLNamedType): string[] {
  if (!isObjectType(type) || !type.name.endsWith('Connection')) return [];
  const node = type.name.slice(0, -'Connection'.length);
  const breaches: string[] = [];
  const expect = (of: string, name: string, wanted: string) => {
    const holder = schema.getType(of);
    const found = isObjectType(holder) ? holder.getFields()[name]?.type : undefined;
    if (String(found) !== wanted) breaches.push(`${of}.${name} is not ${wanted}`);
  };
  expect(type.name, 'edges', `[${node}Edge!]!`);
  expect(type.name, 'nodes', `[${node}!]!`);
  expect(type.name, 'pageInfo', 'PageInfo!');
  expect(type.name, 'totalCount', 'Int');
  expect(`${node}Edge`, 'cursor', 'String!');
  expect(`${node}Edge`, 'node', `${node}!`);
  const pageInfo = schema.getType('PageInfo');
  const fields = fieldsOf(isObjectType(pageInfo) ? pageInfo : null).map((field) => `${field.name}: ${field.type}`);
  if (fields.toSorted().join() !== PAGE_INFO.join()) breaches.push(`PageInfo is not ${PAGE_INFO.join(', ')}`);
  return breaches;
}

/** Rules 4 and 8: what is read in pages takes the page, a list is one, and what tables answer waits for a position. */
function queryBreaches(schema: GraphQLSchema): string[] {
  return fieldsOf(schema.getQueryType()).flatMap((query) => {
    const named = `Query.${query.name}`;
    const args = query.args.map(({ name, type }) => `${name}: ${type}`);
    const isConnection = getNamedType(query.type).name.endsWith('Connection');
    const breaches: string[] = [];
    if (isConnection) {
      const missing = PAGE_ARGUMENTS.filter((arg) => !args.includes(arg));
      if (missing.length > 0) breaches.push(`${named} is paged and takes no ${missing.join(', ')}`);
    }
    if (isListType(getNullableType(query.type)) && !(named in SHORT_LISTS))
      breaches.push(`${named} is a list without pages`);
    for (const { name, type } of query.args) {
      if (/(^i|I)d$/.test(name) && getNamedType(type).name !== 'ID') breaches.push(`${named}(${name}) is no ID`);
    }
    return breaches;
  });
}

/** Rule 10. */
function subscriptionBreaches(schema: GraphQLSchema): string[] {
  return fieldsOf(schema.getSubscriptionType()).flatMap(({ name }) =>
    PAST_TENSE.test(name) ? [] : [`Subscription.${name} is not named by a noun and what happened to it`],
  );
}

/** Rule 14. */
function descriptionBreaches(schema: GraphQLSchema, type: GraphQLNamedType): string[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const bare: string[] = [];
  if (!type.description && !roots.some((root) => root === type)) bare.push(type.name);
  if (isEnumType(type)) {
    for (const { name, description } of type.getValues()) if (!description) bare.push(`${type.name}.${name}`);
  }
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) {
      if (!field.description) bare.push(`${type.name}.${field.name}`);
      for (const arg of 'args' in field ? field.args : [])
        if (!arg.description) bare.push(`${type.name}.${field.name}(${arg.name})`);
    }
  }
  return bare.map((what) => `${what} is not described`);
}

/** Rule 6. */
function scalarBreaches(type: GraphQLNamedType): string[] {
  if (isScalarType(type)) return SCALARS.includes(type.name) ? [] : [`${type.name} is no scalar of ours`];
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return [];
  const fields: readonly { readonly name: string; readonly type: GraphQLType }[] = Object.values(type.getFields());
  return fields.flatMap((field) => {
    const named = `${type.name}.${field.name}`;
    const scalar = getNamedType(field.type).name;
    const breaches: string[] = [];
    if (scalar === 'JSONObject' && field.name !== 'technicalDetail') breaches.push(`${named} is a JSONObject`);
    if (/(At|Until|By|End)$/.test(field.name) && scalar === 'String') breaches.push(`${named} is an instant as text`);
    // A product's own id of a thing is whatever the product has.
    if (/(^id|Id)$/.test(field.name) && field.name !== 'externalId' && !['ID', 'IdComparator'].includes(scalar))
      breaches.push(`${named} is no ID`);
    if (/(^|[a-z])([Ee]mail)$/.test(field.name) && scalar !== 'EmailAddress')
      breaches.push(`${named} is no EmailAddress`);
    if (/(^url|Url)$/.test(field.name) && scalar !== 'URL') breaches.push(`${named} is no URL`);
    return breaches;
  });
}

/** Rule 5: what has an id of ours can be asked for by it. */
function nodeBreaches(schema: GraphQLSchema, type: GraphQLNamedType): string[] {
  const node = schema.getType('Node');
  if (!isObjectType(type) || !isInterfaceType(node)) return [];
  const isNode = type.getInterfaces().includes(node);
  if (isNode && String(type.getFields()['id']?.type) !== 'ID!') return [`${type.name}.id is not ID!`];
  return [];
}

/** Rule 14: with a reason, and the date from which on it may go. */
function deprecationBreaches(types: readonly GraphQLNamedType[]): string[] {
  const deprecated: { readonly what: string; readonly reason: string | null | undefined }[] = [];
  for (const type of types) {
    if (isEnumType(type)) {
      for (const { name, deprecationReason: reason } of type.getValues())
        deprecated.push({ what: `${type.name}.${name}`, reason });
    } else if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        const what = `${type.name}.${field.name}`;
        deprecated.push({ what, reason: field.deprecationReason });
        for (const arg of 'args' in field ? field.args : [])
          deprecated.push({ what: `${what}(${arg.name})`, reason: arg.deprecationReason });
      }
    }
  }
  return deprecated.flatMap(({ what, reason }) =>
    reason == null || DATED.test(reason) ? [] : [`${what} is deprecated without a date`],
  );
}

function fieldsOf(type: GraphQLObjectType | null | undefined): GraphQLField<unknown, unknown>[] {
  return Object.values(type?.getFields() ?? {});
}

/** `StepUpRequired` as `STEP_UP_REQUIRED`. */
function constantCase(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, '_$&').toUpperCase();
}
