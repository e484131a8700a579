import { rmSync } from 'node:fs';

/** Said to an empty file. Rows of the visit log are long: with pages of 4 KiB many run over, and a rebuild takes longer. */
export const PAGES = 'PRAGMA page_size = 8192';

/** Removes a file of tables with what SQLite keeps beside it. */
export function removeTables(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true });
}
