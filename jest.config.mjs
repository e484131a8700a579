// One project per level; the level stands in the file's name (CONTRIBUTING.md, "Tests").
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      swcrc: false,
      sourceMaps: 'inline',
      jsc: {
        target: 'es2024',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        keepClassNames: true,
      },
      module: { type: 'es6' },
    },
  ],
};

const project = (level) => ({
  displayName: level,
  rootDir: import.meta.dirname,
  testMatch: [`<rootDir>/{apps,libs,projections,bench}/**/*.${level}.spec.ts`],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/libs/.*/dist/', '<rootDir>/.tmp/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform,
  setupFiles: ['<rootDir>/scripts/jest-setup.mjs'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['gatebook', 'node', 'node-addons'] },
});

export default {
  projects: [project('unit'), project('int'), project('e2e')],
  // Jest knows one limit for all projects; harnesses, which take longer, name their own. It ends what hangs, and says
  // nothing of how fast a test is: a screen in all its looks takes half a minute on a machine that is busy.
  testTimeout: 300_000,
};
