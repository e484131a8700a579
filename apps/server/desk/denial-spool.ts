import { open, readFile, rm, type FileHandle } from 'node:fs/promises';
import type { EventLog, NewFact } from '#event-log/port';

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
  readonly #file: string | undefined;
  readonly #waiting: WaitingDenial[] = [];
  #dropped = 0;
  #journal: FileHandle | undefined;
  #lines: string[] = [];
  #writing: Promise<void> | undefined;
  #emptying: Promise<void> | undefined;

  /** Without a file they wait in memory only. */
  constructor(log: EventLog, file?: string) {
    this.#log = log;
    this.#file = file;
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
    if (this.#file === undefined) return;
    let text: string;
    try {
      text = await readFile(this.#file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    for (const line of text.split('\n')) {
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
    if (this.#file === undefined) return;
    this.#lines.push(`${JSON.stringify(denial)}\n`);
    this.#writing ??= this.#write(this.#file).finally(() => (this.#writing = undefined));
    await this.#writing;
  }

  async #write(file: string): Promise<void> {
    try {
      this.#journal ??= await open(file, 'a', 0o600);
      while (this.#lines.length > 0) {
        const text = this.#lines.splice(0).join('');
        await this.#journal.appendFile(text);
        await this.#journal.datasync();
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
    if (this.#file === undefined || this.#waiting.length > 0) return;
    await this.#journal?.close();
    this.#journal = undefined;
    await rm(this.#file, { force: true });
  }

  async close(): Promise<void> {
    await this.empty();
    await this.#writing;
    await this.#journal?.close();
    this.#journal = undefined;
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
