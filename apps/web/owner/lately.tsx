import { Section } from '../parts/layout.tsx';
import { Mark } from '../parts/signs.tsx';
import { CanAndCannot } from '../parts/signs.tsx';
import { page } from '../session/page.ts';
import { useMinute } from '../live.ts';
import { Time, useZone } from '../time/zone.tsx';
import { refusalInZone } from './book.ts';
import type { Gate, Lately } from './operations.ts';

const SHOWN = 3;
const DAY = 86_400_000;

/** What was refused lately: the gate working. All of it stands in the log, too. */
export function Refused({ lately, onAll }: { readonly lately: Lately; readonly onAll: () => void }) {
  const now = useMinute();
  const { zone } = useZone();
  const week = now - 7 * DAY;
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
                  <b>Refused:</b> {refusalInZone(summary, now, zone).replace(/^Refused: /, '')}
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

/** What staff can and can't do, by the settings in force: what the switch opens, before anybody presses it (S0-2). */
export function Rules({ gate: { staffAccess } }: { readonly gate: Gate }) {
  const { on, rules } = staffAccess;
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
          items: rules.can,
        }}
        cannot={{
          title: `${staff} can’t`,
          items: rules.cannot,
        }}
      />
    </Section>
  );
}
