/** C0 and C1 controls, marks of direction, other line ends and halves of pairs: what a terminal obeys, or shows wrongly. */
const OBEYED = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * A line with nothing in it that a terminal would obey, whatever stands in the log: `\u001b` instead of the character.
 * Of JSON it stays the same value, because JSON has such characters inside its strings only, and escapes them so.
 */
export function forTerminal(line: string): string {
  return line.replaceAll(OBEYED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

let hasJson = false;

/** Prints one line for people. A line end inside of it is escaped, too: nobody’s text makes lines of its own. */
export function say(line: string): void {
  console.log(forTerminal(line));
}

/** Prints a value as JSON on one line. */
export function sayJson(value: unknown): void {
  hasJson = true;
  console.log(forTerminal(JSON.stringify(value)));
}

/** Whether anything was printed for a program. */
export function saidJson(): boolean {
  return hasJson;
}

/** Prints lines about what went wrong. */
export function complain(lines: string): void {
  for (const line of lines.split('\n')) console.error(forTerminal(line));
}
