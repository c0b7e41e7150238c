/** Bundle `prospect-live.js`: registers both elements, and exports their classes and events. */
import '../define.ts';

export * from '../index.ts';
