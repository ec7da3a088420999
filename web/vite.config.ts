// Everything is emitted as files with a hash in the name: no inline script or style, so the strict content
// security policy of the server holds, and a file can be cached for good.
import { defineConfig } from 'vite';
import { licences } from './scripts/licences.mjs';

export default defineConfig({
  base: '/',
  plugins: [licences()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  server: {
    fs: { allow: ['..'] },
    proxy: Object.fromEntries(['/tiles', '/query', '/ogc', '/records', '/proposals', '/changes', '/findings', '/session', '/account', '/accounts', '/audit', '/vocabulary.json'].map((path) => [path, developmentServer()])),
  },
});

function developmentServer(): string {
  return process.env['MINEMAP_URL'] ?? 'http://127.0.0.1:8080';
}
