import { Section } from '../parts/layout.tsx';
import { Mark } from '../parts/signs.tsx';
import { CanAndCannot } from '../parts/signs.tsx';
import { page } from '../session/page.ts';
import { useMinute } from '../live.ts';
import { Time } from '../time/zone.tsx';
import type { Gate, Lately } from './operations.ts';

const SHOWN = 3;
const DAY = 86_400_000;

/** What was refused lately: the gate working. All of it stands in the log, too. */
export function Refused({ lately, onAll }: { readonly lately: Lately; readonly onAll: () => void }) {
  const week = useMinute() - 7 * DAY;
  const recent = lately.denials.nodes.filter(({ occurredAt }) => Date.parse(occurredAt) > week);
  const more = recent.length > SHOWN || lately.denials.pageInfo.hasNextPage;
  return (
    <Section title="Refused" id="refused" hint="In the last 7 days. Nothing was shown or changed.">
      {recent.length === 0 ? (
        <p>Nothing was refused. What somebody tries, and may not do, is written here before they are told.</p>
      ) : (
        <ul className="book refusals">
          {recent.slice(0, SHOWN).map(({ id, occurredAt, summary, because, instead }) => (
            <li className="line refused" key={id}>
              <Time at={Date.parse(occurredAt)} shape="shortly" />
              <Mark mark="refused" />
              <div className="say">
                <p>
                  <b>Refused:</b> {summary.replace(/^Refused: /, '')}
                </p>
                <p className="small">{[because, instead].filter((text) => text !== null).join(' ')}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
      {more && (
        <p className="gap">
          <button type="button" className="txt" onClick={onAll}>
            Show every refusal in the log
          </button>
        </p>
      )}
    </Section>
  );
}

/** What staff can and can't do: what the switch opens, before anybody presses it. */
export function Rules({ gate: { staffAccess } }: { readonly gate: Gate }) {
  const { on, areas, withoutAreas, onlyCase } = staffAccess;
  const open = areas.filter(({ id }) => !withoutAreas.includes(id)).map(({ label }) => label);
  const closed = areas.filter(({ id }) => withoutAreas.includes(id)).map(({ label }) => label);
  const staff = `${page.productName} staff`;
  return (
    <Section
      title="The rules"
      id="rules"
      hint={on ? 'As staff access is set now.' : 'As they hold once you turn staff access on.'}
    >
      <CanAndCannot
        can={{
          title: `${staff} can`,
          items: [
            `Look at pages of ${open.length === 0 ? 'no area' : listed(open)}`,
            `Come in for ${onlyCase === null ? 'an open support case' : onlyCase}, with a reason that you read word for word`,
            'Stay for a short time; each visit ends by itself, or when nobody uses it',
            'See parts of card numbers, e-mail addresses and ids: the rest is masked',
          ],
        }}
        cannot={{
          title: `${staff} can’t`,
          items: [
            ...(closed.length === 0 ? [] : [`Open ${listed(closed)}: left out`]),
            'Open a page before its line is in your book',
            'Change, send, retry, delete or export anything',
            'Open records that are declared sensitive, or files',
            'Come in while staff access is off, or stay when you turn it off',
            'Edit or remove a line',
          ],
        }}
      />
    </Section>
  );
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
