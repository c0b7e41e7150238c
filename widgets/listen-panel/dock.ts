import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { percent } from '../i18n/numbers.ts';
import type { Words } from '../i18n/words.ts';
import type { ListeningControl, ListeningState } from '../sessions/state.ts';
import { elapsed } from '../ui/elapsed.ts';
import { icon } from '../ui/icons.ts';
import { sealedLock } from '../ui/sealed-lock.ts';
import { avatar, bars } from './commercial-row.ts';
import { meterAt } from './meter.ts';
import { soundSettings } from './sound-settings.ts';
import type { DockView } from './view.ts';

/** Bars for each quality of the connection. */
const LEVELS = { poor: 1, fair: 2, good: 4 } as const;

/**
 * The dock: who is heard, since when, how well, how loud, and a way out.
 * @param terms what the relay's policy says of it
 */
export function dock(
  view: DockView,
  state: ListeningState,
  words: Words,
  control: ListeningControl | null,
  terms: unknown = nothing,
  whispers: unknown = nothing,
): TemplateResult {
  const { status, listeningSince, volume, muted } = state;
  const onVolume = ({ target }: Event) => {
    if (target instanceof HTMLInputElement) control?.setVolume(target.valueAsNumber / 100);
  };
  return html`
    <section
      class="root dock"
      part="dock"
      lang=${words.lang}
      aria-label=${words('state_listening')}
      data-status=${status}
    >
      <div class="line" dir=${words.dir}>
        ${avatar(view.name)}
        <div class="who">
          <div class="name" dir="auto">${view.name}</div>
          <div class="status">
            ${view.turning ? icon('ring') : nothing}<span>${view.words}</span>${listeningSince === null ? nothing : elapsed(listeningSince, words)}
          </div>
        ${view.quality ? html`<span class="quality" part="quality" data-quality=${view.quality} title=${view.delay}>${bars(LEVELS[view.quality])}<span>${words(`quality_${view.quality}`)}</span></span>` : nothing}
        </div>
        <button class="round stop" part="stop" aria-label=${words('stop')} title=${words('stop')} @click=${() => control?.stop()}>
          ${icon('stop')}
        </button>
      </div>
      ${view.others ? html`<p class="others" part="others" dir=${words.dir}>${icon('headphones')}<span>${view.others}</span></p>` : nothing}
      ${terms}
      ${
        status === 'blocked'
          ? html`<button class="wide primary" dir=${words.dir} part="sound-on" @click=${() => control?.enableSound()}>${icon('volume')}${words('sound_on')}</button>`
          : nothing
      }
      <div class="line" dir=${words.dir}>
        <button
          class="round mute"
          part="mute"
          aria-label=${words('mute')}
          title=${words('mute')}
          aria-pressed=${muted}
          @click=${() => control?.setMuted(!muted)}
        >${icon(muted ? 'muted' : 'volume')}</button>
        <input
          type="range"
          class="volume"
          step="5"
          part="volume"
          aria-label=${words('volume')}
          aria-valuetext=${percent(volume, words)}
          .value=${Math.round(volume * 100)}
          @input=${onVolume}
        />
        <span class="meter" part="meter" aria-hidden="true"><i .style="transform:${meterAt(muted ? 0 : view.level)}"></i></span>
      </div>
      ${state.sealed ? sealedLock(words) : nothing}
      ${whispers}
      ${soundSettings(state, words, control?.sound ?? null)}
    </section>
  `;
}
