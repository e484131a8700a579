import { modeInWords, type OneAction, type OneValue } from '@gatebook/protocol';
import type { ReactNode, Ref } from 'react';
import { signOf } from './can-sign.ts';
import { Lost } from './late.tsx';

/** A small sign beside words; the words say it all. */
export function Sign({ name, className = '' }: { readonly name: string; readonly className?: string }) {
  return (
    <svg className={`i ${className}`} viewBox="0 0 24 24" aria-hidden="true">
      <use href={`#${name}`} />
    </svg>
  );
}

/** Drawn marks by the words that lines carry (libs/wording, "Mark"); anything else is a dot. */
const DRAWN: Readonly<Record<string, string>> = {
  viewed: 'm-viewed',
  changed: 'm-changed',
  refused: 'm-refused',
  emergency: 'm-emergency',
  asked: 'm-asked',
  approved: 'm-approved',
  in: 'm-open',
  out: 'm-closed',
};

export function Mark({ mark }: { readonly mark: string }) {
  return (
    <svg className="mark" viewBox="0 0 24 24" aria-hidden="true">
      <use href={`#${DRAWN[mark] ?? 'm-note'}`} />
    </svg>
  );
}

interface Mode {
  readonly sign: string;
  readonly words: string;
  /** Whose colours and edge it has, where it has none of its own. */
  readonly look?: string;
}

const MODES = {
  read: { sign: 'eye', words: 'READ ONLY' },
  write: { sign: 'pen', words: 'WRITE, ONE ACTION' },
  export: { sign: 'pen', words: 'EXPORT, ONE ACTION', look: 'write' },
  alarm: { sign: 'bolt', words: 'EMERGENCY' },
} as const satisfies Record<string, Mode>;

/** Whose colours and edge a mode has. */
export const lookOf = (mode: keyof typeof MODES): string => (MODES[mode] as Mode).look ?? mode;

/** Mode by sign, word and edge: never colour alone. */
export function ModeTag({ mode }: { readonly mode: keyof typeof MODES }) {
  const { sign, words } = MODES[mode];
  return (
    <span className={`mode ${lookOf(mode)}`}>
      <Sign name={sign} /> {words}
    </span>
  );
}

/** The one action of a visit, and as what it was asked for. */
interface ActionOfVisit extends OneAction {
  readonly kind: string;
}

export const modeOf = (action: ActionOfVisit | null) =>
  action === null ? 'read' : action.kind === 'EXPORT' ? 'export' : 'write';

/**
 * What a visit lets change: by its tag and, where it is more than nothing, by the one action or the one masked value and
 * whether it was used.
 */
export function ModeOfVisit({
  action,
  reveal,
}: {
  readonly action: ActionOfVisit | null;
  readonly reveal: OneValue | null;
}) {
  return (
    <>
      <ModeTag mode={modeOf(action)} />
      {(action !== null || reveal !== null) && <p className="small">{modeInWords(action, reveal)}.</p>}
    </>
  );
}

/** What a button will write, shown before it is pressed. */
export function Draft({
  title,
  children,
  isLost = false,
  id,
}: {
  readonly title: string;
  /** The line; `undefined`: its wording is on its way. */
  readonly children: ReactNode;
  /** The wording is not to be had. */
  readonly isLost?: boolean;
  readonly id?: string;
}) {
  return (
    <div className="draft" id={id}>
      <p className="small">
        <Sign name="quill" /> {title}
      </p>
      {children === undefined && isLost ? <Lost /> : <p>{children ?? 'Reading the wording …'}</p>}
    </div>
  );
}

/** How much of a time is used. */
export function Meter({ used, of, label }: { readonly used: number; readonly of: number; readonly label: string }) {
  const share = of <= 0 ? 100 : Math.min(Math.max((used / of) * 100, 0), 100);
  return (
    <svg className="meter" role="img" aria-label={label} viewBox="0 0 100 8" preserveAspectRatio="none">
      <rect width={share} height="8" />
    </svg>
  );
}

/** The frame around what is to be decided: its mode, its sentence, and below it what it would do. */
export function Frame({
  mode,
  title,
  titleId,
  head,
  children,
}: {
  readonly mode: keyof typeof MODES;
  readonly title: ReactNode;
  readonly titleId: string;
  /** For the focus to be put there. */
  readonly head?: Ref<HTMLHeadingElement>;
  readonly children: ReactNode;
}) {
  return (
    <article className={`req ${lookOf(mode)}`} aria-labelledby={titleId}>
      <div className="req-head">
        <ModeTag mode={mode} />
        <h3 id={titleId} tabIndex={-1} ref={head}>
          {title}
        </h3>
      </div>
      {children}
    </article>
  );
}

export interface CanList {
  readonly title: string;
  readonly items: readonly string[];
}

/** What somebody can and can't do, side by side. */
export function CanAndCannot({ can, cannot }: { readonly can: CanList; readonly cannot: CanList }) {
  return (
    <div className="lists">
      <div className="can">
        <h3>{can.title}</h3>
        <ul>
          {can.items.map((item) => (
            <li key={item}>
              <Sign name={signOf(item)} />
              <span>{item}</span>
            </li>
          ))}
        </ul>
      </div>
      <div className="cant">
        <h3>{cannot.title}</h3>
        <ul>
          {cannot.items.map((item) => (
            <li key={item}>
              <Sign name="cross" />
              <span>{item}</span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
