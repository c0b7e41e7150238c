import type { LitElement, ReactiveController, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Words } from '../i18n/words.ts';
import type { ListeningControl, ListeningState } from '../sessions/state.ts';
import { isRemembered, rememberFlag } from '../shared/storage.ts';
import { addShadowStyles } from '../ui/shadow-styles.ts';
import { MAX_CUE_CHARACTERS, presetsOf } from './cue-presets.ts';
import { holdButton } from './hold-button.ts';
import { talkStyles } from './talk-styles.ts';
import { cueWords, LONGEST_S, nameOf, secondsLeft, talkWords } from './talk-words.ts';
import { bringTexts } from './texts.ts';

const LOCKS = 'whisper-locks';

/** What the panel gives to its part for whispers. */
export interface TalkViewOptions {
  control(): ListeningControl | null;
  /** The host's own short texts. */
  cues(): readonly string[] | null;
  /** What stands in the panel, wherever the dock is just now. */
  find(selector: string): HTMLElement | null;
}

/** What the dock has only where this admin may whisper, or somebody else does. */
export class TalkView implements ReactiveController {
  readonly #host: LitElement;
  readonly #options: TalkViewOptions;
  #locks = isRemembered(LOCKS);
  /** Some commercial has once allowed something: the token has the claim. */
  #mayEver = false;
  #draft = '';
  #sent = '';
  #clock: ReturnType<typeof setTimeout> | undefined;

  constructor(host: LitElement, options: TalkViewOptions) {
    this.#host = host;
    this.#options = options;
    bringTexts();
    addShadowStyles(host, talkStyles);
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#clock);
    this.#clock = undefined;
  }

  /** Nobody else hears what is said from here before their name stands in the page. */
  hostUpdated(): void {
    const version = this.#options.find('[data-hearers]')?.dataset.hearers;
    if (version) this.#options.control()?.whisper?.seen(Number(version));
  }

  dock(state: ListeningState, words: Words): TemplateResult | typeof nothing {
    const { whisper, userId } = state;
    if (!whisper) return nothing;
    this.#mayEver ||= whisper.voice || whisper.cues;
    const said = talkWords(state, words);
    // A device has neither an ear nor a screen.
    if (!this.#mayEver || state.selected?.device)
      return whisper.by
        ? html`<div class="talk" part="whisper" dir=${words.dir}><p class="said on" part="whisper-state">${said}</p></div>`
        : nothing;
    const { phase, endsAt, by } = whisper;

    const pressed = phase !== 'off';
    const left = secondsLeft(endsAt, performance.now());
    this.#tick(phase === 'speaking');
    const control = this.#options.control()?.whisper;
    const hold = { pressed, may: whisper.voice && (!by || by.id === userId), locks: this.#locks };
    const lock = ({ target }: Event) => {
      this.#locks = (target as HTMLInputElement).checked;
      rememberFlag(LOCKS, this.#locks);
      control?.release();
      this.#host.requestUpdate();
    };
    return html`<div class="talk" part="whisper" role="group" aria-label=${words('whisper')} dir=${words.dir}>
      ${holdButton(hold, words, { press: () => void control?.press(), release: () => control?.release() })}
      <p class="said ${pressed || by ? 'on' : ''}" id="whisper-said" part="whisper-state" data-hearers=${whisper.hearers?.version ?? nothing}>${said}${endsAt === null ? nothing : html` (${words('whisper_left', { n: left })})`}</p>
      ${endsAt === null ? nothing : html`<progress aria-hidden="true" max=${LONGEST_S} .value=${left}></progress>`}
      <label class="lock"><input type="checkbox" part="whisper-lock" .checked=${this.#locks} aria-describedby="whisper-lock-detail" @change=${lock} /><span>${words('whisper_lock')}<span class="sr" id="whisper-lock-detail">${words('whisper_lock_detail')}</span></span></label>
      ${this.#cues(state, words)}
    </div>`;
  }

  /** What is read out. */
  spoken(state: ListeningState, words: Words): string {
    const { whisper } = state;
    if (!whisper) return '';
    const { phase, ended, failure, by } = whisper;
    const news = phase !== 'off' || ended || failure || by;
    return [news ? talkWords(state, words) : '', cueWords(state, words)].filter(Boolean).join(' ');
  }

  #cues(state: ListeningState, words: Words): TemplateResult {
    const { whisper } = state;
    const name = nameOf(state, words);
    if (!whisper?.cues)
      return html`<p class="said">${state.sealed ? words('whisper_no_texts_sealed') : words('whisper_no_texts', { name })}</p>`;
    const send = (text: string) => void this.#send(text.trim());
    const busy = whisper.cue === 'sending';
    const onInput = ({ target }: Event) => {
      this.#draft = (target as HTMLInputElement).value;
      this.#host.requestUpdate();
    };
    const onSubmit = (event: Event) => {
      event.preventDefault();
      send(this.#draft);
    };
    const onKeydown = (event: KeyboardEvent) => {
      // The panel's Escape ends the listening: here it empties the field.
      if (event.key !== 'Escape' || this.#draft === '') return;
      event.stopPropagation();
      (event.target as HTMLInputElement).value = this.#draft = '';
      this.#host.requestUpdate();
    };
    const presets = presetsOf(this.#options.cues());
    const became = cueWords(state, words);
    return html`<form part="cue" @submit=${onSubmit}>
        <label class="field">${words('whisper_text', { name })}<input part="cue-field" maxlength=${MAX_CUE_CHARACTERS} autocomplete="off" enterkeyhint="send" aria-describedby="cue-count" .value=${this.#draft} @input=${onInput} @keydown=${onKeydown} /></label>
        <button class="wide" part="cue-send" aria-disabled=${busy || this.#draft.trim() === ''}>${words('whisper_send')}</button>
      </form>
      ${presets.length > 0 ? html`<div class="presets">${presets.map((text) => html`<button class="chip" part="cue-preset" dir="auto" aria-disabled=${busy} @click=${() => send(text)}>${text}</button>`)}</div>` : nothing}
      <p class="said" part="cue-state"><span id="cue-count">${words('whisper_characters', { n: this.#draft.length, max: MAX_CUE_CHARACTERS })}</span>${became ? ` · ${became}` : nothing}</p>`;
  }

  async #send(text: string): Promise<void> {
    const control = this.#options.control();
    if (!text || !control?.whisper || control.getState().whisper?.cue === 'sending') return;
    this.#sent = text;
    await control.whisper.send(text);
    // What was written meanwhile stays, and so does what was not shown.
    if (control.getState().whisper?.cue === 'sent' && this.#draft.trim() === this.#sent) this.#draft = '';
    this.#host.requestUpdate();
  }

  /** The seconds that are left are seen to pass. */
  #tick(on: boolean): void {
    clearTimeout(this.#clock);
    this.#clock = on ? setTimeout(() => this.#host.requestUpdate(), 500) : undefined;
  }
}
