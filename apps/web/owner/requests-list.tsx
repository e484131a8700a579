import { useState } from 'react';
import { Section } from '../parts/layout.tsx';
import { Compared } from '../requests/compared.tsx';
import type { Requests } from '../requests/operations.ts';
import { allowedOf, askedOf } from '../requests/told.ts';
import { EndedLine } from './waiting.tsx';
import '../requests/requests.css';

const SHOWN = 5;

/** What was asked for and how it ended; where an approval changed it, both versions (S4-26, S4-47). */
export default function RequestsList({
  requests,
  whoDecides,
}: {
  readonly requests: Requests;
  /** As a sentence, by the settings in force. */
  readonly whoDecides: string;
}) {
  const [all, setAll] = useState(false);
  const ended = requests.recent.nodes.filter(({ endedAt }) => endedAt !== null);
  return (
    <Section title="Requests" id="requests" hint="What was asked of you, and how it ended.">
      {ended.length === 0 ? (
        <p>Nothing was asked and decided yet. {whoDecides}</p>
      ) : (
        <ul className="book loose decisions">
          {(all ? ended : ended.slice(0, SHOWN)).map((request) => (
            <EndedLine key={request.id} request={request}>
              {request.phase === 'APPROVED' && request.change && (
                <details className="fold">
                  <summary>What was asked, and what was allowed</summary>
                  <Compared asked={askedOf(request)} granted={allowedOf(request)} by="Allowed" />
                </details>
              )}
            </EndedLine>
          ))}
        </ul>
      )}
      {!all && ended.length > SHOWN && (
        <p className="gap">
          <button type="button" className="txt" onClick={() => setAll(true)}>
            Show {ended.length - SHOWN} more
          </button>
        </p>
      )}
    </Section>
  );
}
