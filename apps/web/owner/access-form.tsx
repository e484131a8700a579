import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react';
import { useMinute } from '../live.ts';
import { useLate } from '../parts/late.tsx';
import { Draft, Frame } from '../parts/signs.tsx';
import { dayAndTime, span } from '../time/time.ts';
import { useZone } from '../time/zone.tsx';

export interface AccessWish {
  /** `null`: as policy says, or until it is turned off. */
  readonly minutes: number | null;
  readonly withoutAreas: string[];
  readonly onlyCase: string | null;
  /** Each visit is asked for all the same. */
  readonly askEach: boolean;
}

const HOUR = 60;
/** Windows to choose from, as far as policy has them. */
const WINDOWS = [
  { minutes: HOUR, label: '1 hour' },
  { minutes: 8 * HOUR, label: '8 hours' },
  { minutes: 24 * HOUR, label: '24 hours' },
  { minutes: 72 * HOUR, label: '3 days' },
  { minutes: 168 * HOUR, label: '7 days' },
] as const;

/** What policy lets one choose; what it takes where nothing is chosen is always among it. */
function windowsUpTo(longest: number | null, usual: number | null): { minutes: number | null; label: string }[] {
  if (longest === null) return [];
  const known = WINDOWS.filter(({ minutes }) => minutes <= longest);
  if (usual === null) return [...known, { minutes: null, label: 'Until it is turned off' }];
  if (known.some(({ minutes }) => minutes === usual)) return known;
  return [...known, { minutes: usual, label: span(usual * 60_000) }].toSorted((a, b) => a.minutes - b.minutes);
}

export interface AccessFormProps {
  readonly id: string;
  readonly areas: readonly { readonly id: string; readonly label: string }[];
  /** Cases that are known here, to choose from. */
  readonly cases: readonly string[];
  readonly myName: string;
  /** Minutes that are taken where none are chosen, and that can be chosen at most. */
  readonly windowMinutes: number | null;
  readonly longestWindowMinutes: number | null;
  /** How it stands, where it is on: it is set anew then. */
  readonly already:
    | (Omit<AccessWish, 'minutes' | 'withoutAreas'> & {
        readonly withoutAreas: readonly string[];
        readonly open: number;
      })
    | undefined;
  readonly busy: boolean;
  readonly onDone: (wish: AccessWish) => Promise<void>;
  readonly onCancel: () => void;
}

/** For how long, without what, for which case; and the line that it will write, read before it is pressed. */
export function AccessForm(props: AccessFormProps) {
  const { id, areas, cases, myName, windowMinutes, longestWindowMinutes, already, busy, onDone, onCancel } = props;
  const windows = windowsUpTo(longestWindowMinutes, windowMinutes);
  const [minutes, setMinutes] = useState(windowMinutes);
  const [without, setWithout] = useState<readonly string[]>(already?.withoutAreas ?? []);
  const [one, setOne] = useState(already?.onlyCase != null);
  const [caseRef, setCaseRef] = useState(already?.onlyCase ?? '');
  const [askEach, setAskEach] = useState(already?.askEach ?? false);
  const [missing, setMissing] = useState(false);
  const head = useRef<HTMLHeadingElement>(null);
  const caseField = useRef<HTMLInputElement>(null);
  const ids = { list: useId(), hint: useId(), error: useId(), head: useId() };
  const onlyCase = one && caseRef.trim() !== '' ? caseRef.trim() : null;
  useEffect(() => head.current?.focus(), []);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (one && onlyCase === null) {
      setMissing(true);
      caseField.current?.focus();
      return;
    }
    if (!busy) void onDone({ minutes, withoutAreas: [...without], onlyCase, askEach });
  };
  const all = without.length === areas.length && areas.length > 0;
  return (
    <form id={id} onSubmit={submit} aria-labelledby={ids.head} noValidate>
      <Frame
        mode="read"
        title={already ? 'Set staff access anew' : 'Turn staff access on'}
        titleId={ids.head}
        head={head}
      >
        {already && already.open > 0 && (
          <p className="hint">Visits that are open keep the time and the pages that they began with.</p>
        )}
        <fieldset>
          <legend>For how long</legend>
          <p className="hint">
            {windows.length === 0
              ? 'It stays on until you turn it off, which you can at any moment.'
              : 'It goes off by itself then. You can turn it off at any moment before.'}
          </p>
          <div className="pick">
            {windows.map((window) => (
              <label key={window.minutes} className={window.minutes === minutes ? 'chosen' : undefined}>
                <input
                  type="radio"
                  name={`${id}-window`}
                  checked={window.minutes === minutes}
                  onChange={() => setMinutes(window.minutes)}
                />
                {window.label}
              </label>
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend>What staff may open</legend>
          <p className="hint">Untick what stays closed. What isn’t declared as viewable is closed in any case.</p>
          <ul className="ticks">
            {areas.map((area) => {
              const open = !without.includes(area.id);
              return (
                <li key={area.id}>
                  <label className="tick">
                    <input
                      type="checkbox"
                      checked={open}
                      onChange={() =>
                        setWithout(open ? [...without, area.id] : without.filter((left) => left !== area.id))
                      }
                    />
                    <span>
                      {open ? area.label : <s>{area.label}</s>}
                      {!open && <span className="took">You leave this out</span>}
                    </span>
                  </label>
                </li>
              );
            })}
          </ul>
          {all && <p className="hint">Everything is left out: a visit could start, and would see nothing.</p>}
        </fieldset>
        <fieldset>
          <legend>For which case</legend>
          <label className="tick">
            <input type="checkbox" checked={one} onChange={() => setOne(!one)} />
            <span>Only for one case</span>
          </label>
          {one && (
            <div className="field">
              <label htmlFor={`${id}-case`}>Which case</label>
              <input
                id={`${id}-case`}
                type="text"
                list={ids.list}
                ref={caseField}
                value={caseRef}
                autoComplete="off"
                aria-invalid={missing || undefined}
                aria-describedby={`${ids.hint}${missing ? ` ${ids.error}` : ''}`}
                onChange={({ target }) => {
                  setCaseRef(target.value);
                  setMissing(false);
                }}
              />
              <datalist id={ids.list}>
                {cases.map((known) => (
                  <option key={known} value={known} />
                ))}
              </datalist>
              <p className="hint" id={ids.hint}>
                As your help desk writes it{cases[0] === undefined ? '' : `, for example ${cases[0]}`}.
              </p>
              <p className="error" id={ids.error} role="alert">
                {missing && `Write which case, for example ${cases[0] ?? 'CASE-123'}, or untick “Only for one case”.`}
              </p>
            </div>
          )}
        </fieldset>
        <fieldset>
          <legend>For each visit</legend>
          <label className="tick">
            <input type="checkbox" checked={askEach} onChange={() => setAskEach(!askEach)} />
            <span>Ask me for each visit: nobody comes in before somebody here approved it</span>
          </label>
        </fieldset>
        <EnableDraft draft={{ name: myName, minutes, withoutAreas: without, areas, onlyCase, askEach }} />
        <div className="acts wide">
          <button type="submit" className="btn go" aria-disabled={busy || undefined}>
            {already ? 'Set staff access anew' : 'Turn staff access on'}
          </button>
          <button type="button" className="btn" onClick={onCancel}>
            {already ? 'Leave it as it is' : 'Keep it off'}
          </button>
        </div>
      </Frame>
    </form>
  );
}

const loadWording = () => import('./draft.ts');

interface DraftProps {
  readonly name: string;
  readonly minutes: number | null;
  readonly withoutAreas: readonly string[];
  readonly areas: AccessFormProps['areas'];
  readonly onlyCase: string | null;
  readonly askEach: boolean;
}

function EnableDraft({ draft: { minutes, ...draft } }: { readonly draft: DraftProps }) {
  const { found: wording, isLost } = useLate(loadWording);
  const now = useMinute();
  const { zone } = useZone();
  const until = minutes === null ? null : now + minutes * 60_000;
  return (
    <Draft title="If you press, this line is written" {...{ isLost }}>
      {wording?.draftOfEnable({ ...draft, until }, (at) => dayAndTime(at, now, zone))}
    </Draft>
  );
}
