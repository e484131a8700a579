import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** What a document may be at most (graphql.md, rule 11). */
export const LIMITS = { depth: 8, aliases: 15, directives: 10, tokens: 1000, rootFields: 10 } as const;

const tooMuch = (what: string, most: number) =>
  new GraphQLError(`The document has more than ${most} ${what}.`, { extensions: { code: 'DOCUMENT_TOO_LARGE' } });

/** Depth through fragments, aliases, directives and root fields; circles are caught by the standard rules. */
export function limitsRule(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  let directives = 0;
  return {
    Field(node) {
      if (node.alias && ++aliases === LIMITS.aliases + 1) context.reportError(tooMuch('aliases', LIMITS.aliases));
    },
    Directive() {
      if (++directives === LIMITS.directives + 1) context.reportError(tooMuch('directives', LIMITS.directives));
    },
    OperationDefinition(node) {
      if (node.selectionSet.selections.length > LIMITS.rootFields)
        context.reportError(tooMuch('operations', LIMITS.rootFields));
      if (deeperThan(LIMITS.depth, node.selectionSet, context, new Set()))
        context.reportError(tooMuch('levels', LIMITS.depth));
    },
  };
}

function deeperThan(
  left: number,
  set: SelectionSetNode,
  context: ValidationContext,
  inside: Set<FragmentDefinitionNode>,
): boolean {
  if (left < 0) return true;
  return set.selections.some((selection) => {
    if (selection.kind === Kind.FIELD) {
      return selection.selectionSet !== undefined && deeperThan(left - 1, selection.selectionSet, context, inside);
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) return deeperThan(left, selection.selectionSet, context, inside);
    const fragment = context.getFragment(selection.name.value);
    if (!fragment || inside.has(fragment)) return false;
    inside.add(fragment);
    const deep = deeperThan(left, fragment.selectionSet, context, inside);
    inside.delete(fragment);
    return deep;
  });
}
