import { describe, expect, it } from '@jest/globals';

import { InvalidAppend, LogUnavailable, OutcomeUnknown, WrongRevision } from '../port.ts';
import { Any, GoogleEmpty as StandInEmpty, shared, status } from '../stand-in/generated.ts';
import { appendRefused, readFailed, refusedAsSuch, sentenceFor, Silence } from './errors.ts';

/** An answer to one append, as the server packs it. */
function answer(name: string, details: { serializeBinary(): Uint8Array }, message = '') {
  const any = new Any();
  any.pack(details.serializeBinary(), name);
  return new status.Status().setMessage(message).setDetails(any);
}

const client = (name: string) => `event_store.client.${name}`;

describe('What the server answers to an append', () => {
  const refused = (of: ReturnType<typeof answer>) => appendRefused(of, 'workspace-a', 3);

  it('is a wrong revision, with the one where the stream stands', () => {
    const wrong = new shared.WrongExpectedVersion().setCurrentStreamRevision('7').setExpectedStreamPosition('3');
    expect(refused(answer(client('WrongExpectedVersion'), wrong))).toEqual(new WrongRevision('workspace-a', 3, 7));
    const none = new shared.WrongExpectedVersion().setCurrentNoStream(new StandInEmpty());
    expect(refused(answer(client('WrongExpectedVersion'), none))).toMatchObject({ actual: 'none' });
  });

  it.each([
    ['too large', client('MaximumAppendSizeExceeded'), new shared.MaximumAppendSizeExceeded(), InvalidAppend],
    ['not allowed', client('AccessDenied'), new shared.AccessDenied(), LogUnavailable],
    ['deleted', client('StreamDeleted'), new shared.StreamDeleted(), LogUnavailable],
    ['timed out at the server', client('Timeout'), new shared.Timeout(), OutcomeUnknown],
    ['unknown', client('Unknown'), new shared.Unknown(), OutcomeUnknown],
    ['not handled', 'google.protobuf.Empty', new StandInEmpty(), OutcomeUnknown],
    ['something that nobody knows', 'made.up', new StandInEmpty(), OutcomeUnknown],
  ])('is told as the port tells it: %s', (_, name, details, kind) => {
    expect(refused(answer(name, details, 'Server Is Not Ready'))).toBeInstanceOf(kind);
  });

  it('leaves the outcome unknown where it has no details', () => {
    expect(refused(new status.Status().setMessage('Oh'))).toEqual(
      new OutcomeUnknown('EventStoreDB answered the append with an error (Oh).'),
    );
  });
});

describe('An error of a call', () => {
  const trailers = (exception: string) => ({ get: (key: string) => (key === 'exception' ? [exception] : []) });

  it.each([
    ['the client’s own', { type: 'access-denied' }, /refuses this user/],
    ['one with a trailer', { code: 2, metadata: trailers('not-leader') }, /is not the leader/],
    ['one with a code', { code: 14, metadata: { get: () => [] } }, /can’t be reached/],
    ['a wrong password', { code: 16 }, /refuses this user/],
    ['no node of a cluster', new Error('Failed to discover after 10 attempts.'), /can’t be reached/],
    ['silence', new Silence(250), /has not answered within 250 ms/],
    ['anything', new Error('esdb://admin:s3cret@log'), /^EventStoreDB failed to answer\.$/],
    ['nothing', undefined, /^EventStoreDB failed to answer\.$/],
  ])('is a sentence for the operator, without a secret: %s', (_, error, sentence) => {
    expect(sentenceFor(error)).toMatch(sentence);
    expect(readFailed(error)).toBeInstanceOf(LogUnavailable);
    expect(readFailed(error).message).toBe(sentenceFor(error));
  });

  it('tells who is refused from what is', () => {
    expect(refusedAsSuch({ code: 16 })).toBe(true);
    expect(refusedAsSuch({ code: 14 })).toBe(false);
  });
});
