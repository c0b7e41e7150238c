/** Registers `<prospect-listen-panel>`, and hands out its class. */
import { defineElement } from '../ui/define-element.ts';
import { ProspectListenPanel } from './listen-panel.ts';

defineElement('prospect-listen-panel', ProspectListenPanel);

export { ProspectListenPanel };
