import { minutesGiven, minutesSpent, type TimeOfVisit } from '#wording/time-spent';
import { Sign } from '../parts/signs.tsx';
import type { ReviewedVisit } from './operations.ts';
import { refusedTimes, type Scope } from './timeline.ts';
import { counted, listed, MASKED } from './told.ts';
import { sentenceCase } from '../parts/sentence-case.ts';

/** So many pages that were never opened are named one by one; the rest in one line. */
const UNUSED_SHOWN = 5;
/** More letters than these are broken over lines. */
const LONGEST_ON_A_LINE = 16;

/** What the visit was allowed and what it used of it, and what it left alone (S1-63, S1-84). */
export function VisitSide({
  scope,
  visit,
  used,
}: {
  readonly scope: Scope;
  readonly visit: ReviewedVisit;
  readonly used: TimeOfVisit;
}) {
  const { pages, opened, action, reveal, refused } = scope;
  const unused = pages.filter(({ views }) => views === 0);
  const named = unused.length <= UNUSED_SHOWN + 1 ? unused : unused.slice(0, UNUSED_SHOWN);
  const rest = unused.slice(named.length);
  return (
    <div className="beside">
      <section aria-labelledby="used">
        <h2 id="used">Allowed and used</h2>
        {pages.length > 0 && (
          <p className="small">
            Opened {opened} of {counted(pages.length, 'page')} that it could.
          </p>
        )}
        <table className="auv">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Allowed</th>
              <th scope="col">Used</th>
            </tr>
          </thead>
          <tbody>
            {action && <Row what={sentenceCase(action.label)} allowed="yes, once" used={action.used} />}
            {reveal && <Row what={sentenceCase(reveal.label)} allowed="yes, once" used={reveal.used} />}
            {pages
              .filter(({ views }) => views > 0)
              .map(({ label, views }) => (
                <Row key={label} what={label} allowed="yes" used={counted(views, 'view')} />
              ))}
            {refused.map(({ label, times }) => (
              <Row key={label} what={sentenceCase(label)} allowed="no" used={refusedTimes(times)} flag />
            ))}
            {named.map(({ label }) => (
              <Row key={label} what={label} allowed="yes" used="not used" zero />
            ))}
          </tbody>
          {rest.length > 0 && (
            <tbody>
              <tr>
                <td colSpan={2}>
                  <details className="fold">
                    <summary>{counted(rest.length, 'more page')}</summary>
                    {listed(rest.map(({ label }) => label))}
                  </details>
                </td>
                <td className="zero">not used</td>
              </tr>
            </tbody>
          )}
          <tfoot>
            <tr>
              <th scope="row">Minutes</th>
              <td>{minutesGiven(used.givenMs)}</td>
              <td>{minutesSpent(used)}</td>
            </tr>
          </tfoot>
        </table>
      </section>
      <LeftAlone scope={scope} visit={visit} />
    </div>
  );
}

function Row({
  what,
  allowed,
  used,
  flag = false,
  zero = false,
}: {
  readonly what: string;
  readonly allowed: string;
  readonly used: string;
  readonly flag?: boolean;
  readonly zero?: boolean;
}) {
  return (
    <tr>
      <th scope="row">{what}</th>
      <td className={flag ? 'flag' : undefined}>{allowed}</td>
      <td className={flag ? 'flag' : zero ? 'zero' : used.length > LONGEST_ON_A_LINE ? 'told' : undefined}>{used}</td>
    </tr>
  );
}

/** Evidence of what was not touched. */
function LeftAlone({ scope, visit }: { readonly scope: Scope; readonly visit: ReviewedVisit }) {
  const { masked, reveal, untouched, cannot } = scope;
  const isShown = visit.revealedCount > 0;
  const kinds = (of: typeof masked) => sentenceCase(listed(of.map((kind) => MASKED[kind])));
  // Of the kind of the one that was shown, where today's catalogue still has it; else of any.
  const one = masked.filter((kind) => isShown && (reveal?.mask === undefined || kind === reveal.mask));
  const others = masked.filter((kind) => !one.includes(kind));
  const said = [
    ...(visit.changedCount === 0 ? ['Every field: nothing was changed.'] : []),
    ...(others.length > 0 ? [`${kinds(others)}: masked throughout.`] : []),
    ...(one.length > 0 ? [`${kinds(one)}: masked, but for the one value that was approved.`] : []),
    ...(untouched.length > 0 ? [`${listed(untouched)}: never opened.`] : []),
    ...(scope.refused.length > 0 ? ['What was refused: nothing of it was shown.'] : []),
  ];
  return (
    <section className="alone" aria-labelledby="alone">
      <h2 id="alone">Left alone</h2>
      <ul>
        {said.map((sentence) => (
          <li key={sentence}>
            <Sign name="lock" />
            <span>{sentence}</span>
          </li>
        ))}
      </ul>
      {cannot.length > 0 && (
        <details className="fold">
          <summary>What the visit could not do</summary>
          <ul className="plain-list">
            {cannot.map((phrase) => (
              <li key={phrase}>{sentenceCase(phrase)}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
