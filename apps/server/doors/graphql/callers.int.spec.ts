import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, print, specifiedRules, validate, visit, type OperationDefinitionNode } from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COST_MAX, costOf } from './cost.ts';
import { limitsRule } from './limits.ts';
import { oneForm } from './trusted-documents.ts';

const root = join(import.meta.dirname, '../../../..');
const schema = buildSchema(readFileSync(join(root, 'schema.graphql'), 'utf8'));

interface Found {
  readonly file: string;
  readonly name: string;
  readonly text: string;
}
interface Documents {
  documentsIn(folders: readonly string[]): { readonly file: string; readonly text: string }[];
  operationsIn(found: ReturnType<Documents['documentsIn']>, graphql: object): Found[];
}
const { documentsIn, operationsIn } = (await import(join(root, 'scripts/documents.mjs'))) as Documents;
const operationsOf = (...folders: string[]) =>
  operationsIn(documentsIn(folders.map((folder) => join(root, folder))), { parse, print, visit });

/** What the door would say of it. Pages can ask for the largest page. */
function problemsOf({ file, name, text }: Found): string[] {
  const document = parse(oneForm(text));
  const said = validate(schema, document, [...specifiedRules, limitsRule]).map(({ message }) => message);
  if (said.length === 0) {
    const operation = document.definitions.find(
      (node): node is OperationDefinitionNode => node.kind === 'OperationDefinition',
    )!;
    const cost = costOf(schema, document, operation, { first: 100, last: 100 });
    if (cost > COST_MAX) said.push(`costs ${cost}`);
  }
  return said.map((sentence) => `${file.slice(root.length + 1)}, ${name}: ${sentence}`);
}

describe('Whoever calls the GraphQL door from here', () => {
  it('the command asks for what the schema has, within the limits', () => {
    const operations = operationsOf('apps/cli');
    expect(operations.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'Workspaces',
        'ActiveSessions',
        'StartSession',
        'EndSession',
        'ExitSession',
        'EnableStaffAccess',
        'DisableStaffAccess',
      ]),
    );
    expect(operations.flatMap(problemsOf)).toEqual([]);
  });

  it('the demo and the pages ask for what the schema has, within the limits', () => {
    expect(operationsOf('apps/demo', 'apps/web').flatMap(problemsOf)).toEqual([]);
  });

  it('the types that callers write with are those of the schema', async () => {
    const { typesOf } = (await import(join(root, 'scripts/schema-types.mjs'))) as { typesOf(text: string): string };
    // Formatting puts lines elsewhere, and nothing else.
    const plain = (text: string) => text.replace(/[\s;|,()]+/g, '');
    const types = typesOf(readFileSync(join(root, 'schema.graphql'), 'utf8'));
    expect(plain(readFileSync(join(root, 'libs/protocol/graphql.ts'), 'utf8'))).toBe(plain(types));
  });

  it('and is told where it doesn’t', () => {
    const wrong = { file: `${root}/x.ts`, name: 'Wrong', text: 'query Wrong { viewer { nmae } }' };
    expect(problemsOf(wrong)).toEqual([
      'x.ts, Wrong: Cannot query field "nmae" on type "Viewer". Did you mean "name"?',
    ]);
    const fields = 'nodes { id } edges { node { parts { text strong } technicalDetail } }';
    const deep = `query Dear($id: ID!) { a: visitLog(workspaceId: $id, first: 100) { ${fields} } b: visitLog(workspaceId: $id, last: 100) { ${fields} } c: visitLog(workspaceId: $id, first: 100) { ${fields} } }`;
    expect(problemsOf({ file: `${root}/x.ts`, name: 'Dear', text: deep })).toEqual(['x.ts, Dear: costs 7209']);
  });
});
