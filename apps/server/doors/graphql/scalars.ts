import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

/** RFC 3339, section 5.6, in UTC, to the millisecond at most: what is written and what is read are the same. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/;

function instantFrom(value: unknown): Date {
  const parsed = typeof value === 'string' && INSTANT.test(value) ? new Date(value) : undefined;
  // Days and hours that there are not come out as others, or as none.
  if (!parsed || Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(String(value).slice(0, 19))) {
    throw new GraphQLError('A DateTime is an instant in UTC, like 2026-11-21T09:00:00.000Z.');
  }
  return parsed;
}

/** An instant: `Date` inside, RFC 3339 in UTC with milliseconds outside. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant: RFC 3339 in UTC, with milliseconds, like 2026-11-21T09:00:00.000Z.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize(value) {
    // An invalid Date throws by itself.
    if (value instanceof Date) return value.toISOString();
    throw new TypeError('A DateTime is made of a Date.');
  },
  parseValue: instantFrom,
  parseLiteral: (node) => instantFrom(node.kind === Kind.STRING ? node.value : undefined),
});

function textOnly(name: string, description: string, specifiedByURL: string): GraphQLScalarType<string, string> {
  const never = () => {
    throw new GraphQLError(`${name} is never an input.`);
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    specifiedByURL,
    serialize: String,
    parseValue: never,
    parseLiteral: never,
  });
}

export const Url = textOnly('URL', 'An address on the web.', 'https://url.spec.whatwg.org/');

export const EmailAddress = textOnly(
  'EmailAddress',
  'An e-mail address, as it was told; nobody has checked that mail arrives there.',
  'https://www.rfc-editor.org/rfc/rfc5322',
);
