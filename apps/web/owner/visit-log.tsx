import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { late } from '../parts/late.tsx';
import { ask, command, commandId, Problem } from '../graphql/ask.ts';
import { useLive, useMinute, type News } from '../live.ts';
import { Line, Visit } from '../parts/lines.tsx';
import { Case } from '../parts/for-case.tsx';
import { Section } from '../parts/layout.tsx';
import { Freshness, ProblemNote, useSay } from '../parts/notes.tsx';
import { Time, useZone } from '../time/zone.tsx';
import { dayHeading } from '../time/time.ts';
import { isRuleCode, modeInWords, RULES, type OneAction, type OneValue } from '@gatebook/protocol';
import { bookOf, factData, inZone, isWithinPage, tally, type LooseBlock, type VisitBlock } from './book.ts';
import { asCsv, asNdjson, fileName } from './export.ts';
import { everything, filtersSet, filterVariables, type LogFilters, type LogFilterVariables } from './log-filters.ts';
import { FilterBar, type Choices } from './filter-bar.tsx';
import { ExportLog, VisitLogQuery, type LogLine } from './operations.ts';
import { useLog, PAGE } from './use-log.ts';

const GraphqlDialog = late(() => import('./graphql-dialog.tsx'));

export interface VisitLogProps {
  readonly workspaceId: string;
  readonly workspaceName: string;
  /** Visits that go on, and what each may do beside looking. */
  readonly inside: readonly {
    readonly id: string;
    readonly action: OneAction | null;
    readonly reveal: OneValue | null;
  }[];
  readonly filters: LogFilters;
  readonly onFilters: (filters: LogFilters) => void;
  readonly choices: Choices;
  /** Position of the reader's own last command: the log is read at least up to it. */
  readonly written: string | null;
  readonly news: News;
}

/** The book: visits and the lines between them, found again by filters and words. */
export function VisitLog(props: VisitLogProps) {
  const { workspaceId, workspaceName, inside, filters, onFilters, choices, written, news } = props;
  const { zone } = useZone();
  const now = useMinute();
  const asked = useDeferredValue(useSettled(filters));
  const variables = useMemo(() => filterVariables(asked, now, zone), [asked, now, zone]);
  // Days back are counted from the minute: the question stays the same thing while its edge moves on.
  const key = JSON.stringify([workspaceId, asked, asked.dates === 'days' && zone]);
  const load = useCallback(
    async (first: number, after: string | null, minPosition: string | null) =>
      (await ask(VisitLogQuery, { workspaceId, first, after, filter: variables ?? null, minPosition })).visitLog,
    [workspaceId, variables],
  );
  const live = useLive(key, (minPosition) => load(PAGE, null, minPosition), news);
  const log = useLog(key, live.data, (after) => load(PAGE, after, null), written);
  const open = useMemo(
    () => new Map(inside.map(({ id, action, reveal }) => [id, modeInWords(action, reveal)])),
    [inside],
  );
  const days = useMemo(() => bookOf(log.lines, open, zone), [log.lines, open, zone]);
  const [asGraphql, setAsGraphql] = useState(false);

  const { read } = live;
  useEffect(() => {
    if (written !== null) void read(written);
  }, [written, read]);

  const filtered = filtersSet(asked) > 0;
  return (
    <Section
      title="Visit log"
      id="log"
      hint={
        <>
          Every visit, every page, every refusal. Nobody can edit or remove a line. <Freshness {...live} />
        </>
      }
    >
      <FilterBar filters={filters} choices={choices} onFilters={onFilters} />
      <p className="vh" role="status">
        {log.announcement}
      </p>
      {live.problem?.kind === 'refused' && <ProblemNote problem={live.problem} />}
      {log.waiting > 0 && (
        <button type="button" className="btn waiting" onClick={log.showWaiting}>
          Show {log.waiting === 1 ? '1 new line' : `${log.waiting} new lines`}
        </button>
      )}
      <div className={log.changing ? 'lines changing' : 'lines'} aria-busy={log.changing} {...log.hold}>
        {live.data === undefined && !live.problem && log.lines.length === 0 && (
          <p className="small">Opening the book …</p>
        )}
        {live.data && !log.changing && log.lines.length === 0 && (
          <Empty filtered={filtered} onAll={() => onFilters(everything)} />
        )}
        {days.map(({ at, blocks }, index) => (
          <section key={at} aria-label={dayHeading(at, now, zone)}>
            <div className="heads">
              <h3 className="day">{dayHeading(at, now, zone)}</h3>
              {index === 0 && (
                <span className="no" aria-hidden="true">
                  Line, details
                </span>
              )}
            </div>
            {blocks.map((block) =>
              block.kind === 'visit' ? (
                <VisitOf key={block.sessionId} block={block} isNew={log.isNew} filtered={filtered} />
              ) : (
                <Loose key={block.lines[0]!.id} block={block} isNew={log.isNew} />
              ),
            )}
          </section>
        ))}
      </div>
      <div className="end">
        {log.hasMore ? (
          <button type="button" className="txt" onClick={() => void log.loadOlder()}>
            {log.loading ? 'Reading older lines …' : 'Show older lines'}
          </button>
        ) : (
          <span className="small">{log.lines.length > 0 && 'That is the whole book, as you filtered it.'}</span>
        )}
        <div className="acts">
          <Exports {...{ load, workspaceId, workspaceName }} filter={variables ?? null} onWritten={read} />
          <button type="button" className="btn quiet" onClick={() => setAsGraphql(true)}>
            Copy as GraphQL
          </button>
        </div>
      </div>
      {log.problem && <ProblemNote problem={log.problem} />}
      {asGraphql && (
        <GraphqlDialog
          variables={{ workspaceId, first: PAGE, filter: variables ?? null }}
          onClose={() => setAsGraphql(false)}
        />
      )}
    </Section>
  );
}

/** What was typed, once the typing has stopped for a moment; everything else at once. */
function useSettled(filters: LogFilters): LogFilters {
  const [settled, setSettled] = useState(filters);
  useEffect(() => {
    const wait = filters.search === settled.search ? 0 : 250;
    const timer = setTimeout(() => setSettled(filters), wait);
    return () => clearTimeout(timer);
  }, [filters, settled.search]);
  return settled;
}

function VisitOf({
  block,
  isNew,
  filtered,
}: {
  readonly block: VisitBlock;
  readonly isNew: (id: string) => boolean;
  readonly filtered: boolean;
}) {
  const { sessionId, open, mode, heading, began, ended, lines, after } = block;
  const all = began !== undefined && !filtered;
  return (
    <Visit
      id={sessionId}
      open={open}
      heading={heading}
      summary={
        <>
          {began !== undefined && (
            <>
              {open ? 'Since ' : ''}
              <Time at={began} />
            </>
          )}
          {ended !== undefined && began !== undefined && (
            <>
              {' to '}
              <Time at={ended} />
            </>
          )}
          {began === undefined && (filtered ? 'Not all of its lines are shown' : 'Its first lines stand further back')}
          {all && `, ${tally(block)}`}
          {open && (
            <>
              , {lowered(mode ?? '')}, <b>still open</b>
            </>
          )}
        </>
      }
      after={after.length > 0 && after.map((line) => <Entry key={line.id} line={line} isNew={isNew(line.id)} />)}
    >
      {lines.map((line) => (
        <Entry key={line.id} line={line} isNew={isNew(line.id)} />
      ))}
    </Visit>
  );
}

const lowered = (words: string) => words.charAt(0).toLowerCase() + words.slice(1);

function Loose({ block, isNew }: { readonly block: LooseBlock; readonly isNew: (id: string) => boolean }) {
  return (
    <ol className="book loose">
      {block.lines.map((line) => (
        <Entry key={line.id} line={line} isNew={isNew(line.id)} />
      ))}
    </ol>
  );
}

function Entry({ line, isNew }: { readonly line: LogLine; readonly isNew: boolean }) {
  const { zone } = useZone();
  const now = useMinute();
  const { rule, instead, caseRef } = factData(line);
  const [occurred, recorded] = [Date.parse(line.occurredAt), Date.parse(line.recordedAt)];
  return (
    <Line
      at={occurred}
      mark={line.mark}
      number={line.number}
      {...inZone(line, now, zone)}
      within={isWithinPage(line)}
      isNew={isNew}
      details={() => [
        ['Exact time', <Time at={occurred} shape="exact" />],
        recorded - occurred >= 1000 ? ['Recorded', <Time at={recorded} shape="exact" />] : undefined,
        rule === undefined
          ? undefined
          : [
              'Rule',
              <>
                {isRuleCode(rule) && RULES[rule]} <code>{rule}</code>
              </>,
            ],
        instead ? ['Instead', instead] : undefined,
        caseRef ? ['Case', <Case caseRef={caseRef} />] : undefined,
        ['Line', <code>{line.id}</code>],
        ['Kind', <code>{line.kind}</code>],
      ]}
    />
  );
}

function Empty({ filtered, onAll }: { readonly filtered: boolean; readonly onAll: () => void }) {
  if (!filtered) return <p>Nothing is written yet. The first line will be the next thing that happens at the gate.</p>;
  return (
    <p className="note plain">
      <span>No line fits these filters.</span>
      <button type="button" className="btn" onClick={onAll}>
        Show every line
      </button>
    </p>
  );
}

/** The whole book as it is filtered, page by page, into a file; that it is taken along is a line before the first of them. */
function Exports({
  load,
  workspaceId,
  workspaceName,
  filter,
  onWritten,
}: {
  readonly load: (first: number, after: string | null, minPosition: null) => Promise<LogPageRead>;
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly filter: LogFilterVariables | null;
  readonly onWritten: (position: string | null) => Promise<void>;
}) {
  const [read, setRead] = useState<number>();
  const [problem, setProblem] = useState<string>();
  const say = useSay();
  const running = useRef(false);

  const save = async (ending: 'csv' | 'ndjson') => {
    if (running.current) return;
    running.current = true;
    setProblem(undefined);
    setRead(0);
    try {
      const format = ending === 'csv' ? ('CSV' as const) : ('NDJSON' as const);
      const input = { workspaceId, commandId: commandId(), format, filter };
      const { export: file, position, userErrors } = (await command(ExportLog, { input })).exportLog;
      if (userErrors[0]) throw new Problem('refused', userErrors[0].message);
      const upTo = file?.upTo ?? '';
      const lines: LogLine[] = [];
      for (let after: string | null = null; ;) {
        const page: LogPageRead = await load(100, after, null);
        // What came since, the line of the file itself too, is not in it.
        lines.push(...page.nodes.filter((line) => line.position <= upTo));
        setRead(lines.length);
        after = page.pageInfo.endCursor;
        if (!page.pageInfo.hasNextPage || after === null) break;
      }
      download(fileName(workspaceName, Date.now(), ending), ending === 'csv' ? asCsv(lines) : asNdjson(lines));
      void onWritten(position);
      say(`${lines.length === 1 ? '1 line was' : `${lines.length} lines were`} saved as a file.`);
    } catch (error) {
      setProblem(error instanceof Problem ? `${error.message} No file was saved.` : String(error));
    } finally {
      running.current = false;
      setRead(undefined);
    }
  };
  return (
    <>
      <span role="status" className="small">
        {read === undefined ? problem : `Reading for the file: ${read} lines …`}
      </span>
      <button type="button" className="btn" onClick={() => void save('csv')}>
        Export CSV
      </button>
      <button type="button" className="btn" onClick={() => void save('ndjson')}>
        Export NDJSON
      </button>
    </>
  );
}

export interface LogPageRead {
  readonly nodes: readonly LogLine[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text]));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
