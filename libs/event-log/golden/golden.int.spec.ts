import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { envelopeWith } from '../envelope.ts';
import type { StoredFact } from '../envelope.ts';
import { checkGolden, goldenNames, readGolden } from './golden.ts';

const example: StoredFact = {
  id: '0199aa00-0000-7000-8000-000000000001',
  type: 'PageViewed',
  stream: 'workspace-ws_1',
  revision: 4,
  position: '00000000000000000017',
  recordedAt: 1_795_252_443_112,
  data: { page: 'billing', masked: ['email'], personal: { title: 'Customer Ada Example', subject: 'mem_1' } },
  metadata: {
    schemaVersion: 1,
    time: '2026-11-21T09:14:03.112Z',
    actor: { kind: 'staff', id: 'stf_1' },
    $correlationId: 'ses_1',
    codec: 'plain',
  },
};

const golden = `{
  "data": {
    "masked": [
      "email"
    ],
    "page": "billing",
    "personal": {
      "subject": "mem_1",
      "title": "Customer Ada Example"
    }
  },
  "id": "0199aa00-0000-7000-8000-000000000001",
  "metadata": {
    "$correlationId": "ses_1",
    "actor": {
      "id": "stf_1",
      "kind": "staff"
    },
    "codec": "plain",
    "schemaVersion": 1,
    "time": "2026-11-21T09:14:03.112Z"
  },
  "position": "00000000000000000017",
  "recordedAt": 1795252443112,
  "revision": 4,
  "stream": "workspace-ws_1",
  "type": "PageViewed"
}
`;

describe('A golden file', () => {
  let directory: string;
  const file = () => join(directory, 'PageViewed.v1.json');

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-golden-'));
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it('is missed when it is missing, and nothing is written unasked', () => {
    expect(() => checkGolden(example, { directory, write: false })).toThrow(
      'There is no golden file PageViewed.v1.json',
    );
    expect(goldenNames(directory)).toEqual([]);
  });

  it('is written when asked for, as one text whatever the order of the keys', () => {
    checkGolden(example, { directory, write: true });
    expect(readFileSync(file(), 'utf8')).toBe(golden);
    expect(goldenNames(directory)).toEqual(['PageViewed.v1.json']);
  });

  it('agrees with the example that it was written from', () => {
    writeFileSync(file(), golden);
    checkGolden(example, { directory, write: false });
  });

  it.each<[string, StoredFact]>([
    ['a value', { ...example, data: { ...(example.data as object), page: 'team' } }],
    ['a field more', { ...example, data: { ...(example.data as object), area: 'money' } }],
    ['a field less', { ...example, data: { page: 'billing' } }],
    [
      'its metadata',
      { ...example, metadata: { ...example.metadata, commandId: '0199aa00-0000-7000-8000-000000000002' } },
    ],
    ['its place', { ...example, revision: 5 }],
  ])('tells when a fact is stored otherwise (%s), and is not overwritten', (_, changed) => {
    writeFileSync(file(), golden);
    expect(() => checkGolden(changed, { directory, write: true })).toThrow('PageViewed is no longer stored as');
    expect(readFileSync(file(), 'utf8')).toBe(golden);
  });

  it('tells when the example has something that is lost on its way', () => {
    const lossy = { ...example, data: { ...(example.data as object), area: undefined } };
    writeFileSync(file(), golden);
    expect(() => checkGolden(lossy, { directory })).toThrow("doesn't give the example back");
  });

  it('holds what the codec made of the personal part, and opens it again', () => {
    const turned = { name: 'turned', seal: turn, open: turn };
    const sealed = { ...example, metadata: { ...example.metadata, codec: 'turned' } };
    checkGolden(sealed, { directory, envelope: envelopeWith(turned), write: true });
    expect(readFileSync(file(), 'utf8')).toContain('"personal": [\n');
    expect(() => checkGolden(sealed, { directory })).toThrow('names the codec "turned"');
    checkGolden(sealed, { directory, envelope: envelopeWith(turned), write: false });
  });

  it('of any version can be read as the log would give it', () => {
    writeFileSync(file(), golden);
    const recorded = readGolden('PageViewed.v1.json', directory);
    expect(recorded).toMatchObject({ type: 'PageViewed', revision: 4, position: '00000000000000000017' });
    expect(envelopeWith().decode(recorded)).toEqual(example);
  });
});

/** Stands for a cipher: an object to its entries, and back. */
function turn(personal: unknown): unknown {
  return Array.isArray(personal) ? Object.fromEntries(personal) : Object.entries(personal as object);
}
