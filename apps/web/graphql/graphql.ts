import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './schema-types.d.ts';

/** Operations with types from the committed schema. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: {
    DateTime: string;
    Duration: string;
    EmailAddress: string;
    URL: string;
    JSONObject: Record<string, unknown>;
    ID: string;
  };
}>();

export type { ResultOf } from 'gql.tada';
