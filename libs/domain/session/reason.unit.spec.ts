import { describe, expect, it } from '@jest/globals';
import { readReason, REASON_LENGTH_MAX } from './reason.ts';

const cp = (...points: number[]) => String.fromCodePoint(...points);

describe('A reason', () => {
  it.each([
    'Failed invoice sync since Tuesday',
    'Customer can’t update tax settings after a plan change',
    "Customer can't update tax settings after a plan change",
    'testing email delivery issue',
    'Reset billing contact after verified request',
    'Rechnungen werden seit Dienstag nicht übertragen',
    'La sincronización de facturas falla desde el martes',
    '火曜日から請求書の同期が失敗している',
    'Checking failed invoice sync',
    'Check invoice tax rate for account settings, ticket #4821.',
    'Duplicate charges on INV-88 and INV-89',
    '⚠\ufe0f Failed invoice sync since Tuesday',
  ])('that says something passes word for word: %s', (reason) => {
    expect(readReason(reason)).toStrictEqual({ kind: 'specific', reason });
  });

  it.each([
    'check issue', // S1-15, S4-18
    'Support',
    'Need access',
    'Need access to customer account',
    'Support\ufe0f access\ufe0f', // with a mark that chooses how a sign is drawn, and draws nothing here
    'please check the customer issue',
    'Customer has trouble with their account',
    'checking invoices',
    'invoice invoice invoice',
    'Invoice INVOICE ｉｎｖｏｉｃｅ',
    'URGENT!!! fix asap!!!',
    '12345 67890',
    'a b c d e f g',
    '. . . . . . . . . .',
    '👍 🔥 ✅',
    'n/a',
  ])('that could be about anything is vague (S1-75, S4-75): %s', (reason) => {
    expect(readReason(reason)).toStrictEqual({
      kind: 'vague',
      because: `“${reason}” could be about anything.`,
      impersonal: 'The reason could be about anything.',
      hints: [
        'Name what is wrong and where: “Failed invoice sync since Tuesday”.',
        'The owner reads your reason word for word.',
      ],
    });
  });

  it.each(['', '   ', '\n\t ', '\u3000\u00a0'])('that is blank is asked for (T25): %j', (reason) => {
    expect(readReason(reason)).toMatchObject({ kind: 'vague', because: 'A visit needs a reason.' });
  });

  it.each<[string, number]>([
    ['a null', 0x00],
    ['a line break', 0x0a],
    ['a carriage return', 0x0d],
    ['a terminal escape', 0x1b],
    ['a delete', 0x7f],
    ['a C1 control', 0x9b],
    ['a soft hyphen', 0xad],
    ['an Arabic letter mark', 0x61c],
    ['a Mongolian vowel separator', 0x180e],
    ['a zero-width space', 0x200b],
    ['a zero-width non-joiner', 0x200c],
    ['a zero-width joiner', 0x200d],
    ['a left-to-right mark', 0x200e],
    ['a right-to-left mark', 0x200f],
    ['a line separator', 0x2028],
    ['a paragraph separator', 0x2029],
    ['a left-to-right embedding', 0x202a],
    ['a right-to-left override', 0x202e],
    ['a word joiner', 0x2060],
    ['a left-to-right isolate', 0x2066],
    ['a pop of an isolate', 0x2069],
    ['a byte order mark', 0xfeff],
    ['a Hangul filler', 0x3164],
    ['a Hangul choseong filler', 0x115f],
    ['a half-width Hangul filler', 0xffa0],
    ['a blank of Braille', 0x2800],
    ['a tag character', 0xe0041],
    ['a grapheme joiner', 0x34f],
    ['a Khmer vowel that isn’t drawn', 0x17b4],
    ['a Mongolian variation selector', 0x180b],
    ['a deprecated format mark', 0x206a],
    ['a variation selector for signs', 0xe0100],
    ['an interlinear mark', 0xfff9],
    ['half of a surrogate pair', 0xd800],
  ])('with %s inside is unusable (T25, T52)', (_, point) => {
    expect(readReason(`Failed invoice${cp(point)} sync since Tuesday`)).toStrictEqual({
      kind: 'unusable',
      because: 'The reason holds characters that can’t be seen or that turn text around.',
      hints: ['Type the reason in plain text, on one line.'],
    });
  });

  it('that looks blank never passes for two words', () => {
    expect(readReason(`${cp(0x115f)} ${cp(0x3164)} ${cp(0x1160)}`).kind).not.toBe('specific');
  });

  it('is kept trimmed, and composed (NFC)', () => {
    expect(readReason('  Cafe\u0301 receipts missing since Monday \n')).toStrictEqual({
      kind: 'specific',
      reason: 'Café receipts missing since Monday',
    });
  });

  it(`has at most ${REASON_LENGTH_MAX} characters`, () => {
    const longest = 'Failed invoice sync '.padEnd(REASON_LENGTH_MAX, 'x');
    expect(readReason(longest).kind).toBe('specific');
    expect(readReason(`${longest}x`)).toStrictEqual({
      kind: 'unusable',
      because: 'A reason has at most 500 characters; this one has 501.',
      hints: ['Say in one or two sentences what you will look at.'],
    });
  });
});
