import { join } from 'node:path';
import { LogUnavailable } from '#event-log/port';
import { backUpSqliteLog } from '#event-log/sqlite/backup';
import { CommandFailed, EXIT } from './exit.ts';
import { say, sayJson } from './printed.ts';

interface Options {
  readonly dataDir: string;
  readonly json: boolean;
}

/** Copies the embedded log while the service runs; docs/operate.md says how to put a copy back. */
export async function backUp(to: string, { dataDir, json }: Options): Promise<void> {
  const isShown = process.stderr.isTTY;
  try {
    const { file, facts, head } = await backUpSqliteLog({
      directory: join(dataDir, 'log'),
      to,
      onProgress: (copied, pages) => {
        if (isShown) process.stderr.write(`\r${Math.round((100 * copied) / Math.max(pages, 1))} %`);
      },
    });
    if (isShown) process.stderr.write('\r');
    if (json) sayJson({ file, facts, head });
    else say(`${facts} facts, up to ${head}, were copied to ${file} and looked through: the copy is whole.`);
  } catch (error) {
    if (error instanceof LogUnavailable) throw new CommandFailed(EXIT.failed, error.message);
    throw error;
  }
}
