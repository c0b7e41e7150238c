import type { LitElement, ReactiveController, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Words } from '../i18n/words.ts';
import type { StreamingControl, StreamingState } from '../sessions/state.ts';
import type { EarState } from '../sessions/whisper-state.ts';
import { isolate } from '../shared/isolate.ts';
import { icon } from '../ui/icons.ts';
import { addShadowStyles } from '../ui/shadow-styles.ts';
import { earStyles } from './ear-styles.ts';
import { bringTexts } from './texts.ts';

/** What the button gives to its part for whispers. */
export interface EarViewOptions {
  control(): StreamingControl | null;
  /** Where the bubble stands just now. */
  root(): ParentNode;
  /** The phone may vibrate, and the user wants it: it does, twice. */
  vibrate(): void;
}

/** What the button has only where admins may whisper: two switches, who speaks, and what they write. The relay is told of neither before it stands in the page. */
export class EarView implements ReactiveController {
  readonly #options: EarViewOptions;
  #felt: string | null = null;

  constructor(host: LitElement, options: EarViewOptions) {
    this.#options = options;
    bringTexts();
    addShadowStyles(host, earStyles);
    host.addController(this);
  }

  hostUpdated(): void {
    const { control, root, vibrate } = this.#options;
    const ear = control()?.ear;
    for (const { dataset } of root().querySelectorAll<HTMLElement>('[data-whisper]')) {
      const { whisper: id = '', kind } = dataset;
      ear?.shown(id);
      if (kind !== 'text' || this.#felt === id) continue;
      this.#felt = id;
      vibrate();
    }
  }

  /** Who speaks, or what was written: also in a bubble that is folded. */
  card({ ear }: StreamingState, words: Words): TemplateResult | typeof nothing {
    if (!ear) return nothing;
    const { speaking, ended, cue } = ear;
    const control = this.#options.control()?.ear;
    const name = (by: { readonly name: string; readonly id: string }) => isolate(by.name || by.id, words.dir);
    return html`${
      speaking
        ? html`<div class="whisper voice" part="whisper" dir=${words.dir} data-whisper=${speaking.id} data-kind="voice">
            <p class="who">${icon('headphones')}<span>${words('ear_speaks', { name: name(speaking.by) })}</span></p>
            <button class="wide" part="whisper-stop" @click=${() => control?.stop()}>${icon('stop')}${words('ear_stop')}</button>
          </div>`
        : nothing
    }${
      ended && !speaking
        ? html`<div class="whisper" part="whisper-ended" dir=${words.dir}><p>${endedWords(ended, words)}</p></div>`
        : nothing
    }${
      cue
        ? html`<div class="whisper" part="cue" dir=${words.dir} data-whisper=${cue.id} data-kind="text">
            <p class="who"><span>${words('ear_writes', { name: name(cue.by) })}</span></p>
            <p class="text" dir="auto">${cue.text}</p>
            <button class="wide" part="cue-close" @click=${() => control?.closeCue()}>${icon('close')}${words('ear_close')}</button>
          </div>`
        : nothing
    }`;
  }

  /** The switches: while there is a stream for which they could hold. Texts are not sealed, and so never sent where the sound is. */
  switches({ ear, status, sealed }: StreamingState, words: Words): TemplateResult | typeof nothing {
    if (!ear || !['live', 'paused', 'interrupted', 'reconnecting'].includes(status)) return nothing;
    const control = this.#options.control()?.ear;
    const on = ear.voice !== 'off';
    const line = ear.voice === 'connecting' ? 'ear_connecting' : ear.failed ? 'ear_failed' : 'ear_wear_detail';
    const set = (event: Event, use: (on: boolean) => void) => use((event.target as HTMLInputElement).checked);
    return html`<div class="ears" part="ears" dir=${words.dir}>
      <label class="choice"><input type="checkbox" role="switch" part="earpiece" aria-describedby="ear-detail" .checked=${on} @change=${(event: Event) => set(event, (voice) => control?.setVoice(voice))} /><span>${words('ear_wear')}</span></label>
      <p id="ear-detail" role="status">${words(line)}</p>
      ${sealed ? nothing : html`<label class="choice"><input type="checkbox" role="switch" part="cues" .checked=${ear.cues} @change=${(event: Event) => set(event, (cues) => control?.setCues(cues))} /><span>${words('ear_cues')}</span></label>`}
    </div>`;
  }

  /** What is read out. */
  spoken({ ear }: StreamingState, words: Words): string {
    if (!ear) return '';
    const { speaking, ended, cue } = ear;
    const name = (by: { readonly name: string; readonly id: string }) => isolate(by.name || by.id, words.dir);
    const voice = speaking
      ? `${words('ear_speaks', { name: name(speaking.by) })}.`
      : ended
        ? endedWords(ended, words)
        : '';
    return [voice, cue ? `${words('ear_writes', { name: name(cue.by) })} ${cue.text}` : ''].filter(Boolean).join(' ');
  }
}

/** Of most ends the words name who spoke; the text has the hole or not. */
function endedWords({ by, reason }: NonNullable<EarState['ended']>, words: Words): string {
  const name = isolate(by.name || by.id, words.dir);
  switch (reason) {
    case 'stopped':
    case 'time_limit':
    case 'not_heard':
    case 'e2ee_key_missing':
    case 'e2ee_cannot_decrypt':
      return words(`ear_end_${reason}`, { name });
    default:
      return words(`ear_end_${reason}`);
  }
}
