import { InvalidAppend, MAX_APPEND_BYTES, MAX_APPEND_FACTS, MAX_FACT_BYTES } from './port.ts';
import type { ExpectedRevision, NewFact, StreamName } from './port.ts';

const STREAM = /^[\x21-\x7e]{1,200}$/;
const TYPE = /^[A-Za-z0-9]{1,100}$/;
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** The port's limits, one check for every adapter: what is wrong with this append, or undefined when nothing is. */
export function invalidAppend(
  stream: StreamName,
  expected: ExpectedRevision,
  facts: readonly NewFact[],
): InvalidAppend | undefined {
  if (!STREAM.test(stream)) {
    return new InvalidAppend('A stream name has 1 to 200 printable ASCII characters and no spaces.');
  }
  if (typeof expected === 'number' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    return new InvalidAppend(`An expected revision is 'none', 'any' or a whole number from 0 up, not ${expected}.`);
  }
  if (facts.length === 0 || facts.length > MAX_APPEND_FACTS) {
    return new InvalidAppend(`An append has 1 to ${MAX_APPEND_FACTS} facts, not ${facts.length}.`);
  }
  let total = 0;
  for (const fact of facts) {
    if (!ID.test(fact.id)) return new InvalidAppend('A fact id is a UUID in lower case.');
    if (!TYPE.test(fact.type)) return new InvalidAppend('A fact type has 1 to 100 ASCII letters and digits.');
    if (!looksLikeObject(fact.data) || !looksLikeObject(fact.metadata)) {
      return new InvalidAppend(`Fact ${fact.id}: data and metadata are JSON texts of objects.`);
    }
    const bytes = bytesOf(fact);
    if (bytes > MAX_FACT_BYTES) {
      return new InvalidAppend(`Fact ${fact.id} has ${bytes} bytes, the most is ${MAX_FACT_BYTES}.`);
    }
    total += bytes;
  }
  if (total > MAX_APPEND_BYTES) {
    return new InvalidAppend(`The append has ${total} bytes, the most is ${MAX_APPEND_BYTES}.`);
  }
  return undefined;
}

/** Braces only: the codec wrote the text, and parsing each one again would cost the hot path as much as the insert. */
function looksLikeObject(text: string): boolean {
  return text.charCodeAt(0) === OPENING_BRACE && text.charCodeAt(text.length - 1) === CLOSING_BRACE;
}

function bytesOf(fact: NewFact): number {
  return Buffer.byteLength(fact.data) + Buffer.byteLength(fact.metadata) + fact.type.length;
}
