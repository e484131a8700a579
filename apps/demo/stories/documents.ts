import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An example in a document: what stands between two fences. */
export interface Block {
  readonly file: string;
  readonly line: number;
  readonly language: string;
  /** What stands behind the language: `catalogue` of "yaml catalogue". */
  readonly name: string;
  readonly text: string;
}

/** Something that a document says to do, and what it says comes of it. */
export interface Played {
  /** A call of the command; or a deed at the browser: `enters`, `opens /billing`, `posts /gatebook/exit`. */
  readonly call: string;
  readonly output: string;
  readonly at: 'command' | 'browser';
}

const below = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));

/** Every document of the repository, by its path from the root. */
export const DOCUMENTS: readonly string[] = [
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'libs/host/README.md',
  ...below('docs').sort(),
];

export function textOf(file: string): string {
  return readFileSync(file, 'utf8');
}

export function blocksOf(file: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; language: string; name: string; lines: string[] } | undefined;
  textOf(file)
    .split('\n')
    .forEach((text, at) => {
      const fence = /^\s*```(\w*) ?(.*)$/.exec(text);
      if (!fence) open?.lines.push(text);
      else if (open) {
        const { lines, ...rest } = open;
        blocks.push({ file, ...rest, text: `${lines.join('\n')}\n` });
        open = undefined;
      } else open = { line: at + 1, language: fence[1] ?? '', name: fence[2] ?? '', lines: [] };
    });
  return blocks;
}

/** @throws where there is none of that name. */
export function blockCalled(file: string, name: string): string {
  const found = blocksOf(file).find((block) => block.name === name);
  if (!found) throw new Error(`${file} has no example called ${name}.`);
  return found.text;
}

/**
 * What a document plays, in order: the calls of its blocks of `console`, each behind a `$`, and between them what its
 * comments say is done at the browser, `opens /billing: READ ONLY`.
 */
export function playedIn(file: string): Played[] {
  const found = textOf(file).matchAll(/^```console\n([^]*?)^```$|^<!-- browser: ([a-z]+(?: \S+)?)(?:: (.*))? -->$/gm);
  return [...found].flatMap(([, shown, deed = '', output = '']): Played[] =>
    shown === undefined ? [{ call: deed.replace(/:$/, ''), output, at: 'browser' }] : callsIn(shown),
  );
}

function callsIn(shown: string): Played[] {
  return shown
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [call = '', ...lines] = part.trimEnd().split('\n');
      return { call, output: lines.join('\n'), at: 'command' };
    });
}

/** Every line of a document that calls the command, as arguments; calls within `$(...)` as well. */
export function commandLines(text: string): string[] {
  const joined = text.replaceAll(/\\\n\s*/g, ' ');
  return [...joined.matchAll(/(?:npm run -s gatebook --|^\$ gatebook|`gatebook) ([^\n`|;)#]+)/gm)].map(
    ([, args = '']) => args.trim(),
  );
}

/** Words of a call as a shell parts them. */
export function words(call: string): string[] {
  return [...call.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
}

/**
 * What a document shows, as a pattern: `…` is any text of a line, a line of it alone any lines at all. What is shown is
 * compared whole.
 */
export function shownAs(output: string): RegExp {
  const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '[^\\n]*');
  const lines = output.split('\n').map((line) => (line.trim() === '…' ? '(?:[^\\n]*\\n)*?' : `${escaped(line)}\\n`));
  return new RegExp(`^${output === '' ? '' : lines.join('')}$`);
}
