// `npm run check`: types, lint, arrows between rooms, unused code, formatting. Seconds, not minutes; all of it is run
// even when a part fails, and the failures are named at the end.
import { spawn } from 'node:child_process';

const checks = {
  types: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'],
  pages: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'apps/web'],
  stories: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'apps/web/stories'],
  lint: ['node_modules/eslint/bin/eslint.js', '.'],
  arrows: [
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    '--config',
    '.dependency-cruiser.mjs',
    'apps',
    'libs',
    'projections',
    'bench',
  ],
  unused: ['node_modules/knip/bin/knip.js'],
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
};

const run = (name, args) =>
  new Promise((resolve) => {
    const began = performance.now();
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('exit', (code) => resolve({ name, ok: code === 0, output, seconds: (performance.now() - began) / 1000 }));
  });

// The published libraries' types are read from their builds.
const asked = process.argv.slice(2);
const began = performance.now();
const names = Object.keys(checks).filter((name) => asked.length === 0 || asked.includes(name));
const pending = [...names];
const results = [];
// Two at a time: the machines that this is made for have two cores.
await Promise.all(
  [0, 1].map(async () => {
    for (let name = pending.shift(); name; name = pending.shift()) results.push(await run(name, checks[name]));
  }),
);
for (const { name, ok, output, seconds } of results) {
  if (!ok) console.error(output);
  console.error(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
}
console.error(`Checked in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
process.exit(results.every(({ ok }) => ok) ? 0 : 1);
