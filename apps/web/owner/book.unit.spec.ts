import { describe, expect, it } from '@jest/globals';
import { bookOf, inZone, refusalInZone, tally, type VisitBlock } from './book.ts';
import { asCsv, asNdjson, fileName } from './export.ts';
import type { LogLine } from './operations.ts';

const sam = { __typename: 'StaffMember', id: 'stf_1', name: 'Sam Lee' } as const;

const aLine = (number: number, given: Partial<LogLine> = {}): LogLine => ({
  id: `id-${number}`,
  number,
  position: String(number),
  occurredAt: `2026-11-24T13:${String(number).padStart(2, '0')}:00.000Z`,
  recordedAt: `2026-11-24T13:${String(number).padStart(2, '0')}:00.001Z`,
  summary: `Line ${number}`,
  parts: [{ text: `Line ${number}`, strong: false }],
  detail: null,
  mark: 'viewed',
  kind: 'PageViewed',
  outcome: 'DONE',
  sessionId: null,
  actor: sam,
  technicalDetail: {},
  ...given,
});

const started = (number: number, sessionId: string) =>
  aLine(number, {
    sessionId,
    mark: 'in',
    kind: 'SessionStarted',
    technicalDetail: { data: { caseRef: 'CASE-123', personal: { staffName: 'Sam Lee' } } },
  });
const ended = (number: number, sessionId: string) => aLine(number, { sessionId, mark: 'out', kind: 'SessionEnded' });
const numbers = (lines: readonly LogLine[]) => lines.map(({ number }) => number);

const mode = 'Read only, and one action: retry the failed invoice sync on INV-88 (not used yet)';

describe('The book, laid out', () => {
  it('gathers a visit’s lines in written order, and puts what was tried after its end below it', () => {
    const lines = [
      aLine(6, { sessionId: 'ses_a', mark: 'refused', kind: 'AttemptDenied' }),
      ended(5, 'ses_a'),
      aLine(4, { kind: 'StaffAccessDisabled', mark: 'dot' }),
      aLine(3, { sessionId: 'ses_a' }),
      started(2, 'ses_a'),
      aLine(1, { kind: 'StaffAccessEnabled', mark: 'dot' }),
    ];
    const [today, ...others] = bookOf(lines, new Map(), 'UTC');
    expect(others).toEqual([]);
    const [visit, loose] = today!.blocks as [VisitBlock, { kind: string; lines: LogLine[] }];
    expect(visit).toMatchObject({ kind: 'visit', open: false, heading: 'Sam Lee came in for CASE-123' });
    expect([numbers(visit.lines), numbers(visit.after), numbers(loose.lines)]).toEqual([[2, 3, 5], [6], [4, 1]]);
    expect(tally(visit)).toBe('1 page viewed, nothing changed, 1 refused');
  });

  it('counts a masked value that was shown as what it is, and as no page (S1-44)', () => {
    const revealed = aLine(3, { sessionId: 'ses_a', mark: 'viewed', kind: 'FieldRevealed' });
    const [today] = bookOf([revealed, aLine(2, { sessionId: 'ses_a' }), started(1, 'ses_a')], new Map(), 'UTC');
    expect(tally(today!.blocks[0] as VisitBlock)).toBe('1 page viewed, 1 masked value shown, nothing changed');
  });

  it('puts the newest visit first, and says which are open', () => {
    const lines = [aLine(4, { sessionId: 'ses_b' }), started(3, 'ses_b'), ended(2, 'ses_a'), started(1, 'ses_a')];
    const [today] = bookOf(
      lines,
      new Map([
        ['ses_b', mode],
        ['ses_a', 'Read only'],
      ]),
      'UTC',
    );
    expect(today!.blocks).toMatchObject([
      { sessionId: 'ses_b', open: true, mode },
      { sessionId: 'ses_a', open: false },
    ]);
  });

  it('names a visit whose beginning isn’t read yet by its lines, or by nobody', () => {
    const [today] = bookOf([aLine(2, { sessionId: 'ses_a' })], new Map(), 'UTC');
    expect(today!.blocks).toMatchObject([{ heading: 'Sam Lee came in', began: undefined }]);
    const system = { __typename: 'SystemActor', id: 'clock' } as const;
    const [other] = bookOf([aLine(2, { sessionId: 'ses_a', actor: system })], new Map(), 'UTC');
    expect(other!.blocks).toMatchObject([{ heading: 'A staff member came in' }]);
  });

  it('makes no visit of one that was refused before it began: nobody came in', () => {
    const technicalDetail = { data: { attempt: { command: 'StartSession' } } };
    const refused = aLine(2, { sessionId: 'ses_a', mark: 'refused', kind: 'AttemptDenied', technicalDetail });
    const [today] = bookOf([refused, aLine(1)], new Map(), 'UTC');
    expect(today!.blocks).toEqual([{ kind: 'loose', lines: [refused, aLine(1)] }]);
  });

  it('parts days where the reader’s zone does', () => {
    const late = aLine(2, { occurredAt: '2026-11-24T23:30:00.000Z' });
    const early = aLine(1, { occurredAt: '2026-11-24T22:30:00.000Z' });
    expect(bookOf([late, early], new Map(), 'UTC')).toHaveLength(1);
    expect(bookOf([late, early], new Map(), 'Europe/Berlin')).toHaveLength(2);
  });

  it('writes times that Gatebook put into a sentence in the reader’s zone, and touches nobody’s reason', () => {
    const parts = [
      { text: 'Maria Ortiz ', strong: false },
      { text: ' until 2026-11-25 13:50 UTC, for CASE-1 only', strong: false },
    ];
    const now = Date.parse('2026-11-24T13:14:00Z');
    const read = (kind: string, detail: string | null = null) => inZone({ kind, parts, detail }, now, 'Europe/Berlin');
    expect(read('StaffAccessEnabled').parts[1]?.text).toBe(' until Wed 25 Nov, 14:50, for CASE-1 only');
    expect(read('SessionStarted')).toEqual({ parts, detail: null });
    expect(read('AccessApproved', 'It is begun by 2026-11-24 13:50 UTC or not at all.')).toEqual({
      parts,
      detail: 'It is begun by Tue 24 Nov, 14:50 or not at all.',
    });
    expect(refusalInZone('Refused: Sam Lee tried to open Files 3 times since 2026-11-24 13:50 UTC', now, 'UTC')).toBe(
      'Refused: Sam Lee tried to open Files 3 times since Tue 24 Nov, 13:50',
    );
  });
});

describe('The book as files', () => {
  it('is CSV that a spreadsheet reads as it is meant: quoted, and no text a formula', () => {
    const line = aLine(7, {
      summary: '=HYPERLINK("http://x")',
      detail: 'one\ntwo, three',
      technicalDetail: { data: { caseRef: 'CASE-123', rule: 'pageIsViewable' } },
    });
    const [head, row] = asCsv([line]).split('\r\n');
    expect(head).toBe(
      '\ufeffline,time,recorded,sentence,detail,kind,outcome,actor,actorId,visit,case,rule,id,position',
    );
    expect(row).toBe(
      '7,2026-11-24T13:07:00.000Z,2026-11-24T13:07:00.001Z,"\'=HYPERLINK(""http://x"")","one\ntwo, three",' +
        'PageViewed,DONE,Sam Lee,stf_1,,CASE-123,pageIsViewable,id-7,7',
    );
    expect(asCsv([aLine(1, { summary: '+1' }), aLine(2, { summary: '-1' }), aLine(3, { summary: '@x' })])).toMatch(
      /,'\+1,.*\r\n.*,'-1,.*\r\n.*,'@x,/,
    );
  });

  it('is NDJSON with every line whole', () => {
    const lines = [aLine(2), aLine(1)];
    expect(
      asNdjson(lines)
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text) as unknown),
    ).toEqual(lines);
  });

  it('has a name that every file system takes', () => {
    const now = Date.parse('2026-11-24T13:14:00Z');
    expect(fileName('Acme Co', now, 'csv')).toBe('acme-co-visit-log-2026-11-24.csv');
    expect(fileName('Inês & Zoë /..', now, 'ndjson')).toBe('ines-zoe-visit-log-2026-11-24.ndjson');
    expect(fileName('株式会社', now, 'csv')).toBe('workspace-visit-log-2026-11-24.csv');
  });
});
