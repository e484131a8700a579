import { useEffect, useState } from 'react';
import { ask } from '../graphql/ask.ts';
import { graphql } from '../graphql/graphql.ts';
import type { Choices } from './choices.ts';

const ActionChoicesQuery = graphql(`
  query ActionChoices($requestId: ID!) {
    node(id: $requestId) {
      ... on AccessRequest {
        id
        actionChoices {
          argument
          target
          values
        }
      }
    }
  }
`);

/** Of the request’s action by the catalogue in force. Until they are read any text can be said, and is refused later. */
export function useChoices(requestId: string, areShown: boolean): Choices {
  const [choices, setChoices] = useState<Choices>([]);
  useEffect(() => {
    if (!areShown) return;
    let isGone = false;
    const read = async () => {
      const { node } = await ask(ActionChoicesQuery, { requestId });
      if (!isGone && node && 'actionChoices' in node) setChoices(node.actionChoices);
    };
    read().catch(() => undefined);
    return () => void (isGone = true);
  }, [requestId, areShown]);
  return choices;
}
