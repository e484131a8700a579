import { readFileSync } from 'node:fs';
import { DeclaredText, type Remark } from '#server/config/declared-text';
import { CommandFailed, EXIT } from './exit.ts';
import { say, sayJson } from './printed.ts';

/** Reads a file that somebody declared something in. @throws {CommandFailed} it can't be read. */
export function declaredIn(name: string): DeclaredText {
  try {
    return new DeclaredText(name, readFileSync(name, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new CommandFailed(EXIT.usage, `${name} can’t be read: ${code}.`);
  }
}

/** Prints what there is to say about a file. @throws {CommandFailed} something is wrong with it. */
export function printRemarks(
  file: DeclaredText,
  remarks: readonly Remark[],
  { json, good, strict = false }: { readonly json: boolean; readonly good: string; readonly strict?: boolean },
): void {
  const inOrder = remarks.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const bad = inOrder.some(({ severity }) => strict || severity === 'error');
  if (json) sayJson({ ok: !bad, file: file.name, remarks: inOrder });
  else {
    for (const { severity, at, message, line, column } of inOrder) {
      const where = at === '' ? '' : `${at}: `;
      say(`${file.name}:${line}:${column} ${severity}: ${where}${message}.`);
    }
    if (!bad) say(good);
  }
  if (bad) throw new CommandFailed(EXIT.failed, json ? '' : `${file.name} can’t be used as it is.`);
}
