import type { Streams } from './generated.ts';
import { Refused } from './refusals.ts';
import type { StoredEvent } from './stored.ts';

type FilterOptions = Streams.ReadReq.Options.FilterOptions;

/** How many events a real server looks at in one go when the client names no window. */
const DEFAULT_WINDOW = 32;

export interface Filter {
  matches(event: StoredEvent): boolean;
  /** So many events looked at, matching or not, are worth a checkpoint. */
  readonly checkpointEvery: number;
}

/** @throws {Refused} the regular expression is none. */
export function filterFrom(options: FilterOptions | undefined): Filter | undefined {
  if (!options) return undefined;
  const onStream = options.getStreamIdentifier();
  const expression = onStream ?? options.getEventType();
  if (!expression) return undefined;
  const textOf = onStream ? (event: StoredEvent) => event.stream : (event: StoredEvent) => event.type;
  const fits = expressionFrom(expression);
  const window = options.hasMax() ? options.getMax() : DEFAULT_WINDOW;
  return {
    matches: (event) => fits(textOf(event)),
    checkpointEvery: Math.max(1, window * Math.max(1, options.getCheckpointintervalmultiplier())),
  };
}

function expressionFrom(expression: Streams.ReadReq.Options.FilterOptions.Expression): (text: string) => boolean {
  const prefixes = expression.getPrefixList();
  if (prefixes.length > 0) return (text) => prefixes.some((prefix) => text.startsWith(prefix));
  const source = expression.getRegex();
  let regex: RegExp;
  try {
    regex = new RegExp(source);
  } catch {
    throw new Refused({ kind: 'bad-request', message: `"${source}" is no regular expression.` });
  }
  return (text) => regex.test(text);
}
