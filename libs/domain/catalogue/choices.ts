import * as v from 'valibot';
import { HIDES_TEXT, hidesText } from '@gatebook/protocol';

const text = v.pipe(
  v.string(),
  v.minLength(1, 'must not be empty'),
  v.maxLength(200, 'must have at most 200 characters'),
  v.check((value) => !hidesText(value), HIDES_TEXT),
);
const texts = v.pipe(
  v.array(text),
  v.minLength(1, 'must name a value, or be left out'),
  v.maxLength(500, 'must have at most 500 values'),
  v.check((values) => new Set(values).size === values.length, 'must name each value once'),
);
/** Of a target: what the product calls it by, as a request names it. */
const target = v.pipe(v.string(), v.maxLength(200, 'must have at most 200 characters'));

// A list is a group of its places, too: it would be read as one of targets that are numbers.
const group = v.custom<Record<string, unknown>>(
  (input) => typeof input === 'object' && input !== null && !Array.isArray(input),
);

/** The values that one argument may have: everywhere, or by what the action is about; a target that isn't named: any. */
export const choicesSchema = v.union(
  [texts, v.pipe(group, v.record(target, texts))],
  'must be a list of texts, or a group of such lists by target; a number stands in quotes',
);

export type ArgumentChoices = v.InferOutput<typeof choicesSchema>;

/** As much of an action as says which values its arguments may have. */
export interface WithChoices {
  readonly takes?: readonly string[] | undefined;
  readonly choices?: Readonly<Record<string, ArgumentChoices>> | undefined;
}

/** The values that the argument may have on this target; `undefined`: any text. */
export function valuesOf({ choices }: WithChoices, argument: string, on: string | null): readonly string[] | undefined {
  const declared = choices && Object.hasOwn(choices, argument) ? choices[argument] : undefined;
  if (declared === undefined || isForAll(declared)) return declared;
  return on !== null && Object.hasOwn(declared, on) ? declared[on] : undefined;
}

export const isForAll = (choices: ArgumentChoices): choices is string[] => Array.isArray(choices);

/** An argument whose value is none that the product takes there, with those that it takes. */
interface Unchosen {
  readonly argument: string;
  readonly values: readonly string[];
}

/** The first such argument of an action as it would be performed. */
export function unchosenArgument(
  action: WithChoices,
  on: string | null,
  given: Readonly<Record<string, unknown>> | null,
): Unchosen | undefined {
  for (const argument of Object.keys(action.choices ?? {})) {
    const values = valuesOf(action, argument, on);
    const value = given !== null && Object.hasOwn(given, argument) ? given[argument] : undefined;
    if (values !== undefined && !(typeof value === 'string' && values.includes(value))) return { argument, values };
  }
  return undefined;
}

const VALUES_SAID = 8;

/** What there is to choose from, behind what it is for: “takes “0 %” or “10 %” as the argument “value””. */
export function takesSaid({ argument, values }: Unchosen): string {
  return `takes ${valuesSaid(values)} as the argument “${argument}”`;
}

/** The values in a sentence: “0 %”, “10 %” or “20 %”; of many the first, and how many more there are. */
function valuesSaid(values: readonly string[]): string {
  const said = values.slice(0, VALUES_SAID).map((value) => `“${value}”`);
  const more = values.length - said.length;
  if (more > 0) return `${said.join(', ')} and ${more} more`;
  return said.length < 2 ? said.join('') : `${said.slice(0, -1).join(', ')} or ${said.at(-1)}`;
}

/** The first argument that could be more than before; `undefined`: each can be as much or less. */
export function choiceLoosened(was: WithChoices, is: WithChoices): string | undefined {
  return Object.entries(was.choices ?? {}).find(([argument, before]) => {
    const now = is.choices && Object.hasOwn(is.choices, argument) ? is.choices[argument] : undefined;
    if (now === undefined) return true;
    if (isForAll(before)) return !isForAll(now) || !isWithin(now, before);
    return Object.entries(before).some(([on, values]) => {
      const left = valuesOf(is, argument, on);
      return left === undefined || !isWithin(left, values);
    });
  })?.[0];
}

const isWithin = (some: readonly string[], all: readonly string[]) => some.every((value) => all.includes(value));
