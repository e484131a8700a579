import { EventEmitter, once } from 'node:events';

import type { AllStreamSubscription, StreamSubscription } from '@eventstore/db-client';

/** What a subscription said, in order: numbers of events, types of others, and the names of all else. */
export interface Heard {
  readonly said: unknown[];
  /** Resolves when this many things were said. */
  until(count: number): Promise<unknown[]>;
  /** Resolves with what it ended with. */
  readonly error: Promise<{ readonly [key: string]: unknown }>;
}

interface Resolved {
  readonly event?: { readonly type: string; readonly data: unknown };
}

export function listen(subscription: AllStreamSubscription | StreamSubscription): Heard {
  const source: EventEmitter = subscription;
  const said: unknown[] = [];
  const bell = new EventEmitter();
  const error = Promise.withResolvers<{ [key: string]: unknown }>();
  const say = (what: unknown) => {
    said.push(what);
    bell.emit('said');
  };
  source.on('confirmation', () => say('confirmed'));
  source.on('caughtUp', () => say('caught up'));
  source.on('data', ({ event }: Resolved) => {
    say((event?.data as { number?: number } | undefined)?.number ?? event?.type);
  });
  source.on('error', (thrown: { [key: string]: unknown }) => {
    say('error');
    error.resolve(thrown);
  });
  return {
    said,
    error: error.promise,
    async until(count) {
      while (said.length < count) await once(bell, 'said');
      return said;
    },
  };
}
