import { useCallback, useEffect, useRef, useState, type FocusEvent } from 'react';
import { Problem } from '../graphql/ask.ts';
import type { LogLine } from './operations.ts';

/** Lines of one reading. */
export const PAGE = 50;

export interface LogPage {
  readonly nodes: readonly LogLine[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

interface Read {
  readonly key: string;
  /** The newest first. */
  readonly lines: readonly LogLine[];
  /** Where older lines are read on from. */
  readonly cursor: string | null;
  readonly hasMore: boolean;
  /** Lines that came while the reader looked on. */
  readonly fresh: ReadonlySet<string>;
}

/**
 * The lines that are on the screen: the newest page as it comes in, and the older ones that were asked for. Nothing moves
 * under the pointer or the focus (WCAG 2.2.2): while the reader is in the list, new lines are counted, and wait. Only what
 * the reader wrote just now is there at once: a button that folds away can leave the pointer over the list.
 *
 * @param written position of the reader's own last command.
 */
export function useLog(
  key: string,
  page: LogPage | undefined,
  loadAfter: (cursor: string) => Promise<LogPage>,
  written: string | null,
) {
  const [read, setRead] = useState<Read>({ key, lines: [], cursor: null, hasMore: false, fresh: new Set() });
  const [held, setHeld] = useState(false);
  const [loading, setLoading] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [announcement, setAnnouncement] = useState('');
  const pointer = useRef(false);
  const focus = useRef(false);
  const shown = useRef(written);

  // Until another question is answered, what was there stays: the page doesn't jump.
  const changing = read.key !== key;
  const known = new Set(read.lines.map(({ id }) => id));
  const newer = page?.nodes.filter(({ id }) => !known.has(id)) ?? [];
  const waiting = changing || read.lines.length === 0 ? 0 : newer.length;

  const take = useCallback(() => {
    if (!page) return;
    setRead((before) => merged(before, key, page));
    if (waiting > 0) setAnnouncement(waiting === 1 ? '1 new line' : `${waiting} new lines`);
  }, [key, page, waiting]);

  useEffect(() => {
    const own =
      written !== shown.current && page?.nodes.some(({ position }) => written !== null && position >= written);
    if (own) shown.current = written;
    if (page && (read.key !== key || waiting === 0 || !held || own)) take();
    // `read` is set by `take`: only a new page or the end of holding is a reason to merge.
  }, [key, page, held, written]);

  const settle = () => setHeld(pointer.current || focus.current);
  const loadOlder = async () => {
    if (loading || changing || read.cursor === null) return;
    setLoading(true);
    setProblem(undefined);
    try {
      const older = await loadAfter(read.cursor);
      setRead((before) =>
        before.key === key
          ? {
              ...before,
              lines: [...before.lines, ...older.nodes.filter(({ id }) => !before.lines.some((line) => line.id === id))],
              cursor: older.pageInfo.endCursor ?? before.cursor,
              hasMore: older.pageInfo.hasNextPage,
            }
          : before,
      );
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem('failed', String(error)));
    } finally {
      setLoading(false);
    }
  };

  return {
    lines: read.lines,
    changing,
    hasMore: read.hasMore,
    isNew: (id: string) => read.fresh.has(id),
    waiting: held ? waiting : 0,
    showWaiting: take,
    announcement: held && waiting > 0 ? `${waiting} new ${waiting === 1 ? 'line waits' : 'lines wait'}` : announcement,
    loading,
    loadOlder,
    problem,
    hold: {
      onPointerEnter() {
        pointer.current = true;
        settle();
      },
      onPointerLeave() {
        pointer.current = false;
        settle();
      },
      onFocus() {
        focus.current = true;
        settle();
      },
      onBlur(event: FocusEvent) {
        focus.current = event.currentTarget.contains(event.relatedTarget);
        settle();
      },
    },
  };
}

function merged(before: Read, key: string, page: LogPage): Read {
  const { endCursor, hasNextPage } = page.pageInfo;
  const anew: Read = { key, lines: page.nodes, cursor: endCursor, hasMore: hasNextPage, fresh: new Set() };
  if (before.key !== key || before.lines.length === 0) return anew;
  const known = new Set(before.lines.map(({ id }) => id));
  const fresh = page.nodes.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return before;
  // A whole page of new lines: there may be more between them and those that are here. The book is read anew.
  if (fresh.length === page.nodes.length) return anew;
  const ids = new Set(page.nodes.map(({ id }) => id));
  return {
    ...before,
    lines: [...page.nodes, ...before.lines.filter(({ id }) => !ids.has(id))],
    fresh: new Set([...before.fresh, ...fresh.map(({ id }) => id)]),
  };
}
