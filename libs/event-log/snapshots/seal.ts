import { createHmac, timingSafeEqual } from 'node:crypto';

import type { Snapshot } from './snapshots.ts';

/** A snapshot as it stands in its file. */
export interface SealedRow {
  readonly stream: string;
  readonly fold_version: number;
  readonly revision: number;
  readonly position: string;
  readonly last_fact_id: string;
  readonly newest: number;
  /** JSON text. */
  readonly state: string;
  readonly mac: Uint8Array;
}

export function seal(snapshot: Snapshot, key: Uint8Array, foldVersion: number): SealedRow {
  const row = {
    stream: snapshot.stream,
    fold_version: foldVersion,
    revision: snapshot.revision,
    position: snapshot.position,
    last_fact_id: snapshot.lastFactId,
    newest: snapshot.newest,
    state: JSON.stringify(snapshot.state),
  };
  return { ...row, mac: macOf(row, key) };
}

/** The snapshot of a row, or why it is as if it weren't there. */
export function checked(
  row: SealedRow,
  key: Uint8Array,
  foldVersion: number,
): Snapshot | 'wrongMac' | 'otherVersion' | 'broken' {
  const mac = macOf(row, key);
  if (row.mac.length !== mac.length || !timingSafeEqual(row.mac, mac)) return 'wrongMac';
  if (row.fold_version !== foldVersion) return 'otherVersion';
  let state: unknown;
  try {
    state = JSON.parse(row.state);
  } catch {
    return 'broken';
  }
  return {
    stream: row.stream,
    revision: row.revision,
    position: row.position,
    lastFactId: row.last_fact_id,
    newest: row.newest,
    state,
  };
}

/** Over everything: a state under another stream's name, at another revision or of another fold is a forged one. */
function macOf(row: Omit<SealedRow, 'mac'>, key: Uint8Array): Uint8Array {
  const { stream, fold_version, revision, position, last_fact_id, newest, state } = row;
  return createHmac('sha256', key)
    .update(JSON.stringify([stream, fold_version, revision, position, last_fact_id, newest]))
    .update('\n')
    .update(state)
    .digest();
}
