import { useSyncExternalStore } from 'react';

/** Light or dark: as the system has it, or as the reader chose for this browser. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEPT = 'gatebook-theme';
const listeners = new Set<() => void>();

function kept(): Theme {
  const theme = localStorage.getItem(KEPT);
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Puts the kept choice onto the page; called before anything is drawn, and when another window changes it. */
export function applyTheme(): void {
  const theme = kept();
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  for (const listener of listeners) listener();
}
window.addEventListener('storage', ({ key }) => {
  if (key === KEPT) applyTheme();
});

export function useTheme(): { readonly theme: Theme; readonly choose: (theme: Theme) => void } {
  const theme = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, kept);
  return {
    theme,
    choose(next) {
      if (next === 'system') localStorage.removeItem(KEPT);
      else localStorage.setItem(KEPT, next);
      applyTheme();
    },
  };
}
