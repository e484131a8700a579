import { describe, expect, it } from '@jest/globals';

import { newFact } from '../contract/specimens.ts';
import { MAX_FACT_BYTES } from '../port.ts';
import { carried, carrying } from './carried-time.ts';

const recorded = (metadata: string, bytes = 0) => ({
  ...newFact(bytes),
  metadata,
  stream: 'workspace-a',
  revision: 0,
  position: '1',
  recordedAt: 1_763_715_243_112,
});

describe('A time that is carried to another log', () => {
  it.each(['{"schemaVersion":1}', '{}', '{ "a": {"b":"}"} }', '{"$gatebookRecordedAt":"else"}'])(
    'comes off again, and leaves %s as it was',
    (metadata) => {
      const { metadata: written } = carrying(recorded(metadata));
      expect(JSON.parse(written)).toMatchObject({ $gatebookRecordedAt: 1_763_715_243_112 });
      expect(carried(written)).toEqual({ metadata, recordedAt: 1_763_715_243_112 });
    },
  );

  it.each(['{}', '{"schemaVersion":1}', '{"$gatebookRecordedAt":"1"}', '{"a":{"b":1,"$gatebookRecordedAt":1}}', ''])(
    'is not found in %s',
    (metadata) => expect(carried(metadata)).toBeUndefined(),
  );

  it('stays behind where a fact is too large for it', () => {
    const fact = recorded('{"schemaVersion":1}');
    const room = MAX_FACT_BYTES - fact.type.length - fact.metadata.length;
    const filled = (bytes: number) => ({ ...fact, data: `{"a":"${'x'.repeat(bytes - 8)}"}` });
    expect(carrying(filled(room - 36)).metadata).not.toBe(fact.metadata);
    expect(carrying(filled(room - 35)).metadata).toBe(fact.metadata);
  });
});
