/**
 * What a script may rely on. `usage`: the call can’t be understood, names nobody who is signed in, or holds what no
 * service would take, so that the same call never succeeds. `refused`: a rule said no, and might not another time.
 */
export const EXIT = { failed: 1, usage: 2, refused: 3, unreachable: 4 } as const;

/** The code’s name, as `--json` says it. */
export function exitName(code: number): string {
  return Object.entries(EXIT).find(([, known]) => known === code)?.[0] ?? 'failed';
}

/** The command ends here, with a sentence for the person and a code for the script. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
