import type { Caller } from './access.ts';
import { fail } from './call.ts';
import type { Surroundings } from './call.ts';
import { shared, streams } from './generated.ts';
import type { AppendAnswer, AppendCall, BatchAppendCall, Shared, Streams } from './generated.ts';
import { appendAnswer, batchSuccess, expectedFrom, proposedEvent, sizeOf, streamName, uuidText } from './messages.ts';
import { batchError, callError, MAX_APPEND_SIZE, Refused, streamIdentifier, wrongVersionAnswer } from './refusals.ts';
import type { Expected } from './refusals.ts';
import type { ProposedEvent } from './stored.ts';

/** `Streams.Append`: one append, its events one message each. */
export function appendHandler({
  access,
  writer,
  faults,
}: Surroundings): (call: AppendCall, answer: AppendAnswer) => void {
  return (call, answer) => {
    let options: Streams.AppendReq.Options | undefined;
    const messages: Streams.AppendReq.ProposedMessage[] = [];
    call.on('data', (request: Streams.AppendReq) => {
      options ??= request.getOptions();
      const message = request.getProposedMessage();
      if (message) messages.push(message);
    });
    call.on('end', () => {
      void append().then(
        (response) => {
          if (!faults.losesAnswer()) faults.answer(() => answer(null, response));
        },
        (error: unknown) => faults.answer(() => answer(callError(error))),
      );
    });

    const append = async (): Promise<Streams.AppendResp> => {
      if (!options) throw new Refused({ kind: 'bad-request', message: 'An append begins with its options.' });
      const stream = streamName(options.getStreamIdentifier());
      await access.ensure(access.caller(call.metadata), 'write', stream);
      const events = messages.map(proposedEvent);
      if (events.reduce((sum, event) => sum + sizeOf(event), 0) > MAX_APPEND_SIZE) {
        throw new Refused({ kind: 'maximum-append-size-exceeded' });
      }
      try {
        return appendAnswer(await writer.append(stream, expectedFrom(options, options.getRevision()), events));
      } catch (error) {
        if (!(error instanceof Refused) || error.refusal.kind !== 'wrong-expected-version') throw error;
        return wrongVersionAnswer(error.refusal);
      }
    };
  };
}

/** An append of a batch stream while its parts come in. */
interface Pending {
  readonly stream: string;
  readonly expected: Expected;
  readonly options: Streams.BatchAppendReq.Options;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly events: ProposedEvent[];
  size: number;
}

/** `Streams.BatchAppend`: many appends on one call, each in one or more parts that share a correlation id. */
export function batchAppendHandler(surroundings: Surroundings): (call: BatchAppendCall) => void {
  return (call) => {
    let caller: Caller;
    try {
      caller = surroundings.access.caller(call.metadata);
    } catch (error) {
      fail(call, error);
      return;
    }
    const pending = new Map<string, Pending>();
    call.on('data', (request: Streams.BatchAppendReq) => takePart(surroundings, caller, call, pending, request));
    call.on('end', () => call.end());
    // A cut connection is no news to the stand-in.
    call.on('error', () => undefined);
  };
}

function takePart(
  surroundings: Surroundings,
  caller: Caller,
  call: BatchAppendCall,
  pending: Map<string, Pending>,
  request: Streams.BatchAppendReq,
): void {
  const correlation = request.getCorrelationId();
  const id = uuidText(correlation);
  const options = request.getOptions();
  if (options) pending.set(id, begun(options));
  const append = pending.get(id);
  // Refused already: the rest of it is passed over.
  if (!append) return;
  try {
    for (const message of request.getProposedMessagesList()) {
      const event = proposedEvent(message);
      append.size += sizeOf(event);
      append.events.push(event);
    }
    // The deadline counts while parts are awaited only: what is there in whole is written, as a real server does it.
    if (!request.getIsFinal() && Date.now() > append.deadline) throw new Refused({ kind: 'timeout' });
    if (append.size > MAX_APPEND_SIZE) throw new Refused({ kind: 'maximum-append-size-exceeded' });
  } catch (error) {
    pending.delete(id);
    answerBatch(surroundings, call, correlation, append, (response) => response.setError(batchError(error)));
    return;
  }
  if (!request.getIsFinal()) return;
  pending.delete(id);
  void write(surroundings, caller, append).then(
    (landed) => {
      if (surroundings.faults.losesAnswer()) return;
      answerBatch(surroundings, call, correlation, append, (response) => response.setSuccess(batchSuccess(landed)));
    },
    (error: unknown) =>
      answerBatch(surroundings, call, correlation, append, (response) => response.setError(batchError(error))),
  );
}

async function write({ access, writer }: Surroundings, caller: Caller, { stream, expected, events }: Pending) {
  if (stream !== '') await access.ensure(caller, 'write', stream);
  return writer.append(stream, expected, events);
}

function begun(options: Streams.BatchAppendReq.Options): Pending {
  const deadline = options.getDeadline()?.toDate().getTime() ?? Infinity;
  const stream = streamName(options.getStreamIdentifier());
  return {
    stream,
    expected: expectedFrom(options, options.getStreamPosition()),
    options,
    deadline,
    events: [],
    size: 0,
  };
}

function answerBatch(
  { faults }: Surroundings,
  call: BatchAppendCall,
  correlation: Shared.UUID | undefined,
  { stream, options }: Pending,
  fill: (response: Streams.BatchAppendResp) => void,
): void {
  const response = new streams.BatchAppendResp();
  response.setCorrelationId(correlation ?? new shared.UUID()).setStreamIdentifier(streamIdentifier(stream));
  if (options.hasNoStream()) response.setNoStream(options.getNoStream());
  else if (options.hasStreamExists()) response.setStreamExists(options.getStreamExists());
  else if (options.hasAny()) response.setAny(options.getAny());
  else response.setStreamPosition(options.getStreamPosition());
  fill(response);
  faults.answer(() => {
    if (!call.cancelled) call.write(response);
  });
}
