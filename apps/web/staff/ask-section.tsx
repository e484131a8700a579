import { useId, type Ref } from 'react';
import { Section } from '../parts/layout.tsx';
import { actionsOf, labelOf, type Action } from './ask.ts';
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
  return (
    <Section title="The one change" hint="One action on one thing, once. You ask for it first, by name.">
      {possible.length > 1 && (
        <div className="field">
          <label htmlFor={ids.action}>What you ask to do</label>
          <select id={ids.action} value={action?.id ?? ''} onChange={({ target }) => set({ action: target.value })}>
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
      {action && (
        <p className="gap">
          You ask to <b>{labelOf(action, typed)}</b>, once.
        </p>
      )}
    </Section>
  );
}
