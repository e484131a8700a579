import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readCatalogue } from '#domain/catalogue/catalogue';
import { doubtsIn } from '#domain/catalogue/doubts';

describe('Fernway’s catalogue', () => {
  it('is what a vendor learns from: the lint finds no mistake in it and has no doubt about it', () => {
    const reading = readCatalogue(parse(readFileSync('apps/demo/gatebook.catalogue.yaml', 'utf8')));
    if (reading.kind !== 'catalogue') throw new Error(reading.mistakes.join('\n'));
    expect(doubtsIn(reading.catalogue)).toStrictEqual([]);
  });
});
