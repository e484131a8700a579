import { SIGNALS_PATH, timeOfUuidV7, type SignalsAnswer } from '@gatebook/protocol';
import { v7 as uuidV7 } from 'uuid';
import type { Store } from './store.ts';

export interface OutboxOptions {
  readonly store: Store;
  /** Origin of the Gatebook service. */
  readonly service: string;
  readonly productKey: string;
  readonly onFault: (sentence: string) => void;
  /** Milliseconds before the first retry; twice as long each time, up to half a minute. */
  readonly firstDelayMs?: number;
}

const BATCH = 100;
const LONGEST_DELAY_MS = 30_000;
const CALL_MS = 5000;
/** Gatebook takes no command that is older than a day; an hour is left for clocks that differ. */
const FRESH_MS = 23 * 3_600_000;

interface Waiting {
  readonly sequence: number;
  readonly id: string;
  readonly signal: string;
}

/**
 * Tells Gatebook what changed, in the order in which it changed, until Gatebook has answered. An id is stored before it
 * is sent and kept while it is tried again, so that a signal whose answer was lost has one effect.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #sending = false;
  #failures = 0;
  /** One at a time after a batch was refused as a whole, so that one bad signal holds up no other. */
  #batch = BATCH;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  start(): void {
    this.#options.store.onTold = () => this.#soon(0);
    this.#soon(0);
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#timer);
  }

  #soon(delayMs: number): void {
    // A new change doesn't cut short the wait after a failure.
    if (this.#closing.signal.aborted || this.#sending || (delayMs === 0 && this.#failures > 0)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), delayMs);
  }

  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    let trouble: string | undefined;
    try {
      while (trouble === undefined && !this.#closing.signal.aborted) {
        this.#renewStale();
        const waiting = this.#options.store.all<Waiting>(
          "select sequence, id, signal from outbox where state = 'waiting' order by sequence limit ?",
          this.#batch,
        );
        if (waiting.length === 0) {
          this.#batch = BATCH;
          break;
        }
        trouble = await this.#post(waiting);
        if (trouble === undefined) this.#failures = 0;
      }
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
    }
    this.#sending = false;
    if (trouble === undefined || this.#closing.signal.aborted) return;
    if (this.#failures === 0) this.#options.onFault(`Gatebook could not be told of changes yet: ${trouble}`);
    const { firstDelayMs = 250 } = this.#options;
    this.#soon(Math.min(firstDelayMs * 2 ** this.#failures++, LONGEST_DELAY_MS));
  }

  /**
   * New ids for what has waited for too long: told twice it is still written once, and it stays ahead of what changed
   * later.
   */
  #renewStale(): void {
    const { store } = this.#options;
    const waiting = store.all<Waiting>("select sequence, id, signal from outbox where state = 'waiting'");
    for (const { sequence, id } of waiting) {
      if (isOld(id)) store.run('update outbox set id = ? where sequence = ?', uuidV7(), sequence);
    }
  }

  /** Why it has to be tried again, or nothing. */
  async #post(waiting: readonly Waiting[]): Promise<string | undefined> {
    const { service, productKey } = this.#options;
    const signals = waiting.map(({ id, signal }) => ({ id, ...(JSON.parse(signal) as object) }));
    const response = await fetch(service + SIGNALS_PATH, {
      method: 'POST',
      headers: { authorization: `Bearer ${productKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ signals }),
      signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(CALL_MS)]),
    });
    const text = await response.text();
    if (response.ok) return this.#note(waiting, JSON.parse(text) as SignalsAnswer);
    if (response.status !== 400 && response.status !== 413) return `it answered ${response.status}.`;
    if (waiting.length > 1) {
      this.#batch = 1;
      return undefined;
    }
    this.#batch = BATCH;
    for (const { sequence } of waiting) this.#refused(sequence, text.slice(0, 1000));
    return undefined;
  }

  #note(waiting: readonly Waiting[], answer: SignalsAnswer): string | undefined {
    const { store } = this.#options;
    const results = new Map(answer.results.map((result) => [result.id, result]));
    let trouble: string | undefined;
    for (const { sequence, id } of waiting) {
      const result = results.get(id);
      if (result === undefined) trouble = 'it left a signal unanswered.';
      else if (result.outcome !== 'refused') {
        store.run("update outbox set state = 'answered' where sequence = ?", sequence);
      } else if (isStale(id, result.because)) {
        store.run('update outbox set id = ? where sequence = ?', uuidV7(), sequence);
        trouble = 'a signal had waited too long and got a new id.';
      } else this.#refused(sequence, result.because ?? 'It gave no reason.');
    }
    return trouble;
  }

  #refused(sequence: number, because: string): void {
    this.#options.store.run("update outbox set state = 'refused', because = ? where sequence = ?", because, sequence);
    this.#options.onFault(`Gatebook refused signal ${sequence}: ${because}`);
  }
}

function isOld(id: string): boolean {
  return Date.now() - timeOfUuidV7(id) > FRESH_MS;
}

/** The answer has no code for it: the id's own age says it, and the sentence where clocks differ. */
function isStale(id: string, because = ''): boolean {
  return isOld(id) || because.includes('older than 24 hours');
}
