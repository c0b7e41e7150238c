import type { LitElement, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Words } from '../i18n/words.ts';
import type { StreamingControl, StreamingState } from '../sessions/state.ts';
import { icon } from '../ui/icons.ts';
import { addShadowStyles } from '../ui/shadow-styles.ts';
import { asksConsent, type PolicySaid, policySaid } from './button-lines.ts';
import { doorStyles } from './button-styles.ts';
import { consentSheet } from './consent-sheet.ts';
import { doorCard } from './door-card.ts';
import { PolicyDialog } from './policy-dialog.ts';
import { bringTexts } from './texts.ts';

export { softTone } from './soft-tone.ts';

/** What the button has only where the relay has a policy: the text to acknowledge, the card for the door, and what is said of time. */
export class ButtonPolicy {
  readonly #host: LitElement;
  readonly #dialog: PolicyDialog;
  readonly #control: () => StreamingControl | null;
  #open: 'consent' | 'card' | null = null;
  /** Ends the wait of who asked for a start. */
  #answered: (() => void) | undefined;

  /** @param control the session, while there is one */
  constructor(host: LitElement, control: () => StreamingControl | null) {
    this.#host = host;
    this.#control = control;
    bringTexts();
    this.#dialog = new PolicyDialog(host, () => this.#close());
    addShadowStyles(host, doorStyles);
  }

  /** One of its dialogs stands over the page. */
  get covers(): boolean {
    return this.#open !== null;
  }

  /** Shows the text to be acknowledged. Resolves when the person has gone live, failed, or did not want to. */
  ask(): Promise<void> {
    this.#show('consent');
    return new Promise((resolve) => {
      this.#answered?.();
      this.#answered = resolve;
    });
  }

  /** What is said beside everything else. */
  said(state: StreamingState, words: Words): PolicySaid {
    return policySaid(state, Date.now(), words);
  }

  /** Opens the card: in the bubble, open or closed. */
  button({ policy, status }: StreamingState, words: Words): TemplateResult | typeof nothing {
    if (!policy?.notice?.card || status === 'idle' || status === 'connecting') return nothing;
    const label = words('card');
    return html`<button class="wide" part="card" dir=${words.dir} aria-label=${label} aria-haspopup="dialog" title=${label} @click=${() => this.#show('card')}>${icon('card')}<span>${label}</span></button>`;
  }

  /** The dialog that is open. */
  render(state: StreamingState, words: Words): TemplateResult | typeof nothing {
    if (this.#open === 'card') {
      return doorCard(state, words, {
        mind: () => void this.#control()?.setPaused(true, 'objection'),
        goOn: () => {
          void this.#control()?.setPaused(false);
          this.#close();
        },
        close: () => this.#close(),
      });
    }
    if (this.#open !== 'consent' || !state.policy) return nothing;
    // Acknowledged on another page, or no longer asked for.
    if (!asksConsent(state)) {
      queueMicrotask(() => this.#close());
      return nothing;
    }
    return consentSheet(state.policy, words, (version) => this.#answer(version));
  }

  #answer(version: string | null): void {
    if (this.#open !== 'consent') return;
    const answered = this.#answered;
    this.#answered = undefined;
    const control = this.#control();
    if (version !== null && control) {
      control.acknowledge(version);
      // Within the press: browsers ask for the microphone only there.
      void control.start().then(answered);
    } else answered?.();
    this.#close();
  }

  #show(which: 'consent' | 'card'): void {
    this.#open = which;
    this.#host.requestUpdate();
  }

  #close(): void {
    if (this.#open === null) return;
    this.#open = null;
    this.#dialog.close();
    this.#answered?.();
    this.#answered = undefined;
    this.#host.requestUpdate();
  }
}
