import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { costsOf } from '../cost.ts';
import type { Outcomes } from './execution.ts';
import type { Plan } from './plan.ts';

/** Of all documents together; Apollo keeps them too, parsed. */
const LETTERS_KEPT = 1_000_000;

/** What a caller names an operation by. */
export interface Named {
  readonly query: string;
  readonly operationName?: string | undefined;
}

/** A query that was parsed, found valid and answered whole before. */
export interface KnownOperation {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly planOf: (variables: Record<string, unknown>) => Plan | undefined;
  readonly costOf: (variables: Readonly<Record<string, unknown>> | undefined) => number;
}

/** Operations that Apollo has taken and a plan has answered, by their text letter by letter, those asked for last. */
export class KnownOperations {
  readonly #most: number;
  readonly #kept = new Map<string, KnownOperation>();
  readonly #tried = new WeakMap<object, Outcomes>();
  #letters = 0;

  constructor(most: number = LETTERS_KEPT) {
    this.#most = most;
  }

  get letters(): number {
    return this.#letters;
  }

  find(named: Named): KnownOperation | undefined {
    const key = keyOf(named);
    const known = this.#kept.get(key);
    if (!known) return undefined;
    // The newest stand last.
    this.#kept.delete(key);
    this.#kept.set(key, known);
    return known;
  }

  learn(
    named: Named,
    { document, ...told }: Omit<KnownOperation, 'costOf'> & { readonly document: DocumentNode },
  ): void {
    const key = keyOf(named);
    if (this.#kept.has(key)) return;
    this.#kept.set(key, { ...told, costOf: costsOf(told.schema, document, told.operation) });
    this.#letters += key.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#letters <= this.#most) break;
      this.#kept.delete(oldest);
      this.#letters -= oldest.length;
    }
  }

  /** What a request's operation came to where its plan gave up: graphql-js goes on from there. */
  leave(request: object, outcomes: Outcomes): void {
    this.#tried.set(request, outcomes);
  }

  triedFor(request: object | undefined): Outcomes | undefined {
    return request && this.#tried.get(request);
  }
}

function keyOf({ query, operationName }: Named): string {
  return operationName === undefined ? `\n${query}` : `${operationName}\n${query}`;
}
