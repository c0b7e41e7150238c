import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { viteBase } from '../vite-base.mjs';

const inModules = (path) => fileURLToPath(new URL(`../../../node_modules/${path}`, import.meta.url));

export default defineConfig({
  ...viteBase('react18'),
  plugins: [react()],
  // React 18 is installed beside React 19 under another name; an application of its own needs none of this.
  resolve: {
    alias: [
      { find: /^react(?=\/|$)/, replacement: inModules('react18') },
      { find: /^react-dom(?=\/|$)/, replacement: inModules('react-dom18') },
    ],
  },
});
