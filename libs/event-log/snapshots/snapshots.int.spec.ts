import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSnapshots, snapshotsFile, type Snapshot, type Snapshots } from './snapshots.ts';

const KEY = new Uint8Array(32).fill(7);
const STREAM = 'workspace-ws_harbour';

function snapshot(changed: Partial<Snapshot> = {}): Snapshot {
  return {
    stream: STREAM,
    revision: 1999,
    position: '00000000000000004711',
    lastFactId: '019aa000-0000-7000-8000-000000000001',
    newest: 1_795_252_443_112,
    state: { open: true, name: 'Hafen “Nord”', views: [1, null, 2.5] },
    ...changed,
  };
}

describe('Snapshots', () => {
  let directory: string;
  let snapshots: Snapshots;

  const open = (changed: { key?: Uint8Array; foldVersion?: number } = {}) =>
    openSnapshots({ directory, key: KEY, foldVersion: 3, ...changed });
  /** Closed and opened again: what stands in the file, with nothing in memory. */
  const reopened = (changed: { key?: Uint8Array; foldVersion?: number } = {}) => {
    snapshots.close();
    return (snapshots = open(changed));
  };
  const meddle = (sql: string) => {
    snapshots.close();
    const file = new DatabaseSync(snapshotsFile(directory));
    file.exec(sql);
    file.close();
    snapshots = open();
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const only = (changed: object) => ({
    ...{ saved: 0, loaded: 0, missing: 0, wrongMac: 0, otherVersion: 0, broken: 0, notSaved: 0, madeAnew: 0 },
    ...changed,
  });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-snapshots-'));
    snapshots = open();
  });
  afterEach(() => {
    snapshots.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('come back as they were saved, before they are written and from the file', () => {
    snapshots.save(snapshot());
    expect(snapshots.load(STREAM)).toEqual(snapshot());
    expect(reopened().load(STREAM)).toEqual(snapshot());
    expect(snapshots.stats()).toEqual(only({ loaded: 1 }));
  });

  it('are written when the turn of the event loop is over, of several for one stream the last', async () => {
    snapshots.save(snapshot());
    snapshots.save(snapshot({ revision: 3999 }));
    expect(snapshots.stats().saved).toBe(0);
    await turn();
    expect(snapshots.stats().saved).toBe(1);
    expect(reopened().load(STREAM)).toEqual(snapshot({ revision: 3999 }));
  });

  it('hold up no turn with many: a few are written in each', async () => {
    for (let i = 0; i < 20; i++) snapshots.save(snapshot({ stream: `workspace-ws_${i}` }));
    const saved = [];
    for (let i = 0; i < 3; i++) {
      await turn();
      saved.push(snapshots.stats().saved);
    }
    expect(saved).toEqual([8, 16, 20]);
  });

  it('are missing where there is none, and once removed', async () => {
    expect(snapshots.load('workspace-ws_nobody')).toBeUndefined();
    snapshots.save(snapshot());
    snapshots.remove(STREAM);
    expect(snapshots.load(STREAM)).toBeUndefined();
    snapshots.save(snapshot());
    await turn();
    snapshots.remove(STREAM);
    expect(snapshots.load(STREAM)).toBeUndefined();
    expect(snapshots.stats()).toEqual(only({ saved: 1, missing: 3 }));
  });

  it.each([
    ['stream', `UPDATE snapshots SET stream = '${STREAM}x'`],
    ['fold version', 'UPDATE snapshots SET fold_version = 4'],
    ['revision', 'UPDATE snapshots SET revision = revision + 1'],
    ['position', "UPDATE snapshots SET position = '00000000000000004712'"],
    ['last fact', "UPDATE snapshots SET last_fact_id = '019aa000-0000-7000-8000-000000000002'"],
    ['newest time', 'UPDATE snapshots SET newest = newest + 1'],
    ['state', `UPDATE snapshots SET state = replace(state, 'true', 'false')`],
    ['state, shortened', `UPDATE snapshots SET state = ''`],
    ['MAC', `UPDATE snapshots SET mac = zeroblob(32)`],
    ['MAC, shortened', `UPDATE snapshots SET mac = substr(mac, 1, 31)`],
  ])('are as if missing, and counted, when somebody changed the %s', (_, sql) => {
    snapshots.save(snapshot());
    meddle(sql);
    expect(snapshots.load(sql.includes('SET stream') ? `${STREAM}x` : STREAM)).toBeUndefined();
    expect(snapshots.stats()).toEqual(only({ wrongMac: 1 }));
  });

  it('of one stream are no use under the name of another', () => {
    snapshots.save(snapshot());
    snapshots.save(snapshot({ stream: 'workspace-ws_other', state: { open: false } }));
    meddle(`UPDATE snapshots SET (state, mac) = (SELECT state, mac FROM snapshots WHERE stream = '${STREAM}')`);
    expect(snapshots.load('workspace-ws_other')).toBeUndefined();
    expect(snapshots.load(STREAM)).toEqual(snapshot());
    expect(snapshots.stats()).toEqual(only({ wrongMac: 1, loaded: 1 }));
  });

  it('made with another key are as if missing', () => {
    snapshots.save(snapshot());
    expect(reopened({ key: new Uint8Array(32).fill(8) }).load(STREAM)).toBeUndefined();
    expect(snapshots.stats()).toEqual(only({ wrongMac: 1 }));
  });

  it('of another fold version are as if missing, and are what to warm up', () => {
    snapshots.save(snapshot());
    reopened({ foldVersion: 4 });
    expect(snapshots.load(STREAM)).toBeUndefined();
    expect(snapshots.stats()).toEqual(only({ otherVersion: 1 }));
    snapshots.save(snapshot({ stream: 'workspace-ws_new' }));
    expect([[...snapshots.streams()], [...snapshots.outdated()]]).toEqual([['workspace-ws_new'], [STREAM]]);
    snapshots.save(snapshot());
    expect([...snapshots.outdated()]).toEqual([]);
    expect([...reopened({ foldVersion: 4 }).streams()].sort()).toEqual([STREAM, 'workspace-ws_new']);
  });

  it('name all their streams, however many', async () => {
    const names = Array.from({ length: 2500 }, (_, i) => `workspace-ws_${String(i).padStart(4, '0')}`);
    for (const stream of names) snapshots.save(snapshot({ stream, state: 1 }));
    reopened();
    expect([...snapshots.streams()]).toEqual(names);
  });

  it('begin anew where the file is damaged', () => {
    snapshots.close();
    writeFileSync(snapshotsFile(directory), 'this is no database, and never was one');
    snapshots = open();
    expect(snapshots.load(STREAM)).toBeUndefined();
    snapshots.save(snapshot());
    expect(reopened().load(STREAM)).toEqual(snapshot());
    expect(snapshots.stats()).toEqual(only({ loaded: 1 }));
  });

  it('begin anew where the file turns out to be damaged later', async () => {
    snapshots.save(snapshot());
    await turn();
    const file = new DatabaseSync(snapshotsFile(directory));
    file.exec('DROP TABLE snapshots');
    file.close();
    expect(snapshots.load(STREAM)).toBeUndefined();
    snapshots.save(snapshot());
    await turn();
    expect(snapshots.load(STREAM)).toEqual(snapshot());
    expect(snapshots.stats()).toEqual(only({ saved: 2, loaded: 1, missing: 1, madeAnew: 1 }));
  });

  it('that can’t be written are let go', async () => {
    const other = new DatabaseSync(snapshotsFile(directory));
    other.exec('BEGIN IMMEDIATE');
    snapshots.save(snapshot());
    await turn();
    other.exec('ROLLBACK');
    other.close();
    expect(snapshots.load(STREAM)).toBeUndefined();
    expect(snapshots.stats()).toEqual(only({ notSaved: 1, missing: 1 }));
  });
});
