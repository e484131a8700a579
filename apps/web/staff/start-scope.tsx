import { useId } from 'react';
import { useMinute } from '../live.ts';
import { Section } from '../parts/layout.tsx';
import { ModeTag } from '../parts/signs.tsx';
import { Time } from '../time/zone.tsx';
import { ScopeLists } from './scope-lists.tsx';
import type { StartPart } from './start-case.tsx';

const MINUTE = 60_000;
const LENGTHS = [15, 30, 60];

/** The job, and exactly what it opens. */
export function JobSection({
  choices: { catalogue },
  typed,
  set,
  scope,
}: StartPart & {
  readonly scope: { readonly can: readonly string[]; readonly cannot: readonly string[] } | undefined;
}) {
  const name = useId();
  const labels = new Map(catalogue.pages.map(({ id, label }) => [id, label]));
  return (
    <Section title="The job" hint="Take the smallest that does it.">
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
      {scope ? <ScopeLists {...scope} /> : <p className="small">Reading what it opens …</p>}
      <p className="small gap">What the owner has left out stays closed as well; your visit’s own lists then say so.</p>
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
}: StartPart & { readonly workspaceName: string; readonly longest?: number }) {
  const now = useMinute();
  const name = useId();
  const lengths = [...new Set([...LENGTHS.filter((minutes) => minutes < longest), longest])];
  return (
    <Section title="Time and view">
      <div className="two">
        <fieldset>
          <legend>For how long</legend>
          <div className="pick">
            {lengths.map((minutes) => (
              <label key={minutes} className={minutes === typed.minutes ? 'chosen' : undefined}>
                <input type="radio" name={name} checked={minutes === typed.minutes} onChange={() => set({ minutes })} />
                {minutes} min
              </label>
            ))}
          </div>
          <p className="hint">
            Ends <Time at={now + typed.minutes * MINUTE} shape="shortly" /> at the latest, and sooner after{' '}
            {visits.idleMinutes} min without input.
          </p>
        </fieldset>
        <div>
          <p className="label">How you see {workspaceName}</p>
          <p className="as-support">As yourself, as support</p>
          <p className="hint">
            What you do is always yours. To look as one of its members is a request of its own, from the command line:
            it names the member, and the customer reads who.
          </p>
        </div>
      </div>
    </Section>
  );
}
