/** In the place of `ajv`: while validation is off, whatever comes fits. */
import { Ajv as RealAjv, type ErrorObject, type ErrorsTextOptions, type Options, type Schema } from 'ajv';
import { isOff } from './state.ts';

interface Validate {
  (body: unknown): boolean;
  readonly errors?: ErrorObject[] | null;
}

export class Ajv {
  readonly #real: RealAjv;

  constructor(options?: Options) {
    this.#real = new RealAjv(options);
  }

  compile(schema: Schema): Validate {
    const validate = this.#real.compile(schema);
    const ask = (body: unknown): boolean => isOff.validation || validate(body);
    return Object.defineProperty(ask, 'errors', { get: () => validate.errors });
  }

  errorsText(errors?: ErrorObject[] | null, options?: ErrorsTextOptions): string {
    return this.#real.errorsText(errors, options);
  }
}
