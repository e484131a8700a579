import type { Ref, SelectHTMLAttributes } from 'react';
import { begun } from './choices.ts';

/** No value of anybody’s: what stands there, and isn’t taken. */
const REFUSED = '\u0000';

/** One of the values that the product takes. What a link brought and isn’t among them stays, and is told as refused. */
export function ChoiceField({
  values,
  value,
  refused,
  field,
  onChoice,
  ...rest
}: {
  readonly values: readonly string[];
  /** `undefined`: none is chosen yet. */
  readonly value: string | undefined;
  /** What is asked for and not among the values, as it is read; `undefined`: nothing is. */
  readonly refused: string | undefined;
  readonly field?: Ref<HTMLSelectElement> | undefined;
  readonly onChoice: (value: string) => void;
} & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'value' | 'onChange'>) {
  return (
    <select
      {...rest}
      ref={field}
      value={refused === undefined ? (value ?? '') : REFUSED}
      onChange={({ target }) => onChoice(target.value)}
    >
      {value === undefined && refused === undefined && <option value="">Choose one</option>}
      {refused !== undefined && (
        <option value={REFUSED} disabled>
          {begun(refused)} (not taken)
        </option>
      )}
      {values.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  );
}
