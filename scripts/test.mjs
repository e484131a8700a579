// `npm test`: everything, on real parts. `npm run test:long` (--long) has the harnesses run their full counts.
// Anything behind the flags goes to jest: npm test -- libs/domain
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

const long = process.argv.includes('--long');
const rest = process.argv.slice(2).filter((argument) => argument !== '--long');
const node = (...args) => {
  const { status, signal } = spawnSync(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...(long && { GATEBOOK_LONG: '1' }) },
  });
  if (status !== 0) {
    console.error(signal ? `Ended by ${signal}.` : '');
    process.exit(status ?? 1);
  }
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
if (rest.length > 0) node(...jest, ...rest);
else {
  if (!long) node(...jest, ...inWorkers, ...withoutHarnesses);
  node(...jest, '--runInBand', ...harnesses);
}
