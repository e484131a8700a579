import { describe, expect, it } from '@jest/globals';
import { digest } from '../testing/digest.ts';
import { bookOf, type Past } from '../testing/given.ts';
import {
  accessOffBy,
  accessOn,
  case123,
  case124,
  case124Opened,
  clock,
  installation,
  maria,
  priya,
  priyaEnabled,
  sam,
  samEnabled,
  started,
  workspaceOpen,
} from '../testing/story.ts';
import type { BookFact } from './book.ts';
import { whoCouldEnter } from './could-enter.ts';

const STAFF = [
  [sam, samEnabled],
  [priya, priyaEnabled],
  ['stf_gone', { ...samEnabled, phase: 'disabled' as const }],
  ['stf_jonas', { ...samEnabled, roles: ['reviewer' as const] }],
] as const;
const who = (past: Past<BookFact>) =>
  whoCouldEnter({ book: bookOf(past), installation, now: clock('10:00'), digest }, STAFF).map(
    ({ staffId, caseRef }) => `${staffId} ${caseRef}`,
  );
const two: Past<BookFact> = [...workspaceOpen, case124Opened];

describe('Who could enter a workspace', () => {
  it('is nobody while access is off, and whoever has a role for it while it is on', () => {
    expect(who(two)).toStrictEqual([]);
    expect(who([...two, accessOn()])).toStrictEqual([
      'stf_sam CASE-123',
      'stf_sam CASE-124',
      'stf_priya CASE-123',
      'stf_priya CASE-124',
    ]);
    expect(who([...two, accessOn(), accessOffBy(maria, '09:30')])).toStrictEqual([]);
  });

  it('is only for the cases that the switch names, and by those whose they are', () => {
    expect(who([...two, accessOn({ onlyCase: case124 })])).toStrictEqual(['stf_sam CASE-124', 'stf_priya CASE-124']);
    const whose: BookFact = { type: 'CaseReassigned', data: { caseId: case123, caseRef: 'CASE-123', staffId: priya } };
    expect(who([...two, accessOn(), whose])).toStrictEqual([
      'stf_sam CASE-124',
      'stf_priya CASE-123',
      'stf_priya CASE-124',
    ]);
  });

  it('is nobody who is inside already', () => {
    expect(who([...workspaceOpen, accessOn(), '10:00', started()])).toStrictEqual(['stf_priya CASE-123']);
  });
});
