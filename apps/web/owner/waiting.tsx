import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Live } from '../live.ts';
import { Section } from '../parts/layout.tsx';
import { Mark } from '../parts/signs.tsx';
import type { Request, Requests } from '../requests/operations.ts';
import { called, endOf, grantEnd, whatIsAsked } from '../requests/told.ts';
import { page } from '../session/page.ts';
import { Time } from '../time/zone.tsx';
import type { Settings } from './deciding.ts';
import { RequestCard } from './request-card.tsx';
import { isTurnOf, lastEnded } from './turn.ts';
import '../requests/requests.css';

export interface WaitingProps {
  readonly myName: string;
  /** As the book has the reader; left out: decides for the vendor. */
  readonly myId?: string;
  readonly mayDecide: boolean;
  /** Those of the workspace that a request is about. */
  readonly settingsFor: (request: Request) => Settings;
  /** What stands there where nothing waits; left out: the part isn't drawn. */
  readonly empty?: ReactNode;
  readonly live: Live<Requests | undefined>;
  readonly onDone: (position: string | null) => Promise<void>;
}

/** What waits for a decision; and what was decided while it was being looked at. */
export default function Waiting({ myName, myId, mayDecide, settingsFor, empty, live, onDone }: WaitingProps) {
  const { data } = live;
  const open = data?.open.nodes ?? [];
  const seen = useEndedHere(open, data?.recent.nodes ?? []);
  // Where all that was decided has a part of its own, only the last stands here too, as what came of the press.
  const ended = empty === undefined ? lastEnded(seen) : seen;
  const isMine = (request: Request) => isTurnOf(settingsFor(request).side, request);
  const mine = open.filter(isMine);
  const others = open.filter((request) => !isMine(request));
  const part = useFocusKept([...mine, ...others].map(({ id }) => id).join(' '));
  const shown = (request: Request) => (
    <li key={request.id} id={`asked-${request.id}`} tabIndex={-1} onFocus={part.at(request.id)}>
      <RequestCard {...{ myName, myId, mayDecide, request, onDone }} settings={settingsFor(request)} />
    </li>
  );
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
              : mine.length === 0
                ? 'Nothing waits for you.'
                : mine.length === 1
                  ? '1 request'
                  : `${mine.length} requests`}
        </span>
      }
    >
      {nothing && empty}
      {/* One list: a request that begins to wait for somebody else stays the card that was being read. */}
      <ul className="asked-list" onBlur={part.onBlur}>
        {mine.map(shown)}
        {others[0] && (
          <li key="others">
            <h3 className="of-others">
              Waits for {settingsFor(others[0]).side === 'customer' ? page.productName : 'the customer'}
            </h3>
          </li>
        )}
        {others.map(shown)}
      </ul>
      {ended.length > 0 && (
        <ul className="book loose decisions">
          {ended.map((request) => (
            <EndedLine key={request.id} request={request} id={`ended-${request.id}`} />
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

/** Who was in a request that is decided, or lapses under their eyes, is at what came of it and sees it, not nowhere. */
function useFocusKept(ids: string) {
  const within = useRef<string>(undefined);
  useEffect(() => {
    if (within.current === undefined || document.activeElement !== document.body) return;
    const places = [`ended-${within.current}`, `asked-${within.current}`, 'waiting'];
    within.current = undefined;
    const place = places.map((id) => document.getElementById(id)).find((found) => found !== null);
    // A line in the middle of a phone, so that no message at its edge covers it; then the message makes way.
    place?.scrollIntoView({ block: place.matches('.line') ? 'center' : 'nearest' });
    place?.focus({ preventScroll: true });
  }, [ids]);
  return {
    at: (id: string) => () => void (within.current = id),
    onBlur: ({ relatedTarget }: { readonly relatedTarget: EventTarget | null }) => {
      // What is taken off the page has the focus to its end: only whoever goes elsewhere has left.
      if (relatedTarget !== null) within.current = undefined;
    },
  };
}

export function EndedLine({
  request,
  id,
  children,
}: {
  readonly request: Request;
  /** For the focus to be put there. */
  readonly id?: string;
  readonly children?: ReactNode;
}) {
  const { phase, endedAt, requestedAt } = request;
  const mark = phase === 'APPROVED' ? 'approved' : phase === 'DECLINED' ? 'refused' : 'dot';
  return (
    <li className={`line ${mark}`} id={id} tabIndex={id === undefined ? undefined : -1}>
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
