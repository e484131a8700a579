import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '#server/adapters/oidc/testing/free-port';
import { readConfig } from '#server/config/config';
import { InProcess } from '#server/testing/in-process';
import { Person } from '../testing/person.ts';
import { gatebook, run } from './command.ts';
import { blockCalled, playedIn } from './documents.ts';
import { Playing } from './playing.ts';

const FILE = 'docs/for-products.md';

describe('The first integration of docs/for-products.md, as it stands', () => {
  let folder: string;
  let service: InProcess;
  let product: ChildProcess;
  let playing: Playing;

  beforeAll(async () => {
    // In the repository, where the packages are.
    mkdirSync('.tmp', { recursive: true });
    folder = mkdtempSync(join('.tmp', 'first-integration-'));
    const written = (name: string, block: string) => {
      const file = join(folder, name);
      writeFileSync(file, blockCalled(FILE, block));
      return file;
    };
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const catalogueFile = written('tally.catalogue.yaml', 'catalogue');
    const { signIn } = readConfig({});
    const config = {
      signIn,
      product: { id: 'tally', name: 'Tally', url },
      catalogueFile,
      actorToken: 'console',
    } as const;
    service = await InProcess.start({ told: false, config });
    // The sign-in and the ids of signals go by the system's clock.
    service.now = Date.now();
    const env = { GATEBOOK_URL: service.url, GATEBOOK_PRODUCT_KEY: service.productKey, PORT: String(port) };
    expect(await run([written('tell.ts', 'tell')], env)).toEqual({ code: 0, out: 'accepted \n'.repeat(3), err: '' });

    const args = ['--conditions=gatebook', '--no-warnings', written('product.ts', 'product')];
    product = spawn(process.execPath, args, { env: { PATH: process.env['PATH'], ...env }, stdio: 'inherit' });
    await listening(port);
    const place = {
      gatebook(call: readonly string[]) {
        service.now = Date.now();
        return gatebook(service.url, service.directory, call);
      },
    };
    playing = new Playing(place, new Person(url));
  });
  afterAll(async () => {
    const ended = once(product, 'exit');
    product.kill();
    await ended;
    await service.close();
    rmSync(folder, { recursive: true });
  });

  it.each(playedIn(FILE))('$call', (played) => playing.play(played));
});

async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const socket = connect(port, '127.0.0.1');
    const answers = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The product never listened.');
}
