import { gatebookWith, type Gatebook } from './middleware.ts';
import type { GatebookOptions } from './options.ts';

export type { Gatebook } from './middleware.ts';
export type {
  Asked,
  AskedAction,
  AskedField,
  AskedInstead,
  AskedPage,
  GatebookOptions,
  RevealedField,
  VisitOfRequest,
} from './options.ts';

/**
 * The gate, as Express middleware: put it before the product's own routes, behind whatever reads the product's sign-in.
 * Requests without a visit pass untouched.
 */
export function gatebook(options: GatebookOptions): Gatebook {
  return gatebookWith(options, { monotonic: () => performance.now(), now: () => Date.now() });
}
