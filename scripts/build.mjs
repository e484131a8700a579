// Builds what is published (libs/*/dist), then the service, the command and the demo (dist/), then the pages.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

const run = (what, ...args) => {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`Building ${what} failed.`);
    process.exit(status ?? 1);
  }
};

const began = performance.now();
const tsc = 'node_modules/typescript/bin/tsc';
for (const lib of ['protocol', 'host']) {
  rmSync(`libs/${lib}/dist`, { recursive: true, force: true });
  run(`@gatebook/${lib}`, tsc, '-p', `libs/${lib}`);
}
run('the service', 'node_modules/@nestjs/cli/bin/nest.js', 'build', '-b', 'swc', '-p', 'tsconfig.build.json');
const inPages = ['--logLevel', 'warn', '--config', 'apps/web/vite.config.ts'];
run(
  'the types of the pages’ operations',
  'node_modules/gql.tada/bin/cli.js',
  'generate-output',
  '-c',
  'apps/web/tsconfig.json',
);
run('the pages', 'node_modules/vite/bin/vite.js', 'build', ...inPages);
run('the list of the pages’ operations', 'scripts/trusted-documents.mjs');
console.error(`Built in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
