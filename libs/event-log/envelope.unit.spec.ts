import { describe, expect, it } from '@jest/globals';

import { envelopeWith, plainCodec, UnreadableFact } from './envelope.ts';
import type { Fact, PersonalCodec } from './envelope.ts';
import type { RecordedFact } from './port.ts';

const fact: Fact = {
  id: '0199aa00-0000-7000-8000-000000000001',
  type: 'PageViewed',
  data: { page: 'customer', personal: { subject: 'mem_1', title: 'Customer Ada Example' } },
  metadata: {
    schemaVersion: 1,
    time: '2026-11-21T09:14:03.112Z',
    actor: { kind: 'staff', id: 'stf_1' },
    $correlationId: 'ses_1',
    codec: 'plain',
  },
};

const place = {
  stream: 'workspace-ws_1',
  revision: 4,
  position: '00000000000000000017',
  recordedAt: 1_795_252_443_112,
};

/** Stands for a cipher. */
const reversed: PersonalCodec = {
  name: 'reversed',
  seal: (personal) => [...JSON.stringify(personal)].reverse().join(''),
  open: (sealed) => JSON.parse([...String(sealed)].reverse().join('')),
};
const secret: Fact = { ...fact, metadata: { ...fact.metadata, codec: 'reversed' } };

describe('The envelope', () => {
  it('writes a fact as two JSON texts, and gives it back with its place', () => {
    const stored = envelopeWith().encode(fact);
    expect(stored).toEqual({
      id: fact.id,
      type: 'PageViewed',
      data: JSON.stringify(fact.data),
      metadata: JSON.stringify(fact.metadata),
    });
    expect(envelopeWith().decode({ ...stored, ...place })).toEqual({ ...fact, ...place });
  });

  it('seals the personal part and nothing else', () => {
    const stored = envelopeWith(reversed).encode(secret);
    expect(JSON.parse(stored.data)).toEqual({ page: 'customer', personal: expect.any(String) });
    expect(stored.data).not.toContain('Ada');
    expect(envelopeWith(reversed).decode({ ...stored, ...place })).toEqual({ ...secret, ...place });
  });

  it('opens what an older codec wrote', () => {
    const stored = envelopeWith().encode(fact);
    expect(envelopeWith(reversed, [plainCodec]).decode({ ...stored, ...place }).data).toEqual(fact.data);
  });

  it('does not write a fact under the name of another codec', () => {
    expect(() => envelopeWith(reversed).encode(fact)).toThrow('names the codec "plain", but "reversed" writes it');
  });

  it.each<[string, Partial<RecordedFact>, string]>([
    ['data that is no JSON', { data: '{"page":' }, 'its data is not JSON'],
    ['data that is no object', { data: '[1]' }, 'its data is not a JSON object'],
    ['metadata that is no object', { metadata: 'null' }, 'its metadata is not a JSON object'],
    ['a codec that nobody has', { metadata: '{"codec":"a256gcm"}' }, 'its codec is "a256gcm"'],
  ])('says what cannot be read, and where: %s', (_, broken, why) => {
    const recorded = { ...envelopeWith().encode(fact), ...place, ...broken };
    const reading = () => envelopeWith().decode(recorded);
    expect(reading).toThrow(UnreadableFact);
    expect(reading).toThrow(`Fact ${fact.id} (PageViewed, workspace-ws_1 revision 4) can't be read: ${why}`);
  });
});
