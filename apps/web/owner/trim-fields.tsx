import { useId } from 'react';
import { recordNamed } from '#domain/catalogue/catalogue';
import { exactText } from '#wording/exactly';
import { sentenceCase } from '../parts/sentence-case.ts';
import { argumentFields, type ArgumentField } from '../requests/arguments.ts';
import { ChoiceField } from '../requests/choice-field.tsx';
import { valuesFor, type Choices } from '../requests/choices.ts';
import { pagePhrases, type Terms, type Wish } from '../requests/told.ts';

const LENGTHS = [5, 10, 15, 20, 30, 60];

/** Less than was asked: pages unticked, minutes shortened; or the same action on another target, with other arguments. */
export function TrimFields({
  scope,
  wish,
  who,
  mistakes,
  choices,
  wrongTarget,
  isSecond,
  mayChange,
  onWish,
}: {
  readonly scope: Terms;
  readonly wish: Wish;
  readonly who: string;
  /** Arguments that mean nothing as they are edited, or that the product doesn’t take, by name, with why. */
  readonly mistakes: ReadonlyMap<string, string>;
  readonly choices: Choices;
  /** Why it can’t be allowed on what is called so; `undefined`: it can. */
  readonly wrongTarget: string | undefined;
  /** Behind a first approval it is done on what it was allowed on, with what it was allowed with. */
  readonly isSecond: boolean;
  /** Whether it may be allowed on another target and with other arguments: the policy’s word. */
  readonly mayChange: boolean;
  readonly onWish: (wish: Wish) => void;
}) {
  const name = useId();
  const targetId = useId();
  const { action } = scope;
  const phrases = pagePhrases(scope);
  const lengths = [...new Set([...LENGTHS.filter((minutes) => minutes < scope.minutes), scope.minutes])];
  return (
    <>
      <fieldset>
        <legend>{who} may open</legend>
        <p className="hint">Untick what is not needed.</p>
        <ul className="ticks">
          {scope.pages.map((page) => {
            const stays = wish.pages.includes(page);
            const phrase = phrases.get(page) ?? page;
            const words = sentenceCase(phrase);
            return (
              <li key={page}>
                <label className="tick">
                  <input
                    type="checkbox"
                    checked={stays}
                    onChange={() =>
                      onWish({
                        ...wish,
                        pages: scope.pages.filter((other) => (other === page ? !stays : wish.pages.includes(other))),
                      })
                    }
                  />
                  <span>
                    {stays ? words : <s>{words}</s>}
                    {!stays && <span className="took">You took this out</span>}
                  </span>
                </label>
              </li>
            );
          })}
        </ul>
      </fieldset>
      {mayChange && action?.target != null && action.label.split(recordNamed(action.target)).length === 2 && (
        <div className="field">
          <label htmlFor={targetId}>On which one</label>
          <input
            id={targetId}
            type="text"
            value={wish.target ?? ''}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={wrongTarget !== undefined || undefined}
            aria-describedby={wrongTarget === undefined ? undefined : `${targetId}-error`}
            onChange={({ target }) => onWish({ ...wish, target: target.value })}
            onBlur={() => wish.target?.trim() === '' && onWish({ ...wish, target: action.target })}
          />
          <p className="hint">Asked for on {action.target}, once.</p>
          <p className="error" id={`${targetId}-error`} role="alert">
            {wrongTarget}
          </p>
        </div>
      )}
      {mayChange && action !== null && (
        <div className="done-with">
          {argumentFields(scope.argumentsJson).map((field) => (
            <OneArgument
              key={field.name}
              {...{ field }}
              text={wish.args?.[field.name] ?? field.text}
              values={valuesFor(choices, field.name, wish.target)}
              mistake={mistakes.get(field.name)}
              onText={(text) => onWish({ ...wish, args: { ...wish.args, [field.name]: text } })}
            />
          ))}
        </div>
      )}
      <fieldset>
        <legend>For how long</legend>
        <p className="hint">
          Counted from the moment {who} comes in. {isSecond ? 'Allowed first' : 'Asked for'}: {scope.minutes} min.
        </p>
        <div className="pick">
          {lengths.map((minutes) => (
            <label key={minutes} className={minutes === wish.minutes ? 'chosen' : undefined}>
              <input
                type="radio"
                name={name}
                checked={minutes === wish.minutes}
                onChange={() => onWish({ ...wish, minutes })}
              />
              {minutes} min
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}

/** One thing that the action is done with: what is not edited stays exactly as it was asked for. */
function OneArgument({
  field: { shown, isText, asked },
  text,
  values,
  mistake,
  onText,
}: {
  readonly field: ArgumentField;
  readonly text: string;
  /** Those that the product takes; `undefined`: any. */
  readonly values: readonly string[] | undefined;
  readonly mistake: string | undefined;
  readonly onText: (text: string) => void;
}) {
  const ids = { field: useId(), hint: useId(), error: useId() };
  const aria = {
    id: ids.field,
    'aria-invalid': mistake !== undefined || undefined,
    'aria-describedby': mistake === undefined ? ids.hint : `${ids.error} ${ids.hint}`,
  } as const;
  const common = { ...aria, value: text, maxLength: 4000, autoComplete: 'off', spellCheck: false } as const;
  // What isn't edited as a text is edited as the JSON that it is.
  const edited = (value: string) => (isText ? value : exactText(value));
  const chosen = values?.find((value) => edited(value) === text);
  return (
    <div className="field wide">
      <label htmlFor={ids.field}>Exactly which {shown}</label>
      {values !== undefined ? (
        <ChoiceField
          {...aria}
          {...{ values }}
          value={chosen}
          refused={chosen === undefined ? (isText ? exactText(text) : text) : undefined}
          onChoice={(value) => onText(edited(value))}
        />
      ) : isText ? (
        <input {...common} type="text" onChange={({ target }) => onText(target.value)} />
      ) : (
        <textarea {...common} className="json" rows={2} onChange={({ target }) => onText(target.value)} />
      )}
      <p className="hint" id={ids.hint}>
        Asked for with <code>{asked}</code>
        {isText || values !== undefined ? '.' : ', as JSON.'}
      </p>
      <p className="error" id={ids.error} role="alert">
        {mistake}
      </p>
    </div>
  );
}
