import { timeSpent } from '#wording/time-spent';
import type { LogLine } from '../owner/operations.ts';
import { clockTime, span } from '../time/time.ts';
import { useZone } from '../time/zone.tsx';
import type { ReviewedVisit } from './operations.ts';
import { marksToScale, type Mark } from './scale.ts';
import { at, oncePerAction, shortestGap } from './timeline.ts';
import { Tally } from './visit-row.tsx';

const DRAWN: Readonly<Record<string, string>> = { viewed: 'm-viewed', changed: 'm-changed', refused: 'm-refused' };
const percent = (share: number) => `${(share * 100).toFixed(2)}%`;

/** The visit on one axis: what happened when, and the time that it left unused. */
export function VisitScale({
  lines,
  idleMs,
  began,
  ended,
  allowedTo,
  isOpen,
  visit,
}: {
  readonly lines: readonly LogLine[];
  readonly idleMs: number;
  readonly began: number;
  /** Its end, or now while it goes on. */
  readonly ended: number;
  readonly allowedTo: number;
  readonly isOpen: boolean;
  readonly visit: ReviewedVisit;
}) {
  const { zone } = useZone();
  // A visit of seconds still has an axis.
  const whole = Math.max(allowedTo - began, 1000);
  const x = (instant: number) => Math.min(Math.max((instant - began) / whole, 0), 1);
  const end = x(ended);
  const during = oncePerAction(lines).filter((line) => line.mark in DRAWN && at(line) <= ended);
  const placed = during.map((line) => ({ at: x(at(line)), mark: line.mark }));
  const views = marksToScale(placed.filter(({ mark }) => mark === 'viewed'));
  const graver = marksToScale(placed.filter(({ mark }) => mark !== 'viewed'));
  const gaps = gapsIn([began, ...during.map(at), ended], idleMs).map(([from, to]) => ({ from, to }));
  const used = timeSpent({ spentMs: ended - began, givenMs: allowedTo - began });
  const left = isOpen ? 'now' : 'ended';
  return (
    <section className="scale" aria-labelledby="to-scale">
      <header className="split">
        <h2 id="to-scale">The visit to scale</h2>
        <Tally visit={visit} />
      </header>
      <svg className="axis" role="img" aria-label={`${used} used, ${span(Math.max(allowedTo - ended, 0))} left unused`}>
        <line className="used" x1="0" x2={percent(end)} y1="42" y2="42" />
        <line className="unused" x1={percent(end)} x2="100%" y1="42" y2="42" />
        {gaps.map(({ from, to }) => (
          <g key={from} className="pause">
            <line x1={percent(x(from))} x2={percent(x(to))} y1="62" y2="62" />
            <line x1={percent(x(from))} x2={percent(x(from))} y1="56" y2="62" />
            <line x1={percent(x(to))} x2={percent(x(to))} y1="56" y2="62" />
            {x(to) - x(from) > 0.12 && (
              <text x={percent((x(from) + x(to)) / 2)} y="77" textAnchor="middle">
                {span(to - from)}, nothing opened
              </text>
            )}
          </g>
        ))}
        {/* Views on the line; what was changed or refused stands out above it. */}
        {graver.map((drawn) => (
          <Drawn key={drawn.at} drawn={drawn} y={0} stem />
        ))}
        {views.map((drawn) => (
          <Drawn key={drawn.at} drawn={drawn} y={30} />
        ))}
        <text x="0" y="98">
          {clockTime(began, zone)} came in
          {end <= 0.16 && !isOpen && `, ${clockTime(ended, zone)} ended`}
        </text>
        {end > 0.16 && end < 0.78 && (
          <text x={percent(end)} y="98" textAnchor="middle" className="strong">
            {clockTime(ended, zone)} {left}
          </text>
        )}
        <text x="100%" y="98" textAnchor="end">
          {end >= 0.78 && !isOpen && `${clockTime(ended, zone)} ended, `}
          {clockTime(allowedTo, zone)} allowed until
        </text>
      </svg>
    </section>
  );
}

function Drawn({ drawn: { at: where, mark, count }, y, stem = false }: { drawn: Mark; y: number; stem?: boolean }) {
  return (
    <svg x={percent(where)} y={y} overflow="visible" className={mark}>
      {stem && <line className="stem" x1="0" x2="0" y1="24" y2="42" />}
      <use href={`#${DRAWN[mark]}`} className="mark" x="-12" y="0" width="24" height="24" />
      {count > 1 && (
        <text x="15" y={stem ? 17 : 27}>
          ×{count}
        </text>
      )}
    </svg>
  );
}

/** Times between two instants in which nothing was written, as long as they are drawn. */
function gapsIn(instants: readonly number[], idleMs: number): (readonly [number, number])[] {
  return instants.flatMap((to, index) => {
    const from = instants[index - 1];
    return from !== undefined && to - from >= shortestGap(idleMs) ? [[from, to] as const] : [];
  });
}
