import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Problem } from './graphql/ask.ts';

/** How often what is live is read anew while nothing pushes it. */
const POLL_MS = 2000;
/** What wasn't read for so long is shown as stale (screens.md, "Right now"). */
export const STALE_MS = 10_000;

export interface Live<Data> {
  /** What was read last; kept while reading fails. */
  readonly data: Data | undefined;
  /** When it was read, epoch milliseconds. */
  readonly at: number | undefined;
  /** Why the last reading failed; `undefined` once one succeeds. */
  readonly problem: Problem | undefined;
  readonly paused: boolean;
  readonly pause: (paused: boolean) => void;
  /** Reads now, and at least what holds the position of a command's answer: one reads one's own writes. */
  readonly read: (minPosition?: string | null) => Promise<void>;
}

/**
 * Keeps something on the screen as it is at Gatebook. Whoever uses it says what to read, and is rendered when that
 * changed; how news come, by asking again or by a subscription, is this module's business alone.
 *
 * @param key says what is read: another key is another thing, and starts with nothing.
 */
export function useLive<Data>(key: string, load: (minPosition: string | null) => Promise<Data>): Live<Data> {
  const [state, setState] = useState<Pick<Live<Data>, 'data' | 'at' | 'problem'> & { readonly key: string }>({
    key,
    data: undefined,
    at: undefined,
    problem: undefined,
  });
  const [paused, pause] = useState(false);
  const loader = useRef(load);
  loader.current = load;
  const newest = useRef(0);
  const last = useRef({ text: '' });

  const read = useCallback(
    async (minPosition: string | null = null) => {
      const turn = ++newest.current;
      try {
        const data = await loader.current(minPosition);
        // A slower, older answer must not take the place of a newer one.
        if (turn !== newest.current) return;
        // What hasn't changed stays the same object, so that nothing below is rendered for it.
        const text = JSON.stringify(data);
        const same = text === last.current.text;
        last.current = { text };
        setState((before) => ({
          key,
          data: same && before.key === key && before.data !== undefined ? before.data : data,
          at: Date.now(),
          problem: undefined,
        }));
      } catch (error) {
        if (turn !== newest.current) return;
        const problem = error instanceof Problem ? error : new Problem('failed', 'Something went wrong here.');
        setState((before) => (before.key === key ? { ...before, problem } : { ...NOTHING, key, problem }));
      }
    },
    [key],
  );

  useEffect(() => {
    if (paused) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const turn = async () => {
      // Nobody looks at a hidden page; it is read at once when it is looked at again.
      if (document.visibilityState === 'visible') await read();
      if (!over) timer = setTimeout(() => void turn(), POLL_MS);
    };
    const again = () => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') void turn();
    };
    void turn();
    document.addEventListener('visibilitychange', again);
    window.addEventListener('online', again);
    return () => {
      over = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', again);
      window.removeEventListener('online', again);
    };
  }, [paused, read]);

  const current = state.key === key ? state : { ...NOTHING, key };
  return { data: current.data, at: current.at, problem: current.problem, paused, pause, read };
}

const NOTHING = { data: undefined, at: undefined, problem: undefined };

/* One clock for everything on the page that counts. */
const ticking = new Set<() => void>();
let now = Date.now();
let clock: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  ticking.add(listener);
  clock ??= setInterval(() => {
    now = Date.now();
    for (const tick of ticking) tick();
  }, 1000);
  return () => {
    ticking.delete(listener);
    if (ticking.size > 0) return;
    clearInterval(clock);
    clock = undefined;
  };
}

/** The time, by the second: relative times tick. */
export function useNow(): number {
  useSyncExternalStore(subscribe, () => Math.floor(now / 1000));
  return Math.max(now, Date.now());
}

/** The time by the minute, for what needn't be rendered each second. */
export function useMinute(): number {
  return useSyncExternalStore(subscribe, () => Math.floor(now / 60_000)) * 60_000;
}
