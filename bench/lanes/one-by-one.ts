import { emptyBook, type Book, type BookFact } from '#domain/book/book';
import { decideBook, isRestricting, staffIn, type BookCommand } from '#domain/book/decide';
import { foldBook } from '#domain/facts';
import { envelopeWith } from '#event-log/envelope';
import { OutcomeUnknown, WrongRevision, type Appended, type EventLog } from '#event-log/port';
import { decideBatch, type Batch, type LaneKind, type Waiting } from '#server/desk/batch';
import { bookDigest, type Desk } from '#server/desk/desk';
import type { Caller, Outcome } from '#server/desk/outcome';
import { foldRecorded, nothingStands, type Standing } from '#server/desk/standing';
import { uuidV7 } from '#server/desk/uuid-v7';

type View = Waiting<BookCommand, BookFact>;

const AGAIN_MS = 250;

/**
 * What one would write without lanes: each view of a workspace is decided by itself, on the state behind the one before,
 * and sent at once in an append of its own with the exact revision. Where the log refuses one, everything behind it is
 * refused too; once the last of them is back, the stream is read on, and they are decided anew.
 */
export class OneByOne {
  readonly #stream: string;
  readonly #log: EventLog;
  readonly #desk: Desk;
  readonly #envelope = envelopeWith();
  readonly #kind: LaneKind<Book, BookCommand, BookFact>;
  #durable: Standing<Book> = nothingStands(emptyBook);
  /** With what is on its way. */
  #ahead = this.#durable;
  #onTheWay = 0;
  /** To be decided anew, or waiting until those are. */
  #held: View[] = [];
  #isBehind = false;

  /** `desk` knows the staff, the catalogue and the clock; nothing is decided by it. */
  constructor(stream: string, log: EventLog, desk: Desk) {
    this.#stream = stream;
    this.#log = log;
    this.#desk = desk;
    this.#kind = {
      initial: emptyBook,
      fold: foldBook,
      commands: (book) => book.commands,
      isRestricting,
      decide(command, book, now) {
        const { outside } = desk;
        const { state: staff, revision: staffRevision } = outside.staff(staffIn(command));
        return decideBook(command, {
          book,
          staff,
          staffRevision,
          installation: outside.installation,
          now,
          digest: bookDigest,
        });
      },
    };
  }

  async load(): Promise<void> {
    for await (const recorded of this.#log.readStream(this.#stream, { from: this.#durable.revision + 1 }))
      this.#durable = foldRecorded(this.#kind, this.#envelope, this.#durable, recorded);
    this.#ahead = this.#durable;
  }

  handle(command: BookCommand, caller: Caller): Promise<Outcome<BookFact>> {
    this.#desk.outside.ensureHeard();
    const problem = this.#desk.clockGuard.problem();
    if (problem !== undefined) throw new Error(problem);
    return new Promise((resolve, reject) => {
      const view = { command, caller, restricting: false, since: 0, lostRaces: 0, resolve, reject };
      if (this.#isBehind) this.#held.push(view);
      else this.#send(view);
    });
  }

  #send(view: View): void {
    const { revision } = this.#ahead;
    const batch = decideBatch(
      {
        stream: this.#stream,
        kind: this.#kind,
        envelope: this.#envelope,
        clockNow: this.#desk.clock.now(),
        newId: uuidV7,
      },
      this.#ahead,
      [view],
    );
    if (batch.facts.length === 0) return batch.answer(this.#durable.position);
    const last = batch.stored.at(-1)!;
    const standing = {
      state: batch.state,
      revision: last.revision,
      position: '',
      lastFactId: last.id,
      newest: last.recordedAt,
    };
    this.#ahead = standing;
    this.#onTheWay++;
    this.#append(batch, revision)
      .then(({ position }) => {
        if (standing.revision > this.#durable.revision) this.#durable = { ...standing, position };
        batch.answer(position);
      })
      .catch((error: unknown) => {
        if (!(error instanceof WrongRevision)) return view.reject(error);
        this.#isBehind = true;
        this.#held.push(view);
      })
      .finally(() => {
        this.#onTheWay--;
        if (this.#isBehind && this.#onTheWay === 0) void this.#catchUp();
      });
  }

  /** As a lane does: where the answer was lost, the identical append says what became of it. */
  async #append({ facts }: Batch<Book, BookCommand, BookFact>, revision: number): Promise<Appended> {
    for (;;) {
      try {
        return await this.#log.append(this.#stream, revision, facts);
      } catch (error) {
        if (!(error instanceof OutcomeUnknown)) throw error;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  async #catchUp(): Promise<void> {
    try {
      await this.load();
    } catch (error) {
      for (const { reject } of this.#held.splice(0)) reject(error);
    }
    this.#isBehind = false;
    for (const view of this.#held.splice(0)) this.#send(view);
  }
}
