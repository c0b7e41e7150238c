import type { CSSResultGroup, PropertyValues, TemplateResult } from 'lit';
import { html, LitElement, nothing } from 'lit';
import { ProspectStateChangeEvent, ProspectTokenExpiringEvent } from '../events/prospect-events.ts';
import { clock, isoDuration } from '../i18n/durations.ts';
import { type Translator, wordsOf } from '../i18n/translator.ts';
import { createStreamingSession } from '../sessions/create-streaming-session.ts';
import type { StreamingControl, StreamingState, StreamingStatus } from '../sessions/state.ts';
import { WIDGET_VERSION } from '../shared/version.ts';
import { reportNewFault } from '../ui/fault-report.ts';
import { icon } from '../ui/icons.ts';
import { LanguageController, TickController } from '../ui/render-controllers.ts';
import { SessionController } from '../ui/session-controller.ts';
import { theme } from '../ui/theme.ts';
import { buttonStyles } from './styles.ts';
import { type ButtonView, buttonView, NO_SESSION } from './view.ts';

/** What a session is made of: the element's attributes. */
export interface StreamingSessionOptions {
  readonly token: string | null;
  readonly relayUrl: string | null;
  readonly debug: boolean;
}

/**
 * The commercial's button: one press shares the microphone live, another stops it.
 *
 * @summary Shares the commercial's microphone live, and says in words who is listening.
 * @tag prospect-stream-button
 *
 * @attr {string} lang - Language of the texts, `fr` or `en`; by default that of the closest ancestor with `lang`, then the browser's.
 * @attr {'inline'} placement - `inline` puts the button where it stands in the page instead of fixed at the bottom right.
 * @attr {'light' | 'dark' | 'auto'} theme - Forces a theme, or with `auto` the system's; by default the page's `color-scheme`.
 * @attr {StreamingStatus} state - Read-only: what the button is doing, for CSS and tests.
 *
 * @fires {ProspectStateChangeEvent} prospect-state-change - The `state` changed; `detail` has `state` and `previous`.
 * @fires {ProspectErrorEvent} prospect-error - Something failed; `detail` has `code`, `message` for people, `reason` for logs, and `recoverable`.
 * @fires {ProspectTokenExpiringEvent} prospect-token-expiring - The token ends in `detail.expiresInMs`: set a fresh one; the audio goes on.
 *
 * @csspart button - The round button.
 * @csspart badge - The LIVE badge.
 * @csspart dot - The connection's dot, green or grey.
 * @csspart bubble - The bubble of words.
 * @csspart title - The bubble's first line.
 * @csspart fault - The words of a failure.
 * @csspart pause - The privacy pause button.
 *
 * @cssprop [--prospect-button-size=56px] - Diameter of the round button.
 * @cssprop [--prospect-button-inset-block-end=16px] - Distance from the bottom of the window.
 * @cssprop [--prospect-button-inset-inline-end=16px] - Distance from the end (right, in left-to-right text) of the window.
 * @cssprop [--prospect-z-index=2147483000] - Layer of the fixed button.
 * @cssprop [--prospect-accent=#2563eb] - Fill of the button when ready, and of main actions; white text stands on it.
 * @cssprop [--prospect-accent-text=#1d4ed8] - Colour of focus rings.
 * @cssprop [--prospect-live=#dc2626] - Fill of the button while live; white stands on it.
 * @cssprop [--prospect-warning=#b45309] - Fill of the button while paused or interrupted; white stands on it.
 * @cssprop [--prospect-warning-text=#8a4a06] - Colour of the words of a failure.
 * @cssprop [--prospect-success=#16a34a] - Colour of the dot while connected.
 * @cssprop [--prospect-off=#64748b] - Fill of the button while not connected; white stands on it.
 * @cssprop [--prospect-surface=#ffffff] - Background of the bubble.
 * @cssprop [--prospect-raised=#f3f5f9] - Background of secondary buttons.
 * @cssprop [--prospect-border=#dfe4ec] - Outline of the bubble.
 * @cssprop [--prospect-text=#131720] - Colour of the text.
 * @cssprop [--prospect-text-muted=#525c6f] - Colour of secondary text.
 * @cssprop [--prospect-font=system-ui] - Font family.
 * @cssprop [--prospect-radius=16px] - Corner radius of the open bubble.
 * @cssprop [--prospect-shadow] - Shadow under the button and the bubble.
 */
export class ProspectStreamButton extends LitElement {
  static override properties = {
    token: {},
    relayUrl: { attribute: 'relay-url' },
    debug: { type: Boolean },
    disabled: { type: Boolean, reflect: true },
  };
  static override styles: CSSResultGroup = [theme, buttonStyles];
  /** The package's version. */
  static readonly version: string = WIDGET_VERSION;
  /**
   * Makes the session of each element; tests put their own here.
   * @internal
   */
  static sessionFactory: (options: StreamingSessionOptions) => StreamingControl = createStreamingSession;

  /** The host's JSON Web Token of a commercial; a new value re-authenticates without dropping the audio. */
  declare token: string | null;
  /** Where the relay is, such as `https://relay.example.com:8443`; by default the page's own host name. */
  declare relayUrl: string | null;
  /** Writes what happens to the console. */
  declare debug: boolean;
  /** Blocks going live by a press; a running stream can always be paused and stopped. */
  declare disabled: boolean;

  readonly #sessions = new SessionController<StreamingState, StreamingControl>(this, {
    initial: NO_SESSION,
    open: () =>
      (this.constructor as typeof ProspectStreamButton).sessionFactory({
        token: this.token,
        relayUrl: this.relayUrl,
        debug: this.debug,
      }),
    changed: (state, previous) => this.#changed(state, previous),
    tokenExpiring: (ms) => this.dispatchEvent(new ProspectTokenExpiringEvent(ms)),
  });
  /** What the user chose for the bubble, for as long as the occasion lasts. */
  #bubble: { readonly occasion: string; readonly open: boolean } | null = null;

  constructor() {
    super();
    this.token = null;
    this.relayUrl = null;
    this.debug = false;
    this.disabled = false;
    new TickController(this, () => this.isConnected && this.startedAt !== null);
    new LanguageController(this);
  }

  /** What the button is doing; also the read-only attribute `state`. */
  get state(): StreamingStatus {
    return this.#sessions.state.status;
  }

  /** Who listens now: id and name of each. */
  get listeners(): StreamingState['listeners'] {
    return this.#sessions.state.listeners;
  }

  /** When the stream started, in milliseconds since the epoch, or null without a stream. */
  get startedAt(): number | null {
    return this.#sessions.state.startedAt;
  }

  /** Goes live. Call it inside a click: browsers ask for the microphone only there. Resolves when live or failed; never rejects. */
  async start(): Promise<void> {
    await this.#sessions.session?.start();
  }

  /** Ends the stream and releases the microphone. */
  async stop(): Promise<void> {
    await this.#sessions.session?.stop();
  }

  /** Privacy pause: the relay passes nothing on, the stream stays. */
  async pause(): Promise<void> {
    await this.#sessions.session?.setPaused(true);
  }

  /** Ends the privacy pause; or takes an interrupted microphone again (then call it inside a click). */
  async resume(): Promise<void> {
    const { session, state } = this.#sessions;
    await (state.needsTap ? session?.recover() : session?.setPaused(false));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('relayUrl') || changed.has('debug')) this.#sessions.restart();
    else if (changed.has('token')) this.#sessions.setToken(this.token);
  }

  protected override updated(): void {
    if (this.getAttribute('state') !== this.state) this.setAttribute('state', this.state);
    this.renderRoot
      .querySelector<HTMLElement>('.fab')
      ?.style.setProperty('--_level', String(this.#sessions.state.level));
  }

  protected override render(): TemplateResult {
    const view = buttonView(this.#sessions.state, this.#words, navigator.userAgent);
    const blocked = view.action === 'none';
    return html`
      <div class="root" data-tone=${view.tone} @keydown=${this.#onKeydown}>
        <div class="face">
          <button
            class="fab ${view.pulse ? 'pulse' : ''}"
            part="button"
            type="button"
            aria-label=${view.label}
            aria-describedby="words"
            aria-pressed=${view.pressed ?? nothing}
            aria-disabled=${blocked ? 'true' : nothing}
            ?disabled=${this.disabled && (view.action === 'start' || blocked)}
            @click=${() => this.#press(view)}
          >
            ${icon(view.icon)}${view.turning ? icon('ring') : nothing}
          </button>
          ${view.badge ? html`<span class="badge" part="badge" aria-hidden="true">LIVE</span>` : nothing}
          <span class="dot ${view.online ? 'online' : ''}" part="dot"></span>
        </div>
        ${this.#renderBubble(view)}
        <div class="sr" id="words" role="status">${view.title}. ${view.fault} ${view.lines.join(' ')}</div>
      </div>
    `;
  }

  #renderBubble(view: ButtonView): TemplateResult {
    const open = this.#isOpen(view);
    const { startedAt } = this;
    const elapsed = startedAt === null ? 0 : Date.now() - startedAt;
    const hint = !open && !view.open;
    const { length } = this.listeners;
    return html`
      <div class="bubble frame ${open ? 'open' : ''} ${hint ? 'hint' : ''}" part="bubble">
        <div class="bar">
          <button class="head" type="button" aria-expanded=${open} @click=${() => this.#toggle(view)}>
            <span class=${!open && view.badge ? 'sr' : 'title'} part="title">${view.title}</span>
            ${startedAt === null || !(open || view.badge) ? nothing : html`<time aria-hidden="true" datetime=${isoDuration(elapsed)}>${clock(elapsed)}</time>`}
            ${open || length === 0 ? nothing : html`<span class="count" aria-hidden="true">${icon('headphones')}${length}</span>`}
            ${icon('chevron')}
          </button>
          ${open ? nothing : this.#renderPause(view, 'round')}
        </div>
        ${
          open
            ? html`<div class="body">
                ${view.fault ? html`<p class="fault" part="fault">${view.fault}</p>` : nothing}
                ${view.lines.map((line) => html`<p>${line}</p>`)}
                ${
                  view.pause || view.stop
                    ? html`<div class="actions">
                        ${this.#renderPause(view, 'wide')}
                        ${view.stop ? html`<button class="wide" type="button" @click=${this.stop}>${this.#words.text('stop')}</button>` : nothing}
                      </div>`
                    : nothing
                }
              </div>`
            : nothing
        }
      </div>
    `;
  }

  #renderPause({ pause }: ButtonView, kind: 'round' | 'wide'): TemplateResult | typeof nothing {
    if (!pause) return nothing;
    const withText = kind === 'wide';
    return html`<button
      class="${kind} ${pause.paused && withText ? 'primary' : ''}"
      part="pause"
      type="button"
      aria-label=${withText ? nothing : pause.label}
      title=${withText ? nothing : pause.label}
      @click=${() => this.#sessions.session?.setPaused(!pause.paused)}
    >${icon(pause.paused ? 'play' : 'pause')}${withText ? pause.label : nothing}</button>`;
  }

  get #words(): Translator {
    return wordsOf(this);
  }

  #isOpen(view: ButtonView): boolean {
    return this.#bubble?.occasion === view.occasion ? this.#bubble.open : view.open;
  }

  #toggle(view: ButtonView): void {
    this.#bubble = { occasion: view.occasion, open: !this.#isOpen(view) };
    this.requestUpdate();
  }

  #onKeydown(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    const view = buttonView(this.#sessions.state, this.#words, navigator.userAgent);
    if (this.#isOpen(view)) this.#toggle(view);
  }

  #press(view: ButtonView): void {
    const { session } = this.#sessions;
    if (view.action === 'start') void session?.start();
    else if (view.action === 'stop') void session?.stop();
    else if (view.action === 'recover') void session?.recover();
    else this.#toggle(view);
  }

  #changed(state: StreamingState, previous: StreamingState): void {
    if (state.status !== previous.status) {
      this.setAttribute('state', state.status);
      this.dispatchEvent(new ProspectStateChangeEvent({ state: state.status, previous: previous.status }));
    }
    reportNewFault(this, state.fault, previous.fault);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'prospect-stream-button': ProspectStreamButton;
  }
}
