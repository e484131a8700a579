import type { readReason } from '#domain/session/reason';

/** A reason as the server will read it: by the very function that decides there. */
export { readReason, REASON_LENGTH_MAX } from '#domain/session/reason';

/** What a good reason looks like, and one that is refused. */
export const GOOD = 'Checking failed invoice sync on INV-88';
export const POOR = 'Check issue';

export type Reading = ReturnType<typeof readReason>;
