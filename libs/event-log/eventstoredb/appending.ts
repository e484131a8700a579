import { randomUUID } from 'node:crypto';

import { LogUnavailable, OutcomeUnknown } from '../port.ts';
import type { Appended, ExpectedRevision, NewFact, StreamName } from '../port.ts';
import { GoogleEmpty, shared, streamIdentifier, streams, uuidText } from './calls.ts';
import type { AppendCall, Calls, Streams } from './calls.ts';
import { appendRefused, refusedAsSuch, sentenceFor, Silence } from './errors.ts';
import { proposed } from './events.ts';
import { positionText } from './position.ts';

interface Waiting {
  readonly stream: StreamName;
  readonly expected: ExpectedRevision;
  readonly resolve: (answered: Answered) => void;
  readonly reject: (error: Error) => void;
}

/** `position` is undefined where the server gave none, as it may for a repeat. */
export interface Answered {
  readonly revision: Appended['revision'];
  readonly position: Appended['position'] | undefined;
}

/**
 * Appends over one long call, each answered by its correlation id. Once something may have been sent, whatever goes wrong
 * leaves its outcome unknown; before that, it is certain that nothing was stored.
 */
export class Appending {
  readonly #calls: Calls;
  readonly #timeoutMs: number;
  #line: Line | undefined;
  #connecting: Promise<Line> | undefined;

  constructor(calls: Calls, timeoutMs: number) {
    this.#calls = calls;
    this.#timeoutMs = timeoutMs;
  }

  /** @throws {WrongRevision | InvalidAppend | LogUnavailable | OutcomeUnknown} */
  append(stream: StreamName, expected: ExpectedRevision, facts: readonly NewFact[]): Promise<Answered> {
    return new Promise((resolve, reject) => {
      let isOver = false;
      let line: Line | undefined;
      const id = randomUUID();
      const settle = <Value>(how: (value: Value) => void) => {
        return (value: Value) => {
          isOver = true;
          clearTimeout(timer);
          how(value);
        };
      };
      const timer = setTimeout(() => {
        isOver = true;
        line?.forget(id);
        const sentence = new Silence(this.#timeoutMs).message;
        reject(line ? new OutcomeUnknown(sentence) : new LogUnavailable(sentence));
      }, this.#timeoutMs);
      const send = (on: Line) => {
        if (isOver) return;
        line = on;
        on.send(id, request(id, stream, expected, facts), {
          stream,
          expected,
          resolve: settle(resolve),
          reject: settle(reject),
        });
      };
      const ready = this.#ready();
      if (ready instanceof Line) send(ready);
      else ready.then(send, (error: unknown) => isOver || settle(reject)(unsent(error)));
    });
  }

  #ready(): Line | Promise<Line> {
    if (this.#line?.isOpen && this.#calls.isConnected()) return this.#line;
    this.#connecting ??= this.#connect().finally(() => (this.#connecting = undefined));
    return this.#connecting;
  }

  async #connect(): Promise<Line> {
    await this.#calls.connected(this.#timeoutMs);
    if (!this.#line?.isOpen) this.#line = new Line(await this.#calls.batchAppend());
    return this.#line;
  }
}

/** One call, and what waits for an answer on it. */
class Line {
  readonly #call: AppendCall;
  readonly #waiting = new Map<string, Waiting>();
  #hasAnswered = false;
  isOpen = true;

  constructor(call: AppendCall) {
    this.#call = call;
    call
      .on('data', (answer: Streams.BatchAppendResp) => this.#answered(answer))
      .on('error', (error) => this.#over(error))
      .on('end', () => this.#over(undefined))
      .on('close', () => this.#over(undefined));
  }

  send(id: string, message: Streams.BatchAppendReq, waiting: Waiting): void {
    this.#waiting.set(id, waiting);
    this.#call.write(message);
  }

  forget(id: string): void {
    this.#waiting.delete(id);
  }

  #answered(answer: Streams.BatchAppendResp): void {
    this.#hasAnswered = true;
    const id = uuidText(answer.getCorrelationId());
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    const error = answer.getError();
    if (error) return waiting.reject(appendRefused(error, waiting.stream, waiting.expected));
    const success = answer.getSuccess();
    if (!success) return waiting.reject(new OutcomeUnknown('EventStoreDB’s answer says neither yes nor no.'));
    const position = success.getPosition()?.getCommitPosition();
    waiting.resolve({
      revision: Number(success.getCurrentRevision()),
      position: position === undefined ? undefined : knownPosition(BigInt(position)),
    });
  }

  #over(error: unknown): void {
    this.isOpen = false;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    // Who isn't let in is told so before anything is taken in.
    const refused = !this.#hasAnswered && refusedAsSuch(error);
    const sentence = sentenceFor(error);
    for (const { reject } of waiting) {
      reject(refused ? new LogUnavailable(sentence, { cause: error }) : new OutcomeUnknown(sentence, { cause: error }));
    }
  }
}

function unsent(error: unknown): LogUnavailable {
  return new LogUnavailable(sentenceFor(error), { cause: error });
}

const LARGEST = 2n ** 63n;

/** A server that no longer knows where a repeat stands says -1. */
const knownPosition = (commit: bigint) => (commit >= 0n && commit < LARGEST ? positionText(commit) : undefined);

function request(
  id: string,
  stream: StreamName,
  expected: ExpectedRevision,
  facts: readonly NewFact[],
): Streams.BatchAppendReq {
  // Without a deadline the server takes its own: it would hold ours against its clock, which may not be ours.
  const options = new streams.BatchAppendReq.Options().setStreamIdentifier(streamIdentifier(stream));
  if (expected === 'any') options.setAny(new GoogleEmpty());
  else if (expected === 'none') options.setNoStream(new GoogleEmpty());
  else options.setStreamPosition(String(expected));
  return new streams.BatchAppendReq()
    .setCorrelationId(new shared.UUID().setString(id))
    .setOptions(options)
    .setProposedMessagesList(facts.map(proposed))
    .setIsFinal(true);
}
