import { useId, type Ref } from 'react';
import { Section } from '../parts/layout.tsx';
import { Sign } from '../parts/signs.tsx';
import { GOOD, POOR, REASON_LENGTH_MAX, type Reading } from './reason.ts';

interface ReasonProps {
  readonly value: string;
  readonly reading: Reading;
  /** It was pressed with a reason that would be refused. */
  readonly refused: boolean;
  readonly field: Ref<HTMLTextAreaElement>;
  readonly onChange: (reason: string) => void;
}

/** The reason, with what makes a good one. */
export function ReasonField(props: ReasonProps) {
  return (
    <Section title="The reason" hint="The owner reads it word for word.">
      <ReasonText {...props} label="What are you going in to find out?" />
      <dl className="examples">
        <div>
          <dt>“{GOOD}”</dt>
          <dd className="small">Good. Names the fault and the record.</dd>
        </div>
        <div>
          <dt>“{POOR}”</dt>
          <dd className="small">Would be refused. It could be about anything.</dd>
        </div>
      </dl>
    </Section>
  );
}

/** A reason, read along while it is typed, by the rule that decides. */
export function ReasonText({
  label,
  value,
  reading,
  refused,
  field,
  onChange,
}: ReasonProps & { readonly label: string }) {
  const ids = { field: useId(), reading: useId(), error: useId() };
  const isGood = reading.kind === 'specific';
  const shown = value.trim() !== '';
  return (
    <>
      <label htmlFor={ids.field}>{label}</label>
      <textarea
        id={ids.field}
        ref={field}
        rows={3}
        value={value}
        maxLength={2 * REASON_LENGTH_MAX}
        aria-required="true"
        aria-invalid={refused || undefined}
        aria-describedby={refused ? `${ids.error} ${ids.reading}` : ids.reading}
        onChange={({ target }) => onChange(target.value)}
      />
      <p className="error" id={ids.error} role="alert">
        {refused && !isGood && `${reading.because} ${value.trim() === '' ? 'Write what you go in to find out.' : ''}`}
      </p>
      <ul className="reading" id={ids.reading}>
        {shown && isGood && (
          <li className="good">
            <Sign name="check" />
            <span>It says what you go in for.</span>
          </li>
        )}
        {shown &&
          !isGood &&
          reading.hints.map((hint) => (
            <li key={hint}>
              <Sign name="right" />
              <span>{hint}</span>
            </li>
          ))}
      </ul>
      {/* Told when it turns, and not at each letter. */}
      <p className="vh" role="status">
        {shown && (isGood ? 'The reason is specific.' : 'The reason would be refused as it stands.')}
      </p>
    </>
  );
}
