import { LogUnavailable, OutcomeUnknown } from '#event-log/port';
import { NotNow } from './not-now.ts';
import { PATIENCE_MS } from './patience.ts';

export const stillLoading = () => new NotNow('The workspace’s book is still being read.', 'loading', PATIENCE_MS);
export const unsettled = () => new NotNow('It is not known yet whether the last lines were written.', 'unsettled');

/** What a caller is told of what the log said. */
export function notNowFrom(error: unknown): unknown {
  if (error instanceof LogUnavailable) return new NotNow('The log can’t be reached.', 'log-away');
  if (error instanceof OutcomeUnknown) return new NotNow('The log did not answer.', 'unsettled');
  return error;
}
