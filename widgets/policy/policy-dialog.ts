import type { LitElement, ReactiveController } from 'lit';
import { addShadowStyles } from '../ui/shadow-styles.ts';
import { dialogStyles } from './dialog-styles.ts';

/** The one dialog that an element's policy has open: modal from when it is rendered. */
export class PolicyDialog implements ReactiveController {
  readonly #host: LitElement;
  readonly #gone: () => void;

  /** @param gone called when the element leaves the page */
  constructor(host: LitElement, gone: () => void) {
    this.#host = host;
    this.#gone = gone;
    addShadowStyles(host, dialogStyles);
    host.addController(this);
  }

  hostUpdated(): void {
    const dialog = this.#dialog;
    if (dialog && !dialog.open && this.#host.isConnected) dialog.showModal();
  }

  hostDisconnected(): void {
    this.#gone();
  }

  /** The browser gives the focus back to what had it before. */
  close(): void {
    this.#dialog?.close();
  }

  get #dialog(): HTMLDialogElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLDialogElement>('dialog.policy');
  }
}
