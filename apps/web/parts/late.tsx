import { useEffect, useLayoutEffect, useState, type ComponentType, type ReactNode } from 'react';

/**
 * A component with a file of its own, shown as soon as that is there. (React’s own `Suspense`, once it has shown what
 * stands in for something, holds the thing itself back for 300 ms.)
 *
 * @param meanwhile what stands in for it.
 * @param around what stands around the word that it can’t be had.
 */
export function late<Props extends object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
  meanwhile: ReactNode = null,
  around: (lost: ReactNode) => ReactNode = (lost) => lost,
): ComponentType<Props> {
  let known: ComponentType<Props> | undefined;
  return function Late(props: Props) {
    const [Found, setFound] = useState(() => known);
    const [isLost, setLost] = useState(false);
    useLayoutEffect(() => {
      if (Found) return undefined;
      let isGone = false;
      load().then(
        ({ default: found }) => {
          known = found;
          if (!isGone) setFound(() => found);
        },
        () => !isGone && setLost(true),
      );
      return () => {
        isGone = true;
      };
    }, [Found]);
    if (Found) return <Found {...props} />;
    return isLost ? around(<Lost />) : meanwhile;
  };
}

/**
 * What a file of its own holds besides components, once that is there.
 *
 * @param load the same function each time.
 */
export function useLate<Found>(load: () => Promise<Found>): {
  readonly found: Found | undefined;
  readonly isLost: boolean;
} {
  const [found, setFound] = useState<Found>();
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    let isGone = false;
    load().then(
      (module) => !isGone && setFound(module),
      () => !isGone && setLost(true),
    );
    return () => {
      isGone = true;
    };
  }, [load]);
  return { found, isLost };
}

/** Its file is not to be had: the way there is broken, or there has been a newer version of these pages since. */
export function Lost({ children = 'A part of this page could not be loaded.' }: { readonly children?: ReactNode }) {
  return (
    <div className="note plain" role="alert">
      <p>{children}</p>
      <button type="button" className="btn" onClick={() => location.reload()}>
        Load the page again
      </button>
    </div>
  );
}
