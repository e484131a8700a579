import { ValidateBy, type ValidationOptions } from 'class-validator';
import { HIDES_TEXT, hidesText } from '@gatebook/protocol';

/**
 * A line that people read: nothing in it that can’t be seen or that turns text around (threats T25, T52). What is no
 * text is another check’s to say.
 */
export function PlainText(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'plainText',
      validator: {
        validate: (value: unknown) => typeof value !== 'string' || !hidesText(value),
        defaultMessage: () => `$property ${HIDES_TEXT}`,
      },
    },
    options,
  );
}
