import { PassThrough } from 'node:stream';

import { shared, streamIdentifier, streams } from '../calls.ts';
import type { Calls, Streams } from '../calls.ts';

/** A call of the gRPC library, without one. */
export class FakeCall extends PassThrough {
  isCancelled = false;

  constructor() {
    super({ objectMode: true });
  }

  cancel(): void {
    this.isCancelled = true;
    if (!this.writableEnded) this.end();
  }
}

export interface FakeEvent {
  readonly place: number;
  readonly stream: string;
}

/** A server that holds events and answers reads of the whole log; what subscriptions say is up to the test. */
export class FakeServer {
  readonly events: FakeEvent[] = [];
  readonly subscriptions: { readonly from: number; readonly call: FakeCall }[] = [];
  isSilent = false;

  readonly calls: Calls = {
    connected: () => Promise.resolve(),
    isConnected: () => true,
    batchAppend: () => Promise.reject(new Error('Nothing is appended here.')),
    close: () => Promise.resolve(),
    read: async (request) => {
      const call = new FakeCall();
      const options = request.getOptions()!;
      const from = Number(options.getAll()!.getPosition()?.getCommitPosition() ?? 0);
      if (options.hasSubscription()) this.subscriptions.push({ from, call });
      else if (!this.isSilent) {
        const backwards = Number(options.getReadDirection()) === 1;
        const read = backwards ? this.events.toReversed() : this.events.filter(({ place }) => place >= from);
        for (const event of read.slice(0, Number(options.getCount()))) call.write(eventMessage(event));
        call.end();
      }
      return call;
    },
  };
}

export function eventMessage({ place, stream }: FakeEvent): Streams.ReadResp {
  const id = `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`;
  const event = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(new shared.UUID().setString(id))
    .setStreamIdentifier(streamIdentifier(stream))
    .setStreamRevision('0')
    .setCommitPosition(String(place))
    .setPreparePosition(String(place))
    .setData(new Uint8Array(Buffer.from('{}')));
  event.getMetadataMap().set('type', stream.startsWith('$') ? '$statsCollected' : 'PageViewed');
  event.getMetadataMap().set('created', '0');
  return new streams.ReadResp().setEvent(new streams.ReadResp.ReadEvent().setEvent(event));
}

export const checkpointMessage = (place: number) =>
  new streams.ReadResp().setCheckpoint(
    new streams.ReadResp.Checkpoint().setCommitPosition(String(place)).setPreparePosition(String(place)),
  );

export const caughtUpMessage = () => new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());
