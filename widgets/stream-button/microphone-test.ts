import type { ReactiveController, ReactiveControllerHost, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import { createLevelMeter, type LevelMeter } from '../audio/level-meter.ts';
import { type Microphone, openMicrophone } from '../audio/microphone.ts';
import { faultWords } from '../i18n/fault-words.ts';
import { percent } from '../i18n/numbers.ts';
import type { Words } from '../i18n/words.ts';
import { type Fault, toFault } from '../shared/fault.ts';
import { browserPage } from '../shared/page.ts';

const READ_EVERY_MS = 100;
/** What the bar begins with, in dB below full scale (root mean square); from here on it is a voice, not the noise of a room. */
const QUIETEST_DB = -60;
const VOICE_DB = -38;

/** A test of the microphone before going live: opens it, shows how loud it hears, sends nothing to anybody, and lets go of it at once. */
export class MicrophoneTest implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #opened: () => void;
  /** Aborted by whatever ends the present test. */
  #run: AbortController | null = null;
  #fault: Fault | null = null;
  #stopPage: (() => void) | undefined;
  /** Of the bar, 0 to 1. */
  #level = 0;
  #heard = false;

  /** @param opened the browser has allowed a microphone, so that it names all of them */
  constructor(host: ReactiveControllerHost, opened: () => void) {
    this.#host = host;
    this.#opened = opened;
    host.addController(this);
  }

  get running(): boolean {
    return this.#run !== null;
  }

  hostConnected(): void {
    this.#stopPage = browserPage.listen((event) => (event === 'hidden' || event === 'leaving') && this.end());
  }

  hostDisconnected(): void {
    this.#stopPage?.();
    this.end();
  }

  /** Call it within the click: the browser may ask. A test that runs begins anew, with the microphone chosen by now. */
  readonly start = (): void => {
    this.end();
    this.#fault = null;
    const run = new AbortController();
    this.#run = run;
    this.#host.requestUpdate();
    void this.#hear(run.signal).catch((error: unknown) => {
      if (this.#run !== run) return;
      this.end();
      this.#fault = toFault(error);
    });
  };

  /** Lets go of the microphone. Idempotent. */
  readonly end = (): void => {
    this.#run?.abort();
    this.#run = null;
    this.#level = 0;
    this.#heard = false;
    this.#host.requestUpdate();
  };

  async #hear(signal: AbortSignal): Promise<void> {
    const microphone: Microphone<MediaStreamTrack> = await openMicrophone((event) => event === 'ended' && this.end());
    let meter: LevelMeter<MediaStreamTrack> | undefined;
    let timer: ReturnType<typeof setInterval> | undefined;
    const close = (): void => {
      clearInterval(timer);
      meter?.close();
      microphone.close();
    };
    // Ended while the browser was asking.
    if (signal.aborted) {
      close();
      return;
    }
    signal.addEventListener('abort', close);
    this.#opened();
    meter = createLevelMeter(microphone.track, () => {});
    timer = setInterval(() => this.#show(meter?.read() ?? 0), READ_EVERY_MS);
  }

  #show(rms: number): void {
    const db = rms > 0 ? 20 * Math.log10(rms) : QUIETEST_DB;
    const level = Math.round(Math.min(1, Math.max(0, 1 - db / QUIETEST_DB)) * 20) / 20;
    if (db >= VOICE_DB) this.#heard = true;
    if (level === this.#level) return;
    this.#level = level;
    this.#host.requestUpdate();
  }

  render(words: Words): TemplateResult {
    const { running } = this;
    const fault = this.#fault && faultWords(this.#fault.code, words, navigator.userAgent);
    return html`<div class="microphone" part="microphone-test" dir=${words.dir}>
      <button class="wide" aria-expanded=${running} @click=${running ? this.end : this.start}>${words(running ? 'test_end' : 'test_microphone')}</button>
      ${
        running
          ? html`<div
              class="hearing"
              role="meter"
              aria-label=${words('test_level')}
              aria-valuemin="0"
              aria-valuemax="100"
              aria-valuenow=${Math.round(this.#level * 100)}
              aria-valuetext=${percent(this.#level, words)}
            ><i .style="inline-size:${this.#level * 100}%"></i></div>`
          : nothing
      }
      <span role="status">${running ? words(this.#heard ? 'test_heard' : 'test_say') : (fault ?? '')}</span>
    </div>`;
  }
}
