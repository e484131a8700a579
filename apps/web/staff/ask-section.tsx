import { useId, type Ref } from 'react';
import { sentenceCase } from '../parts/sentence-case.ts';
import { Section } from '../parts/layout.tsx';
import { argumentItems, exactText } from '#wording/exactly';
import { ChoiceField } from '../requests/choice-field.tsx';
import { notTakenSaid, valuesFor } from '../requests/choices.ts';
import { Exactly } from '../requests/exactly.tsx';
import { wrongId } from '../requests/wrong-id.ts';
import { actionsOf, argumentsOf, labelOf, missingArgument, unaskableAction, type Action } from './ask.ts';
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
  /** What a press that names too little leads to. */
  readonly field: Ref<HTMLInputElement & HTMLSelectElement>;
}) {
  const ids = { action: useId(), target: useId(), noAction: useId(), error: useId() };
  const possible = actionsOf(catalogue, typed.job);
  const why = unaskableAction(catalogue, typed.action ?? '');
  const noAction = pressed && !action;
  const isNothing = action?.target != null && (typed.target ?? '').trim() === '';
  const ofTarget = action?.target == null ? undefined : wrongId((typed.target ?? '').trim(), action.target);
  const wrong = pressed || !isNothing ? ofTarget : undefined;
  const given = argumentsOf(typed);
  const takes = action?.takes ?? [];
  const wanting = action ? missingArgument(action, typed) : undefined;
  const unfilled = pressed ? wanting : undefined;
  const values = (name: string) => valuesFor(action?.choices ?? [], name, (typed.target ?? '').trim());
  // What a link brought and no field below can hold is asked for as it came.
  const fixed = Object.fromEntries(
    Object.entries(given ?? {}).filter(
      ([name, value]) =>
        !takes.includes(name) || (values(name) === undefined && (typeof value !== 'string' || /[\n\r]/.test(value))),
    ),
  );
  return (
    <Section title="The one change" hint="One action on one thing, once. You ask for it first, by name.">
      <div role="alert">{why !== undefined && <p className="note plain case-gone">{why}</p>}</div>
      {(possible.length > 1 || !action) && (
        <div className="field">
          <label htmlFor={ids.action}>What you ask to do</label>
          <select
            id={ids.action}
            ref={action ? undefined : field}
            value={action?.id ?? ''}
            aria-required="true"
            aria-invalid={noAction || undefined}
            aria-describedby={noAction ? ids.noAction : undefined}
            onChange={({ target }) => set({ action: target.value, args: '' })}
          >
            {!action && <option value="">Choose one action</option>}
            {possible.map(({ id, label }) => (
              <option key={id} value={id}>
                {sentenceCase(label)}
              </option>
            ))}
          </select>
          <p className="error" id={ids.noAction} role="alert">
            {noAction && 'Choose what you ask to do, or a job that only looks.'}
          </p>
        </div>
      )}
      {action?.target != null && (
        <div className="field">
          <label htmlFor={ids.target}>Which {action.target}</label>
          <input
            id={ids.target}
            ref={ofTarget !== undefined || wanting === undefined ? field : undefined}
            type="text"
            value={typed.target ?? ''}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            aria-required="true"
            aria-invalid={wrong !== undefined || undefined}
            aria-describedby={wrong === undefined ? undefined : ids.error}
            onChange={({ target }) => set({ target: target.value })}
          />
          <p className="error" id={ids.error} role="alert">
            {wrong}
          </p>
        </div>
      )}
      {takes
        .filter((name) => !Object.hasOwn(fixed, name))
        .map((name) => (
          <Argument
            key={name}
            {...{ name }}
            id={`${ids.target}-${name}`}
            value={given?.[name]}
            values={values(name)}
            isUnfilled={unfilled === name}
            field={ofTarget === undefined && wanting === name ? field : undefined}
            onValue={(value) => set({ args: JSON.stringify({ ...given, [name]: value }) })}
          />
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

/** One thing that the action is done with: any text, or one of those that the product takes. */
function Argument({
  id,
  name,
  value,
  values,
  isUnfilled,
  field,
  onValue,
}: {
  readonly id: string;
  readonly name: string;
  readonly value: unknown;
  readonly values: readonly string[] | undefined;
  readonly isUnfilled: boolean;
  readonly field: Ref<HTMLInputElement & HTMLSelectElement> | undefined;
  readonly onValue: (value: string) => void;
}) {
  const text = typeof value === 'string' ? value : '';
  const isRefused = values !== undefined && value !== undefined && value !== '' && !values.includes(text);
  const isWrong = isRefused || isUnfilled;
  const common = {
    id,
    'aria-required': true,
    'aria-invalid': isWrong || undefined,
    'aria-describedby': isWrong ? `${id}-error` : undefined,
  } as const;
  return (
    <div className="field">
      <label htmlFor={id}>Exactly which {name}</label>
      {values === undefined ? (
        <input
          {...common}
          ref={field}
          type="text"
          value={text}
          maxLength={4000}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => onValue(target.value)}
        />
      ) : (
        <ChoiceField
          {...common}
          {...{ values, field }}
          value={text === '' ? undefined : text}
          refused={isRefused ? exactText(value) : undefined}
          onChoice={onValue}
        />
      )}
      <p className="error" id={`${id}-error`} role="alert">
        {isRefused
          ? notTakenSaid(value)
          : isUnfilled && `Say the ${name} that it is done with: another is refused later.`}
      </p>
    </div>
  );
}
