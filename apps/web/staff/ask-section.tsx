import { useId, type Ref } from 'react';
import { Section } from '../parts/layout.tsx';
import { argumentItems } from '#wording/exactly';
import { Exactly } from '../requests/exactly.tsx';
import { actionsOf, argumentsOf, labelOf, missingArgument, type Action } from './ask.ts';
import type { StartPart } from './start-case.tsx';

/** Which one action on which one thing: what somebody approves is exactly this, once. */
export function ActionSection({
  choices: { catalogue },
  typed,
  set,
  action,
  pressed,
  field,
}: StartPart & {
  readonly action: Action | undefined;
  readonly pressed: boolean;
  readonly field: Ref<HTMLInputElement>;
}) {
  const ids = { action: useId(), target: useId(), error: useId() };
  const possible = actionsOf(catalogue, typed.job);
  const missing = pressed && action?.target != null && (typed.target ?? '').trim() === '';
  const given = argumentsOf(typed);
  const takes = action?.takes ?? [];
  const unfilled = pressed && action ? missingArgument(action, typed) : undefined;
  // What a link brought and no field below can hold is asked for as it came.
  const fixed = Object.fromEntries(
    Object.entries(given ?? {}).filter(
      ([name, value]) => !takes.includes(name) || typeof value !== 'string' || /[\n\r]/.test(value),
    ),
  );
  return (
    <Section title="The one change" hint="One action on one thing, once. You ask for it first, by name.">
      {possible.length > 1 && (
        <div className="field">
          <label htmlFor={ids.action}>What you ask to do</label>
          <select
            id={ids.action}
            value={action?.id ?? ''}
            onChange={({ target }) => set({ action: target.value, args: '' })}
          >
            {!action && <option value="">Choose one action</option>}
            {possible.map(({ id, label }) => (
              <option key={id} value={id}>
                {label.charAt(0).toUpperCase() + label.slice(1)}
              </option>
            ))}
          </select>
        </div>
      )}
      {action?.target != null && (
        <div className="field">
          <label htmlFor={ids.target}>Which {action.target}</label>
          <input
            id={ids.target}
            ref={field}
            type="text"
            value={typed.target ?? ''}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            aria-required="true"
            aria-invalid={missing || undefined}
            aria-describedby={missing ? ids.error : undefined}
            onChange={({ target }) => set({ target: target.value })}
          />
          <p className="error" id={ids.error} role="alert">
            {missing && `Name the ${action.target} by its id, as the product does.`}
          </p>
        </div>
      )}
      {takes
        .filter((name) => !Object.hasOwn(fixed, name))
        .map((name) => (
          <div className="field" key={name}>
            <label htmlFor={`${ids.target}-${name}`}>Exactly which {name}</label>
            <input
              id={`${ids.target}-${name}`}
              type="text"
              value={textIn(given?.[name])}
              maxLength={4000}
              autoComplete="off"
              spellCheck={false}
              aria-required="true"
              aria-invalid={unfilled === name || undefined}
              aria-describedby={unfilled === name ? `${ids.error}-${name}` : undefined}
              onChange={({ target }) => set({ args: JSON.stringify({ ...given, [name]: target.value }) })}
            />
            <p className="error" id={`${ids.error}-${name}`} role="alert">
              {unfilled === name && `Say the ${name} that it is done with: another is refused later.`}
            </p>
          </div>
        ))}
      {given === undefined && (
        <p className="note plain">What the link brought for it can’t be read, and is left out. Say it here.</p>
      )}
      {action && (
        <p className="gap">
          You ask to <b>{labelOf(action, typed)}</b>, once.
        </p>
      )}
      <Exactly items={argumentItems(fixed)} />
    </Section>
  );
}

const textIn = (value: unknown) => (typeof value === 'string' ? value : '');
