import type { TemplateResult } from 'lit';
import { html } from 'lit';
import type { Words } from '../i18n/words.ts';
import { icon } from '../ui/icons.ts';

/** What holding does. */
export interface HoldActions {
  press(): void;
  release(): void;
}

/** How it stands. */
export interface HoldState {
  readonly pressed: boolean;
  /** A press does something; else it is within reach, and its description says why not. */
  readonly may: boolean;
  /** One press begins, the next ends: for who cannot hold (WCAG 2.2, 2.5.2 and 2.1.1). */
  readonly locks: boolean;
}

/**
 * A button that speaks while it is held: by a pointer, which lets go wherever it leaves; or by Space or Enter, which let go with the focus too. Assistive
 * technology clicks without either: that is a toggle then.
 */
export function holdButton({ pressed, may, locks }: HoldState, words: Words, act: HoldActions): TemplateResult {
  const press = (): void => {
    if (may && !pressed) act.press();
  };
  const release = (): void => {
    if (!locks) act.release();
  };
  const toggle = (): void => {
    if (pressed) act.release();
    else press();
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button === 0 && !locks) press();
  };
  const onKeydown = (event: KeyboardEvent) => {
    if (locks || (event.key !== ' ' && event.key !== 'Enter')) return;
    event.preventDefault();
    if (!event.repeat) press();
  };
  const onKeyup = (event: KeyboardEvent) => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    if (!locks) event.preventDefault();
    release();
  };
  const onClick = (event: MouseEvent) => {
    // After a pointer there is a click with a count; without any it is a switch, a voice or a screen reader.
    if (locks || event.detail === 0) toggle();
  };
  const label = pressed && locks ? 'whisper_release' : locks ? 'whisper_speak' : 'whisper_hold';
  return html`<button
    class="wide hold"
    part="whisper-hold"
    aria-pressed=${pressed}
    aria-disabled=${!may && !pressed}
    aria-describedby="whisper-said"
    @pointerdown=${onPointerDown}
    @pointerup=${release}
    @pointerleave=${release}
    @pointercancel=${release}
    @contextmenu=${(event: Event) => event.preventDefault()}
    @keydown=${onKeydown}
    @keyup=${onKeyup}
    @blur=${release}
    @click=${onClick}
  >${icon('mic')}<span>${words(label)}</span></button>`;
}
