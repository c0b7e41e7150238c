/** What of the panel is shown when there is somebody to show: a part, loaded while the panel connects. */

export { commercialList } from './commercial-list.ts';
export { dock } from './dock.ts';
export { bringTexts } from './texts.ts';
export { toolbar } from './toolbar.ts';
