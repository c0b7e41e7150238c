/** What of the panel is shown when there is somebody to show: a part, loaded while the panel connects. */

export { PanelBody } from './panel-body.ts';
export { bringTexts } from './texts.ts';
