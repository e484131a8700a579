import type { ReactNode } from 'react';
import { Time } from '../time/zone.tsx';
import { Mark } from './signs.tsx';

export interface Part {
  readonly text: string;
  readonly strong: boolean;
}

/** A sentence with its verb in bold. */
export function Sentence({ parts }: { readonly parts: readonly Part[] }) {
  return parts.map(({ text, strong }, index) => (strong ? <b key={index}>{text}</b> : <span key={index}>{text}</span>));
}

export interface LineProps {
  readonly at: number;
  readonly mark: string;
  readonly number: number;
  readonly parts: readonly Part[];
  readonly detail?: string | null;
  /** It wasn't there when the page was opened. */
  readonly isNew?: boolean;
  /** What stands underneath: Details, or what became of it. */
  readonly children?: ReactNode;
}

/** One line of the book: time, mark on the margin rule, sentence, number. */
export function Line({ at, mark, number, parts, detail, isNew, children }: LineProps) {
  return (
    <li className={`line ${mark}${isNew ? ' new' : ''}`}>
      <Time at={at} />
      <Mark mark={mark} />
      <div className="say">
        <p>
          <Sentence parts={parts} />
        </p>
        {detail && <p className="small">{detail}</p>}
        {children}
      </div>
      <span className="no">
        <span className="vh">Line </span>
        {number}
      </span>
    </li>
  );
}

/** A visit: its sentence over a heavy rule, its lines in written order, a double rule once it is closed. */
export function Visit({
  id,
  open,
  heading,
  summary,
  children,
  after,
}: {
  readonly id: string;
  readonly open: boolean;
  readonly heading: ReactNode;
  readonly summary: ReactNode;
  /** Lines, in written order. */
  readonly children: ReactNode;
  /** Lines of what was tried after the end. */
  readonly after?: ReactNode;
}) {
  return (
    <article className={`visit ${open ? 'open' : 'closed'}`} aria-labelledby={`visit-${id}`}>
      <header>
        <h4 id={`visit-${id}`}>{heading}</h4>
        <p className="small">{summary}</p>
      </header>
      <ol className="book">{children}</ol>
      {after && (
        <>
          <p className="small after">After the end</p>
          <ol className="book">{after}</ol>
        </>
      )}
    </article>
  );
}

/** Exact time, rule, ids: what stands underneath a sentence. */
export function Details({ rows }: { readonly rows: readonly (readonly [string, ReactNode] | undefined)[] }) {
  return (
    <details className="more">
      <summary>Details</summary>
      <dl>
        {rows
          .filter((row) => row !== undefined)
          .map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </details>
  );
}
