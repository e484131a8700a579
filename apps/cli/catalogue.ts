import { readCatalogue } from '#domain/catalogue/catalogue';
import { doubtsIn } from '#domain/catalogue/doubts';
import { mistakesOf, type DeclaredText, type Remark } from '#server/config/declared-text';
import { declaredIn, printRemarks } from './declared-file.ts';

/** Reads a catalogue as the service would, and says what may not be meant. @throws {CommandFailed} it can't be used. */
export function lintCatalogue(
  name: string,
  { json, strict }: { readonly json: boolean; readonly strict: boolean },
): void {
  const file = declaredIn(name);
  printRemarks(file, remarksOn(file), { json, strict, good: `${name} is good.` });
}

function remarksOn(file: DeclaredText): readonly Remark[] {
  const mistakes = mistakesOf(file, readCatalogue);
  if (mistakes.length > 0) return mistakes;
  const reading = readCatalogue(file.content);
  return reading.kind === 'catalogue'
    ? doubtsIn(reading.catalogue).map(({ path, message }) => file.remark('warning', path, message))
    : [];
}
