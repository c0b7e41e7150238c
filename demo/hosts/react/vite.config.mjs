import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { viteBase } from '../vite-base.mjs';

export default defineConfig({ ...viteBase('react'), plugins: [react()] });
