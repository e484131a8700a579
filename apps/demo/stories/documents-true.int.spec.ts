import { LineCounter, parse as parseYaml, parseDocument } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { readCatalogue } from '#domain/catalogue/catalogue';
import { readPolicy } from '#domain/policy/policy';
import { VARIABLES } from '#server/config/config';
import { PROBLEMS } from '#server/doors/problem';
import { InProcess } from '#server/testing/in-process';
import { run } from './command.ts';
import { blocksOf, commandLines, DOCUMENTS, textOf, words, type Block } from './documents.ts';

const BLOCKS = DOCUMENTS.flatMap(blocksOf);
const blocks = (...languages: readonly string[]) =>
  BLOCKS.filter(({ language }) => languages.includes(language)).map((block): [string, Block] => [
    `${block.file}:${block.line}`,
    block,
  ]);

/** Rows of the table whose first header is this, as the first cells without their marks. */
function firstCells(file: string, header: string): string[] {
  const lines = textOf(file).split('\n');
  const cells = (line: string) => line.split(/(?<!\\)\|/).map((cell) => cell.trim());
  const at = lines.findIndex((line) => line.startsWith('|') && cells(line)[1] === header);
  const end = lines.findIndex((line, index) => index > at && !line.startsWith('|'));
  if (at < 0) throw new Error(`${file} has no table that begins with ${header}.`);
  return lines.slice(at + 2, end).map((line) => cells(line)[1] ?? '');
}

const codes = (cells: readonly string[]) =>
  cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code));

describe('Links in documents', () => {
  it.each(DOCUMENTS)('of %s lead somewhere', (file) => {
    const text = textOf(file)
      .replaceAll(/```[^]*?```/g, '')
      .replaceAll(/`[^`\n]*`/g, '');
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map(
      ([, link, src]) => link ?? src ?? '',
    );
    const lost = targets.filter((target) => {
      if (/^https?:/.test(target)) return false;
      const [path = '', anchor] = target.split('#');
      const to = path === '' ? file : normalize(join(dirname(file), path));
      return !existsSync(to) || (anchor !== undefined && !anchorsOf(to).includes(anchor));
    });
    expect(lost).toEqual([]);
  });

  it('reach every document from the README, in two steps at most', () => {
    const linked = (file: string) =>
      [...textOf(file).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = '']) =>
        normalize(join(dirname(file), target)),
      );
    const first = linked('README.md');
    const second = first.flatMap((file) => (file.endsWith('.md') && existsSync(file) ? linked(file) : []));
    const reached = new Set(['README.md', ...first, ...second]);
    const inFolder = (file: string) => reached.has(`${dirname(file)}/`) || reached.has(dirname(file));
    expect(DOCUMENTS.filter((file) => !reached.has(file) && !inFolder(file))).toEqual([]);
  });
});

function anchorsOf(file: string): string[] {
  return [...textOf(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

describe('Files that documents name', () => {
  /** Where a name begins that isn't told from the root: beside what it stands under, in a table of one room, say. */
  const ROOMS = [
    '.',
    'libs',
    'libs/domain',
    'libs/wording',
    'libs/event-log',
    'libs/host',
    'apps',
    'apps/server',
    'apps/server/desk',
    'apps/web',
  ];
  const nested = new Set(readdirSync('libs/domain', { encoding: 'utf8' }).map((noun) => join('libs/domain', noun)));

  it.each([
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'docs/operate.md',
    'docs/for-products.md',
    'docs/doors.md',
    'docs/README.md',
  ])('in %s are there', (file) => {
    const named = [
      ...textOf(file).matchAll(/`((?:[\w.-]+\/)*[\w-]+(?:\.[\w-]+)*\.(?:tsx?|mjs|json|yaml|graphql))`/g),
    ].map(([, name = '']) => name);
    const rooms = [...ROOMS, ...nested, 'apps/server/workers', 'apps/server/doors/graphql'];
    // Of the reader's own making, or one of many.
    const own = /^(tell|product|fold|index)\.ts$|^tally\.|^keys\.json$|^sign-in-keys|NAME|NOUN|VERB|FILE/;
    const lost = named.filter((name) => !own.test(name) && !rooms.some((room) => existsSync(join(room, name))));
    expect(lost).toEqual([]);
  });
});

describe('Examples of GraphQL', () => {
  const schema = buildSchema(textOf('schema.graphql'));
  const inShell = BLOCKS.flatMap(({ file, line, language, text }) =>
    language === 'sh'
      ? [...text.matchAll(/"query": "([^"]+)"/g)].map(([, query = '']): [string, string] => [`${file}:${line}`, query])
      : [],
  );
  const all = [...inShell, ...blocks('graphql').map(([where, { text }]): [string, string] => [where, text])];
  it.each(all)('at %s are what the schema takes', (_where, text) => {
    expect(validate(schema, parse(text))).toEqual([]);
  });

  it('are there', () => expect(all.length).toBeGreaterThan(1));
});

describe('Examples of files', () => {
  it.each(blocks('yaml').filter(([, { name }]) => name === 'catalogue'))(
    'at %s: a catalogue that is taken',
    (_where, { text }) => {
      expect(readCatalogue(parseYaml(text))).toMatchObject({ kind: 'catalogue' });
    },
  );

  it.each(blocks('yaml').filter(([, { name }]) => name === 'policy'))(
    'at %s: a policy that is taken',
    (_where, { text }) => {
      expect(readPolicy(parseYaml(text))).toMatchObject({ kind: 'policy' });
    },
  );

  it.each(blocks('yaml'))('at %s: YAML, and known to be a catalogue or a policy', (_where, { text, name }) => {
    expect(parseDocument(text, { lineCounter: new LineCounter() }).errors).toEqual([]);
    expect(name).toMatch(/^(wrong-|doubtful-)?(catalogue|policy)$/);
  });

  it.each(blocks('json'))('at %s: JSON', (_where, { text }) => {
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });
});

describe('Diagrams', () => {
  it.each(blocks('mermaid'))('at %s have nothing in a line that ends it early', (_where, { text }) => {
    expect(text.split('\n').filter((line) => /[;#]|:.*\bend\b/.test(line))).toEqual([]);
  });
});

describe('Examples of TypeScript', () => {
  it('are what the compiler takes, strictly', () => {
    mkdirSync('.tmp', { recursive: true });
    const folder = mkdtempSync(join('.tmp', 'documents-'));
    try {
      const found = blocks('ts');
      const files = found.map(([, { text }], at) => {
        const file = join(folder, `example-${at}.ts`);
        // Each stands for itself.
        writeFileSync(file, `${text}\nexport {};\n`);
        return file;
      });
      const { config } = ts.readConfigFile('tsconfig.json', (file) => readFileSync(file, 'utf8')) as {
        config: { compilerOptions: object };
      };
      const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, '.');
      const problems = ts.getPreEmitDiagnostics(ts.createProgram(files, options)).flatMap(({ file, messageText }) => {
        const at = files.findIndex((name) => file?.fileName.endsWith(name));
        return at < 0 ? [] : [`${found[at]?.[0]}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`];
      });
      expect(problems).toEqual([]);
      expect(files.length).toBeGreaterThan(4);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('Calls of the command', () => {
  const known = new Map<string, string>();
  /** What a command says of itself: each is asked once. */
  async function help(...names: readonly string[]): Promise<string> {
    const key = names.join(' ');
    const before = known.get(key);
    if (before !== undefined) return before;
    const { out, code } = await run(['apps/cli/main.ts', ...names, '--help']);
    expect([key, code]).toEqual([key, 0]);
    known.set(key, out);
    return out;
  }

  /** That of the longest command that the words begin with. */
  async function helpOf([first = '', second = '']: readonly string[]): Promise<string> {
    const own = await help(first);
    return own.includes('\nCommands:') && /^[a-z]+$/.test(second) ? help(first, second) : own;
  }

  it.each(DOCUMENTS.filter((file) => commandLines(textOf(file)).length > 0))(
    'in %s name commands and options that there are',
    async (file) => {
      const unknown: string[] = [];
      for (const line of commandLines(textOf(file))) {
        const args = words(line);
        if (args[0]?.startsWith('--')) continue;
        const help = await helpOf(args);
        // A name that is none is taken for the command before it: its help doesn't begin with the call.
        const usage = /^Usage: gatebook ([a-z -]+)/.exec(help)?.[1]?.trim() ?? '';
        if (!line.startsWith(usage) || usage === '') unknown.push(line);
        for (const option of args.filter((word) => /^--[a-z]/.test(word)).map((word) => word.split('=')[0] ?? ''))
          if (!new RegExp(`${option}(?![a-z-])`).test(help)) unknown.push(`${line}: ${option}`);
      }
      expect(unknown).toEqual([]);
    },
    120_000,
  );
});

describe('docs/operate.md', () => {
  let service: InProcess;
  beforeAll(async () => {
    service = await InProcess.start({ told: false });
  });
  afterAll(() => service.close());

  it('has every setting, and none that there isn’t', () => {
    const told = codes(firstCells('docs/operate.md', 'Variable')).filter((name) => name !== 'NODE_ENV');
    expect(told.toSorted()).toEqual(VARIABLES.toSorted());
  });

  it('has every metric, and none that there isn’t', async () => {
    const { text } = await service.call('/metrics', { method: 'GET' });
    const there = [...text.matchAll(/^# TYPE (gatebook_\w+)/gm)].map(([, name = '']) => name);
    const told = codes(firstCells('docs/operate.md', 'Metric')).map((name) => name.replace(/\{.*/, ''));
    expect(told.toSorted()).toEqual(there.toSorted());
  });
});

describe('docs/for-products.md', () => {
  const FILE = 'docs/for-products.md';

  it('has every problem that a door answers with', () => {
    expect(codes(firstCells(FILE, '`type`').slice(0)).toSorted()).toEqual(signalTypes().toSorted());
    expect(codes(firstCells(FILE, 'Problem')).toSorted()).toEqual(Object.keys(PROBLEMS).toSorted());
  });

  it('says of pages of the host what stands there', () => {
    const source = sourcesBelow('libs/host/express');
    const said = firstCells(FILE, 'Page').filter((sentence) => sentence !== 'the sentence of a rule');
    expect(said.filter((sentence) => !stands(sentence, source))).toEqual([]);
  });
});

/** Types of signals, as the protocol has them. */
function signalTypes(): string[] {
  return [...textOf('libs/protocol/signals.ts').matchAll(/readonly type: '([a-z.-]+)'/g)].map(([, type = '']) => type);
}

describe('What people read', () => {
  const pages = sourcesBelow('apps/web', 'libs/host/express', 'libs/wording', 'apps/demo');

  it.each(['docs/for-owners.md', 'docs/for-staff.md'])('is called in %s as it is called on the pages', (file) => {
    const bold = [
      ...textOf(file)
        .replaceAll(/```[^]*?```/g, '')
        .matchAll(/\*\*([^*]+)\*\*/g),
    ].map(([, text = '']) => text.replaceAll(/["“”]/g, ''));
    expect(bold.filter((text) => !stands(text, pages))).toEqual([]);
    expect(bold.length).toBeGreaterThan(15);
  });

  it('as a refusal stands in docs/for-staff.md word for word', () => {
    const rules = sourcesBelow('libs/domain', 'libs/host/express', 'libs/protocol');
    expect(firstCells('docs/for-staff.md', 'You read').filter((sentence) => !stands(sentence, rules))).toEqual([]);
  });

  it('as a line of the log stands in docs/for-owners.md word for word', () => {
    const lines = sourcesBelow('libs/wording', 'apps/demo/stories', 'apps/server').replaceAll('*', '');
    expect(firstCells('docs/for-owners.md', 'Line').filter((sentence) => !stands(sentence, lines))).toEqual([]);
  });
});

/** Every source below the folders, as one text without the breaks that formatting makes; specs say what is expected. */
function sourcesBelow(...folders: readonly string[]): string {
  return folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((name) => /\.tsx?$/.test(name) && !/\/(dist|node_modules)\/|documents/.test(name))
    .map((name) => readFileSync(name, 'utf8'))
    .join('\n')
    .replaceAll(/\s+/g, ' ');
}

/** Whether a text stands in another; `…` is a few words at most. */
function stands(text: string, within: string): boolean {
  const pattern = text
    .split('…')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\s+/g, ' '))
    .join('[^\\n]{0,120}?');
  return new RegExp(pattern).test(within);
}
