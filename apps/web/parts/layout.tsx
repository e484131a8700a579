import { useEffect, useId, useRef, type ReactNode } from 'react';
import { followed, hasMoved } from '../router.ts';
import { THEMES, useTheme, type Theme } from '../style/theme.ts';
import { useMinute } from '../live.ts';
import { OWN_ZONE, useZone } from '../time/zone.tsx';
import { zoneName } from '../time/time.ts';

export interface Place {
  readonly to: string;
  readonly label: string;
}

export interface LayoutProps {
  /** For the window: "Staff access · Acme Co". */
  readonly title: string;
  /** Beside the brand: the workspace, "Fernway staff", "Review". */
  readonly where?: string;
  readonly places?: { readonly label: string; readonly list: readonly Place[]; readonly current: string };
  /** Who is signed in, and how to leave. */
  readonly me?: ReactNode;
  readonly skipTo?: Place;
  readonly children: ReactNode;
}

/** The frame of every page: header, main part, foot. */
export function Layout({ title, where, places, me, skipTo, children }: LayoutProps) {
  useEffect(() => {
    document.title = `${title} · Gatebook`;
  }, [title]);
  return (
    <>
      <a className="skip" href="#main">
        Go to the page
      </a>
      {skipTo && (
        <a className="skip" href={skipTo.to}>
          {skipTo.label}
        </a>
      )}
      <header className="top">
        <div className="wrap">
          <a className="brand" href="/" onClick={followed}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <use href="#brand" />
            </svg>
            Gatebook {where && <span>{where}</span>}
          </a>
          {places && (
            <nav aria-label={places.label}>
              <ul>
                {places.list.map(({ to, label }) => (
                  <li key={to}>
                    <a href={to} onClick={followed} aria-current={to === places.current ? 'page' : undefined}>
                      {label}
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
          )}
          {me && <div className="me">{me}</div>}
        </div>
      </header>
      <main className="wrap" id="main" tabIndex={-1}>
        {children}
      </main>
      <Foot />
    </>
  );
}

/** The head of a page; it takes the focus when a page takes another one's place, so that a screen reader begins there. */
export function PageHead({ title, lede }: { readonly title: ReactNode; readonly lede?: ReactNode }) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (hasMoved() && document.activeElement === document.body) head.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="title">
      <h1 tabIndex={-1} ref={head}>
        {title}
      </h1>
      {lede && <p className="lede">{lede}</p>}
    </div>
  );
}

/** A part of a page: its name in the margin, what it holds beside it. */
export function Section({
  title,
  hint,
  first = false,
  id,
  children,
}: {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly first?: boolean;
  readonly id?: string;
  readonly children: ReactNode;
}) {
  const head = useId();
  return (
    <section className={`sec${first ? ' first' : ''}`} aria-labelledby={head} id={id} tabIndex={id ? -1 : undefined}>
      <header>
        <h2 id={head}>{title}</h2>
        {hint && <div className="small">{hint}</div>}
      </header>
      <div className="body">{children}</div>
    </section>
  );
}

const THEME_LABELS: Readonly<Record<Theme, string>> = { system: 'As the system', light: 'Light', dark: 'Dark' };
const ZONES = Intl.supportedValuesOf('timeZone').filter((zone) => zone !== OWN_ZONE && zone !== 'UTC');

function Foot() {
  const { theme, choose } = useTheme();
  const { zone, choose: chooseZone } = useZone();
  const now = useMinute();
  return (
    <footer className="wrap">
      <div className="foot">
        <p className="small">
          Times are {zone === OWN_ZONE ? 'yours, ' : 'in '}
          {zoneName(zone, now)}. Hold or hover a time for UTC.
        </p>
        <div className="choices">
          <label>
            <span>Time zone</span>
            <select value={zone} onChange={({ target }) => chooseZone(target.value)}>
              <option value={OWN_ZONE}>Yours, {zoneName(OWN_ZONE, now)}</option>
              {OWN_ZONE !== 'UTC' && <option value="UTC">UTC</option>}
              {ZONES.map((name) => (
                <option key={name} value={name}>
                  {name.replaceAll('_', ' ')}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span>Colours</span>
            <select value={theme} onChange={({ target }) => choose(target.value as Theme)}>
              {THEMES.map((name) => (
                <option key={name} value={name}>
                  {THEME_LABELS[name]}
                </option>
              ))}
            </select>
          </label>
        </div>
      </div>
    </footer>
  );
}
