import { gatebookWith, type Gatebook, type GatebookOptions } from './middleware.ts';

export type { Asked, AskedInstead, Gatebook, GatebookOptions, VisitOfRequest } from './middleware.ts';

/**
 * The gate, as Express middleware: put it before the product's own routes, behind whatever reads the product's sign-in.
 * Requests without a visit pass untouched.
 */
export function gatebook(options: GatebookOptions): Gatebook {
  return gatebookWith(options, { monotonic: () => performance.now(), now: () => Date.now() });
}
