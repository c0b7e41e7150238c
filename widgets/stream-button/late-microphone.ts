import { type LitElement, nothing, type TemplateResult } from 'lit';
import type { Words } from '../i18n/words.ts';
import { latePart } from '../shared/late-part.ts';
import type { MicrophoneMenu } from './microphone-menu.ts';

const part = latePart(() => import('./microphone-menu.ts'));

/** The choice of a microphone and, before going live, its test: loaded when the bubble is first open. */
export class LateMicrophone {
  readonly #host: LitElement;
  readonly #recover: () => void;
  #menu: MicrophoneMenu | undefined;

  /** @param recover another microphone was chosen while one is in use */
  constructor(host: LitElement, recover: () => void) {
    this.#host = host;
    this.#recover = recover;
  }

  /** Microphones may have names by now. */
  look(): void {
    void this.#menu?.look();
  }

  /** A test of the microphone is over. Idempotent. */
  release(): void {
    this.#menu?.release();
  }

  render(open: boolean, words: Words, testable: boolean): TemplateResult | typeof nothing {
    if (!open) this.release();
    if (open && !part.here) void part.get().then(() => this.#host.requestUpdate());
    if (!open || !part.here) return nothing;
    this.#menu ??= new part.here.MicrophoneMenu(this.#host, this.#recover);
    return this.#menu.render(words, testable);
  }
}
