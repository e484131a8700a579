import { GraphQLError, Kind, parse, print, visit, type DefinitionNode, type DocumentNode } from 'graphql';
import { createHash } from 'node:crypto';
import { LIMITS } from './limits.ts';

/** SHA-256 of a document in its one form, in hex, to that form. */
export type TrustedDocuments = ReadonlyMap<string, string>;

/**
 * A document in its one form: without comments, spacing, `__typename` (clients put it in where they like) and what only
 * a client's own tools read; the operation first, its fragments by name. What means the same is the same.
 *
 * @throws {GraphQLError} it is none, or has more tokens than the door takes.
 */
export function oneForm(text: string): string {
  const document = visit(parse(text, { maxTokens: LIMITS.tokens, noLocation: true }), {
    Field: { enter: (node) => (node.name.value === '__typename' && !node.alias ? null : undefined) },
    Directive: { enter: (node) => (node.name.value.startsWith('_') ? null : undefined) },
  }) as DocumentNode;
  const definitions = document.definitions.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  return print({ ...document, definitions });
}

function placeOf(definition: DefinitionNode): string {
  const name = 'name' in definition ? (definition.name?.value ?? '') : '';
  return `${definition.kind === Kind.OPERATION_DEFINITION ? 0 : 1}${name}`;
}

export function hashOf(form: string): string {
  return createHash('sha256').update(form).digest('hex');
}

/** The manifest that `scripts/trusted-documents.mjs` makes of the pages' sources. @throws {Error} it isn't one. */
export function trustedDocumentsFrom(json: string): TrustedDocuments {
  const manifest = JSON.parse(json) as Record<string, unknown>;
  const entries = Object.entries(manifest).map(([hash, form]) => {
    if (typeof form !== 'string' || hashOf(form) !== hash)
      throw new Error(`The trusted document ${hash} is not its own.`);
    return [hash, form] as const;
  });
  return new Map(entries);
}

/** What of a request tells who asks, and for what. */
interface AskedBy {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly query?: unknown;
  readonly body?: unknown;
}

/**
 * Browsers are served the documents of our own pages and no others, so that a script that got into a page can ask for
 * nothing that the page doesn't. A browser says itself that it is one: no script can leave these headers out.
 *
 * @throws {GraphQLError} FORBIDDEN, status 403.
 */
export function refuseUntrusted({ headers, query, body }: AskedBy, trusted: TrustedDocuments | undefined): void {
  if (!trusted || !(headers['origin'] !== undefined || headers['sec-fetch-site'] !== undefined)) return;
  const asked = fieldOf(body, 'query') ?? fieldOf(query, 'query');
  if (typeof asked === 'string' && isTrusted(asked, trusted)) return;
  throw new GraphQLError('From a browser only the operations of our own pages are served.', {
    extensions: { code: 'FORBIDDEN', http: { status: 403 } },
  });
}

/** Texts whose form was found trusted: our pages have some dozens. */
const TEXTS_KEPT = 200;
const found = new WeakMap<TrustedDocuments, Set<string>>();

function isTrusted(text: string, trusted: TrustedDocuments): boolean {
  let known = found.get(trusted);
  if (!known) found.set(trusted, (known = new Set()));
  if (known.has(text)) return true;
  try {
    if (!trusted.has(hashOf(oneForm(text)))) return false;
  } catch {
    return false;
  }
  // A trusted document can be written in many ways, with any comments.
  if (known.size >= TEXTS_KEPT) known.clear();
  known.add(text);
  return true;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
