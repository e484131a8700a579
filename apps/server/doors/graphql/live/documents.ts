import {
  getOperationAST,
  GraphQLError,
  Kind,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type ASTVisitor,
  type DocumentNode,
  type ExecutionArgs,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValidationContext,
} from 'graphql';
import { COST_MAX, costOf } from '../cost.ts';
import { LIMITS, limitsRule } from '../limits.ts';

/** Documents that were found good are kept, so that a thousand pages with one document have it checked once. */
const KEPT = 200;
const KEPT_CHARACTERS = 10_000;

export interface Asked {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

/** A subscription that passed every check. */
export interface Operation {
  readonly args: ExecutionArgs;
  /** The one field at its root, by the schema's name. */
  readonly field: string;
  /** The same for all who ask the same. */
  readonly key: string;
}

interface Known {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly field: string;
}

/**
 * Checks what comes over WebSockets by the same rules as over HTTP, where Apollo does it (graphql.md, "The WebSocket door
 * is a second API"), and lets nothing but subscriptions through.
 */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #rules;
  readonly #known = new Map<string, Known>();

  constructor(schema: GraphQLSchema, { introspection }: { readonly introspection: boolean }) {
    this.#schema = schema;
    this.#rules = [...specifiedRules, limitsRule, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
  }

  /** The subscription, or why it is none that is served. */
  check({ query, operationName, variables }: Asked): Operation | readonly GraphQLError[] {
    if (typeof query !== 'string') return [problem('Send the document as text.', 'BAD_REQUEST')];
    const name = operationName ?? undefined;
    const id = JSON.stringify([query, name]);
    let known = this.#known.get(id);
    if (!known) {
      const found = this.#read(query, name);
      if (!('document' in found)) return found;
      known = found;
      if (this.#known.size >= KEPT) this.#known.clear();
      if (query.length <= KEPT_CHARACTERS) this.#known.set(id, known);
    }
    const { document, operation, field } = known;
    const variableValues = { ...variables };
    const cost = costOf(this.#schema, document, operation, variableValues);
    if (cost > COST_MAX)
      return [problem(`The subscription costs ${cost}, and ${COST_MAX} is the most.`, 'TOO_EXPENSIVE')];
    const args = { schema: this.#schema, document, operationName: name, variableValues };
    return { args, field, key: JSON.stringify([id, variableValues]) };
  }

  #read(query: string, operationName: string | undefined): Known | readonly GraphQLError[] {
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: LIMITS.tokens });
    } catch (error) {
      return [coded(error as GraphQLError, 'GRAPHQL_PARSE_FAILED')];
    }
    const others = document.definitions.some(
      (definition) =>
        definition.kind === Kind.OPERATION_DEFINITION && definition.operation !== OperationTypeNode.SUBSCRIPTION,
    );
    if (others) return [problem('Send subscriptions here, and everything else by POST.', 'BAD_REQUEST')];
    const errors = validate(this.#schema, document, this.#rules);
    if (errors.length > 0) return errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED'));
    const operation = getOperationAST(document, operationName);
    const field = operation && rootField(document, operation);
    if (!field) return [problem('Name the one subscription that is meant.', 'OPERATION_RESOLUTION_FAILURE')];
    return { document, operation, field };
  }
}

/** Subscriptions come over WebSockets; over HTTP each would be answered once, and wrongly. */
export function overHttpRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition({ operation }) {
      if (operation === OperationTypeNode.SUBSCRIPTION)
        context.reportError(new GraphQLError('Send subscriptions over a WebSocket.'));
    },
  };
}

/** The rules see to it that there is one, through however many fragments. */
function rootField(document: DocumentNode, { selectionSet }: OperationDefinitionNode): string | undefined {
  const [selection] = selectionSet.selections;
  if (!selection) return undefined;
  if (selection.kind === Kind.FIELD) return (selection satisfies FieldNode).name.value;
  if (selection.kind === Kind.INLINE_FRAGMENT)
    return rootField(document, { ...NONE, selectionSet: selection.selectionSet });
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === selection.name.value)
      return rootField(document, { ...NONE, selectionSet: node.selectionSet });
  }
  return undefined;
}

const NONE = { kind: Kind.OPERATION_DEFINITION, operation: OperationTypeNode.SUBSCRIPTION } as const;

function problem(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

function coded({ message, nodes, source, positions }: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(message, { nodes, source, positions, extensions: { code } });
}
