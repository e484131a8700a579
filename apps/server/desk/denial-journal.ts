import { open, readFile, rm, type FileHandle } from 'node:fs/promises';

/** What keeps the waiting denials through a restart: text that is added to, read once, and done away with. */
export interface DenialJournal {
  /** All of it; empty where there is none. */
  read(): Promise<string>;
  /** Resolves when it is durable. */
  append(text: string): Promise<void>;
  remove(): Promise<void>;
  close(): Promise<void>;
}

export function journalIn(file: string): DenialJournal {
  let handle: FileHandle | undefined;
  const close = async () => {
    await handle?.close();
    handle = undefined;
  };
  return {
    async read() {
      try {
        return await readFile(file, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
        throw error;
      }
    },
    async append(text) {
      handle ??= await open(file, 'a', 0o600);
      await handle.appendFile(text);
      await handle.datasync();
    },
    async remove() {
      await close();
      await rm(file, { force: true });
    },
    close,
  };
}
