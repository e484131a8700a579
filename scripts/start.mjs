// `npm start`: the whole story on one machine. Builds what isn't built, then runs the service and the demo product with
// built-in people to sign in as, and stops both together. `--help` says what can be set.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

if (process.argv.includes('--help')) {
  console.log(`npm start [-- --rebuild]

Runs Gatebook and its demo product "Fernway" on this machine, data in ./.gatebook (delete it to begin anew).

  --rebuild           build again even when nothing seems to have changed
  GATEBOOK_PORT       port of the service, 4000
  DEMO_PORT           port of the demo product, 4100
  GATEBOOK_DATA_DIR   where data is kept, .gatebook`);
  process.exit(0);
}

const port = process.env.GATEBOOK_PORT ?? '4000';
const demoPort = process.env.DEMO_PORT ?? '4100';
const serviceUrl = process.env.GATEBOOK_PUBLIC_URL ?? `http://localhost:${port}`;
const demoUrl = process.env.DEMO_URL ?? `http://localhost:${demoPort}`;
const dataDirectory = process.env.GATEBOOK_DATA_DIR ?? '.gatebook';

await build();
mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
const { loadOrMakeKeys } = await import('../dist/apps/server/config/installation-keys.js');
const keys = await loadOrMakeKeys(dataDirectory);

const children = [];
let stopping = false;

const service = await started('service', 'dist/apps/server/main.js', {
  GATEBOOK_PORT: port,
  GATEBOOK_PUBLIC_URL: serviceUrl,
  GATEBOOK_PRODUCT_URL: demoUrl,
  GATEBOOK_DATA_DIR: dataDirectory,
  GATEBOOK_CATALOGUE: process.env.GATEBOOK_CATALOGUE ?? 'apps/demo/gatebook.catalogue.yaml',
  GATEBOOK_LOG_LEVEL: process.env.GATEBOOK_LOG_LEVEL ?? 'warn',
});
const demo = await started('demo product', 'dist/apps/demo/main.js', {
  DEMO_PORT: demoPort,
  DEMO_URL: demoUrl,
  DEMO_DATA_DIR: join(dataDirectory, 'demo'),
  GATEBOOK_URL: serviceUrl,
  GATEBOOK_PRODUCT_KEY: keys.product,
});
announce();
for (const child of [service, demo]) {
  child.on('exit', (code) => {
    if (!stopping) stop(code ?? 1);
  });
}
process.on('SIGINT', () => stop(0));
process.on('SIGTERM', () => stop(0));

/** Builds when there is no build, or when a source is newer than it. */
async function build() {
  const newest = (directory) =>
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter(
        (entry) =>
          entry.isFile() &&
          /\.(tsx?|json|css|html|svg)$/.test(entry.name) &&
          !/(^|\/)(dist|node_modules)(\/|$)/.test(entry.parentPath),
      )
      .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
  const built = 'dist/apps/server/main.js';
  const sources = Math.max(...['apps', 'libs', 'projections'].map(newest));
  // The list of the pages' operations is what is built last: where it is, everything is.
  const last = 'dist/apps/web/trusted-documents.json';
  const isBuilt = existsSync(built) && existsSync(last) && statSync(last).mtimeMs > sources;
  if (!process.argv.includes('--rebuild') && isBuilt) return;
  console.log('Building Gatebook (some seconds, only when something changed) ...');
  await import('./build.mjs');
}

/** A child process that has said that it is ready. */
function started(name, entry, environment) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--enable-source-maps', '--max-semi-space-size=32', entry], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...environment },
    });
    children.push(child);
    child.once('message', () => resolve(child));
    child.once('exit', (code) => {
      if (stopping) return;
      console.error(`The ${name} ended before it was ready (exit code ${code}).`);
      stop(code ?? 1);
    });
  });
}

function stop(code) {
  if (stopping) return;
  stopping = true;
  const alive = children.filter((child) => child.exitCode === null && child.signalCode === null);
  if (alive.length === 0) process.exit(code);
  let left = alive.length;
  for (const child of alive) {
    child.once('exit', () => {
      if (--left === 0) process.exit(code);
    });
    child.kill('SIGTERM');
  }
}

function announce() {
  const { members, staff } = JSON.parse(readFileSync('apps/demo/people.json', 'utf8'));
  const line = (person, what) => `    ${person.sub.padEnd(8)} ${person.name.padEnd(18)} ${what}`;
  const workspaces = [...new Set(members.map(({ workspace }) => workspace))];
  console.log(`
Gatebook is running. Open this, and the story begins:

  ${serviceUrl}

  Fernway, the demo product   ${demoUrl}
  The owner's page            ${serviceUrl}/owner
  For programs                ${serviceUrl}/graphql, health at /readyz

  People to sign in as (no passwords here: press a name, or: npm run -s gatebook -- token --as NAME)
${workspaces
  .map(
    (workspace) =>
      `  Customer "${workspace}"\n${members
        .filter((person) => person.workspace === workspace)
        .map((person) => line(person, person.role))
        .join('\n')}`,
  )
  .join('\n')}
  Staff of Fernway
${staff.map((person) => line(person, person.roles.join(', '))).join('\n')}

  The same story by commands: README.md, "Play the story". Ctrl+C stops everything.
`);
}
