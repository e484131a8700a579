import { Mark } from '../parts/signs.tsx';
import { followed } from '../router.ts';
import { useMinute } from '../live.ts';
import { refusalInZone } from '../owner/book.ts';
import { Time, useZone } from '../time/zone.tsx';
import type { MyDenial } from './operations.ts';

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

function Denied({
  denial: { occurredAt, summary, because, instead, rule, caseRef, workspaceId },
}: {
  readonly denial: MyDenial;
}) {
  const { zone } = useZone();
  const now = useMinute();
  const again = rule === 'staffAccessIsOn' && caseRef !== null;
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
        {workspaceId !== null && <AskForIt {...{ rule, instead, workspaceId, caseRef }} />}
        {again && (
          <p className="small">
            Once it is on,{' '}
            <a
              href={`/staff/start?case=${encodeURIComponent(caseRef)}${workspaceId === null ? '' : `&workspace=${workspaceId}`}`}
              onClick={followed}
            >
              start again
            </a>
            .
          </p>
        )}
      </div>
    </li>
  );
}

/** The way from something that was refused to asking for it, where somebody could approve it. */
export function AskForIt({
  rule,
  instead,
  workspaceId,
  caseRef,
}: Pick<MyDenial, 'rule' | 'instead' | 'caseRef'> & { readonly workspaceId: string }) {
  if (instead === null || !ASKABLE.has(rule)) return null;
  const inCase = caseRef ? `&case=${encodeURIComponent(caseRef)}` : '';
  const wish = `workspace=${workspaceId}${inCase}&instead=${encodeURIComponent(instead)}`;
  return (
    <p className="small">
      <a href={`/staff/ask?${wish}`} onClick={followed}>
        Ask for it
      </a>
      {' with the reason, and somebody there decides.'}
    </p>
  );
}

/** Rules behind which something could be asked for instead. */
const ASKABLE = new Set(['visitIsApproved', 'nothingIsChanged', 'actionIsApproved', 'grantIsUnspent', 'jobIsReadOnly']);

/** One's own acts: "you tried to open Customers". */
function told(summary: string): string {
  return summary.replace(/^Refused: (.*? tried to )?/, (_, who?: string) => (who === undefined ? '' : 'you tried to '));
}

function whole(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
