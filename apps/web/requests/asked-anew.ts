import type { Request } from './operations.ts';

/** What the address of asking says, beside action and value, so that the same is asked for again: job and sensitive pages. */
export function askedAnew({ kind, job, asked: { pages } }: Pick<Request, 'kind' | 'job' | 'asked'>): string {
  const wish = new URLSearchParams(job === null ? {} : { job });
  // Of these, asking takes those that are sensitive; the others are the job's.
  if (kind === 'SENSITIVE_ENTRY') for (const page of pages) wish.append('page', page);
  return wish.size === 0 ? '' : `&${wish}`;
}
