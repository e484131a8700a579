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
// All files run in one process, whose modules stay: the more files, the more of a heap.
const jest = ['--experimental-vm-modules', '--max-old-space-size=12288', 'node_modules/jest/bin/jest.js'];
// Harnesses that load the machine come one by one, after the rest.
const harnesses = ['--testPathPatterns', 'harness'];
const withoutHarnesses = ['--testPathIgnorePatterns', 'harness', '/node_modules/'];
if (rest.length > 0) node(...jest, ...rest);
else {
  if (!long) node(...jest, ...withoutHarnesses);
  node(...jest, '--runInBand', ...harnesses);
}
