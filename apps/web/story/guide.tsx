import { useEffect, useRef } from 'react';
import { Sign } from '../parts/signs.tsx';
import { useLocation } from '../router.ts';
import { page } from '../session/page.ts';
import { addressOf, inProduct, runTo, STEPS, useRun, WINDOW, type Side, type Step } from './run.ts';

/** At the bottom of a page while the story runs: where it is, and the way to the window where it goes on. */
export function Guide({ side }: { readonly side: Side }) {
  const at = useRun();
  const bar = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    // What sticks to the bottom must not cover what has the focus: the page keeps its height free.
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => style.setProperty('--stuck', `${bar.current?.offsetHeight ?? 0}px`));
    if (bar.current) observer.observe(bar.current);
    return () => {
      observer.disconnect();
      style.removeProperty('--stuck');
    };
  }, [at]);
  if (at === undefined || page.people === null) return null;
  const step = STEPS[at];
  const reviewer = page.people.staff.find(({ roles }) => roles?.includes('reviewer'));
  const isHere = step?.side === side && !inProduct(step);
  return (
    <aside className="guide" aria-label="The story" ref={bar}>
      <div className="wrap">
        <p role="status">
          {step ? (
            <>
              <span className="small">
                Step {at + 1} of {STEPS.length}
              </span>{' '}
              <b>{step.title}.</b> <span className="guide-text">{step.text}</span>
            </>
          ) : (
            <b>That was the story. Look around as you like.</b>
          )}
        </p>
        <div className="acts">
          {step && !isHere && <Onward step={step} side={side} />}
          {!step && reviewer && !pathname.startsWith('/review') && (
            <a
              className="btn go"
              href={`/sign-in?side=staff&as=${encodeURIComponent(reviewer.sub)}&to=%2Freview`}
              target={WINDOW.staff}
            >
              Be {reviewer.name.split(' ')[0]}, and review the visits <Sign name="right" />
            </a>
          )}
          {step && (isHere || step.until === undefined) && (
            <button type="button" className="btn" onClick={() => runTo(at + 1)}>
              {step.until === undefined ? 'Done, go on' : 'Skip this step'}
            </button>
          )}
          <button type="button" className="btn quiet" onClick={() => runTo(undefined)}>
            {step ? 'Leave the story' : 'Close'}
          </button>
        </div>
      </div>
    </aside>
  );
}

/** The way to where the step is done: the other side's window, where this one can still find it. */
function Onward({ step, side }: { readonly step: Step; readonly side: Side }) {
  const address = addressOf(step, page.productUrl);
  if (inProduct(step)) {
    return (
      <a className="btn quiet" href={address} target="_blank" rel="noopener">
        Open {page.productName} in another window
      </a>
    );
  }
  // Whoever was in the product and came back is in a window without a name, which finds no other one (opener policy).
  if (window.name !== WINDOW[side]) {
    return (
      <a className="btn quiet" href={address} target={WINDOW[step.side]}>
        {step.go}
      </a>
    );
  }
  return (
    <a className="btn go" href={address} target={WINDOW[step.side]}>
      {step.go} <Sign name="right" />
    </a>
  );
}
