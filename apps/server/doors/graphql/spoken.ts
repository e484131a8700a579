import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { randomUUID } from 'node:crypto';
import type { GraphqlDoorOptions } from './options.ts';

/** Errors that the caller may read as they are; any other is named without its words. */
const SPOKEN = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'PROJECTION_LAG',
  'TRY_AGAIN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'TOO_EXPENSIVE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'TOO_MANY_SUBSCRIPTIONS',
  'TOO_FAR_BACK',
]);

/** Makes errors into what callers read, over HTTP and over WebSockets alike: no stack, no guess, no word of a fault. */
export function errorSpeaker({ onError }: Pick<GraphqlDoorOptions, 'onError'>) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    if (SPOKEN.has(String(formatted.extensions?.['code']))) {
      const { message, locations, path, extensions } = formatted;
      return { message: withoutGuess(message), locations, path, extensions: { code: extensions?.['code'] } };
    }
    const traceId = randomUUID();
    onError(error instanceof GraphQLError ? (error.originalError ?? error) : error, traceId);
    return { message: 'Something went wrong here.', extensions: { code: 'INTERNAL', traceId } };
  };
}

/** Apollo takes guesses at the schema's names out of errors in documents, and forgets those in variables. */
function withoutGuess(message: string): string {
  const guess = message.lastIndexOf(' Did you mean ');
  return guess < 0 ? message : message.slice(0, guess);
}
