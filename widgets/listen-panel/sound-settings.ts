import type { TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import type { Words } from '../i18n/words.ts';
import type { SoundControl } from '../sessions/sound.ts';
import type { ListeningState } from '../sessions/state.ts';
import { icon } from '../ui/icons.ts';

/** Folded in the dock: loudness evened out or not, and the output where this browser lets a page choose. */
export function soundSettings(
  { levelling, outputs, output, picksOutput }: ListeningState,
  words: Words,
  sound: SoundControl | null,
): TemplateResult {
  const label = words('output');
  const onToggle = ({ currentTarget }: Event) => {
    if ((currentTarget as HTMLDetailsElement).open) void sound?.lookOutputs();
  };
  const onChoose = ({ target }: Event) => void sound?.setOutput((target as HTMLSelectElement).value);
  return html`<details class="settings" part="sound-settings" dir=${words.dir} @toggle=${onToggle}>
    <summary>${words('sound_settings')}${icon('chevron')}</summary>
    <label><input type="checkbox" .checked=${levelling} @change=${() => sound?.setLevelling(!levelling)} />${words('levelling')}</label>
    ${
      picksOutput
        ? html`<button class="wide" @click=${() => void sound?.setOutput(null)}>${words('choose_output')}</button>`
        : outputs.length > 1
          ? html`<label>${label}<select @change=${onChoose}>${outputs.map(({ id, label: name }) => html`<option value=${id} ?selected=${id === output}>${name}</option>`)}</select></label>`
          : nothing
    }
  </details>`;
}
