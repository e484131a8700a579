import { GraphQLScalarType } from 'graphql';

/** A JSON object, for what programs may look at and people need not: technical detail only. */
export const JsonObject = new GraphQLScalarType<object, object>({
  name: 'JSONObject',
  description: 'A JSON object.',
  serialize: (value) => value as object,
  parseValue() {
    throw new TypeError('A JSONObject is never an input.');
  },
  parseLiteral() {
    throw new TypeError('A JSONObject is never an input.');
  },
});
