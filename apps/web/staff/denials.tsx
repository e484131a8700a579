import { Mark } from '../parts/signs.tsx';
import { followed } from '../router.ts';
import { useMinute } from '../live.ts';
import { refusalInZone } from '../owner/book.ts';
import { Time, useZone } from '../time/zone.tsx';
import type { MyDenial, MyVisit } from './operations.ts';
import { insteadSaid, wayOn, withItsCase, type Refused } from './way-on.ts';

/** What was refused, with the rule in words, and what to do instead. */
export function Denials({
  denials,
  visits,
  nothing,
}: {
  readonly denials: readonly MyDenial[];
  /** One's own: those that something was refused in, and the one that one is in. */
  readonly visits: readonly MyVisit[];
  readonly nothing: string;
}) {
  const inside = visits.find(({ endedAt }) => endedAt === null)?.id;
  if (denials.length === 0) return <p>{nothing}</p>;
  return (
    <ul className="book dated loose">
      {denials.map((denial) => (
        <Denied key={denial.id} denial={withItsCase(denial, visits)} inside={inside} />
      ))}
    </ul>
  );
}

function Denied({ denial, inside }: { readonly denial: MyDenial; readonly inside: string | undefined }) {
  const { occurredAt, summary, because } = denial;
  const { zone } = useZone();
  const now = useMinute();
  return (
    <li className="line refused">
      <Time at={Date.parse(occurredAt)} shape="shortly" />
      <Mark mark="refused" />
      <div className="say">
        <p>
          <b>Refused:</b> {told(refusalInZone(summary, now, zone))}
        </p>
        <p className="small">
          {[because, insteadSaid(denial)]
            .filter((text) => text !== null)
            .map(whole)
            .join(' ')}
        </p>
        <WayOn refused={denial} inside={inside} />
      </div>
    </li>
  );
}

/** The way from something that was refused to what can be done instead, where there is one. */
export function WayOn({ refused, inside }: { readonly refused: Refused; readonly inside?: string | undefined }) {
  const way = wayOn(refused, inside);
  if (way === undefined) return null;
  return (
    <p className="small">
      {way.before}
      <a href={way.to} onClick={followed}>
        {way.link}
      </a>
      {way.after}
    </p>
  );
}

/** One's own acts: "you tried to open Customers". */
function told(summary: string): string {
  return summary.replace(/^Refused: (.*? tried to )?/, (_, who?: string) => (who === undefined ? '' : 'you tried to '));
}

function whole(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
