import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Problem } from '../graphql/ask.ts';
import { STALE_MS, useNow, type Live } from '../live.ts';
import { ago } from '../time/time.ts';
import { Time } from '../time/zone.tsx';
import { Mark } from './signs.tsx';

const TOAST_MS = 6000;

interface Toast {
  readonly id: number;
  readonly mark: string;
  readonly sentence: string;
}

/** Says what came of a press, as a line with its mark. It is never the only place where that stands. */
const Say = createContext<(sentence: string, mark?: string) => void>(() => undefined);
export const useSay = () => useContext(Say);

export function Toasts({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const [held, setHeld] = useState(false);
  const next = useRef(0);
  const say = useCallback((sentence: string, mark = 'dot') => {
    setToasts((before) => [...before.slice(-2), { id: next.current++, mark, sentence }]);
  }, []);
  const close = useCallback((id: number) => setToasts((before) => before.filter((toast) => toast.id !== id)), []);
  const oldest = toasts[0]?.id;
  useEffect(() => {
    if (oldest === undefined || held) return;
    const timer = setTimeout(() => close(oldest), TOAST_MS);
    return () => clearTimeout(timer);
  }, [oldest, held, close]);
  const region = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What has the focus is never covered (WCAG 2.4.11): a message makes way, as it stands elsewhere too.
    const makeWay = ({ target }: FocusEvent) => {
      if (!(target instanceof Element) || !region.current || region.current.contains(target)) return;
      const [a, b] = [target.getBoundingClientRect(), region.current.getBoundingClientRect()];
      if (b.height > 0 && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) setToasts([]);
    };
    document.addEventListener('focusin', makeWay);
    return () => document.removeEventListener('focusin', makeWay);
  }, []);
  return (
    <Say value={say}>
      {children}
      {/* The region is there before its words, or nobody hears them (WCAG 4.1.3). */}
      <div
        className="toasts"
        role="status"
        ref={region}
        onPointerEnter={() => setHeld(true)}
        onPointerLeave={() => setHeld(false)}
        onFocus={() => setHeld(true)}
        onBlur={() => setHeld(false)}
      >
        {toasts.map(({ id, mark, sentence }) => (
          <div className={`toast ${mark}`} key={id}>
            <Mark mark={mark} />
            <p>{sentence}</p>
            <button type="button" className="txt" onClick={() => close(id)}>
              Close<span className="vh"> this message</span>
            </button>
          </div>
        ))}
      </div>
    </Say>
  );
}

type Fresh = Pick<Live<unknown>, 'at' | 'paused' | 'pause' | 'problem'>;

/** Whether what is shown may be another thing by now. */
export function useStale({ at, paused }: Pick<Fresh, 'at' | 'paused'>): boolean {
  const now = useNow();
  return !paused && at !== undefined && now - at > STALE_MS;
}

/** "Updated 2 s ago. Pause": how fresh a live part is. */
export function Freshness({ at, paused, pause, problem }: Fresh) {
  const now = useNow();
  const stale = useStale({ at, paused });
  const words = useMemo(() => {
    if (at === undefined) return problem ? 'Not read yet.' : 'Reading …';
    if (paused) return 'Paused.';
    return `${stale ? 'Not updated for ' : 'Updated '}${stale ? ago(now - at).replace(' ago', '') : ago(now - at)}.`;
  }, [at, paused, stale, now, problem]);
  return (
    <span className={stale ? 'fresh stale' : 'fresh'}>
      <span>{words}</span>{' '}
      <button type="button" className="txt" onClick={() => pause(!paused)}>
        {paused ? 'Go on' : 'Pause'}
        <span className="vh"> updating</span>
      </button>
    </span>
  );
}

/** Says that news don't come, and from when what is shown is. */
export function ConnectionNote({ live, retry }: { readonly live: Live<unknown>; readonly retry: () => void }) {
  const { problem, at } = live;
  return (
    <div role="alert">
      {problem && problem.kind !== 'signed-out' && problem.kind !== 'refused' && (
        <div className="note plain">
          <p>
            <b>{problem.message}</b>{' '}
            {at === undefined ? (
              'Nothing could be read yet. It goes on by itself.'
            ) : (
              <>
                What you see is from <Time at={at} shape="shortly" />. It goes on by itself, and whoever can’t be
                checked isn’t let in.
              </>
            )}
          </p>
          <button type="button" className="btn" onClick={retry}>
            Read again now
          </button>
        </div>
      )}
    </div>
  );
}

/** A part that could not be read, or may not be. */
export function ProblemNote({ problem }: { readonly problem: Problem }) {
  return <p className="note plain">{problem.message}</p>;
}
