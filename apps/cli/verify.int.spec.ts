import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { emptyBook, evolveBook, type Book, type BookFact } from '#domain/book/book';
import { BOOK_FOLD_VERSION, packBook } from '#domain/book/snapshot';
import { envelopeWith } from '#event-log/envelope';
import type { EventLog, NewFact } from '#event-log/port';
import { openSnapshots, snapshotsFile, SNAPSHOTS_FOLDER, type Snapshot } from '#event-log/snapshots/snapshots';
import { openSqliteLog } from '#event-log/sqlite/log';
import { derived, loadOrMakeKeys } from '#server/config/installation-keys';
import {
  accessOn,
  case123Closed,
  clock,
  entered,
  started,
  viewed,
  workspaceOpen,
} from '../../libs/domain/testing/story.ts';
import { verifySnapshots } from './verify.ts';

const STREAM = 'workspace-ws_harbour';
const FACTS: readonly BookFact[] = [...workspaceOpen, accessOn(), started(), entered(), viewed(), case123Closed];

describe('gatebook verify snapshots', () => {
  let dataDir: string;
  let log: EventLog;
  let key: Uint8Array;
  let book: Book;
  let said: string[];

  beforeEach(async () => {
    said = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
    dataDir = mkdtempSync(join(tmpdir(), 'gatebook-verify-'));
    key = derived(Buffer.from((await loadOrMakeKeys(dataDir)).secret, 'base64'), 'snapshots');
    log = openSqliteLog({ directory: join(dataDir, 'log'), now: () => clock('10:00'), synchronous: 'off' });
    const envelope = envelopeWith();
    book = emptyBook;
    const facts = FACTS.map((fact, revision): NewFact => {
      const id = idOf(revision);
      const actor = { kind: 'system' as const, id: 'spec' };
      const time = clock('10:00') + revision;
      book = evolveBook(book, fact, { id, revision, time, actor });
      const metadata = {
        schemaVersion: 1,
        time: new Date(time).toISOString(),
        actor,
        $correlationId: 'c',
        codec: 'plain',
      };
      return envelope.encode({ ...fact, id, metadata });
    });
    await log.append(STREAM, 'none', facts);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await log.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const idOf = (revision: number) => `019aa000-0000-7000-8000-${String(revision).padStart(12, '0')}`;
  function keep(changed: Partial<Snapshot> = {}, options: { key?: Uint8Array; foldVersion?: number } = {}): void {
    const revision = FACTS.length - 1;
    const directory = join(dataDir, SNAPSHOTS_FOLDER);
    const snapshots = openSnapshots({ directory, key, foldVersion: BOOK_FOLD_VERSION, ...options });
    snapshots.save({
      stream: STREAM,
      revision,
      position: String(FACTS.length).padStart(20, '0'),
      lastFactId: idOf(revision),
      newest: clock('10:00') + revision,
      state: packBook(book),
      ...changed,
    });
    snapshots.close();
  }
  const verify = (json = false) => verifySnapshots({ dataDir, json });
  const FAILED = { code: 1, name: 'CommandFailed' };

  it('finds nothing wrong with what the service keeps', async () => {
    keep();
    await verify();
    expect(said).toEqual([`1 snapshot: 1 equal to what ${FACTS.length} facts fold to, 0 different.`]);
  });

  it('finds nothing wrong where there are none', async () => {
    await verify(true);
    expect(said.map((line) => JSON.parse(line) as unknown)).toEqual([
      { snapshots: 0, facts: 0, equal: 0, otherVersion: 0, different: [] },
    ]);
  });

  it.each<[string, Partial<Snapshot>]>([
    ['its sessions are not what the facts fold to', { state: { ...(packBook(emptyBook) as object) } }],
    ['the log holds another fact at that revision', { lastFactId: '019aa000-0000-7000-8000-999999999999' }],
    ['that fact stands at another position in the log', { position: '00000000000000000001' }],
    ['the newest fact has another time', { newest: 5 }],
    [`the log's stream ends at revision ${FACTS.length - 1}`, { revision: 4000 }],
  ])('says that %s', async (why, changed) => {
    keep(changed);
    await expect(verify()).rejects.toMatchObject(FAILED);
    expect(said).toContain(`${STREAM} at revision ${changed.revision ?? FACTS.length - 1}: ${why}`);
  });

  it('says that a MAC is wrong', async () => {
    keep();
    const file = new DatabaseSync(snapshotsFile(join(dataDir, SNAPSHOTS_FOLDER)));
    file.exec(`UPDATE snapshots SET state = replace(state, 'CASE-123', 'CASE-124')`);
    file.close();
    await expect(verify(true)).rejects.toMatchObject(FAILED);
    const because = ['its MAC is wrong: it was changed, or made with another key'];
    expect(JSON.parse(said[0] ?? '')).toEqual({
      snapshots: 1,
      facts: 0,
      equal: 0,
      otherVersion: 0,
      different: [{ stream: STREAM, revision: FACTS.length - 1, because }],
    });
  });

  it('passes over what another fold version made', async () => {
    keep({}, { foldVersion: BOOK_FOLD_VERSION + 1 });
    await verify();
    expect(said).toEqual([
      '1 snapshot: 0 equal to what 0 facts fold to, 0 different, 1 of another fold version, which are not used.',
    ]);
  });

  it('needs the installation’s secret', async () => {
    rmSync(join(dataDir, 'keys.json'));
    await expect(verify()).rejects.toMatchObject({ code: 2 });
  });
});
