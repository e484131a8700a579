import { defineConfig } from 'vite';

/** The pages: built into dist/apps/web, where the service's pages door finds them. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ['gatebook', 'module', 'browser', 'production'] },
  build: {
    outDir: '../../dist/apps/web',
    emptyOutDir: true,
    target: 'es2024',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Everything stays a file: the content security policy allows no data addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
