import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
let folder: string;

/** Packs both published packages as a registry would get them, into a folder that has nothing else. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatebook-packages-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module","private":true}');
  for (const name of ['protocol', 'host']) {
    const source = join(folder, 'source', name);
    mkdirSync(source, { recursive: true });
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', join(root, 'libs', name), '--outDir', join(source, 'dist')]);
    for (const file of ['package.json', 'README.md']) {
      const from = join(root, 'libs', name, file);
      if (existsSync(from)) writeFileSync(join(source, file), readFileSync(from));
    }
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder, source], { stdio: 'pipe' });
    const into = join(folder, 'node_modules/@gatebook', name);
    mkdirSync(into, { recursive: true });
    const tarball = readdirSync(folder).find((file) => file.startsWith(`gatebook-${name}-`))!;
    execFileSync('tar', ['-xzf', join(folder, tarball), '-C', into, '--strip-components=1']);
  }
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (code: string) =>
  execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: folder, encoding: 'utf8' });

it('runs from plain JavaScript, with nothing beside it but the protocol', () => {
  expect(readdirSync(join(folder, 'node_modules'))).toEqual(['@gatebook']);
  const printed = run(`
    import { gatebook } from '@gatebook/host/express';
    import { EVALUATION_PATH } from '@gatebook/protocol';
    const gate = gatebook({ service: 'http://127.0.0.1:1', productId: 'p', productKey: 'k', home: '/', pages: () => 'public' });
    gate.close();
    console.log(typeof gate, EVALUATION_PATH);
  `);
  expect(printed).toBe('function /access/v1/evaluation\n');
});

it('is typed for a product in TypeScript, down to req.gatebook', () => {
  const types = join(folder, 'node_modules/@types');
  symlinkSync(join(root, 'node_modules/@types'), types);
  try {
    writeFileSync(
      join(folder, 'product.ts'),
      `import express from 'express';
      import { gatebook, type Asked } from '@gatebook/host/express';
      const pages = (req: express.Request): Asked | undefined => (req.path === '/billing' ? { page: 'billing' } : undefined);
      const gate = gatebook({ service: 'http://127.0.0.1:1', productId: 'p', productKey: 'k', home: '/', pages });
      express().use(gate).get('/billing', (req, res) => {
        const workspace: string | undefined = req.gatebook?.workspaceRef;
        // @ts-expect-error there is a visit, or there is none
        const always: string = req.gatebook.workspaceRef;
        res.send([workspace, always]);
      });
      // @ts-expect-error an address of one's own account is needed
      gatebook({ service: 'http://127.0.0.1:1', productId: 'p', productKey: 'k', pages });`,
    );
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const flags = ['--module', 'NodeNext', '--target', 'ES2024', '--strict', '--noEmit', '--types', 'node'];
    expect(() =>
      execFileSync(process.execPath, [tsc, ...flags, 'product.ts'], { cwd: folder, encoding: 'utf8' }),
    ).not.toThrow();
  } finally {
    rmSync(types);
  }
});

it('has no test and no source in it', () => {
  const files = readdirSync(join(folder, 'node_modules/@gatebook/host'), { recursive: true }).map(String);
  expect(files).toContain(join('dist', 'express', 'index.d.ts'));
  expect(files.filter((file) => /spec|testing|(?<!\.d)\.ts$/.test(file))).toEqual([]);
});

it('the example of the README runs as it stands', () => {
  const example = /```js\n([\s\S]*?)```/.exec(readFileSync(join(root, 'libs/host/README.md'), 'utf8'))![1]!;
  // Express is the product's own; everything else is what was packed. The port is any that is free.
  const code = example
    .replace("from 'express'", `from ${JSON.stringify(join(root, 'node_modules/express/index.js'))}`)
    .replace('4100', '0');
  const printed = run(`${code}
    server.on('listening', async () => {
      const response = await fetch('http://127.0.0.1:' + server.address().port + '/billing');
      console.log(await response.text());
      const enter = await fetch('http://127.0.0.1:' + server.address().port + '/gatebook/enter', { redirect: 'manual' });
      console.log(enter.status, enter.headers.get('location'));
      process.exit();
    });
  `);
  expect(printed).toBe(
    '<!doctype html><body><h1>Billing of the workspace of who is signed in</h1></body>\n303 /sign-in/staff?next=%2Fgatebook%2Fenter\n',
  );
});
