import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm run dev` runs the gateway. Its session cookie and its check of where a request comes from see one origin. */
const GATEWAY = process.env['CONSOLE_GATEWAY'] ?? 'http://127.0.0.1:8787';

/** `vite --mode mock`: made-up cases answer instead of a gateway. Never part of the bundle. */
function mockApi(): Plugin {
  return {
    name: 'imprimatur-mock-api',
    apply: 'serve',
    async configureServer(server) {
      const { createMockApi } = await import('./dev-fixtures/mock-api.ts');
      server.middlewares.use(createMockApi());
    },
  };
}

export default defineConfig(({ mode }) => ({
  base: '/console/',
  root: import.meta.dirname,
  plugins: [react(), ...(mode === 'mock' ? [mockApi()] : [])],
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    target: 'es2022',
    // The page's policy takes no script from inside the document and no data: address.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: {
    port: 5173,
    strictPort: false,
    proxy: mode === 'mock' ? {} : { '/v1': { target: GATEWAY, changeOrigin: true, headers: { origin: GATEWAY } } },
  },
}));
