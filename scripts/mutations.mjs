// `npm run test:mutations`: plants faults in the domain's sources, one at a time and in a copy, and sees whether the
// domain's own specs find each. Fails where one isn't found, or where its text isn't in the sources any more.
// Arguments: `--short` (three faults, fewer commands), or parts of faults' names.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { FAULTS } from './mutations.faults.mjs';

const isShort = process.argv.includes('--short');
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const faults = isShort
  ? FAULTS.slice(0, 3)
  : FAULTS.filter(({ name }) => named.length === 0 || named.some((part) => name.includes(part)));
const specs = isShort ? ['libs/domain/book/', 'libs/domain/request/'] : ['libs/domain/'];
const repository = join(import.meta.dirname, '..');

const copy = mkdtempSync(join(tmpdir(), 'gatebook-mutations-'));
const source = (fault) => join(copy, 'libs/domain', fault.in);

let running;

/** Runs the specs in the copy; the names of those spec files that failed, and how many tests there were. */
async function failing() {
  const results = join(copy, 'results.json');
  rmSync(results, { force: true });
  const jest = join(repository, 'node_modules/jest/bin/jest.js');
  const args = [
    '--config',
    'jest.config.mjs',
    '--selectProjects',
    'unit',
    '--json',
    '--outputFile',
    results,
    '--silent',
  ];
  running = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', jest, ...specs, ...args], {
    cwd: copy,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      GATEBOOK_LONG: '0',
      GATEBOOK_SEED: '20261121',
      GATEBOOK_SHRINK: '0',
      GATEBOOK_COMMANDS: isShort ? '5000' : '30000',
    },
  });
  let stderr = '';
  running.stderr.setEncoding('utf8').on('data', (data) => (stderr += data));
  await once(running, 'close');
  let told;
  try {
    told = JSON.parse(readFileSync(results, 'utf8'));
  } catch {
    throw new Error(`The specs did not run:\n${stderr}`);
  }
  return {
    tests: told.numTotalTests,
    files: told.testResults.filter(({ status }) => status === 'failed').map(({ name }) => basename(name)),
  };
}

// Whoever stops it leaves no copy behind.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    running?.kill();
    rmSync(copy, { recursive: true, force: true });
    process.exit(1);
  });
}

const rows = [];
let whole;
try {
  for (const part of ['libs', 'package.json', 'jest.config.mjs', 'scripts/jest-setup.mjs']) {
    const wanted = (path) => !/\/(dist|node_modules|\.tmp)(\/|$)/.test(path.slice(repository.length));
    cpSync(join(repository, part), join(copy, part), { recursive: true, filter: wanted });
  }
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));

  // What fails without a fault would be taken for its being found.
  whole = await failing();
  if (whole.tests === 0 || whole.files.length > 0) {
    throw new Error(`Of ${whole.tests} tests some fail without any fault, in: ${whole.files.join(', ')}.`);
  }
  for (const fault of faults) {
    const text = readFileSync(source(fault), 'utf8');
    const times = text.split(fault.find).length - 1;
    if (times !== 1) {
      rows.push({
        fault: fault.name,
        in: fault.in,
        outcome: times === 0 ? 'text not there any more' : 'text there twice',
      });
      continue;
    }
    const began = performance.now();
    writeFileSync(
      source(fault),
      text.replace(fault.find, () => fault.put),
    );
    const { files, tests } = await failing();
    writeFileSync(source(fault), text);
    // Where the sources don't even load, nothing of the fault was found.
    const isFound = files.length > 0 && tests >= whole.tests / 2;
    const outcome = isFound ? 'caught' : files.length > 0 ? 'does not run' : 'NOT CAUGHT';
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    rows.push({ fault: fault.name, in: fault.in, outcome, by: files, seconds });
    console.error(`${outcome.padEnd(10)} ${fault.name} (${files.join(', ')})`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}

const width = Math.max(...rows.map(({ fault }) => fault.length));
console.log(`\n${'fault'.padEnd(width)}  outcome  caught by\n${'-'.repeat(width + 30)}`);
for (const { fault, outcome, by = [] } of rows) console.log(`${fault.padEnd(width)}  ${outcome}   ${by.join(', ')}`);
const caught = rows.filter(({ outcome }) => outcome === 'caught').length;
console.log(`\n${caught} of ${faults.length} faults caught, by ${whole.tests} tests.`);
console.log(JSON.stringify({ mutations: faults.length, caught, tests: whole.tests, rows }));
process.exit(caught === faults.length ? 0 : 1);
