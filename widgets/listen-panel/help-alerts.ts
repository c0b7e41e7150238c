import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Words } from '../i18n/words.ts';
import type { Commercial } from '../sessions/state.ts';
import { isolate } from '../shared/isolate.ts';
import { isRemembered, rememberFlag } from '../shared/storage.ts';
import { icon } from '../ui/icons.ts';

const OFF_KEY = 'help-alerts-off';

/** Two short tones, rising: heard through speech, and no alarm. */
function chime(context: AudioContext): void {
  for (const [index, frequency] of [660, 880].entries()) {
    const from = context.currentTime + index * 0.18;
    const tone = new OscillatorNode(context, { frequency });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(0.15, from + 0.02);
    gain.gain.linearRampToValueAtTime(0, from + 0.16);
    tone.connect(gain).connect(context.destination);
    tone.start(from);
    tone.stop(from + 0.17);
  }
}

/** Tells an admin who asks for help: a notice and, for who is new, a sound. Both can be turned off, which is remembered. */
export class HelpAlerts {
  #on = !isRemembered(OFF_KEY);
  /** Ids of those who asked when it was looked last; null: never looked. */
  #known: ReadonlySet<string> | null = null;
  #context: AudioContext | undefined;
  readonly #play: () => void;

  /** @param play makes the sound; tests put their own here */
  constructor(play?: () => void) {
    this.#play = play ?? (() => this.#chime());
  }

  get on(): boolean {
    return this.#on;
  }

  toggle(): void {
    this.#on = !this.#on;
    rememberFlag(OFF_KEY, !this.#on);
  }

  /** The sound, for other news. */
  sound(): void {
    this.#play();
  }

  /** The list has changed. The first one is no news. */
  look(commercials: readonly Commercial[]): void {
    // Looked at with each change of the list, ten times a second where many speak; mostly nobody asks.
    const asking = new Set<string>();
    for (const { id, helpSince } of commercials) if (helpSince !== null) asking.add(id);
    const isNew = this.#known !== null && [...asking].some((id) => !this.#known?.has(id));
    if (commercials.length > 0 || this.#known) this.#known = asking;
    if (isNew && this.#on) this.#play();
  }

  /** Nobody is there any more. Idempotent. */
  close(): void {
    this.#known = null;
    this.#context?.close().catch(() => {});
    this.#context = undefined;
  }

  /** Browsers let a page sound that was clicked once; in one that was not, the notice stands alone. */
  #chime(): void {
    if (typeof AudioContext === 'undefined') return;
    this.#context ??= new AudioContext();
    const context = this.#context;
    void context.resume().then(
      () => chime(context),
      () => {},
    );
  }
}

/** "Léa and Karim ask for help." Empty while nobody does. */
export function helpNotice(commercials: readonly Commercial[], words: Words): string {
  const asking = commercials.filter(({ helpSince }) => helpSince !== null);
  if (asking.length === 0) return '';
  const names = asking.map(({ name, id }) => isolate(name || id, words.dir));
  return words('help_notice', { n: asking.length, names: new Intl.ListFormat(words.locale).format(names) });
}

/** The bell in the panel's header. */
export function alertsButton(on: boolean, words: Words, toggle: () => void): TemplateResult {
  const label = words('help_alerts');
  return html`<button class="round bell" part="help-alerts" aria-label=${label} title=${label} aria-pressed=${on} @click=${toggle}>${icon(on ? 'bell' : 'bell_off')}</button>`;
}

/** The flag of somebody who asks for help. @param label with the time; empty: they do not */
export function helpFlag(label: string): TemplateResult | typeof nothing {
  return label
    ? html`<span class="flag" part="help" role="img" aria-label=${label} title=${label}>${icon('flag')}</span>`
    : nothing;
}
