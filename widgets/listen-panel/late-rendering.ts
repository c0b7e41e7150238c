import { latePart } from '../shared/late-part.ts';

/** List, toolbar and dock: no session has anybody for them before they are there. */
export const rendering = latePart(
  () => import('./panel-rendering.ts'),
  (part) => part.bringTexts(),
);

/** What the dock has for whispers. */
export const talking = latePart(() => import('../whisper/talk-view.ts'));
