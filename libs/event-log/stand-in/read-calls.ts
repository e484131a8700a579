import { fail, send, sendEvent } from './call.ts';
import type { EventSending, Surroundings } from './call.ts';
import { filterFrom } from './filter.ts';
import type { ReadCall, Streams } from './generated.ts';
import { streamName, streamNotFound } from './messages.ts';
import type { From } from './reading.ts';
import { Refused } from './refusals.ts';
import { followAll, followStream } from './subscriptions.ts';

type Options = Streams.ReadReq.Options;

const MAX_UINT64 = 2n ** 64n - 1n;

/** `Streams.Read`: reads and subscriptions, of one stream and of the whole log. */
export function readHandler(surroundings: Surroundings): (call: ReadCall) => void {
  return (call) => void serve(surroundings, call).catch((error: unknown) => fail(call, error));
}

async function serve(surroundings: Surroundings, call: ReadCall): Promise<void> {
  await surroundings.faults.beforeAnswer();
  const caller = surroundings.access.caller(call.metadata);
  const options = call.request.getOptions();
  const ofStream = options?.getStream();
  if (!options || (!ofStream && !options.getAll())) throw badRequest('A read names a stream, or the whole log.');
  const stream = ofStream ? streamName(ofStream.getStreamIdentifier()) : '$all';
  if (stream === '') throw badRequest('A stream has a name.');
  await surroundings.access.ensure(caller, 'read', stream);
  if (options.hasSubscription()) {
    if (ofStream) await followStream(surroundings, call, stream, fromRevision(ofStream), sending(options));
    else await followAll(surroundings, call, fromPosition(options), filterFrom(options.getFilter()), sending(options));
    return;
  }
  const limit = Number(options.getCount());
  if (!(limit > 0)) throw badRequest('A read asks for at least one event.');
  if (ofStream) await readOne(surroundings, call, options, stream, fromRevision(ofStream), limit);
  else await readAll(surroundings, call, options, limit);
  call.end();
}

async function readOne(
  { reading, faults }: Surroundings,
  call: ReadCall,
  options: Options,
  stream: string,
  from: From,
  limit: number,
): Promise<void> {
  const visible = await reading.visible(stream);
  if (!visible.exists) return send(call, streamNotFound(stream), faults);
  const how = sending(options);
  for await (const event of reading.stream({ stream, backwards: isBackwards(options), from, limit }, visible)) {
    if (call.cancelled) return;
    await sendEvent({ reading, faults }, call, event, how);
  }
}

async function readAll(surroundings: Surroundings, call: ReadCall, options: Options, limit: number): Promise<void> {
  const filter = filterFrom(options.getFilter());
  const how = sending(options);
  let left = limit;
  for await (const event of surroundings.reading.all(isBackwards(options), fromPosition(options))) {
    if (call.cancelled) return;
    if (filter && !filter.matches(event)) continue;
    await sendEvent(surroundings, call, event, how);
    if (--left <= 0) return;
  }
}

const isBackwards = (options: Options) => Number(options.getReadDirection()) === 1;

const sending = (options: Options): EventSending => ({
  resolveLinks: options.getResolveLinks(),
  uuidForm: options.getUuidOption()?.hasStructured() ? 'structured' : 'text',
});

function fromRevision(options: Streams.ReadReq.Options.StreamOptions): From {
  if (options.hasStart()) return 'start';
  if (options.hasEnd()) return 'end';
  return place(options.getRevision());
}

function fromPosition(options: Options): From {
  const all = options.getAll()!;
  if (all.hasStart()) return 'start';
  if (all.hasEnd()) return 'end';
  return place(all.getPosition()?.getCommitPosition() ?? '0');
}

/** The highest number stands for the end; others that high are beyond any log. */
function place(text: string): From {
  const number = BigInt(text);
  if (number === MAX_UINT64) return 'end';
  return number > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(number);
}

const badRequest = (message: string) => new Refused({ kind: 'bad-request', message });
