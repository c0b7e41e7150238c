import { fileURLToPath } from 'node:url';

/**
 * What the host applications' builds have in common. Everything else is in each host's own vite.config.mjs.
 * @param {string} name of the host; its files are served under /hosts/NAME/
 * @returns {import('vite').UserConfig}
 */
export function viteBase(name) {
  return {
    root: fileURLToPath(new URL(`${name}/`, import.meta.url)),
    base: `/hosts/${name}/`,
    publicDir: false,
    logLevel: 'warn',
    build: {
      outDir: fileURLToPath(new URL(`dist/${name}/`, import.meta.url)),
      emptyOutDir: true,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 2000,
    },
  };
}
