/** Registers `<prospect-stream-button>`, and hands out its class. */
import { defineElement } from '../ui/define-element.ts';
import { ProspectStreamButton } from './stream-button.ts';

defineElement('prospect-stream-button', ProspectStreamButton);

export { ProspectStreamButton };
