import { GraphQLError, Kind, type ASTVisitor, type SelectionSetNode, type ValidationContext } from 'graphql';

/** What a document may be at most (graphql.md, rule 11; threats T39, T40). Tokens are counted by the parser. */
export const LIMITS = {
  depth: 8,
  aliases: 15,
  directives: 10,
  tokens: 1000,
  rootFields: 10,
  values: 2000,
  letters: 30_000,
  bytes: 256 * 1024,
} as const;

const tooMuch = (what: string, most: number) => new GraphQLError(`The document has more than ${most} ${what}.`);

/** Depth and fields at the root, both through fragments; aliases; directives. Circles are caught by the standard rules. */
export function limitsRule(context: ValidationContext): ASTVisitor {
  const sizes = sizesIn(context);
  let aliases = 0;
  let directives = 0;
  return {
    Field(node) {
      if (node.alias && ++aliases === LIMITS.aliases + 1) context.reportError(tooMuch('aliases', LIMITS.aliases));
    },
    Directive() {
      if (++directives === LIMITS.directives + 1) context.reportError(tooMuch('directives', LIMITS.directives));
    },
    OperationDefinition({ selectionSet }) {
      const { depth, fields } = sizes(selectionSet);
      if (fields > LIMITS.rootFields) context.reportError(tooMuch('fields at its root', LIMITS.rootFields));
      if (depth > LIMITS.depth) context.reportError(tooMuch('levels', LIMITS.depth));
    },
  };
}

interface Size {
  /** Fields on the longest way from here to a leaf. */
  readonly depth: number;
  /** Fields at this level. */
  readonly fields: number;
}

const NOTHING: Size = { depth: 0, fields: 0 };

/** Each fragment is measured once: fragments that double each other would take exponential time otherwise. */
function sizesIn(context: ValidationContext): (set: SelectionSetNode) => Size {
  const known = new Map<string, Size>();
  const sizeOf = (set: SelectionSetNode): Size => {
    let depth = 0;
    let fields = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const { selectionSet, name } = selection;
        // What the schema says of itself is deep by nature; the standard rules keep it from going in circles.
        const below = selectionSet && !name.value.startsWith('__') ? sizeOf(selectionSet).depth : 0;
        depth = Math.max(depth, 1 + below);
        fields++;
      } else {
        const inner =
          selection.kind === Kind.INLINE_FRAGMENT
            ? sizeOf(selection.selectionSet)
            : sizeOfFragment(selection.name.value);
        depth = Math.max(depth, inner.depth);
        fields += inner.fields;
      }
    }
    return { depth, fields };
  };
  const sizeOfFragment = (name: string): Size => {
    const size = known.get(name);
    if (size) return size;
    known.set(name, NOTHING);
    const fragment = context.getFragment(name);
    const measured = fragment ? sizeOf(fragment.selectionSet) : NOTHING;
    known.set(name, measured);
    return measured;
  };
  return sizeOf;
}

/**
 * A thousand tokens need no more. What is parsed is kept for whoever sends it again, with the whole text behind it:
 * long comments would fill the memory.
 *
 * @throws {GraphQLError} BAD_USER_INPUT, status 400.
 */
export function ensureShort(body: unknown, query: unknown): void {
  for (const sent of [body, query]) {
    const text = typeof sent === 'object' && sent !== null && 'query' in sent ? sent.query : undefined;
    if (typeof text === 'string' && text.length > LIMITS.letters) throw tooLarge('document', 'letters', LIMITS.letters);
  }
}

const tooLarge = (what: string, of: string, most: number) =>
  new GraphQLError(`The ${what} hold${what === 'document' ? 's' : ''} more than ${most} ${of}.`, {
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });

/**
 * Counts what variables hold, lists and objects through and through, before any of it is looked at: each value is checked
 * against the schema and our rules, which is much work for little to send.
 *
 * @throws {GraphQLError} BAD_USER_INPUT, status 400.
 */
export function ensureFewValues(body: unknown): void {
  const waiting: unknown[] = [body];
  let count = 0;
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const inside: unknown[] = Object.values(value);
    count += inside.length;
    if (count > LIMITS.values) throw tooLarge('variables', 'values', LIMITS.values);
    // `null` and what is left out hold nothing, and would end the loop.
    waiting.push(...inside.filter((each) => typeof each === 'object' && each !== null));
  }
}
