import { exactObject } from '#domain/exact-json';
import { exactText } from '#wording/exactly';

/** The values that an action’s arguments may have, some of them on one target only. */
export type Choices = readonly {
  readonly argument: string;
  /** `null`: on whatever it is done. */
  readonly target: string | null;
  readonly values: readonly string[];
}[];

/** What the argument may be on this target; `undefined`: any text. */
export function valuesFor(choices: Choices, argument: string, on: string | null): readonly string[] | undefined {
  return choices.find((one) => one.argument === argument && (one.target === null || one.target === on))?.values;
}

/** Whether the product would take the value there; what is not said yet is none. */
export function isTaken(choices: Choices, argument: string, on: string | null, value: unknown): boolean {
  const values = valuesFor(choices, argument, on);
  return values === undefined || (typeof value === 'string' && values.includes(value));
}

/** Of what the action would be done with, each that the product doesn’t take, with why as a sentence. */
export function notTaken(
  choices: Choices,
  on: string | null,
  argumentsJson: string | null,
): ReadonlyMap<string, string> {
  const read = exactObject(argumentsJson ?? '{}');
  const given = 'value' in read ? read.value : {};
  const wrong = Object.entries(given).filter(([argument, value]) => !isTaken(choices, argument, on, value));
  return new Map(wrong.map(([argument, value]) => [argument, notTakenSaid(value)]));
}

export const notTakenSaid = (value: unknown) =>
  `${begun(exactText(value))} is not among what the product takes. Choose another.`;

/** So much of a refused value is read out. */
const READ = 100;

/** A text that a link brought, or its beginning: enough to know it by. */
export function begun(text: string): string {
  return text.length > READ ? `${[...text].slice(0, READ).join('')} …` : text;
}
