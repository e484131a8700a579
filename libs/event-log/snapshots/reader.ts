import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import type { SealedRow } from './seal.ts';
import { snapshotsFile } from './snapshots.ts';

/** Every snapshot as it stands in the file, unchecked, beside the service that writes it; none where there is no file. */
export function* readSealedRows(directory: string): Generator<SealedRow, void, undefined> {
  if (!existsSync(snapshotsFile(directory))) return;
  const file = new DatabaseSync(snapshotsFile(directory), { readOnly: true, timeout: 1000 });
  try {
    const next = file.prepare('SELECT * FROM snapshots WHERE stream > ? ORDER BY stream LIMIT 1');
    let stream = '';
    for (;;) {
      const row = next.get(stream) as unknown as SealedRow | undefined;
      if (!row) return;
      yield row;
      ({ stream } = row);
    }
  } finally {
    file.close();
  }
}
