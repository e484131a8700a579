import { useId, type Ref } from 'react';
import { useMinute } from '../live.ts';
import { Section } from '../parts/layout.tsx';
import { ModeTag } from '../parts/signs.tsx';
import { Time } from '../time/zone.tsx';
import { fieldById, opensByField, sensitivePages, viewedAs } from './ask.ts';
import { ScopeLists } from './scope-lists.tsx';
import type { StartPart } from './start-case.tsx';

const MINUTE = 60_000;
const LENGTHS = [15, 30, 60];

/**
 * One of some lengths to pick, shortest first: never more than the longest that may be asked for. What is chosen is always
 * among them, as the longest of another job is.
 */
export function Lengths({
  minutes,
  longest = Math.max(...LENGTHS),
  onPick,
}: {
  readonly minutes: number;
  readonly longest?: number | undefined;
  readonly onPick: (minutes: number) => void;
}) {
  const name = useId();
  const lengths = [...new Set([...LENGTHS.filter((length) => length < longest), minutes, longest])].sort(
    (a, b) => a - b,
  );
  return (
    <div className="pick">
      {lengths.map((length) => (
        <label key={length} className={length === minutes ? 'chosen' : undefined}>
          <input type="radio" name={name} checked={length === minutes} onChange={() => onPick(length)} />
          {length} min
        </label>
      ))}
    </div>
  );
}

/** The job, and exactly what it opens. */
export function JobSection({
  choices: { catalogue },
  typed,
  set,
  scope,
  isLost,
}: StartPart & {
  readonly scope: { readonly can: readonly string[]; readonly cannot: readonly string[] } | undefined;
  /** What tells it is not to be had. */
  readonly isLost: boolean;
}) {
  const name = useId();
  const labels = new Map(catalogue.pages.map(({ id, label }) => [id, label]));
  const byField = opensByField(catalogue, typed);
  return (
    <Section title="The job" hint={byField ? undefined : 'Take the smallest that does it.'}>
      {byField ? (
        <p className="no-job">
          None is needed: what opens are the pages that show <b>{fieldById(catalogue, typed.field)}</b>.
        </p>
      ) : (
        <fieldset className="jobs">
          <legend className="vh">The job</legend>
          {catalogue.jobs.map(({ id, label, pages, readOnly }) => (
            <label className="job" key={id}>
              <input type="radio" name={name} checked={typed.job === id} onChange={() => set({ job: id })} />
              <span>
                {label}
                <span className="small">
                  {readOnly
                    ? `${pages.length === 1 ? '1 page' : `${pages.length} pages`}: ${pages.map((of) => labels.get(of) ?? of).join(', ')}`
                    : 'It changes one thing: you ask for it first, by name.'}
                </span>
              </span>
              <ModeTag mode={readOnly ? 'read' : 'write'} />
            </label>
          ))}
        </fieldset>
      )}
      {scope ? (
        <ScopeLists {...scope} />
      ) : (
        <p className="small">{isLost ? 'What it opens could not be loaded.' : 'Reading what it opens …'}</p>
      )}
      <p className="small gap">What the owner has left out stays closed as well; your visit’s own lists then say so.</p>
    </Section>
  );
}

/** The pages that hold sensitive data: none of them, or exactly those that are asked for. */
export function SensitiveSection({ choices: { catalogue }, typed, set, asks }: StartPart & { readonly asks: boolean }) {
  const pages = sensitivePages(catalogue);
  const asked = typed.sensitive ?? [];
  if (pages.length === 0) return null;
  const labels = new Intl.ListFormat('en').format(pages.map(({ label }) => label));
  const reveals = typed.field !== undefined;
  return (
    <Section title="Sensitive pages" hint="Closed to every visit that nobody approved them for.">
      {asks && !reveals ? (
        <fieldset>
          <legend>What you need to open, of what is sensitive</legend>
          {pages.map(({ id, label }) => (
            <label className="tick" key={id}>
              <input
                type="checkbox"
                checked={asked.includes(id)}
                onChange={({ target }) =>
                  set({ sensitive: target.checked ? [...asked, id] : asked.filter((other) => other !== id) })
                }
              />
              <span>{label}</span>
            </label>
          ))}
          <p className="hint">Take none, unless you can’t answer the case without. Each view of one is a line.</p>
        </fieldset>
      ) : (
        <p>
          {labels}: closed.{' '}
          {reveals
            ? 'A request is about one thing, and this one about a masked value.'
            : 'A sensitive page is asked for first.'}{' '}
          <button
            type="button"
            className="txt"
            onClick={() => set({ asks: true, field: undefined, record: undefined })}
          >
            {reveals ? 'Ask for a page instead' : 'Ask for one'}
          </button>
        </p>
      )}
    </Section>
  );
}

/** For how long, and as whom. */
export function TimeSection({
  choices: {
    catalogue: { visits },
  },
  typed,
  set,
  workspaceName,
  longest = visits.capMinutes,
  asks,
  pressed,
  field,
  onAsMember,
}: StartPart & {
  readonly workspaceName: string;
  readonly longest?: number;
  /** It is asked for: then also as whom. */
  readonly asks: boolean;
  readonly pressed: boolean;
  readonly field: Ref<HTMLInputElement>;
  readonly onAsMember: () => void;
}) {
  const now = useMinute();
  return (
    <Section title="Time and view">
      <div className="two">
        <fieldset>
          <legend>For how long</legend>
          <Lengths minutes={typed.minutes} longest={longest} onPick={(minutes) => set({ minutes })} />
          <p className="hint">
            {asks ? (
              `Ends ${typed.minutes} minutes from when you come in`
            ) : (
              <>
                Ends <Time at={now + typed.minutes * MINUTE} shape="shortly" />
              </>
            )}{' '}
            at the latest, and sooner after {visits.idleMinutes} min without input.
          </p>
        </fieldset>
        {asks ? (
          <AsWhom {...{ typed, set, workspaceName, pressed, field }} />
        ) : (
          <div>
            <p className="label">How you see {workspaceName}</p>
            <p className="as-support">As yourself, as support</p>
            <p className="hint">
              What you do is always yours. To look as one of its members is asked for first:{' '}
              <button type="button" className="txt" onClick={onAsMember}>
                ask for it
              </button>
              .
            </p>
          </div>
        )}
      </div>
    </Section>
  );
}

/** As oneself, or as one member, who is named by an id: who is a member is not shown to somebody who isn't let in. */
function AsWhom({
  typed,
  set,
  workspaceName,
  pressed,
  field,
}: Pick<StartPart, 'typed' | 'set'> & {
  readonly workspaceName: string;
  readonly pressed: boolean;
  readonly field: Ref<HTMLInputElement>;
}) {
  const ids = { name: useId(), member: useId(), hint: useId(), error: useId() };
  const { viewAs } = typed;
  const asMember = viewAs !== undefined;
  const missing = pressed && viewedAs(typed) === undefined;
  return (
    <div>
      <fieldset>
        <legend>How you see {workspaceName}</legend>
        <div className="pick">
          <label className={asMember ? undefined : 'chosen'}>
            <input type="radio" name={ids.name} checked={!asMember} onChange={() => set({ viewAs: undefined })} />
            As yourself
          </label>
          <label className={asMember ? 'chosen' : undefined}>
            <input type="radio" name={ids.name} checked={asMember} onChange={() => set({ viewAs: '' })} />
            As a member
          </label>
        </div>
      </fieldset>
      {asMember && (
        <div className="field as-member">
          <label htmlFor={ids.member}>The member’s id</label>
          <input
            id={ids.member}
            ref={field}
            type="text"
            value={viewAs}
            maxLength={40}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-required="true"
            aria-invalid={missing || undefined}
            aria-describedby={`${missing ? ids.error : ''} ${ids.hint}`.trim()}
            onChange={({ target }) => set({ viewAs: target.value })}
          />
          <p className="error" id={ids.error} role="alert">
            {missing && 'Name one member by the id: mem_ and 26 letters and digits.'}
          </p>
          <p className="hint" id={ids.hint}>
            You are shown no list of {workspaceName}’s members. Ask the customer whose view it is about. Their book, and
            your request once it is written, have the member’s name.
          </p>
        </div>
      )}
      <p className="hint">What you do is always yours: the customer reads your name, and as whom you look.</p>
    </div>
  );
}
