import { useSyncExternalStore } from 'react';

/**
 * The guided run through the story, over two windows of one browser: the customer's and the vendor's. Pages tell what
 * happened on them; the run goes on when that is what its step waits for. It is a guide, and decides nothing.
 */
export type Happening =
  'refused-while-off' | 'access-on' | 'visit-started' | 'log-read' | 'access-off' | 'visit-ended' | 'saw-why-it-ended';

export type Side = 'owner' | 'staff';

export interface Step {
  readonly side: Side;
  readonly title: string;
  readonly text: string;
  /** Where it is done. */
  readonly to: string;
  readonly go: string;
  /** What ends the step by itself; without it a press does. */
  readonly until?: Happening;
}

const CASE = 'CASE-123';

export const STEPS: readonly Step[] = [
  {
    side: 'staff',
    title: 'Sam finds the gate closed',
    text: `Sam Lee of support wants to look at ${CASE}, and staff access is off. The attempt is refused, and written down.`,
    to: `/staff/start?case=${CASE}`,
    go: 'Be Sam, and try to start a visit',
    until: 'refused-while-off',
  },
  {
    side: 'owner',
    title: 'Maria opens the gate',
    text: 'Maria Ortiz owns Acme Co. She reads what Sam tried, and turns staff access on, for as long and as far as she likes.',
    to: '/owner#gate',
    go: 'Be Maria, and turn staff access on',
    until: 'access-on',
  },
  {
    side: 'staff',
    title: 'Sam comes in, for a reason',
    text: 'Sam starts from the case. The reason is read word for word by Maria, so “check issue” is refused. The line is written, then the door opens.',
    to: `/staff/start?case=${CASE}`,
    go: 'Be Sam, and start the visit',
    until: 'visit-started',
  },
  {
    side: 'staff',
    title: 'Sam looks around',
    text: 'In the vendor’s window, where Sam is in the product now: each page is a line before it is shown. Open Billing and an invoice; then try the customers, which are refused.',
    to: 'product:/billing',
    go: 'Go on in the product, as Sam',
  },
  {
    side: 'owner',
    title: 'Maria reads along, and closes',
    text: 'Maria sees who is inside, the page that Sam looks at, and every line. One press on the switch, and the visit ends at once.',
    to: '/owner#now',
    go: 'Be Maria, and turn staff access off',
    until: 'access-off',
  },
  {
    side: 'staff',
    title: 'Sam is out, and reads why',
    text: 'In the vendor’s window: the next page says that access has been revoked, and shows nothing more of Acme. Press “What was recorded” there: why the visit ended, and what stays behind.',
    to: 'product:/invoices',
    go: 'Be Sam, and try one more page',
    until: 'saw-why-it-ended',
  },
  {
    side: 'owner',
    title: 'The book tells it all',
    text: 'Filter, search and export the visit log. A reviewer reads the same lines; nobody can edit or remove one.',
    to: '/owner#log',
    go: 'Be Maria, and read the book',
  },
];

const KEPT = 'gatebook-run';
const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};
window.addEventListener('storage', ({ key }) => {
  if (key === KEPT) tell();
});

function step(): number | undefined {
  const kept = Number(localStorage.getItem(KEPT) ?? Number.NaN);
  return Number.isInteger(kept) && kept >= 0 && kept <= STEPS.length ? kept : undefined;
}

/** The step that the run is at, from 0; as many as there are steps: it is over; `undefined`: nobody runs it. */
export function useRun(): number | undefined {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, step);
}

export function runTo(next: number | undefined): void {
  if (next === undefined) localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, String(Math.min(next, STEPS.length)));
  tell();
}

/** Something happened on a page: the run goes on if its step waited for that. */
export function happened(what: Happening): void {
  const at = step();
  if (at !== undefined && STEPS[at]?.until === what) runTo(at + 1);
}

const WHO: Readonly<Record<Side, string>> = { owner: 'maria', staff: 'sam' };
/** Windows by name: a press leads to the one that is open already. */
export const WINDOW: Readonly<Record<Side, string>> = { owner: 'gatebook-customer', staff: 'gatebook-vendor' };

/** Whether a step is done in the vendor's product, which has no guide of ours. */
export function inProduct({ to }: Step): boolean {
  return to.startsWith('product:');
}

/** The address of a step's page, for its person to be signed in on arrival. */
export function addressOf(step: Step, productUrl: string): string {
  const { side, to } = step;
  if (inProduct(step)) return `${productUrl}${to.slice('product:'.length)}`;
  return `/sign-in?side=${side}&as=${WHO[side]}&to=${encodeURIComponent(to)}`;
}
