/** Which book a stream belongs to. */
export const WORKSPACE_PREFIX = 'workspace-';
export const DENIALS_PREFIX = 'denials-';
export const REVIEWS_PREFIX = 'reviews-';
export const STAFF_PREFIX = 'staff-';
export const INSTALLATION_STREAM = 'installation';

/** What the projections read. */
export const STREAM_PREFIXES = [
  WORKSPACE_PREFIX,
  DENIALS_PREFIX,
  REVIEWS_PREFIX,
  STAFF_PREFIX,
  INSTALLATION_STREAM,
] as const;

let lastStream = '';
let lastWorkspace: string | undefined;

/**
 * The workspace whose own stream this is: the only one whose facts change the workspace's state. Every projection asks
 * it of a fact before the next fact comes: the last answer is kept.
 */
export function workspaceOf(stream: string): string | undefined {
  if (stream === lastStream) return lastWorkspace;
  lastStream = stream;
  lastWorkspace = stream.startsWith(WORKSPACE_PREFIX) ? stream.slice(WORKSPACE_PREFIX.length) : undefined;
  return lastWorkspace;
}

/** Whose denials the stream holds: a workspace's (`ws_`), or an asker's own. */
export function denialsOf(stream: string): string | undefined {
  return stream.startsWith(DENIALS_PREFIX) ? stream.slice(DENIALS_PREFIX.length) : undefined;
}

/** The workspace in whose visit log the stream's facts stand. */
export function bookOf(stream: string): string | undefined {
  const workspace = workspaceOf(stream);
  if (workspace !== undefined) return workspace;
  const subject = denialsOf(stream);
  return subject?.startsWith('ws_') ? subject : undefined;
}
