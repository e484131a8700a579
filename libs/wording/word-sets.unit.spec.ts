import { describe, expect, it } from '@jest/globals';
import { END_CAUSES, END_SENTENCES } from '@gatebook/protocol';
import { CONSENT_MODES, type ConsentMode } from '#domain/policy/knobs';
import { PRESET_NAMES } from '#domain/policy/policy';
import { PRESETS } from '#domain/policy/presets';
import type { Wanted } from '#domain/request/request';
import { requestHeading } from './request-lines.ts';
import { endSentence, filled, noticeOf, WORD_SETS, wordsOf, type WordSet } from './word-sets.ts';

const ofPreset = (name: (typeof PRESET_NAMES)[number]) => wordsOf(PRESETS[name]);
const textsOf = ({ switchLabel, ...texts }: WordSet) => [...Object.values(texts), ...Object.values(switchLabel)];

describe('The words of a preset', () => {
  it('are those that its system writes (S0-7, S0-8, S2-1, S3-3, S3-18)', () => {
    const label = (name: (typeof PRESET_NAMES)[number]) => ofPreset(name).switchLabel[PRESETS[name].consent.mode];
    expect(PRESET_NAMES.map((name) => [name, ofPreset(name).panel, label(name)])).toStrictEqual([
      ['default', 'Staff access', 'Allow staff to open my workspace'],
      ['day-pass', 'Staff access', 'Allow staff to open my workspace'],
      ['traceable', 'Support visits', 'Let support visit my workspace'],
      ['by-request', 'Temporary Support Access (TSA)', 'Let support ask for access'],
      ['switch', 'Support Access', 'Allow support access'],
      ['per-ticket', 'Support sessions', 'Let support visit my workspace'],
    ]);
  });

  it('are the default’s where a set lacks one, and whole in every set', () => {
    const names = ({ looking: _, ...set }: WordSet) => [Object.keys(set).sort(), Object.keys(set.switchLabel).sort()];
    for (const name of PRESET_NAMES) {
      expect(names(WORD_SETS[name])).toStrictEqual(names(WORD_SETS.default));
      for (const text of textsOf(WORD_SETS[name])) expect(text).toMatch(/^[A-Z].*[^.]$/);
    }
    expect(WORD_SETS.switch.switchLabel.role).toBe(WORD_SETS.default.switchLabel.role);
    expect(WORD_SETS.switch.switchLabel.request).toBe(WORD_SETS.default.switchLabel.request);
  });

  it('name a switch that lets nobody in for what it does, in every set', () => {
    // "Open" and "allow access" say that a press lets staff in: true only where the switch is what does.
    const letsIn = (label: string) => /\b(open|allow)\b/i.test(label);
    const asks = (label: string) => /\bask\b/.test(label);
    for (const set of Object.values(WORD_SETS)) {
      const said = (mode: ConsentMode) => [mode, letsIn(set.switchLabel[mode]), asks(set.switchLabel[mode])];
      expect(CONSENT_MODES.map(said)).toStrictEqual([
        ['role', false, false],
        ['switch', true, false],
        ['request', false, true],
      ]);
    }
  });

  it('hold no number and no role: what a policy sets stands in sentences made from it', () => {
    for (const set of Object.values(WORD_SETS))
      for (const text of textsOf(set)) expect(text).not.toMatch(/\d|owner|admin|member|lead|minute|hour|day/i);
  });

  it('tell the customer’s people of the case while somebody is inside, and without one of the visit (S0-15, S0-45)', () => {
    for (const name of PRESET_NAMES) {
      const before = name === 'day-pass' ? 'Viewing as staff. ' : '';
      expect(noticeOf(ofPreset(name), { caseRef: 'CASE-123', mode: 'read' })).toBe(
        `${before}Looking at case CASE-123 with you`,
      );
      expect(noticeOf(ofPreset(name), { caseRef: null, mode: 'read' })).toBe('Viewing as staff');
    }
  });

  it('never say of a visit that may change something that it is viewing', () => {
    for (const name of PRESET_NAMES) {
      expect(noticeOf(ofPreset(name), { caseRef: 'CASE-123', mode: 'write' })).toBe(
        'Looking at case CASE-123 with you',
      );
      expect(noticeOf(ofPreset(name), { caseRef: null, mode: 'write' })).toBe('Here as staff for one change');
    }
  });

  it('tell staff who go on after an off what has happened, and after any other end that (S3-21)', () => {
    for (const name of PRESET_NAMES)
      expect(endSentence(ofPreset(name), 'revoked')).toBe('Support access has been revoked');
    const own = { ...WORD_SETS.default, revoked: 'The door is shut' };
    for (const cause of END_CAUSES)
      expect(endSentence(own, cause)).toBe(cause === 'revoked' ? 'The door is shut' : END_SENTENCES[cause]);
  });

  it('take what is filled in for a text and nothing else', () => {
    expect(filled('{name} to {action}', { name: '{action} $&', action: 'look' })).toBe('{action} $& to look');
    expect(filled('{name} and {other}', { name: 'Sam' })).toBe('Sam and {other}');
  });
});

describe('The head of a request', () => {
  const wanted: Wanted = {
    pages: ['billing'],
    action: { name: 'row.delete', label: 'delete the stuck row INV-88', target: 'INV-88', digest: 'sha256:1' },
    field: null,
    minutes: 30,
    can: [],
    cannot: [],
  };
  const look: Wanted = { ...wanted, action: null };

  it('names who asks to change what, in every set (S0-22)', () => {
    for (const set of Object.values(WORD_SETS)) {
      expect(requestHeading({ kind: 'write', staffName: 'Sam Reed', wanted }, set)).toBe(
        'Write request from Sam Reed to delete the stuck row INV-88, once',
      );
    }
  });

  it.each([
    ['read', look, 'Request from Sam Reed to look'],
    ['extension', look, 'Request from Sam Reed to look for longer'],
    ['sensitive entry', look, 'Request from Sam Reed to look at what is sensitive'],
    ['export', wanted, 'Request from Sam Reed to delete the stuck row INV-88, once'],
    [
      'reveal',
      { ...look, field: { field: 'card.number', record: 'cus_1' } },
      'Request from Sam Reed to see card.number of cus_1, once',
    ],
  ] as const)('speaks of no write where nothing is written: %s', (kind, of, heading) => {
    expect(requestHeading({ kind, staffName: 'Sam Reed', wanted: of }, WORD_SETS['day-pass'])).toBe(heading);
  });

  it('takes the words of the set, and says so where the name is erased', () => {
    const own = { ...WORD_SETS.default, writeRequest: '{name} would {action}' };
    expect(requestHeading({ kind: 'write', staffName: null, wanted }, own)).toBe(
      'a staff member whose name is erased would delete the stuck row INV-88, once',
    );
  });
});
