/**
 * What can be switched off and on in the service while it runs: for each switch a module of this folder stands in the
 * place of one of the build's, for one module that imports it. The product has no such switches.
 */
export const SWITCHES = ['validation', 'logging', 'metrics', 'snapshots'] as const;
export type Switch = (typeof SWITCHES)[number];

export interface Replaced {
  /** The module that imports, in the build. */
  readonly in: string;
  readonly specifier: string;
  /** In this folder. */
  readonly by: string;
}

export const REPLACED: readonly Replaced[] = [
  { in: 'apps/server/doors/evaluation/evaluation-door.js', specifier: 'ajv', by: 'validation.ts' },
  { in: 'libs/domain/facts.js', specifier: './checks.js', by: 'recognition.ts' },
  { in: 'apps/server/main.js', specifier: 'pino', by: 'logging.ts' },
  { in: 'apps/server/service.js', specifier: './doors/health/health-door.js', by: 'metrics.ts' },
  { in: 'apps/server/service.js', specifier: './stores.js', by: 'snapshots.ts' },
];

/** What the bench asks of the service; each is answered with an {@link Edge}, once it is done. */
export type Order = { readonly off: readonly Switch[] } | { readonly say: string } | 'tell';

/** Where the service stands, all read at one moment. */
export interface Edge {
  /** Milliseconds of the service's own steady clock. */
  readonly at: number;
  /** Microseconds of processor time, user and system, of all its threads. */
  readonly micros: number;
  /** Questions answered since the start. */
  readonly answers: number;
}

/** What "off" means, a sentence each. */
export const MEANING: Readonly<Record<Switch, string>> = {
  validation:
    'validation off: bodies of the evaluation door are parsed but not held to their schema (ajv), and facts that are ' +
    'folded, in books and in tables, not to theirs; class-validator has no part in this path.',
  logging:
    'logging off: the logger’s level is silent instead of info into a file; requests are not logged one by one in either.',
  metrics:
    'metrics off: event loop and garbage collector are not watched, nobody asks; on: /metrics is read about once a ' +
    'second. The counts themselves are plain additions and stay.',
  snapshots: 'snapshots off: none is packed or saved; on: one for each 2,000 facts of a workspace.',
};
