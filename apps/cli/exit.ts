/** What a script may rely on. */
export const EXIT = { failed: 1, usage: 2, refused: 3, unreachable: 4 } as const;

/** The command ends here, with a sentence for the person and a code for the script. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
