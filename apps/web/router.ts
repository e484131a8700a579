import { useSyncExternalStore, type MouseEvent } from 'react';

const listeners = new Set<() => void>();
const told = () => {
  for (const listener of listeners) listener();
};
window.addEventListener('popstate', told);

/** Where this window is: path and query. */
export function useLocation(): URL {
  const href = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => location.href,
  );
  return new URL(href);
}

let moved = false;
/** Whether this page took another one's place, without the browser loading it. */
export const hasMoved = () => moved;

export function go(to: string, { replace = false } = {}): void {
  history[replace ? 'replaceState' : 'pushState'](null, '', to);
  moved = true;
  told();
  if (!replace) window.scrollTo(0, 0);
}

/** For links to own pages: goes there without loading the page anew, unless another window was asked for. */
export function followed(event: MouseEvent<HTMLAnchorElement>): void {
  const { target, href, origin } = event.currentTarget;
  const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0;
  if (event.defaultPrevented || elsewhere || (target !== '' && target !== '_self') || origin !== location.origin)
    return;
  event.preventDefault();
  go(href);
}

/** A path of this site and of no other: `//elsewhere` and `/\elsewhere` are none. */
export function ownPath(text: string | null | undefined): string | undefined {
  return text != null && /^\/(?![/\\])[^\\\u0000-\u001f]*$/.test(text) ? text : undefined;
}
