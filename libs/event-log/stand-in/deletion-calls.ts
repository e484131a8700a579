import type { Surroundings } from './call.ts';
import { streams } from './generated.ts';
import type { DeleteAnswer, DeleteCall, TombstoneAnswer, TombstoneCall } from './generated.ts';
import { expectedFrom, streamName } from './messages.ts';
import { callError, Refused } from './refusals.ts';

const noOptions = () => new Refused({ kind: 'bad-request', message: 'A deletion names its stream.' });

/** `Streams.Delete`: the stream can be taken up again later, its numbering goes on. */
export function deleteHandler({
  access,
  writer,
  faults,
}: Surroundings): (call: DeleteCall, answer: DeleteAnswer) => void {
  return (call, answer) => {
    const run = async () => {
      const options = call.request.getOptions();
      if (!options) throw noOptions();
      const stream = streamName(options.getStreamIdentifier());
      await access.ensure(access.caller(call.metadata), 'delete', stream);
      const { place } = await writer.delete(stream, expectedFrom(options, options.getRevision()));
      await faults.beforeAnswer();
      const at = String(place);
      const position = new streams.DeleteResp.Position().setCommitPosition(at).setPreparePosition(at);
      return new streams.DeleteResp().setPosition(position);
    };
    run().then(
      (response) => answer(null, response),
      (error: unknown) => answer(callError(error)),
    );
  };
}

/** `Streams.Tombstone`: the stream is gone for ever. */
export function tombstoneHandler({
  access,
  writer,
  faults,
}: Surroundings): (call: TombstoneCall, answer: TombstoneAnswer) => void {
  return (call, answer) => {
    const run = async () => {
      const options = call.request.getOptions();
      if (!options) throw noOptions();
      const stream = streamName(options.getStreamIdentifier());
      await access.ensure(access.caller(call.metadata), 'delete', stream);
      const { place } = await writer.tombstone(stream, expectedFrom(options, options.getRevision()));
      await faults.beforeAnswer();
      const at = String(place);
      const position = new streams.TombstoneResp.Position().setCommitPosition(at).setPreparePosition(at);
      return new streams.TombstoneResp().setPosition(position);
    };
    run().then(
      (response) => answer(null, response),
      (error: unknown) => answer(callError(error)),
    );
  };
}
