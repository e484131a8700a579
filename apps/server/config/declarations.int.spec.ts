import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigInvalid } from './config.ts';
import { catalogueFrom, policyFrom } from './declarations.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatebook-declared-'));
afterAll(() => rmSync(folder, { recursive: true }));

function problemsIn(read: (file: string) => unknown, text: string): readonly string[] {
  const file = join(folder, 'declared.yaml');
  writeFileSync(file, text);
  try {
    read(file);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    return error.problems.map((problem) => problem.replace(file, 'it'));
  }
}

describe('What a service that starts says of the files that it can’t use', () => {
  it('names every mistake of a policy with its line', () => {
    const text = 'preset: default\nsession:\n  capMinuets: 3\n  idelMinutes: 3\nconsent: []\n';
    expect(problemsIn(policyFrom, text)).toEqual([
      'it:3:15: session.capMinuets: there is no such setting.',
      'it:4:16: session.idelMinutes: there is no such setting.',
      'it:5:10: consent: must be a group of settings with names, not a list.',
    ]);
    expect(problemsIn(policyFrom, 'preset: default\n')).toEqual([]);
  });

  it('names every mistake of a catalogue with its line', () => {
    const text =
      'areas: {}\npages:\n  __proto__: { label: P, class: view }\n  a: { label: A, class: open }\njobs: []\n';
    expect(problemsIn(catalogueFrom, text)).toEqual([
      'it:1:1: actions: is missing.',
      'it:1:1: fields: is missing.',
      'it:3:14: pages.__proto__: is a word that nothing can be named.',
      'it:4:25: pages.a.class: must be one of view, sensitive, never, not "open".',
      'it:5:7: jobs: must be a group of entries with names, not a list.',
    ]);
  });

  it.each([
    ['preset: default\n---\npreset: day-pass\n', /^it:2:\d+: only one document can stand here: /],
    ['preset: default\npreset: default\n', /^it:2:1: this name stands here twice\.$/],
    ['preset: [\n', /^it:2:1: /],
  ])('says in plain words why %j is no YAML', (text, said) => {
    const problems = [...problemsIn(policyFrom, text), ...problemsIn(catalogueFrom, text)];
    expect(problems).toEqual([expect.stringMatching(said), expect.stringMatching(said)]);
    expect(problems.join()).not.toMatch(/YAML\.|parse|\n/);
  });
});
