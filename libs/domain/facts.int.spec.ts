import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { checkGolden, goldenName, goldenNames, readGolden } from '#event-log/golden/golden';
import { envelopeWith } from '#event-log/envelope';
import { FACT_CATALOGUE_PATH, factCatalogue } from '../../scripts/fact-catalogue.ts';
import { FACT_KINDS, factVersion, recognise } from './facts.ts';
import { EXAMPLES } from './testing/examples.ts';

const examples = Object.values(EXAMPLES);

describe('Every kind of fact', () => {
  it('has an example, which is recognised, in the order of the fact catalogue', () => {
    expect(Object.keys(EXAMPLES)).toStrictEqual(FACT_KINDS.map(({ type }) => type));
    for (const [type, example] of Object.entries(EXAMPLES)) {
      expect(example.type).toBe(type);
      expect([type, recognise(example)]).toStrictEqual([type, example]);
    }
  });

  it('has a golden file at the version that is written', () => {
    const names = examples.map(({ type }) => goldenName(type, factVersion(type)));
    for (const example of examples) checkGolden(example);
    expect(goldenNames()).toEqual(expect.arrayContaining(names));
  });

  it('is still read as every release wrote it', () => {
    for (const name of goldenNames()) {
      const fact = envelopeWith().decode(readGolden(name));
      expect([name, recognise(fact)]).toStrictEqual([name, fact]);
    }
  });

  it('stays far under the size that a line may have', () => {
    for (const example of examples) expect(JSON.stringify(example).length).toBeLessThan(65_535 / 8);
  });
});

describe('docs/facts.md', () => {
  it('is what scripts/fact-catalogue.ts writes', () => {
    expect(readFileSync(FACT_CATALOGUE_PATH, 'utf8')).toBe(factCatalogue());
  });
});
