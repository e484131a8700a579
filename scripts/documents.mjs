// Finds the GraphQL documents in sources: *.graphql files, and every text in TypeScript that begins as a document does,
// with texts of the same file put in where it names them.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const DOCUMENT = /^\s*(query|mutation|subscription|fragment)\b[^{]*\{/;

/** @returns {{ file: string, text: string }[]} */
export function documentsIn(folders) {
  return folders.flatMap((folder) =>
    filesBelow(folder)
      .filter((file) => /\.(tsx?|graphql)$/.test(file) && !/(\.spec\.tsx?|\.d\.ts)$/.test(file))
      .flatMap((file) => {
        const source = readFileSync(file, 'utf8');
        const texts = file.endsWith('.graphql') ? [source] : textsIn(file, source);
        return texts.filter((text) => DOCUMENT.test(text)).map((text) => ({ file, text }));
      }),
  );
}

function filesBelow(folder) {
  if (!statSync(folder, { throwIfNoEntry: false })) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file))
    .sort();
}

function textsIn(file, source) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const named = new Map();
  const texts = [];
  const textOf = (node) => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
    if (ts.isIdentifier(node)) return named.get(node.text);
    if (!ts.isTemplateExpression(node)) return undefined;
    const spans = node.templateSpans.map(({ expression, literal }) => {
      const inner = textOf(expression);
      return inner === undefined ? undefined : inner + literal.text;
    });
    return spans.includes(undefined) ? undefined : node.head.text + spans.join('');
  };
  const visit = (node) => {
    const text = ts.isIdentifier(node) ? undefined : textOf(node);
    if (text !== undefined) {
      texts.push(text);
      return;
    }
    if (ts.isVariableDeclaration(node) && node.initializer && ts.isIdentifier(node.name)) {
      const value = textOf(node.initializer);
      if (value !== undefined) named.set(node.name.text, value);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return texts;
}

/** Every operation with the fragments that it needs, wherever they stand. */
export function operationsIn(found, { parse, visit, print }) {
  const operations = [];
  const fragments = new Map();
  for (const { file, text } of found) {
    for (const definition of parse(text).definitions) {
      if (definition.kind === 'OperationDefinition') operations.push({ file, definition });
      else if (definition.kind === 'FragmentDefinition') {
        const { value: name } = definition.name;
        // One of the two would stand in the other's operations, which are then another document than the page sends.
        if (fragments.has(name)) throw new Error(`${file}: there is another fragment ${name}.`);
        fragments.set(name, definition);
      }
    }
  }
  return operations.map(({ file, definition }) => {
    const needed = new Map();
    const collect = (node) =>
      visit(node, {
        FragmentSpread({ name: { value: name } }) {
          const fragment = fragments.get(name);
          if (!fragment) throw new Error(`${file}: there is no fragment ${name}.`);
          if (needed.has(name)) return;
          needed.set(name, fragment);
          collect(fragment);
        },
      });
    collect(definition);
    const name = definition.name?.value ?? '';
    return { file, name, text: [definition, ...needed.values()].map(print).join('\n\n') };
  });
}
