import { describe, expect, it } from '@jest/globals';
import { isTypedId, isUuidV7, timeOfUuidV7 } from '@gatebook/protocol';
import { v7 } from 'uuid';
import { EntryCodes } from './entry-codes.ts';
import { caseIdOf, denialIdOf, memberIdOf, sessionIdOf, staffIdOf, strangerIdOf, workspaceIdOf } from './identity.ts';
import { uuidV7 } from './uuid-v7.ts';

describe('Derived ids', () => {
  it('are the same on every instance and on every day', () => {
    // Literal: a change here would give every workspace of every installation another id.
    // Written out: another way of deriving would give every workspace of every installation another id.
    expect(workspaceIdOf('fernway', 'acme')).toBe('ws_5cb4hf68xeg5qajdrhtvkd6rdd');
    expect(staffIdOf('https://id.example', 'sam')).toBe('stf_547t6sbsn8gjcbkkvq7rbha7jg');
  });

  it('keep their parts apart', () => {
    expect(workspaceIdOf('ab', 'c')).not.toBe(workspaceIdOf('a', 'bc'));
    const acme = workspaceIdOf('fernway', 'acme');
    const ids = [memberIdOf(acme, 'x'), strangerIdOf(acme, 'x'), caseIdOf(acme, 'x'), staffIdOf(acme, 'x')].map(
      (id) => id.split('_')[1],
    );
    expect(new Set(ids).size).toBe(4);
  });

  it('of a session carry the command’s time, and differ by workspace and staff member', () => {
    const commandId = v7({ msecs: 1_795_241_969_000 });
    const [acme, bluebird] = [workspaceIdOf('fernway', 'acme'), workspaceIdOf('fernway', 'bluebird')];
    const [sam, priya] = [staffIdOf('i', 'sam'), staffIdOf('i', 'priya')];
    const ids = [
      sessionIdOf(commandId, acme, sam),
      sessionIdOf(commandId, bluebird, sam),
      sessionIdOf(commandId, acme, priya),
    ];
    expect(new Set(ids).size).toBe(3);
    expect(ids.every((id) => isTypedId('ses', id))).toBe(true);
    expect(new Set(ids.map((id) => id.slice(0, 14))).size).toBe(1);
  });

  it('of a denial are the command’s and its payload’s', () => {
    expect(denialIdOf('c', 'sha256:a')).toBe(denialIdOf('c', 'sha256:a'));
    expect(denialIdOf('c', 'sha256:a')).not.toBe(denialIdOf('c', 'sha256:b'));
  });
});

describe('A new UUID', () => {
  it('is of version 7, carries its time, and is never the same twice', () => {
    const at = Date.parse('2026-11-21T09:00:00.123Z');
    const ids = Array.from({ length: 5000 }, () => uuidV7(at));
    expect(ids.every(isUuidV7)).toBe(true);
    expect(ids.every((id) => timeOfUuidV7(id) === at)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('The one-time code of a session', () => {
  const codes = new EntryCodes(new Uint8Array(32).fill(7));
  const entry = {
    sessionId: sessionIdOf('0199f0a0-0000-7000-8000-000000000000', workspaceIdOf('p', 'w'), staffIdOf('i', 's')),
    workspaceId: workspaceIdOf('p', 'w'),
    staffId: staffIdOf('i', 's'),
    product: 'p',
  };
  const code = codes.codeFor(entry);

  it('says which session it is of, and matches that session, person and product only (threat T1)', () => {
    expect(codes.read(code)).toEqual({ sessionId: entry.sessionId, workspaceId: entry.workspaceId });
    expect(codes.matches(code, entry)).toBe(true);
    expect(codes.matches(code, { ...entry, staffId: staffIdOf('i', 'other') })).toBe(false);
    expect(codes.matches(code, { ...entry, product: 'other' })).toBe(false);
    expect(codes.matches(code, { ...entry, workspaceId: workspaceIdOf('p', 'other') })).toBe(false);
    expect(new EntryCodes(new Uint8Array(32).fill(8)).matches(code, entry)).toBe(false);
  });

  it('is refused with any one character changed', () => {
    for (let at = 0; at < code.length; at++) {
      const changed = code.slice(0, at) + (code[at] === 'x' ? 'y' : 'x') + code.slice(at + 1);
      expect(codes.matches(changed, entry)).toBe(false);
    }
  });

  it.each(['', 'gbe', 'gbe_', 'gbe_x_y', `other_${code.slice(4)}`, code.slice(0, 40), '_'.repeat(5000)])(
    'is not read from %j',
    (text) => {
      expect(codes.read(text)).toBeUndefined();
    },
  );

  it('wants a key of 32 bytes', () => {
    expect(() => new EntryCodes(new Uint8Array(31))).toThrow(RangeError);
  });
});
