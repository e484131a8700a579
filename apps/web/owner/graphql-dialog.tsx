import { print, type DocumentNode } from 'graphql';
import { useState } from 'react';
import Dialog from '../parts/dialog.tsx';
import { VisitLogQuery } from './operations.ts';

/** The question that this page asks, to be asked by a program. */
export default function GraphqlDialog({
  title = 'This view of the log, as GraphQL',
  document = VisitLogQuery,
  variables,
  onClose,
}: {
  readonly title?: string;
  readonly document?: DocumentNode;
  readonly variables: object;
  readonly onClose: () => void;
}) {
  const [copied, setCopied] = useState('');
  const query = print(document);
  const values = JSON.stringify(variables, null, 2);
  const copy = async (what: string, text: string) => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(`${what} copied.`);
    } catch {
      setCopied('The browser didn’t let it be copied: mark the text, and copy it by hand.');
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="small">
        Send both to <code>{location.origin}/graphql</code>, with an access token of yours. Older lines: ask again with
        the <code>endCursor</code> as <code>after</code>.
      </p>
      <pre tabIndex={0} role="region" aria-label="Query">
        {query}
      </pre>
      <pre tabIndex={0} role="region" aria-label="Variables">
        {values}
      </pre>
      <p role="status" className="small">
        {copied}
      </p>
      <div className="acts wide">
        <button type="button" className="btn" onClick={() => void copy('The query is', query)}>
          Copy the query
        </button>
        <button type="button" className="btn" onClick={() => void copy('The variables are', values)}>
          Copy the variables
        </button>
        <button
          type="button"
          className="btn"
          onClick={() => void copy('The request is', JSON.stringify({ query, variables }))}
        >
          Copy both as a request
        </button>
        <button type="button" className="btn quiet" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
