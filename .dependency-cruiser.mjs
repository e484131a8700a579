// The arrows between the rooms (ARCHITECTURE.md). Each rule says why it is there.
const specs = '(\\.spec\\.ts$|/testing/|^apps/(demo|web)/stories/)';

export default {
  forbidden: [
    {
      name: 'pure-rooms-stay-pure',
      comment:
        'What decides and what speaks knows no framework, no driver and no I/O, so that it can be tested and replayed anywhere.',
      severity: 'error',
      from: { path: '^libs/(domain|wording|protocol)/', pathNot: specs },
      to: { pathNot: '^(libs/(domain|wording|protocol)/|node_modules/valibot/)' },
    },
    {
      name: 'folds-are-pure',
      comment: 'A fold sets rows from facts; a rebuild must give the same rows in any year, on any machine.',
      severity: 'error',
      from: { path: '^projections/[^/]+/fold\\.ts$' },
      to: { path: 'node_modules/|^node:', pathNot: 'node_modules/valibot/' },
    },
    {
      name: 'libs-know-no-apps',
      comment: 'Arrows go apps -> projections -> libs.',
      severity: 'error',
      from: { path: '^libs/', pathNot: specs },
      to: { path: '^(apps|projections|bench)/' },
    },
    {
      name: 'projections-know-no-apps',
      comment: 'Arrows go apps -> projections -> libs.',
      severity: 'error',
      from: { path: '^projections/', pathNot: specs },
      to: { path: '^(apps|bench)/' },
    },
    {
      name: 'only-event-log-knows-a-store',
      comment:
        'libs/event-log is the only room that knows how the log is stored; projections and the demo have tables of their own.',
      severity: 'error',
      from: { pathNot: `^(libs/event-log|projections/runner|apps/demo|bench)/|${specs}` },
      to: {
        path: '(^|/)(sqlite$|node:sqlite)|node_modules/(@eventstore|pg|kysely)/',
        pathNot: '^libs/event-log/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'only-the-server-knows-nest',
      comment: 'Nest is how the service is put together, and nothing else is built on it.',
      severity: 'error',
      // The bench of GraphQL compares with Nest as its documentation has it.
      from: { pathNot: '^(apps/server/|bench/graphql/stock\\.ts$)' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'published-packages-import-protocol-only',
      comment: 'What a product installs brings nothing of the service with it.',
      severity: 'error',
      from: { path: '^libs/(host|protocol)/', pathNot: specs },
      to: { path: '^(apps|projections|bench|libs/(domain|wording|event-log))/' },
    },
    {
      name: 'the-demo-is-a-vendor-like-any-other',
      comment: 'The demo product uses what is published, and nothing that a vendor could not have.',
      severity: 'error',
      from: { path: '^apps/demo/', pathNot: specs },
      to: { path: '^(apps/(server|cli)|projections|libs/(domain|wording|event-log))/' },
    },
    {
      name: 'the-pages-talk-over-http',
      comment:
        'What runs in a browser knows the doors, the published words and the wording; nothing of the service but pure readings that it would otherwise tell a second time: when a reason is specific, what a job opens, what is asked for, by when it is begun, and which JSON means one thing.',
      severity: 'error',
      from: { path: '^apps/web/', pathNot: specs },
      to: {
        path: '^(apps/(server|cli|demo)|projections|libs/(domain|event-log|host))/|^node:',
        pathNot: '^libs/domain/(session/reason|catalogue/catalogue|request/(scope|start-by)|exact-json)\\.ts$',
      },
    },
    {
      name: 'the-command-talks-over-http',
      comment:
        'Commands go through the doors like everybody else; only tail and replay read the log, and only read it.',
      severity: 'error',
      from: { path: '^apps/cli/', pathNot: specs },
      to: { path: '^(apps/(server/(desk|doors|workers)|demo)|projections)/' },
    },
    {
      name: 'decisions-read-no-table',
      comment: 'No decision ever reads a projection (design, promise 2): a table is late by nature.',
      severity: 'error',
      from: { path: '^(libs/domain|apps/server/desk|apps/server/doors/(evaluation|token|signals))/', pathNot: specs },
      to: { path: '^projections/' },
    },
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one file, or three.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['gatebook', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};
