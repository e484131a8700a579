import { useEffect, useRef, useState } from 'react';

const KEPT = 'gatebook-review-keys';

/** What single keys do on a page; nothing while somebody types, chooses, or is in a dialog. */
export type Keys = Readonly<Partial<Record<'j' | 'k' | 'Escape', () => void>>>;

/**
 * Walking by single keys. Letters alone can be pressed by accident, and by speech (WCAG 2.1.4): they can be turned off,
 * for good.
 */
export function useKeys(keys: Keys): { readonly on: boolean; readonly turn: (on: boolean) => void } {
  const [on, setOn] = useState(() => localStorage.getItem(KEPT) !== 'off');
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => {
    if (!on) return;
    const pressed = (event: KeyboardEvent) => {
      const { key, target, defaultPrevented, ctrlKey, metaKey, altKey } = event;
      if (defaultPrevented || ctrlKey || metaKey || altKey || !(target instanceof Element)) return;
      if (target.closest('input, select, textarea, [contenteditable], [role=dialog]')) return;
      const does = key === 'j' || key === 'k' || key === 'Escape' ? now.current[key] : undefined;
      if (!does) return;
      event.preventDefault();
      does();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [on]);
  return {
    on,
    turn(next) {
      if (next) localStorage.removeItem(KEPT);
      else localStorage.setItem(KEPT, 'off');
      setOn(next);
    },
  };
}

/** Says which keys there are, and turns them off and on. */
export function KeysNote({
  keys: { on, turn },
  back = false,
}: {
  readonly keys: ReturnType<typeof useKeys>;
  /** Whether Escape goes back from here. */
  readonly back?: boolean;
}) {
  return (
    <p className="small keys">
      {on && (
        <span>
          <kbd>j</kbd> next, <kbd>k</kbd> previous, {back ? <kbd>Esc</kbd> : <kbd>Enter</kbd>}{' '}
          {back ? 'back to the list' : 'opens'}
        </span>
      )}{' '}
      <button type="button" className="txt" onClick={() => turn(!on)}>
        {on ? 'Turn these keys off' : 'Turn the keys j, k and Esc on'}
      </button>
    </p>
  );
}
