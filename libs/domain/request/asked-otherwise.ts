import { canonicalJson } from '@gatebook/protocol';

type Arguments = Readonly<Record<string, unknown>>;

/** What is known of a request's arguments: as they stand, and as asked for where a first approval changed them. */
interface Told {
  readonly arguments: Arguments | null;
  readonly askedArguments?: Arguments | undefined;
}

/** What was asked for, where other arguments are approved: the line tells both (S4-47); `undefined`: the same, or erased. */
export function askedOtherwise(shown: Told | null, approved: Arguments = {}): Arguments | undefined {
  if (shown === null) return undefined;
  const asked = shown.askedArguments ?? shown.arguments ?? {};
  return canonicalJson(asked) === canonicalJson(approved) ? undefined : { ...asked };
}

export function withAsked<Shown extends Told>(shown: Shown | null, asked: Arguments | undefined): Shown | null {
  return shown && asked ? { ...shown, askedArguments: asked } : shown;
}
