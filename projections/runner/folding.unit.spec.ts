import { describe, expect, it } from '@jest/globals';
import { envelopeWith, type PersonalCodec, type StoredFact } from '#event-log/envelope';
import type { RecordedFact } from '#event-log/port';
import { envelope, placed, recorded, story } from '../testing/story.ts';
import { visitLog } from '../visit-log/table.ts';
import { foldFacts } from './folding.ts';

function linesOf(facts: readonly RecordedFact[], as = envelope) {
  const lines = foldFacts(facts, new Map(), as).filter((change) => change.table === visitLog);
  return lines.map((change) => (change.kind === 'add' ? change.row : undefined));
}

describe('A line of the visit log', () => {
  const facts = placed(story({ morePages: 3 }));
  const inBooks = facts.filter(({ stream }) => /^(workspace|denials)-(ws_.*)/.test(stream));
  const texts = (all: readonly StoredFact[]) =>
    all.map(({ data, metadata }) => ({ data: JSON.stringify(data), metadata: JSON.stringify(metadata) }));

  it('holds data and metadata as JSON would write them again', () => {
    expect(linesOf(recorded(facts))).toEqual(texts(inBooks).map((line) => expect.objectContaining(line)));
  });

  it('holds the personal part opened, and nothing of how it was sealed', () => {
    const backwards = (text: string) => [...text].reverse().join('');
    const codec: PersonalCodec = {
      name: 'backwards',
      seal: (personal) => backwards(JSON.stringify(personal)),
      open: (sealed) => JSON.parse(backwards(String(sealed))) as unknown,
    };
    const sealing = envelopeWith(codec);
    const sealed = facts.map((fact) => ({ ...fact, metadata: { ...fact.metadata, codec: codec.name } }));
    const stored = sealed.map((fact) => {
      const { stream, revision, position, recordedAt } = fact;
      return { ...sealing.encode(fact), stream, revision, position, recordedAt };
    });
    expect(stored.filter(({ data }) => data.includes('airaM')).length).toBeGreaterThan(0);
    const wanted = texts(sealed.filter(({ id }) => inBooks.some((fact) => fact.id === id)));
    expect(linesOf(stored, sealing)).toEqual(wanted.map((line) => expect.objectContaining(line)));
  });

  it('holds no data where it can’t be read, and says so', () => {
    const [first] = recorded(facts).filter(({ stream }) => stream.startsWith('workspace-'));
    for (const broken of [{ data: '{"a":' }, { metadata: '{"time":"never","codec":"plain"}' }]) {
      const [line] = linesOf([{ ...first!, revision: 0, ...broken }]);
      expect(line).toMatchObject({ data: null, outcome: 'unreadable', occurred_at: first!.recordedAt });
      expect(JSON.parse(String(line?.['metadata']))).toMatchObject({ codec: 'unknown' });
    }
  });
});
