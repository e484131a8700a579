/** Why a lane can't decide now; stable words, for metrics and for whoever reads the answer. */
export type NotNowWhy =
  /** The log can't be read or written. */
  | 'log-away'
  /** Nobody knows yet whether the last append landed. */
  | 'unsettled'
  /** More waits than can be answered in time. */
  | 'busy'
  /** The workspace's facts are being read for the first time. */
  | 'loading'
  /** This instance's clock and the log's don't agree. */
  | 'clock'
  /** What the decision relies on may be old. */
  | 'silence';

/**
 * The desk can't decide now: nothing was stored, or it will be known later what was. The caller tries again, with the
 * same command id where it has one, after about `retryAfterMs`.
 */
export class NotNow extends Error {
  override readonly name = 'NotNow';
  readonly why: NotNowWhy;
  /** Milliseconds. */
  readonly retryAfterMs: number;

  constructor(message: string, why: NotNowWhy, retryAfterMs = 1000) {
    super(message);
    this.why = why;
    this.retryAfterMs = retryAfterMs;
  }
}
