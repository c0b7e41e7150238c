import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { viteBase } from '../vite-base.mjs';

export default defineConfig({
  ...viteBase('vue'),
  plugins: [
    // Without it Vue looks for components of these names, and warns.
    vue({ template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('prospect-') } } }),
  ],
});
