import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Problem } from './graphql/ask.ts';
import { followNews, type About, type Reads } from './graphql/news.ts';

/** How often what is live is read anew while no news come. */
const POLL_MS = 2000;
/** While news come: for what time alone changes, and to know that Gatebook is there. */
const POLL_CONNECTED_MS = 5000;
/** News that come together are read together. */
const TOGETHER_MS = 100;
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

/** Tells that something was written, and whether it would be told. */
export interface News {
  readonly connected: boolean;
  readonly subscribe: (listener: (position: string) => void) => () => void;
}

/** News of a workspace, for everything on a page that shows it. */
export function useNews(workspaceId: string, reads: Reads): News {
  return useNewsAbout(useMemo(() => ({ workspaceId, reads }), [workspaceId, reads]));
}

/** News of the staff member's own visit, wherever it is. */
export function useOwnNews(): News {
  return useNewsAbout('own visit');
}

/** News of the staff member's own requests, wherever they are. */
export function useOwnRequestNews(): News {
  return useNewsAbout('own requests');
}

/** News of what waits for the vendor's second person, wherever it is. */
export function useVendorRequestNews(): News {
  return useNewsAbout('requests for the vendor');
}

function useNewsAbout(about: About): News {
  const [connected, setConnected] = useState(false);
  const listeners = useRef(new Set<(position: string) => void>());
  useEffect(
    () =>
      followNews({
        about,
        onConnected: setConnected,
        onNews: (position) => listeners.current.forEach((listener) => listener(position)),
      }),
    [about],
  );
  const subscribe = useCallback((listener: (position: string) => void) => {
    listeners.current.add(listener);
    return () => void listeners.current.delete(listener);
  }, []);
  return useMemo(() => ({ connected, subscribe }), [connected, subscribe]);
}

/** What reading again can't mend: nobody asks every two seconds for what they may not see, as each try is a line. */
const isFinal = (problem: Problem | undefined) => problem?.kind === 'refused' || problem?.kind === 'signed-out';

/**
 * Keeps something on the screen as it is at Gatebook. Whoever uses it says what to read, and is rendered when that
 * changed; when it is read is this module's business: at news, and by the clock.
 *
 * @param key says what is read: another key is another thing, and starts with nothing.
 */
export function useLive<Data>(
  key: string,
  load: (minPosition: string | null) => Promise<Data>,
  news?: News,
): Live<Data> {
  const [state, setState] = useState<Pick<Live<Data>, 'data' | 'at' | 'problem'> & { readonly key: string }>({
    key,
    data: undefined,
    at: undefined,
    problem: undefined,
  });
  const [paused, pause] = useState(false);
  const loader = useRef(load);
  loader.current = load;
  const turns = useRef({ asked: 0, shown: 0 });
  const last = useRef({ text: '' });
  const current = state.key === key ? state : { ...NOTHING, key };

  const read = useCallback(
    async (minPosition: string | null = null) => {
      const turn = ++turns.current.asked;
      // A slower, older answer must not take the place of a newer one.
      const isOld = () => turn < turns.current.shown;
      try {
        const data = await loader.current(minPosition);
        if (isOld()) return;
        turns.current.shown = turn;
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
        if (isOld()) return;
        const problem = error instanceof Problem ? error : new Problem('failed', 'Something went wrong here.');
        setState((before) => (before.key === key ? { ...before, problem } : { ...NOTHING, key, problem }));
      }
    },
    [key],
  );

  const over = paused || isFinal(current.problem);
  const interval = news?.connected ? POLL_CONNECTED_MS : POLL_MS;
  useEffect(() => {
    if (over) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    const turn = async () => {
      // Nobody looks at a hidden page; it is read at once when it is looked at again.
      if (document.visibilityState === 'visible') await read();
      if (!stopped) timer = setTimeout(() => void turn(), interval);
    };
    const again = () => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') void turn();
    };
    void turn();
    document.addEventListener('visibilitychange', again);
    window.addEventListener('online', again);
    return () => {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', again);
      window.removeEventListener('online', again);
    };
  }, [over, interval, read]);

  const subscribe = news?.subscribe;
  useEffect(() => {
    if (over || !subscribe) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let newest = '';
    const stop = subscribe((position) => {
      newest = position;
      timer ??= setTimeout(() => {
        timer = undefined;
        if (document.visibilityState === 'visible') void read(newest);
      }, TOGETHER_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [over, subscribe, read]);

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
