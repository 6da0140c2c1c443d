import path from 'node:path';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const root = path.dirname(fileURLToPath(import.meta.url));

/** Packages in files of their own: a new version of the panel leaves them in the browser's cache. */
const CHUNKS: ReadonlyArray<readonly [name: string, inPath: RegExp]> = [
  ['vue', /node_modules\/(@vue|vue|vue-router|pinia|vue-i18n|@intlify)\//],
  ['zod', /node_modules\/zod\//],
  ['jssip', /node_modules\/(jssip|sdp-transform|events|debug)\//],
];

export default defineConfig({
  root,
  base: '/',
  plugins: [vue()],
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    outDir: path.resolve(root, '../.build/panel'),
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      output: {
        manualChunks(id: string) {
          return CHUNKS.find(([, inPath]) => inPath.test(id))?.[0];
        },
      },
    },
  },
});
