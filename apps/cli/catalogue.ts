import { readCatalogue } from '#domain/catalogue/catalogue';
import { doubtsIn } from '#domain/catalogue/doubts';
import { DeclaredFile, printRemarks, type Remark } from './declared-file.ts';

/** Reads a catalogue as the service would, and says what may not be meant. @throws {CommandFailed} it can't be used. */
export function lintCatalogue(
  name: string,
  { json, strict }: { readonly json: boolean; readonly strict: boolean },
): void {
  const file = DeclaredFile.read(name);
  printRemarks(file, remarksOn(file), { json, strict, good: `${name} is good.` });
}

function remarksOn(file: DeclaredFile): readonly Remark[] {
  if (file.syntax.length > 0) return file.syntax;
  const reading = readCatalogue(file.content);
  return reading.kind === 'catalogue'
    ? doubtsIn(reading.catalogue).map(({ path, message }) => file.remark('warning', path, message))
    : reading.found.map(({ path, message }) => file.remark('error', path, message));
}
