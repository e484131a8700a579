import { useId } from 'react';
import { recordNamed } from '#domain/catalogue/catalogue';
import type { Scope } from '../requests/operations.ts';
import { pagePhrases, type Wish } from '../requests/told.ts';

const LENGTHS = [5, 10, 15, 20, 30, 60];

/** Less than was asked: pages unticked, minutes shortened; or the same on another target. */
export function TrimFields({
  scope,
  wish,
  who,
  sameTarget,
  onWish,
}: {
  readonly scope: Scope;
  readonly wish: Wish;
  readonly who: string;
  /** It is about what it is about: nothing else can be named. */
  readonly sameTarget: boolean;
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
            const words = phrase.charAt(0).toUpperCase() + phrase.slice(1);
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
      {!sameTarget && action?.target != null && action.label.split(recordNamed(action.target)).length === 2 && (
        <div className="field">
          <label htmlFor={targetId}>On which one</label>
          <input
            id={targetId}
            type="text"
            value={wish.target ?? ''}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            onChange={({ target }) => onWish({ ...wish, target: target.value })}
            onBlur={() => wish.target?.trim() === '' && onWish({ ...wish, target: action.target })}
          />
          <p className="hint">Asked for on {action.target}, once.</p>
        </div>
      )}
      <fieldset>
        <legend>For how long</legend>
        <p className="hint">
          Counted from the moment {who} comes in. {sameTarget ? 'Allowed first' : 'Asked for'}: {scope.minutes} min.
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
