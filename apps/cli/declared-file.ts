import { readFileSync } from 'node:fs';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { CommandFailed, EXIT } from './exit.ts';

/** Something to say about a file, and where in it. */
export interface Remark {
  readonly severity: 'error' | 'warning';
  /** The keys on the way to it, with dots between; empty for the whole. */
  readonly at: string;
  readonly message: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

type Path = readonly (string | number)[];

/** A file as somebody wrote it, in YAML or JSON, that knows where each of its parts stands. */
export class DeclaredFile {
  readonly name: string;
  readonly #document: Document;
  readonly #lines: LineCounter;

  private constructor(name: string, document: Document, lines: LineCounter) {
    this.name = name;
    this.#document = document;
    this.#lines = lines;
  }

  /** @throws {CommandFailed} it can't be read. */
  static read(name: string): DeclaredFile {
    let text: string;
    try {
      text = readFileSync(name, 'utf8');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      throw new CommandFailed(EXIT.usage, `${name} can’t be read: ${code}.`);
    }
    const lines = new LineCounter();
    return new DeclaredFile(name, parseDocument(text, { lineCounter: lines }), lines);
  }

  /** What makes it no YAML; empty where it is. */
  get syntax(): readonly Remark[] {
    return this.#document.errors.map(({ message, pos }) => ({
      severity: 'error',
      at: '',
      message: message.split(' at line ')[0] ?? message,
      ...this.#place(pos[0]),
    }));
  }

  get content(): unknown {
    return this.#document.toJS();
  }

  /** The remark about a part, at the line of the innermost part on the way to it that there is. */
  remark(severity: Remark['severity'], path: Path, message: string): Remark {
    return { severity, at: path.join('.'), message, ...this.#place(this.#offsetOf(path)) };
  }

  #offsetOf(path: Path): number {
    for (let depth = path.length; depth > 0; depth--) {
      const node = this.#document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return this.#document.contents?.range?.[0] ?? 0;
  }

  #place(offset: number): { readonly line: number; readonly column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

/** Prints what there is to say about a file. @throws {CommandFailed} something is wrong with it. */
export function printRemarks(
  file: DeclaredFile,
  remarks: readonly Remark[],
  { json, good, strict = false }: { readonly json: boolean; readonly good: string; readonly strict?: boolean },
): void {
  const inOrder = remarks.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const bad = inOrder.some(({ severity }) => strict || severity === 'error');
  if (json) console.log(JSON.stringify({ ok: !bad, file: file.name, remarks: inOrder }));
  else {
    for (const { severity, at, message, line, column } of inOrder) {
      const where = at === '' ? '' : `${at}: `;
      console.log(`${file.name}:${line}:${column} ${severity}: ${where}${message}.`);
    }
    if (!bad) console.log(good);
  }
  if (bad) throw new CommandFailed(EXIT.failed, json ? '' : `${file.name} can’t be used as it is.`);
}
