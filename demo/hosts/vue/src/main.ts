// Defines the two elements, once; and their types in templates.
import '@prospect-live/widgets/define';
import type {} from '@prospect-live/widgets/vue';
import { createApp } from 'vue';
import AppRoot from './app-root.vue';
import { fetchSession } from './session.ts';

createApp(AppRoot, { session: await fetchSession() }).mount('#app');
