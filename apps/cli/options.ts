/** Options that every command has. */
export interface Common {
  readonly url: string;
  readonly dataDir: string;
  readonly json: boolean;
}

/** Options of commands that somebody sends. */
export interface AsPerson extends Common {
  readonly as?: string;
}
