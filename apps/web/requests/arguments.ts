import { exactJson, exactObject } from '#domain/exact-json';
import { argumentItems, exactText, visibly } from '#wording/exactly';

/** One argument of an action, as it can be edited: a text as it is read, anything else as the JSON that it is. */
export interface ArgumentField {
  readonly name: string;
  /** The name with everything unseen in it escaped. */
  readonly shown: string;
  readonly isText: boolean;
  readonly text: string;
  /** What was asked for, as JSON. */
  readonly asked: string;
}

/** What somebody edited of them, by name. */
export type Edited = Readonly<Record<string, string>>;

export function argumentFields(argumentsJson: string | null | undefined): ArgumentField[] {
  const given = argumentsOf(argumentsJson);
  return Object.keys(given)
    .sort()
    .map((name) => {
      const value = given[name];
      const isText = typeof value === 'string' && visibly(value) === value;
      const asked = exactText(value);
      const [item] = argumentItems({ [name]: value });
      return { name, shown: item?.name ?? name, isText, text: isText ? value : asked, asked };
    });
}

/**
 * What the action would be done with: what nobody edited stays exactly what it was.
 * @returns the arguments as canonical JSON, or what is wrong by name, as a sentence.
 */
export function argumentsWished(
  argumentsJson: string | null | undefined,
  edited: Edited = {},
): { readonly json: string | null } | { readonly mistakes: ReadonlyMap<string, string> } {
  const wished = { ...argumentsOf(argumentsJson) };
  const mistakes = new Map<string, string>();
  for (const { name, shown, isText, text: before } of argumentFields(argumentsJson)) {
    const text = edited[name];
    if (text === undefined || text === before) continue;
    if (isText) {
      if (text === '') mistakes.set(name, `Say the ${shown} that it may be done with.`);
      else wished[name] = text;
      continue;
    }
    const read = exactJson(text);
    if ('mistake' in read) mistakes.set(name, `It ${read.mistake.says}: a text stands in quotes.`);
    else wished[name] = read.value;
  }
  if (mistakes.size > 0) return { mistakes };
  return { json: Object.keys(wished).length === 0 ? (argumentsJson ?? null) : exactText(wished) };
}

/** The request brings them as exact JSON; what can't be read as such is shown nowhere as a field. */
function argumentsOf(argumentsJson: string | null | undefined): Readonly<Record<string, unknown>> {
  const read = argumentsJson == null ? undefined : exactObject(argumentsJson);
  return read && 'value' in read ? read.value : {};
}
