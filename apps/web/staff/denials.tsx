import { Mark } from '../parts/signs.tsx';
import { followed } from '../router.ts';
import { useMinute } from '../live.ts';
import { refusalInZone } from '../owner/book.ts';
import { Time, useZone } from '../time/zone.tsx';
import type { MyDenial } from './operations.ts';
import { wayOn, type Refused } from './way-on.ts';

/** What was refused, with the rule in words, and what to do instead. */
export function Denials({ denials, nothing }: { readonly denials: readonly MyDenial[]; readonly nothing: string }) {
  if (denials.length === 0) return <p>{nothing}</p>;
  return (
    <ul className="book dated loose">
      {denials.map((denial) => (
        <Denied key={denial.id} denial={denial} />
      ))}
    </ul>
  );
}

function Denied({ denial }: { readonly denial: MyDenial }) {
  const { occurredAt, summary, because, instead } = denial;
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
          {[because, instead]
            .filter((text) => text !== null)
            .map(whole)
            .join(' ')}
        </p>
        <WayOn refused={denial} />
      </div>
    </li>
  );
}

/** The way from something that was refused to what can be done instead, where there is one. */
export function WayOn({ refused }: { readonly refused: Refused }) {
  const way = wayOn(refused);
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
