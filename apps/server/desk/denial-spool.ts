import { WrongRevision, type EventLog, type NewFact } from '#event-log/port';
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
  readonly #ids = new Set<string>();
  #dropped = 0;
  #lines: string[] = [];
  /** The journal’s last line was cut off: the next one must not stand behind it. */
  #isTorn = false;
  /** Nothing that is in the journal waits any more. */
  #isDone = false;
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
    const text = (await this.#journal?.read()) ?? '';
    this.#isTorn = text !== '' && !text.endsWith('\n');
    for (const line of text.split('\n')) {
      const denial = parsed(line);
      if (denial) this.#take(denial);
    }
  }

  /** Resolves when it is in the journal, as far as the disk takes it. */
  async put(denial: WaitingDenial): Promise<void> {
    if (this.#ids.has(denial.fact.id)) return this.#writing;
    if (this.#waiting.length >= MOST_WAITING) {
      this.#dropped++;
      return;
    }
    this.#take(denial);
    this.#lines.push(`${JSON.stringify(denial)}\n`);
    await this.#written();
  }

  /** Sent again while it waits, it waits once. */
  #take(denial: WaitingDenial): void {
    if (this.#ids.has(denial.fact.id)) return;
    this.#ids.add(denial.fact.id);
    this.#waiting.push(denial);
  }

  /** Resolves when the journal is as it should be. What comes while it is being written is written behind it. */
  async #written(): Promise<void> {
    const journal = this.#journal;
    if (!journal) return;
    do {
      this.#writing ??= this.#write(journal).finally(() => (this.#writing = undefined));
      await this.#writing;
    } while (this.#lines.length > 0);
  }

  async #write(journal: DenialJournal): Promise<void> {
    try {
      if (this.#isDone) await journal.remove();
      this.#isDone = false;
      while (this.#lines.length > 0) {
        const text = (this.#isTorn ? '\n' : '') + this.#lines.splice(0).join('');
        this.#isTorn = true;
        await journal.append(text);
        this.#isTorn = false;
      }
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
        await this.#append(
          stream,
          together.map(({ fact }) => fact),
        );
        for (const { fact } of this.#waiting.splice(0, together.length)) this.#ids.delete(fact.id);
      }
    } catch {
      // Still away: tried again later.
      return;
    }
    await this.#forget();
  }

  async #append(stream: string, facts: readonly NewFact[]): Promise<void> {
    try {
      await this.#log.append(stream, 'any', facts);
    } catch (error) {
      if (!(error instanceof WrongRevision) || facts.length === 1) throw error;
      // Some of them stand already, though nobody heard of it: a batch that is known only in part is not taken.
      for (const fact of facts) await this.#log.append(stream, 'any', [fact]);
    }
  }

  async #forget(): Promise<void> {
    await this.#writing;
    if (this.#waiting.length > 0) return;
    this.#isDone = true;
    await this.#written();
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
