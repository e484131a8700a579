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

/** The workspace whose own stream this is: the only one whose facts change the workspace's state. */
export function workspaceOf(stream: string): string | undefined {
  return stream.startsWith(WORKSPACE_PREFIX) ? stream.slice(WORKSPACE_PREFIX.length) : undefined;
}

/** Whose denials the stream holds: a workspace's (`ws_`), or an asker's own. */
export function denialsOf(stream: string): string | undefined {
  return stream.startsWith(DENIALS_PREFIX) ? stream.slice(DENIALS_PREFIX.length) : undefined;
}

/** The workspace in whose visit log the stream's facts stand. */
export function bookOf(stream: string): string | undefined {
  const subject = denialsOf(stream);
  return workspaceOf(stream) ?? (subject?.startsWith('ws_') ? subject : undefined);
}
