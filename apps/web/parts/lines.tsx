import { useId, useState, type ReactNode } from 'react';
import { Time } from '../time/zone.tsx';
import { Mark, Sign } from './signs.tsx';

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
  /** It tells of something within the page of a line before it. */
  readonly within?: boolean;
  /** It wasn't there when the page was opened. */
  readonly isNew?: boolean;
  /** Exact time, rule, ids: what stands underneath, behind the line's number. */
  readonly details?: () => readonly DetailRow[];
  /** What became of it. */
  readonly children?: ReactNode;
}

export type DetailRow = readonly [string, ReactNode] | undefined;

/** One line of the book: time, mark on the margin rule, sentence, number. The number opens what stands underneath. */
export function Line({ at, mark, number, parts, detail, within, isNew, details, children }: LineProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <li className={`line ${mark}${within ? ' within' : ''}${isNew ? ' new' : ''}`}>
      <Time at={at} />
      <Mark mark={mark} />
      <div className="say">
        <p>
          <Sentence parts={parts} />
        </p>
        {detail && <p className="small">{detail}</p>}
        {children}
        {open && details && <Details id={id} rows={details()} />}
      </div>
      {details ? (
        <button
          type="button"
          className="no"
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          onClick={() => setOpen(!open)}
        >
          <span className="vh">Details of line </span>
          {number} <Sign name="down" />
        </button>
      ) : (
        <span className="no">
          <span className="vh">Line </span>
          {number}
        </span>
      )}
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

function Details({ id, rows }: { readonly id: string; readonly rows: readonly DetailRow[] }) {
  return (
    <dl className="more" id={id}>
      {rows
        .filter((row) => row !== undefined)
        .map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
