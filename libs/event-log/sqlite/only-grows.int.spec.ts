import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '../../..');

describe('The log only grows (S0-36, S0-37)', () => {
  it('by every statement of the embedded log: those that change or remove are about other tables than the facts', () => {
    const sources = globSync('*.ts', { cwd: import.meta.dirname }).filter((file) => !file.endsWith('.spec.ts'));
    const statements = sources
      .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
      .flatMap((source) => [
        ...source.matchAll(/\b(UPDATE|DELETE FROM|DROP TABLE|REPLACE INTO)\s+(?:IF EXISTS )?(\w+)/g),
      ])
      .map(([, , table]) => table);
    expect(statements).toContain('probe');
    expect(statements.filter((table) => table === 'facts')).toStrictEqual([]);
  });

  it('by every operation there is: none is about changing or removing a line', () => {
    const [, mutations = ''] =
      /^type Mutation \{$([^]*?)^\}$/m.exec(readFileSync(join(repository, 'schema.graphql'), 'utf8')) ?? [];
    const names = [...mutations.matchAll(/^ {2}(\w+)[(:]/gm)].map(([, name]) => name ?? '');
    expect(names).toContain('approveAccess');
    expect(names.filter((name) => /^(delete|remove|edit|update|erase|redact|rewrite)/.test(name))).toStrictEqual([]);
  });
});
