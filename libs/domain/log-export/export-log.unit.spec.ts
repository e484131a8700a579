import { describe, it } from '@jest/globals';
import { given } from '../testing/given.ts';
import { adam, ana, logExported, maria, mona, stranger, vic, workspaceOpen } from '../testing/story.ts';
import type { Persona } from '../testing/story.ts';
import type { ExportLog } from './export-log.ts';

const exports = (change: Partial<ExportLog> = {}): ExportLog => ({
  type: 'ExportLog',
  by: maria,
  format: 'csv',
  filter: {},
  search: null,
  lines: 3,
  upTo: null,
  ...change,
});

describe('Taking the book along as a file', () => {
  it('is a line: who, in which format, and how many lines', () => {
    given(workspaceOpen).when(exports()).then([logExported]);
    for (const by of [adam, mona]) {
      const { memberId, name } = by;
      const data = { ...logExported.data, memberId, personal: { subject: memberId, name } };
      given(workspaceOpen)
        .when(exports({ by }))
        .then([{ ...logExported, data }]);
    }
  });

  it('tells which lines, and keeps the words that were searched for with what names people', () => {
    const filter = { marks: ['viewed'], from: '2026-11-01T00:00:00.000Z' };
    const upTo = '00000000000000000016';
    given(workspaceOpen)
      .when(exports({ format: 'ndjson', filter, search: 'Ada', lines: null, upTo }))
      .then([
        {
          type: 'LogExported',
          data: {
            ...{ memberId: maria.memberId, format: 'ndjson', filter, lines: null, upTo },
            personal: { subject: maria.memberId, name: maria.name, search: 'Ada' },
          },
        },
      ]);
  });

  it('is for those who may read the book', () => {
    const refused = (by: Persona, is: string) =>
      given(workspaceOpen)
        .when(exports({ by }))
        .refused('roleMayAsk', `Only an owner, an admin or a manager may export the visit log; you are ${is}.`);
    refused(ana, 'an agent');
    refused(vic, 'a viewer');
    given(workspaceOpen)
      .when(exports({ by: stranger }))
      .refused('memberBelongsHere', 'There is no such workspace.');
  });
});
