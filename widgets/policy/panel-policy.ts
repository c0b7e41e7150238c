import type { LitElement, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Words } from '../i18n/words.ts';
import type { Purpose } from '../sessions/policy-state.ts';
import type { Commercial, ListeningState } from '../sessions/state.ts';
import { isolate } from '../shared/isolate.ts';
import { recall, remember } from '../shared/storage.ts';
import { addShadowStyles } from '../ui/shadow-styles.ts';
import { panelPolicyStyles } from './panel-styles.ts';
import { PolicyDialog } from './policy-dialog.ts';
import { purposePicker } from './purpose-picker.ts';
import { barOf, dockPolicy, purposesFor, type RowPolicy, rowPolicy } from './row-policy.ts';
import { bringTexts } from './texts.ts';

/** What the panel's policy asks of the panel. */
export interface PanelPolicyOptions {
  /** Hears this commercial for this purpose. Within the press. */
  listen(commercialId: string, purpose: string): void;
  /** The admin chose a purpose. */
  chosen(purpose: string): void;
}

/** What the panel has only where the relay has a policy: purposes, rows of who may not be heard, time that is limited. */
export class PanelPolicy {
  readonly #host: LitElement;
  readonly #dialog: PolicyDialog;
  readonly #options: PanelPolicyOptions;
  /** Of this page. What was chosen in an earlier one is only offered. */
  #chosen: string | null = null;
  /** Who is to be heard once a purpose is chosen. */
  #asking: { readonly id: string; readonly purposes: readonly Purpose[]; readonly offered: string | null } | null =
    null;
  /** Whose headphones were pressed in vain. */
  #refused: string | null = null;

  constructor(host: LitElement, options: PanelPolicyOptions) {
    this.#host = host;
    this.#options = options;
    bringTexts();
    this.#dialog = new PolicyDialog(host, () => this.#close());
    addShadowStyles(host, panelPolicyStyles);
  }

  /** One of its dialogs stands over the page. */
  get covers(): boolean {
    return this.#asking !== null;
  }

  /**
   * The purpose for which this commercial is to be heard, null where none is asked for; undefined: the admin is asked, and who is to be heard is
   * listened to after the answer.
   * @param given by the host
   */
  purposeFor(id: string, state: ListeningState, given: string | null): string | null | undefined {
    this.#refused = null;
    const purposes = purposesFor(id, state);
    // Of somebody who is not in the list nothing is known: what was chosen last may be what is asked for.
    if (purposes.length === 0) return given ?? this.#chosen;
    const known = [given, this.#chosen].find((each) => purposes.some((one) => one.id === each));
    if (known != null) return known;
    this.ask(id, state);
    return undefined;
  }

  /** Opens the picker for who is to be heard, or is heard for another purpose. */
  ask(id: string, state: ListeningState): void {
    const purposes = purposesFor(id, state);
    if (purposes.length === 0) return;
    const last = (state.selectedId === id ? state.purpose : recall(nameOf(state))) ?? this.#chosen;
    const offered = (purposes.find((one) => one.id === last) ?? purposes[0])?.id ?? null;
    this.#asking = { id, purposes, offered };
    this.#host.requestUpdate();
  }

  /** The headphones of this commercial were pressed. @returns true when they cannot be heard, which is said then */
  refuses(id: string, state: ListeningState): boolean {
    const row = state.commercials.find((one) => one.id === id);
    const bar = row && barOf(row, state);
    // Somebody may have left, or it may be this admin in another tab: the relay knows.
    this.#refused = bar && bar.reason !== 'policy_full' ? id : null;
    this.#host.requestUpdate();
    return this.#refused !== null;
  }

  /** Whether a round passes over this commercial. */
  passesOver(row: Commercial, state: ListeningState): boolean {
    return barOf(row, state) !== null;
  }

  row(row: Commercial, state: ListeningState, words: Words): RowPolicy {
    return rowPolicy(row, state, Date.now(), words);
  }

  /** Why what was pressed did nothing; empty: it did something. */
  notice(state: ListeningState, words: Words): string {
    const row = state.commercials.find(({ id }) => id === this.#refused);
    const { barred = '' } = row ? this.row(row, state, words) : {};
    return row && barred ? `${isolate(row.name || row.id, words.dir)}: ${barred}` : '';
  }

  /** What the dock says: why, how long, until when. */
  dock(state: ListeningState, words: Words): TemplateResult | typeof nothing {
    const { purpose, time, warning } = dockPolicy(state, Date.now(), words);
    const { selectedId } = state;
    if (selectedId === null || !(purpose || time || warning)) return nothing;
    return html`<div class="terms" part="terms" dir=${words.dir}>
      ${warning ? html`<p class="warning" part="warning">${warning}</p>` : nothing}
      ${purpose ? html`<div><span>${purpose}</span><button part="purpose-change" aria-haspopup="dialog" @click=${() => this.ask(selectedId, state)}>${words('purpose_change')}</button></div>` : nothing}
      ${time ? html`<p part="time">${time}</p>` : nothing}
    </div>`;
  }

  /** What is read out when it changes. */
  spoken(state: ListeningState, words: Words): string {
    return `${this.notice(state, words)} ${dockPolicy(state, Date.now(), words).warning}`.trim();
  }

  /** The dialog that is open. */
  render(state: ListeningState, words: Words): TemplateResult | typeof nothing {
    if (!this.#asking) return nothing;
    const { id, purposes: asked, offered } = this.#asking;
    const isKnown = state.selected?.id === id || state.commercials.some((row) => row.id === id);
    // Another policy may ask for others by now, or for none.
    const purposes = isKnown ? purposesFor(id, state) : asked;
    if (purposes.length === 0) {
      queueMicrotask(() => this.#close());
      return nothing;
    }
    return purposePicker(purposes, offered, words, (purpose) => this.#answer(purpose, state));
  }

  #answer(purpose: string | null, state: ListeningState): void {
    const asking = this.#asking;
    if (!asking) return;
    this.#close();
    if (!purpose) return;
    this.#chosen = purpose;
    remember(nameOf(state), purpose);
    this.#options.listen(asking.id, purpose);
    this.#options.chosen(purpose);
  }

  #close(): void {
    if (!this.#asking) return;
    this.#asking = null;
    this.#dialog.close();
    this.#host.requestUpdate();
  }
}

const nameOf = ({ userId }: ListeningState): string => `purpose:${userId}`;
