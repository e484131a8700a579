/**
 * What the service is started without: each switch puts a module of this folder in the place of one of the build's, for
 * one module that imports it. The product has no such switches.
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

/** Logging has a setting of its own, `GATEBOOK_LOG_LEVEL`. */
export const REPLACED: Readonly<Record<Exclude<Switch, 'logging'>, readonly Replaced[]>> = {
  validation: [
    { in: 'apps/server/doors/evaluation/evaluation-door.js', specifier: 'ajv', by: 'validation-off.ts' },
    { in: 'libs/domain/facts.js', specifier: './checks.js', by: 'recognition-off.ts' },
  ],
  metrics: [{ in: 'apps/server/service.js', specifier: './doors/health/health-door.js', by: 'metrics-off.ts' }],
  snapshots: [{ in: 'apps/server/service.js', specifier: './stores.js', by: 'snapshots-off.ts' }],
};

/** What "off" means, a sentence each. */
export const MEANING: Readonly<Record<Switch, string>> = {
  validation:
    'validation off: bodies of the evaluation door are parsed but not held to their schema (ajv), and facts that are ' +
    'folded, in books and in tables, not to theirs; class-validator has no part in this path.',
  logging:
    'logging off: GATEBOOK_LOG_LEVEL=silent instead of info into a file; requests are not logged one by one in either.',
  metrics:
    'metrics off: no registry, no gauges, no watching of event loop and garbage collector, nobody asks; on: /metrics is ' +
    'read every second. The counts themselves are plain additions and stay.',
  snapshots: 'snapshots off: none is packed or saved; on: one for each 2,000 facts of a workspace.',
};
