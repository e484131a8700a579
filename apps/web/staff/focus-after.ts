import { useEffect, useRef } from 'react';

/**
 * A visit that ends takes its buttons and dialogs away: whoever was at one of them reads on where it stood.
 *
 * @param inside the visit that goes on, by id.
 * @param where what takes the focus after it, as a selector.
 */
export function useFocusAfter(inside: string | undefined, where: string): void {
  const before = useRef(inside);
  useEffect(() => {
    const isOver = before.current !== undefined && inside === undefined;
    before.current = inside;
    if (!isOver) return;
    const read = () => {
      if (document.activeElement !== document.body) return;
      document.querySelector<HTMLElement>(where)?.focus({ preventScroll: true });
    };
    // A dialog first tries to give the focus back to what opened it.
    requestAnimationFrame(() => requestAnimationFrame(read));
  }, [inside, where]);
}
