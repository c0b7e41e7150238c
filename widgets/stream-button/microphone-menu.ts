import type { ReactiveController, ReactiveControllerHost, TemplateResult } from 'lit';
import { html, nothing } from 'lit';
import {
  chooseMicrophone,
  chosenMicrophone,
  listMicrophones,
  type MicrophoneChoice,
} from '../audio/microphone-choice.ts';
import type { Words } from '../i18n/words.ts';
import { MicrophoneTest } from './microphone-test.ts';

/**
 * The microphones that this browser names, to choose one: where it names only one, or none before it was allowed, there is no menu. Before going live, the
 * test of the chosen one. A part, loaded when the bubble is first open.
 */
export class MicrophoneMenu implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #take: () => void;
  readonly #test: MicrophoneTest;
  #choices: readonly MicrophoneChoice[] = [];

  /** @param take takes the microphone anew, if one is held */
  constructor(host: ReactiveControllerHost, take: () => void) {
    this.#host = host;
    this.#take = take;
    this.#test = new MicrophoneTest(host, () => void this.look());
    host.addController(this);
  }

  hostConnected(): void {
    navigator.mediaDevices?.addEventListener?.('devicechange', this.look);
    void this.look();
  }

  hostDisconnected(): void {
    navigator.mediaDevices?.removeEventListener?.('devicechange', this.look);
  }

  /** Devices came or went, or have names now that the microphone was allowed. */
  readonly look = async (): Promise<void> => {
    this.#choices = await listMicrophones();
    this.#host.requestUpdate();
  };

  /** Ends a test: the microphone is wanted for something else, or nobody sees it. Idempotent. */
  release(): void {
    if (this.#test.running) this.#test.end();
  }

  /** @param testable nobody is live, so that there is a test */
  render(words: Words, testable: boolean): TemplateResult {
    if (!testable) this.release();
    return html`${this.#menu(words)}${testable ? this.#test.render(words) : nothing}`;
  }

  /** The menu, and in words that the chosen one is not there. */
  #menu(words: Words): TemplateResult | typeof nothing {
    const chosen = chosenMicrophone();
    const gone = chosen !== '' && this.#choices.length > 0 && !this.#choices.some(({ id }) => id === chosen);
    if (this.#choices.length < 2 && !gone) return nothing;
    const onChange = ({ target }: Event) => {
      chooseMicrophone((target as HTMLSelectElement).value);
      if (this.#test.running) this.#test.start();
      else this.#take();
      this.#host.requestUpdate();
    };
    return html`<label class="microphone" part="microphone" dir=${words.dir}>${words('microphone')}
      <select @change=${onChange}>
        <option value="" ?selected=${chosen === '' || gone}>${words('microphone_default')}</option>
        ${this.#choices.map(({ id, label }) => html`<option value=${id} ?selected=${id === chosen}>${label}</option>`)}
      </select>
      ${gone ? html`<span role="status">${words('microphone_gone')}</span>` : nothing}
    </label>`;
  }
}
