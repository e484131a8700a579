import type { BookCommand } from '#domain/book/decide';
import type { BookOutcome } from '../desk/desk.ts';
import type { Instance } from './instance.ts';

/** Something that somebody asked of an instance, and what came of it. */
export interface Call {
  /** For whoever reads the trace: `#17 ViewPage at B`. */
  readonly name: string;
  readonly instance: Instance;
  readonly workspaceId: string;
  readonly command: BookCommand;
  readonly sessionId: string | undefined;
  readonly actorId: string;
  readonly commandId: string | undefined;
  /** What the command says, as text. */
  readonly payload: string;
  /** Milliseconds of the world. */
  readonly begun: number;
  /** Where the log stood then. */
  readonly head: string;
  ended?: number;
  outcome?: BookOutcome;
  /** Why nothing was decided. */
  notNow?: string;
  /** The instance was gone before it answered. */
  crashed?: boolean;
  /** Anything else that it threw. */
  error?: unknown;
}
