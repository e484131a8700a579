import type { StaffId, WorkspaceId } from '@gatebook/protocol';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Departures } from './departures.ts';

const [sam, priya] = ['stf_sam', 'stf_priya'] as const satisfies StaffId[];

describe('Who is disabled', () => {
  let tell: (staffId: StaffId, at: number) => void;
  let places: Partial<Record<StaffId, WorkspaceId[]>>;
  let removed: string[];
  let fails: number;
  let errors: unknown[];
  let departures: Departures;
  let disabled: StaffId[];
  let demoted: StaffId[];

  beforeEach(() => {
    jest.useFakeTimers();
    places = { [sam]: ['ws_acme', 'ws_bluebird'] };
    [removed, errors, disabled, demoted, fails] = [[], [], [], [], 0];
    departures = new Departures({
      outside: {
        get disabled() {
          return disabled;
        },
        get demoted() {
          return demoted;
        },
        whenDisabled: (to) => {
          tell = to;
        },
      },
      clock: { now: () => 1000 },
      async *workspacesOf(staffId) {
        await Promise.resolve();
        yield* places[staffId] ?? [];
      },
      remove: (workspaceId, staffId, at) => {
        if (fails-- > 0) return Promise.reject(new Error('away'));
        removed.push(`${staffId} ${workspaceId} ${at}`);
        return Promise.resolve();
      },
      onError: (error) => errors.push(error),
    });
  });
  afterEach(async () => {
    await departures.stop();
    jest.useRealTimers();
  });

  it('is taken out of each workspace at once, the likeliest first', async () => {
    departures.start();
    tell(sam, 700);
    await jest.advanceTimersByTimeAsync(0);
    expect(removed).toEqual(['stf_sam ws_acme 700', 'stf_sam ws_bluebird 700']);
  });

  it('is looked for again, once no instance can let them in any more', async () => {
    departures.start();
    tell(sam, 700);
    await jest.advanceTimersByTimeAsync(0);
    places = { [sam]: ['ws_late'] };
    await jest.advanceTimersByTimeAsync(2499);
    expect(removed).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(removed.slice(2)).toEqual(['stf_sam ws_late 700']);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(removed).toHaveLength(3);
  });

  it('is tried again while the log is away, and the error is told once', async () => {
    departures.start();
    fails = 3;
    tell(sam, 700);
    await jest.advanceTimersByTimeAsync(599);
    expect([removed, errors]).toEqual([[], [new Error('away')]]);
    await jest.advanceTimersByTimeAsync(1);
    expect(removed).toEqual(['stf_sam ws_acme 700', 'stf_sam ws_bluebird 700']);
  });

  it('before the start is taken out then: what was begun before a crash is done', async () => {
    disabled = [priya, sam];
    departures.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(removed).toEqual(['stf_sam ws_acme 1000', 'stf_sam ws_bluebird 1000']);
  });

  it('had roles taken before the start: what leaned on them ends then, and nothing for when it began', async () => {
    disabled = [priya];
    demoted = [sam];
    departures.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(removed).toEqual(['stf_sam ws_acme 0', 'stf_sam ws_bluebird 0']);
  });

  it('before the start is looked for again, too: an instance that had not heard yet may have let them in since', async () => {
    [disabled, demoted] = [[priya], [sam]];
    departures.start();
    await jest.advanceTimersByTimeAsync(0);
    places = { [priya]: ['ws_later'], [sam]: ['ws_late'] };
    disabled = [];
    await jest.advanceTimersByTimeAsync(2499);
    expect(removed).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(removed.slice(2)).toEqual(['stf_priya ws_later 1000', 'stf_sam ws_late 0']);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(removed).toHaveLength(4);
  });

  it('keeps nobody up who stops', async () => {
    departures.start();
    fails = Infinity;
    tell(sam, 700);
    await jest.advanceTimersByTimeAsync(0);
    await departures.stop();
    expect(removed).toEqual([]);
  });
});
