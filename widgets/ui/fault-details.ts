import type { TemplateResult } from 'lit';
import { html } from 'lit';
import type { Words } from '../i18n/words.ts';
import type { ProspectFault } from '../sessions/state.ts';
import { WIDGET_VERSION } from '../shared/version.ts';

/** What support asks for first: which failure, of which version, when, and under which name it stands in the relay's log. No token, nobody's name. */
export function detailsOf(tag: string, code: string, traceId: string | null, at: Date): string {
  return [
    `element: ${tag}`,
    `version: ${WIDGET_VERSION}`,
    `code: ${code}`,
    `trace: ${traceId ?? '-'}`,
    `time: ${at.toISOString()}`,
  ].join('\n');
}

/** The line under a failure: its code, and a button that copies what support asks for. */
export class FaultDetails {
  readonly #host: HTMLElement;
  readonly #update: () => void;
  #fault: ProspectFault | null = null;
  #at = new Date(0);
  #copied = false;
  /** The browser gives no clipboard (a page without https, a frame without the right): the text is shown, to be copied by hand. */
  #shown = '';

  constructor(host: HTMLElement, update: () => void) {
    this.#host = host;
    this.#update = update;
  }

  /** Called with each failure when it begins. */
  begin(fault: ProspectFault): void {
    this.#fault = fault;
    this.#at = new Date();
    this.#copied = false;
    this.#shown = '';
  }

  render({ code }: ProspectFault, traceId: string | null, words: Words): TemplateResult {
    const copy = () => void this.#copy(detailsOf(this.#host.localName, code, traceId, this.#at));
    return html`<span class="details" part="details"><code dir="ltr">${code}</code><button class="copy" part="copy-details" @click=${copy}>${words(this.#copied ? 'details_copied' : 'details_copy')}</button><span class="sr" role="status">${this.#copied ? words('details_copied') : ''}</span>${
      this.#shown ? html`<code class="by-hand" dir="ltr" tabindex="0">${this.#shown}</code>` : ''
    }</span>`;
  }

  async #copy(text: string): Promise<void> {
    const fault = this.#fault;
    // Undefined where the page is not secure, whatever the types say.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    const copied = await (clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'))).then(
      () => true,
      () => false,
    );
    // Another failure came meanwhile.
    if (fault !== this.#fault) return;
    this.#copied = copied;
    this.#shown = copied ? '' : text;
    this.#update();
  }
}
