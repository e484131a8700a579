import { describe, expect, it } from '@jest/globals';
import type { LogLine } from '../owner/operations.ts';
import { requestLines } from './asked-before.ts';

const AT_ONCE = 100;
let number = 0;
const line = (kind: string, requestId: string) =>
  ({ id: `line-${++number}`, number, kind, technicalDetail: { data: { requestId } } }) as unknown as LogLine;

/** A book by pages, the newest line first, and which of them were read. */
function bookOf(written: readonly LogLine[]) {
  const lines = written.toReversed();
  const read: (string | null)[] = [];
  return {
    read,
    page: (after: string | null) => {
      read.push(after);
      const from = after === null ? 0 : Number(after);
      const to = from + AT_ONCE;
      const pageInfo = { endCursor: String(Math.min(to, lines.length)), hasNextPage: to < lines.length };
      return Promise.resolve({ nodes: lines.slice(from, to), pageInfo });
    },
  };
}

describe('What was asked for before a visit (S1-62)', () => {
  const others = (count: number) => Array.from({ length: count }, (_, at) => line('AccessRequested', `req_other${at}`));

  it('is found behind any number of other requests, and no further back than where it was asked', async () => {
    const own = ['AccessRequested', 'InformationAsked', 'AccessApproved'].map((kind) => line(kind, 'req_own'));
    const [asked, question, yes] = own as [LogLine, LogLine, LogLine];
    const book = bookOf([...others(300), asked, ...others(150), question, ...others(20), yes, ...others(99)]);
    expect(await requestLines('req_own', book.page)).toEqual([asked, question, yes]);
    expect(book.read).toEqual([null, '100', '200']);
  });

  it('is what can be read of it, where its first line can’t', async () => {
    const yes = line('AccessApproved', 'req_own');
    const book = bookOf([...others(250), yes]);
    expect(await requestLines('req_own', book.page)).toEqual([yes]);
    expect(book.read).toEqual([null, '100', '200']);
    const long = bookOf(others(10_101));
    expect(await requestLines('req_own', long.page)).toEqual([]);
    expect(long.read).toHaveLength(100);
  });
});
