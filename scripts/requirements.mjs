// Writes docs/requirements.md: what the service decides of each requirement, and the tests that show it, from the tests'
// own names. `--check` says what would be otherwise, and writes nothing. Fails where a requirement has neither a test nor
// the later work that it belongs to.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const repository = join(import.meta.dirname, '..');
const FILE = 'docs/requirements.md';
const { kinds, sources, requirements } = JSON.parse(
  readFileSync(join(repository, 'docs/requirements.data.json'), 'utf8'),
);

/** The strings in a spec file: where the file names its tests, and nowhere else. */
const NAMES =
  /\b(?:describe|it|test)(?:\.\w+)*(?:<[^()]*>)?\(\s*(?:\[[^;]*?\]\)\(\s*|\w+\)\(\s*)?(['"`])((?:\\.|(?!\1)[^\\])*)\1/gs;

/** Requirement numbers in a name; "S0-21 to S0-29" stands for all between, S4-9d for S4-9. */
function numbersIn(name) {
  const found = new Set();
  for (const [, from, first, last] of name.matchAll(/\b(S\d)-(\d+)[a-z]?(?: to (?:S\d-)?(\d+))?/g)) {
    for (let number = Number(first); number <= Number(last ?? first); number++) found.add(`${from}-${number}`);
  }
  return found;
}

const shownBy = new Map();
const specs = globSync('{apps,libs,projections,bench}/**/*.spec.ts', {
  cwd: repository,
  exclude: (path) => /(^|\/)(node_modules|dist|\.tmp)(\/|$)/.test(path),
});
for (const spec of specs.sort()) {
  for (const [, , name] of readFileSync(join(repository, spec), 'utf8').matchAll(NAMES)) {
    for (const number of numbersIn(name)) {
      const tests = shownBy.get(number) ?? [];
      if (!tests.some((test) => test.spec === spec && test.name === name)) tests.push({ spec, name });
      shownBy.set(number, tests);
    }
  }
}

const blank = [];
const lines = [
  '# Requirements',
  '',
  '<!-- Written by scripts/requirements.mjs from docs/requirements.data.json and the names of the tests. -->',
  '',
  'What people expect of such a system, line by line, with a number that a test, a commit or a page can cite. Here stands',
  'what is for the service to decide (S), the sentences that are asked for word for word, and what else consent is about',
  'in the product (H), on the pages (U), in tests (T) or among people (P); the rest of these is shown by their own tests.',
  'Behind each stands the tests that show it, by their names, or the later work that it belongs to.',
  '',
];
let shown = 0;
for (const [source, about] of Object.entries(sources)) {
  lines.push(`## ${source}: ${about}`, '');
  for (const { number, kind, where, text, same = [], later } of requirements) {
    if (!number.startsWith(`${source}-`)) continue;
    const others = same.map((other) => (shownBy.has(other) ? other : `${other} (blank)`));
    const tests = shownBy.get(number) ?? [];
    lines.push(`- **${number}** (${kinds[kind]}, ${[...where].join(' and ')}): ${text}`);
    for (const { spec, name } of tests)
      lines.push(`  - ${name.replaceAll('\\', '')} ([${spec.split('/').at(-1)}](../${spec}))`);
    if (others.length > 0) lines.push(`  - The same as ${others.join(', ')}.`);
    if (later !== undefined) lines.push(`  - Later: ${later}.`);
    if (tests.length > 0 || others.some((other) => !other.endsWith('(blank)'))) shown++;
    else if (later === undefined) blank.push(number);
  }
  lines.push('');
}
const waiting = requirements.length - shown - blank.length;
lines.splice(7, 0, '', `Of ${requirements.length}, ${shown} are shown by tests, and ${waiting} belong to later work.`);
const text = `${lines.join('\n').trimEnd()}\n`;

if (blank.length > 0) console.error(`Neither a test nor later work: ${blank.join(', ')}.`);
const isSame = () => {
  try {
    return readFileSync(join(repository, FILE), 'utf8') === text;
  } catch {
    return false;
  }
};
if (process.argv.includes('--check')) {
  if (!isSame()) console.error(`${FILE} is not what the tests say: node scripts/requirements.mjs`);
  process.exit(blank.length === 0 && isSame() ? 0 : 1);
}
writeFileSync(join(repository, FILE), text);
console.log(`${FILE}: ${shown} of ${requirements.length} shown by tests, ${waiting} later, ${blank.length} blank.`);
process.exit(blank.length === 0 ? 0 : 1);
