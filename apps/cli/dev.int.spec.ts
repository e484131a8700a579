import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';

import { COMMANDS_MS } from './testing/gatebook.ts';

jest.setTimeout(COMMANDS_MS);

interface Serving {
  readonly connectionString: string;
  readonly port: number;
  readonly readOnly: boolean;
}

describe('gatebook dev eventstoredb', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatebook-dev-'));
  const running: ChildProcess[] = [];
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });

  function run(...options: string[]): ChildProcess {
    const main = join(import.meta.dirname, 'main.ts');
    const flags = ['--conditions=gatebook', '--no-warnings', main, 'dev', 'eventstoredb', '--data-dir', dataDir];
    const child = spawn(process.execPath, [...flags, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    running.push(child);
    return child;
  }

  async function serving(...options: string[]): Promise<Serving & { child: ChildProcess }> {
    const child = run('--json', '--port', '0', ...options);
    const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
    return { child, ...(JSON.parse(line) as Serving) };
  }

  async function complaint(...options: string[]): Promise<{ code: number; text: string }> {
    const child = run(...options);
    let text = '';
    child.stderr!.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    return { code, text };
  }

  it('serves the embedded log, a second one read-only, says when its port is taken, and stops cleanly', async () => {
    const first = await serving();
    expect(first.readOnly).toBe(false);
    const client = EventStoreDBClient.connectionString(first.connectionString);
    await client.appendToStream('by hand', jsonEvent({ type: 'Written', data: { by: 'hand' } }));

    const second = await serving();
    expect(second.readOnly).toBe(true);
    const reader = EventStoreDBClient.connectionString(second.connectionString);
    const [read] = await reader.readStream('by hand').toArray();
    expect(read).toMatchObject({ event: { type: 'Written', data: { by: 'hand' } } });

    expect(await complaint('--port', String(first.port))).toEqual({
      code: 1,
      text: `Port ${first.port} is taken: choose another one with --port.\n`,
    });
    expect(await complaint('--port', 'many')).toMatchObject({ code: 2 });

    await Promise.all([client.dispose(), reader.dispose()]);
    for (const { child } of [first, second]) {
      child.kill('SIGTERM');
      expect(await once(child, 'close')).toEqual([0, null]);
    }
  });
});
