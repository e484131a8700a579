import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readCatalogue } from '#domain/catalogue/catalogue';
import { doubtsIn } from '#domain/catalogue/doubts';
import { SEED } from './seed.ts';

describe('Fernway’s catalogue', () => {
  const reading = readCatalogue(parse(readFileSync('apps/demo/gatebook.catalogue.yaml', 'utf8')));
  if (reading.kind !== 'catalogue') throw new Error(reading.mistakes.join('\n'));
  const { catalogue } = reading;

  it('is what a vendor learns from: the lint finds no mistake in it and has no doubt about it', () => {
    expect(doubtsIn(catalogue)).toStrictEqual([]);
  });

  it('says of each setting the values that the settings page takes, and no others', () => {
    const rows = SEED.find(([table]) => table === 'settings')?.[1] ?? [];
    const taken = Object.fromEntries(rows.map(({ name, choices }) => [name, String(choices).split('|')]));
    expect(Object.keys(taken)).toHaveLength(4);
    expect(catalogue.actions['settings.change']?.choices).toEqual({ value: taken });
  });
});
