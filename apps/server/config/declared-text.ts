import { isNode, LineCounter, parseDocument, type Document, type ErrorCode } from 'yaml';

/** Something to say about a text, and where in it. */
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

/** The parser's own words are for programmers; where it has something to say, what it says it of is the line itself. */
const SENTENCES: Partial<Readonly<Record<ErrorCode, string>>> = {
  MULTIPLE_DOCS: 'only one document can stand here: take out the line with ---, and what belongs to another file',
  DUPLICATE_KEY: 'this name stands here twice',
  TAB_AS_INDENT: 'a tab can’t indent: use spaces',
  BAD_INDENT: 'this is indented otherwise than what it belongs to',
  MISSING_CHAR: 'a sign is missing here or before: a colon, a quote, a comma or a bracket',
  UNEXPECTED_TOKEN: 'this sign is not expected here',
  BAD_ALIAS: 'this alias names nothing that stands before it',
};

/** A policy or a catalogue as somebody wrote it, in YAML or JSON, that knows where each of its parts stands. */
export class DeclaredText {
  readonly name: string;
  readonly #document: Document;
  readonly #lines = new LineCounter();

  constructor(name: string, text: string) {
    this.name = name;
    this.#document = parseDocument(text, { lineCounter: this.#lines });
  }

  /** What makes it no YAML; empty where it is. */
  get syntax(): readonly Remark[] {
    return this.#document.errors.map(({ code, message, pos }) => ({
      severity: 'error',
      at: '',
      message: SENTENCES[code] ?? message.split(' at line ')[0] ?? message,
      ...this.#place(pos[0]),
    }));
  }

  /** What it holds; `undefined` where that can't be told, as of aliases without an end. */
  get content(): unknown {
    try {
      return this.#document.toJS();
    } catch {
      return undefined;
    }
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

/** What a reading of the text found, at its lines: first what makes it no YAML, alone, then what is wrong in it. */
export function mistakesOf(
  text: DeclaredText,
  read: (content: unknown) => {
    readonly kind: string;
    readonly found?: readonly { readonly path: Path; readonly message: string }[];
  },
): readonly Remark[] {
  if (text.syntax.length > 0) return text.syntax;
  return (read(text.content).found ?? []).map(({ path, message }) => text.remark('error', path, message));
}

/** The remarks as lines: `policy.yaml:5:16: session.idelMinutes: there is no such setting.` */
export function linesOf(name: string, remarks: readonly Remark[]): string[] {
  return remarks
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .map(({ line, column, at, message }) => `${name}:${line}:${column}: ${at === '' ? '' : `${at}: `}${message}.`);
}
