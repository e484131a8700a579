import type { EventLog, NewFact } from '#event-log/port';
import { journalIn, type DenialJournal } from './denial-journal.ts';

/** A denial that waits for the log. */
export interface WaitingDenial {
  readonly stream: string;
  readonly fact: NewFact;
}

/** So many wait at most: a day of probing without the log, counted as floods are. The first say most, so they are kept. */
const MOST_WAITING = 20_000;
const TOGETHER = 200;

/**
 * Denials that wait for the log to come back: in memory, and in a journal beside it, so that an outage that ends with a
 * restart loses none. What is appended twice after a crash has one id, and folds drop repeats.
 */
export class DenialSpool {
  readonly #log: EventLog;
  readonly #journal: DenialJournal | undefined;
  readonly #waiting: WaitingDenial[] = [];
  #dropped = 0;
  #lines: string[] = [];
  #writing: Promise<void> | undefined;
  #emptying: Promise<void> | undefined;

  /** `journal`: a file, or what stands for one; without it they wait in memory only. */
  constructor(log: EventLog, journal?: string | DenialJournal) {
    this.#log = log;
    this.#journal = typeof journal === 'string' ? journalIn(journal) : journal;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** How many found no room, since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes up what an earlier run left; a last line that was cut off is passed over. */
  async open(): Promise<void> {
    const text = await this.#journal?.read();
    for (const line of text?.split('\n') ?? []) {
      const denial = parsed(line);
      if (denial) this.#waiting.push(denial);
    }
  }

  /** Resolves when it is in the journal, as far as the disk takes it. */
  async put(denial: WaitingDenial): Promise<void> {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(denial);
    if (!this.#journal) return;
    this.#lines.push(`${JSON.stringify(denial)}\n`);
    this.#writing ??= this.#write(this.#journal).finally(() => (this.#writing = undefined));
    await this.#writing;
  }

  async #write(journal: DenialJournal): Promise<void> {
    try {
      while (this.#lines.length > 0) await journal.append(this.#lines.splice(0).join(''));
    } catch {
      // The disk is full as well: they wait in memory, and the answer was no all the same.
      this.#lines = [];
    }
  }

  /** Appends what waits, in order, as far as the log takes it; the journal goes when nothing waits any more. */
  empty(): Promise<void> {
    return (this.#emptying ??= this.#empty().finally(() => (this.#emptying = undefined)));
  }

  async #empty(): Promise<void> {
    if (this.#waiting.length === 0) return;
    try {
      for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
        const { stream } = first;
        const others = this.#waiting.findIndex((denial) => denial.stream !== stream);
        const together = this.#waiting.slice(0, Math.min(others < 0 ? TOGETHER : others, TOGETHER));
        await this.#log.append(
          stream,
          'any',
          together.map(({ fact }) => fact),
        );
        this.#waiting.splice(0, together.length);
      }
    } catch {
      // Still away: tried again later.
      return;
    }
    await this.#forget();
  }

  async #forget(): Promise<void> {
    await this.#writing;
    if (this.#waiting.length > 0) return;
    await this.#journal?.remove();
  }

  async close(): Promise<void> {
    await this.empty();
    await this.#writing;
    await this.#journal?.close();
  }
}

function parsed(line: string): WaitingDenial | undefined {
  try {
    const denial = JSON.parse(line) as WaitingDenial;
    return typeof denial.stream === 'string' && typeof denial.fact.id === 'string' ? denial : undefined;
  } catch {
    return undefined;
  }
}
