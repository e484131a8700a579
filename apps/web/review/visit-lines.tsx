import { isRuleCode, RULES } from '@gatebook/protocol';
import { useId, useState } from 'react';
import { useMinute } from '../live.ts';
import { factData, inZone, isWithinPage } from '../owner/book.ts';
import type { LogLine } from '../owner/operations.ts';
import { Line } from '../parts/lines.tsx';
import { Mark, Sign } from '../parts/signs.tsx';
import { clockTime, span } from '../time/time.ts';
import { Time, useZone } from '../time/zone.tsx';
import { counted, gapSentence, pagesListed } from './told.ts';
import { at, type GapStep, type Step, type Timeline, type ViewsStep } from './timeline.ts';

/** So high is a minute in which nothing was written. */
const REM_PER_MINUTE = 0.6;
const LOWEST_GAP = 2.5;

export interface Going {
  /** The page looked at. */
  readonly page: string | null;
  readonly leftMs: number;
}

/** The lines of a visit in order: views together, gaps to scale, what was tried after the end below the double rule. */
export function VisitLines({
  timeline: { steps, after },
  before,
  idleMs,
  going,
}: {
  readonly timeline: Timeline;
  /** What let the staff member in. */
  readonly before: readonly LogLine[];
  readonly idleMs: number;
  /** Of a visit that goes on. */
  readonly going?: Going;
}) {
  const shown = (step: Step, index: number, all: readonly Step[]) => {
    switch (step.kind) {
      case 'line':
        return <Entry key={step.line.id} line={step.line} arrived={step.arrived} />;
      case 'views':
        return <Views key={step.lines[0]!.id} step={step} />;
      case 'gap':
        return (
          <Gap key={step.from} gap={step} idleMs={idleMs} open={going !== undefined && index === all.length - 1} />
        );
    }
  };
  return (
    <>
      <ol className="book timeline">
        {before.map((line) => (
          <Entry key={line.id} line={line} />
        ))}
        {steps.map(shown)}
        {going && (
          <li className="line in going-on">
            <span className="small">Now</span>
            <Mark mark="in" />
            <div className="say">
              <p>
                <b>Still inside</b>
                {going.page === null ? ', and no page opened yet' : `, looking at ${going.page}`}
              </p>
              <p className="small">{span(going.leftMs)} left at most.</p>
            </div>
          </li>
        )}
      </ol>
      {after.length > 0 && (
        <>
          <h3 className="small after">After the end</h3>
          <ol className="book timeline">{after.map(shown)}</ol>
        </>
      )}
    </>
  );
}

function Entry({ line, arrived }: { readonly line: LogLine; readonly arrived?: LogLine | undefined }) {
  const { zone } = useZone();
  const now = useMinute();
  const { rule, instead } = factData(line);
  const occurred = at(line);
  return (
    <Line
      at={occurred}
      mark={line.mark}
      number={line.number}
      {...inZone(line, now, zone)}
      within={isWithinPage(line)}
      details={() => [
        ['Exact time', <Time at={occurred} shape="exact" />],
        rule === undefined
          ? undefined
          : [
              'Rule',
              <>
                {isRuleCode(rule) && RULES[rule]} <code>{rule}</code>
              </>,
            ],
        instead ? ['Instead', instead] : undefined,
        ['Line', <code>{line.id}</code>],
        ['Kind', <code>{line.kind}</code>],
        [
          'As it stands',
          <pre className="fact" tabIndex={0} role="region" aria-label={`Line ${line.number} as it stands in the log`}>
            {JSON.stringify(line.technicalDetail, null, 2)}
          </pre>,
        ],
      ]}
    >
      {arrived && (
        <p className="small">
          Arrived in the product <ArrivedAt at={at(arrived)} after={at(arrived) - occurred} />.
        </p>
      )}
    </Line>
  );
}

function ArrivedAt({ at: instant, after }: { readonly at: number; readonly after: number }) {
  if (after < 60_000) return <>{after < 1000 ? 'at once' : `${span(after)} later`}</>;
  return (
    <>
      at <Time at={instant} />
    </>
  );
}

/** "Sam Lee viewed 7 pages: Billing ×3, Invoices, …"; each of them underneath. */
function Views({ step: { lines, views, pages } }: { readonly step: ViewsStep }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const { zone } = useZone();
  const [first, last] = [lines[0]!, lines.at(-1)!];
  const name = first.parts[0]?.text.trim() || 'A staff member';
  const until = clockTime(at(last), zone);
  return (
    <li className="line viewed">
      <Time at={at(first)} />
      <Mark mark="viewed" />
      <div className="say">
        <p>
          {name} <b>viewed</b> {counted(views, 'page')}: {pagesListed(pages)}
        </p>
        {until !== clockTime(at(first), zone) && (
          <p className="small">
            Until <Time at={at(last)} />.
          </p>
        )}
        {open && (
          <ol className="each" id={id}>
            {lines.map((line) => (
              <Each key={line.id} line={line} />
            ))}
          </ol>
        )}
      </div>
      <button
        type="button"
        className="no"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <span className="vh">Every page of lines </span>
        {first.number}–{last.number} <Sign name="down" />
      </button>
    </li>
  );
}

function Each({ line }: { readonly line: LogLine }) {
  const [, verb, rest] = line.parts;
  return (
    <li>
      <Time at={at(line)} shape="exact" />
      <span>
        <b>{verb?.text}</b>
        {rest?.text}
        {line.detail && <span className="small block">{line.detail}</span>}
      </span>
      <span className="small">{line.number}</span>
    </li>
  );
}

function Gap({
  gap: { from, to },
  idleMs,
  open,
}: {
  readonly gap: GapStep;
  readonly idleMs: number;
  readonly open: boolean;
}) {
  const rem = Math.max(((to - from) / 60_000) * REM_PER_MINUTE, LOWEST_GAP);
  return (
    <li className="gapline" style={{ minHeight: `${rem.toFixed(2)}rem` }}>
      <p>{gapSentence(to - from, idleMs, open)}</p>
    </li>
  );
}
