import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Live } from '../live.ts';
import { Section } from '../parts/layout.tsx';
import { Mark } from '../parts/signs.tsx';
import type { Request, Requests } from '../requests/operations.ts';
import { called, endOf, grantEnd, whatIsAsked } from '../requests/told.ts';
import { Time } from '../time/zone.tsx';
import type { Settings } from './deciding.ts';
import { RequestCard } from './request-card.tsx';
import '../requests/requests.css';

export interface WaitingProps {
  readonly myName: string;
  readonly mayDecide: boolean;
  /** Those of the workspace that a request is about. */
  readonly settingsFor: (request: Request) => Settings;
  /** What stands there where nothing waits; left out: the part isn't drawn. */
  readonly empty?: ReactNode;
  readonly live: Live<Requests | undefined>;
  readonly onDone: (position: string | null) => Promise<void>;
}

/** What waits for a decision; and what was decided while it was being looked at. */
export default function Waiting({ myName, mayDecide, settingsFor, empty, live, onDone }: WaitingProps) {
  const { data } = live;
  const open = data?.open.nodes ?? [];
  const ended = useEndedHere(open, data?.recent.nodes ?? []);
  const part = useFocusKept(open.map(({ id }) => id).join(' '));
  const nothing = open.length + ended.length === 0;
  if (!data || (nothing && empty === undefined)) return null;
  return (
    <Section
      title="Waiting for you"
      id="waiting"
      first={empty !== undefined}
      hint={
        <span role="status">
          {nothing
            ? 'Nothing waits.'
            : open.length === 0
              ? 'Nothing waits any more.'
              : open.length === 1
                ? '1 request'
                : `${open.length} requests`}
        </span>
      }
    >
      {nothing && empty}
      <ul className="asked-list" {...part}>
        {open.map((request) => (
          <li key={request.id}>
            <RequestCard {...{ myName, mayDecide, request, onDone }} settings={settingsFor(request)} />
          </li>
        ))}
      </ul>
      {ended.length > 0 && (
        <ul className="book loose decisions">
          {ended.map((request) => (
            <EndedLine key={request.id} request={request} />
          ))}
        </ul>
      )}
    </Section>
  );
}

/** Requests that waited on this page and wait no more: who looked at one sees what became of it. */
function useEndedHere(open: readonly Request[], recent: readonly Request[]): readonly Request[] {
  const [seen, setSeen] = useState<readonly string[]>([]);
  const ids = open.map(({ id }) => id).join(' ');
  useEffect(() => {
    setSeen((before) => [...new Set([...before, ...ids.split(' ').filter((id) => id !== '')])]);
  }, [ids]);
  return recent.filter(({ id, endedAt }) => endedAt !== null && seen.includes(id));
}

/** Who was in a request that is decided or lapses under their eyes is at the part in which it stood, not nowhere. */
function useFocusKept(ids: string) {
  const within = useRef(false);
  useEffect(() => {
    if (within.current && document.activeElement === document.body) {
      within.current = false;
      document.getElementById('waiting')?.focus({ preventScroll: true });
    }
  }, [ids]);
  return {
    onFocus: () => void (within.current = true),
    onBlur: ({ relatedTarget }: { readonly relatedTarget: EventTarget | null }) => {
      // What is taken off the page has the focus to its end: only whoever goes elsewhere has left.
      if (relatedTarget !== null) within.current = false;
    },
  };
}

export function EndedLine({ request, children }: { readonly request: Request; readonly children?: ReactNode }) {
  const { phase, endedAt, requestedAt } = request;
  const mark = phase === 'APPROVED' ? 'approved' : phase === 'DECLINED' ? 'refused' : 'dot';
  return (
    <li className={`line ${mark}`}>
      <Time at={Date.parse(endedAt ?? requestedAt)} shape="shortly" />
      <Mark mark={mark} />
      <div className="say">
        <p>
          {called(request.staffName)} asked to {whatIsAsked({ ...request, scope: request.asked })}: {endOf(request)}
        </p>
        {request.grant && <p className="small">{grantEnd(request)}</p>}
        {children}
      </div>
    </li>
  );
}
