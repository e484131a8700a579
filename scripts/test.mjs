// `npm test`: everything, on real parts. `npm run test:long` (--long) has the harnesses run their full counts.
// Anything behind the flags goes to jest: npm test -- libs/domain
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';

const long = process.argv.includes('--long');
const rest = process.argv.slice(2).filter((argument) => argument !== '--long');
const run = (...args) => {
  const { status, signal } = spawnSync(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...(long && { GATEBOOK_LONG: '1' }) },
  });
  if (signal) console.error(`Ended by ${signal}.`);
  return status ?? 1;
};
const node = (...args) => {
  const status = run(...args);
  if (status !== 0) process.exit(status);
};

mkdirSync('.tmp', { recursive: true });
if (rest.length === 0) node('scripts/check.mjs');
node('scripts/build.mjs');
const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];
// A process keeps the modules of every file it ran: one that has grown makes way for a fresh one between two files.
const inWorkers = ['--maxWorkers=2', '--workerIdleMemoryLimit=1500MB'];
// Whatever loads the machine, or measures a time on it, comes one by one, after the rest.
const harnesses = ['--testPathPatterns', '[.]harness[.]'];
const withoutHarnesses = ['--testPathIgnorePatterns', '[.]harness[.]', '/node_modules/'];
// Where more files fail than these, it is not the machine.
const MOST_ASKED_AGAIN = 3;

if (rest.length > 0) node(...jest, ...rest);
else {
  const onlyAlone = long ? [] : beside();
  node(...jest, '--runInBand', ...harnesses);
  // The last thing that is read.
  for (const file of onlyAlone) console.log(`Failed beside other specs and passed alone, to be mended: ${file}`);
}

/**
 * All but the harnesses, two files at a time. A few that fail are asked again, each by itself: a shared machine stands
 * still for seconds now and then (docs/decisions/0022). Harnesses judge races, and are never asked twice.
 */
function beside() {
  const found = '.tmp/specs.json';
  rmSync(found, { force: true });
  const status = run(...jest, ...inWorkers, ...withoutHarnesses, '--json', '--outputFile', found);
  if (status === 0) return [];
  const failed = existsSync(found) ? failedIn(found) : [];
  if (failed.length === 0 || failed.length > MOST_ASKED_AGAIN) process.exit(status);
  console.log(`\nAsked again, alone: ${failed.join(', ')}`);
  node(...jest, '--runInBand', '--runTestsByPath', ...failed);
  return failed;
}

function failedIn(found) {
  const { testResults } = JSON.parse(readFileSync(found, 'utf8'));
  return testResults.filter(({ status }) => status === 'failed').map(({ name }) => relative('.', name));
}
