import { describe, expect, it } from '@jest/globals';
import { END_SENTENCES } from '@gatebook/protocol';
import { PRESET_NAMES } from '#domain/policy/policy';
import { PRESETS } from '#domain/policy/presets';
import { filled, WORD_SETS } from './word-sets.ts';

const ofPreset = (name: (typeof PRESET_NAMES)[number]) => WORD_SETS[PRESETS[name].wording];

describe('The words of a preset', () => {
  it('are those that its system writes (S0-7, S0-8, S3-3, S3-18)', () => {
    expect(PRESET_NAMES.map((name) => [name, ofPreset(name).panel, ofPreset(name).switchLabel])).toStrictEqual([
      ['default', 'Staff access', 'Allow staff to open my workspace'],
      ['day-pass', 'Staff access', 'Allow staff to open my workspace'],
      ['traceable', 'Support visits', 'Let support visit my workspace'],
      ['by-request', 'Support access', 'Let support ask for access'],
      ['switch', 'Support Access', 'Allow support access'],
      ['per-ticket', 'Support sessions', 'Let support visit my workspace'],
    ]);
  });

  it('name who asks to change what (S0-22)', () => {
    const { writeRequest } = ofPreset('day-pass');
    expect(filled(writeRequest, { name: 'Sam Reed', action: 'delete the stuck row INV-88' })).toBe(
      'Write request from Sam Reed to delete the stuck row INV-88',
    );
  });

  it('tell the customer’s people of the case while somebody is inside (S0-15, S0-45)', () => {
    for (const name of PRESET_NAMES) {
      expect(filled(ofPreset(name).banner, { case: 'CASE-123' })).toBe('Looking at case CASE-123 with you');
      expect(ofPreset(name).bannerWithoutCase).toBe('Viewing as staff');
    }
  });

  it('tell staff who go on after an off what has happened, as every other door does (S3-21)', () => {
    for (const name of PRESET_NAMES) expect(ofPreset(name).revoked).toBe('Support access has been revoked');
    expect(END_SENTENCES.revoked).toBe('Support access has been revoked');
  });

  it('take what is filled in for a text and nothing else', () => {
    expect(filled('{name} to {action}', { name: '{action} $&', action: 'look' })).toBe('{action} $& to look');
    expect(filled('{name} and {other}', { name: 'Sam' })).toBe('Sam and {other}');
  });
});
