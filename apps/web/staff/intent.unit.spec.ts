import { describe, expect, it } from '@jest/globals';
import { intentOf, type Typed } from './intent.ts';

const typed: Typed = {
  workspaceId: 'ws_1',
  caseRef: 'CASE-123',
  job: 'invoice-sync',
  reason: 'Failed invoice sync since Tuesday',
  minutes: 30,
};

describe('A start that is meant', () => {
  it('keeps its id while its answer is missing, so that it begins once at most', () => {
    const first = intentOf(typed, undefined, () => 'first');
    expect(first).toEqual({ commandId: 'first', of: typed });
    expect(intentOf({ ...typed }, first, () => 'second')).toBe(first);
  });

  it('is another one once anything was edited, or once it was answered', () => {
    const first = intentOf(typed, undefined, () => 'first');
    const edits: readonly Partial<Typed>[] = [
      { workspaceId: 'ws_2' },
      { caseRef: 'CASE-124' },
      { job: 'sign-in-trouble' },
      { reason: 'Failed invoice sync since Monday' },
      { minutes: 15 },
      { viewAs: '' },
      { sensitive: ['customer'] },
      { field: 'customer.email' },
      { record: 'inq_1' },
    ];
    for (const edit of edits) {
      const next = { ...typed, ...edit };
      expect(intentOf(next, first, () => 'second')).toEqual({ commandId: 'second', of: next });
    }
    expect(intentOf(typed, undefined, () => 'second').commandId).toBe('second');
  });
});
