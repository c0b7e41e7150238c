import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { clock, isoDuration } from '../i18n/durations.ts';
import type { Translator } from '../i18n/translator.ts';
import { icon } from '../ui/icons.ts';
import { avatar } from './commercial-row.ts';
import type { DockView } from './view.ts';

/** The sound's settings, as the session has them. */
export interface SoundState {
  /** 0 to 1. */
  readonly volume: number;
  readonly muted: boolean;
}

/** What the dock asks of the panel. */
export interface DockActions {
  stop(): void;
  enableSound(): void;
  setVolume(volume: number): void;
  setMuted(muted: boolean): void;
}

/** Bars for each quality of the connection. */
const LEVELS = { unknown: 0, poor: 1, fair: 2, good: 3 } as const;

/** The dock: who is heard, since when, how well, how loud, and a way out. The level is set by the panel as a custom property. */
export function dock(
  view: DockView,
  sound: SoundState,
  now: number,
  words: Translator,
  actions: DockActions,
): TemplateResult {
  const elapsed = view.since === null ? null : now - view.since;
  const percent = Math.round(sound.volume * 100);
  const onVolume = (event: Event) => {
    if (event.target instanceof HTMLInputElement) actions.setVolume(event.target.valueAsNumber / 100);
  };
  return html`
    <section class="root dock frame" part="dock" aria-label=${words.text('l_listening')} data-tone=${view.tone}>
      <div class="line">
        ${avatar(view.initials)}
        <div class="who">
          <div class="name">${view.name}</div>
          <div class="status">
            ${view.turning ? icon('ring') : nothing}<span>${view.status}</span>
            ${elapsed === null ? nothing : html`<time aria-hidden="true" datetime=${isoDuration(elapsed)}>${clock(elapsed)}</time>`}
          </div>
        </div>
        ${
          view.quality === 'unknown'
            ? nothing
            : html`<span class="bars ${view.quality}" data-level=${LEVELS[view.quality]} role="img" aria-label=${view.qualityLabel} title=${view.qualityLabel}>
                <i></i><i></i><i></i>
              </span>`
        }
        <button class="round stop" part="stop" type="button" aria-label=${words.text('stop_listening')} title=${words.text('stop_listening')} @click=${actions.stop}>
          ${icon('stop')}
        </button>
      </div>
      ${
        view.blocked
          ? html`<button class="wide primary" part="sound-on" type="button" @click=${actions.enableSound}>
              ${icon('volume')}${words.text('sound_on')}
            </button>`
          : nothing
      }
      <div class="line">
        <button
          class="round mute"
          part="mute"
          type="button"
          aria-label=${words.text('mute')}
          title=${words.text('mute')}
          aria-pressed=${sound.muted}
          @click=${() => actions.setMuted(!sound.muted)}
        >${icon(sound.muted ? 'muted' : 'volume')}</button>
        <input
          type="range"
          class="volume"
          part="volume"
          aria-label=${words.text('volume')}
          aria-valuetext="${percent} %"
          min="0"
          max="100"
          step="1"
          .value=${live(String(percent))}
          @input=${onVolume}
        />
        <span class="meter" part="meter" aria-hidden="true"></span>
      </div>
    </section>
  `;
}
