import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SERVER_CORE, spawnNode } from '../processor.ts';

export type BaselineName = 'echo' | 'express-postgres' | 'fastify-sqlite';

export interface Baseline {
  /** One address for each variant, in the order of the arguments. */
  readonly urls: readonly string[];
  readonly pid: number;
  /** Rows of views in its store. */
  countViews(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a baseline on the server's core, with an empty folder of its own below `folder`. */
export async function startBaseline(
  name: BaselineName,
  options: { readonly templatesFile: string; readonly folder: string; readonly variants?: readonly number[] },
): Promise<Baseline> {
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const dataDir = `${options.folder}/${name}`;
  // PostgreSQL runs as a user of its own and must be able to walk through.
  mkdirSync(dataDir, { mode: 0o711 });
  const variants = (options.variants ?? []).map(String);
  const args = ['--conditions=gatebook', '--no-warnings', file, options.templatesFile, dataDir, ...variants];
  const child = spawnNode(SERVER_CORE, args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const exited = once(child, 'exit');
  const first = (await Promise.race([once(child, 'message'), exited.then(() => undefined)])) as
    [{ ports: number[] }] | undefined;
  if (!first) throw new Error(`the baseline ${name} did not start`);
  const urls = first[0].ports.map((port) => `http://127.0.0.1:${port}`);
  return {
    urls,
    pid: child.pid!,
    countViews: async () => {
      const answer = await fetch(`${urls[0]}/count`);
      return ((await answer.json()) as { views: number }).views;
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
