import { latePart } from '../shared/late-part.ts';

/** List, toolbar and dock: no session has anybody for them before they are there. */
export const rendering = latePart(async () => {
  const part = await import('./panel-rendering.ts');
  part.bringTexts();
  return part;
});

/** What the dock has for whispers. */
export const talking = latePart(() => import('../whisper/talk-view.ts'));
