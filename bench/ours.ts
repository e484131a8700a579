import type { RequestTemplate } from './load/requests.ts';

/** The built service under load. */
export interface Ours {
  readonly url: string;
  /** Its children are counted with it. */
  readonly pid: number;
  /** One request for each visit that stands open, ready to be sent with one record after another. */
  requests(): Iterable<RequestTemplate>;
  /** Rows of views in the log, all workspaces together. */
  countViews(): Promise<number>;
  stop(): Promise<void>;
}

/** The service can't be measured yet; a bench may go on without it, and doesn't pass. */
export class NotBuilt extends Error {}

/** Starts the built service on one core, its data in `dataDir` (an empty folder), with visits open. */
export async function startOurs(_options: { readonly core: number; readonly dataDir: string }): Promise<Ours> {
  throw new NotBuilt('not built yet');
}
