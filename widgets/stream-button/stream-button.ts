import type { CSSResultGroup, TemplateResult } from 'lit';
import { html, LitElement, nothing } from 'lit';
import type { E2eeKey, E2eeRotation } from '../e2ee/team-keys.ts';
import { number } from '../i18n/numbers.ts';
import { wordsOf } from '../i18n/translator.ts';
import type { Words } from '../i18n/words.ts';
import type { ButtonPolicy } from '../policy/button-policy.ts';
import { createStreamingSession, type StreamingSessionOptions } from '../sessions/create-streaming-session.ts';
import type { StreamingControl, StreamingState, StreamingStatus } from '../sessions/state.ts';
import { NOT_STREAMING } from '../sessions/streaming-parts.ts';
import { latePart } from '../shared/late-part.ts';
import { rememberedVibration, rememberVibration } from '../shared/storage.ts';
import { WIDGET_VERSION } from '../shared/version.ts';
import { elapsed } from '../ui/elapsed.ts';
import { icon } from '../ui/icons.ts';
import { LateLayer } from '../ui/late-layer.ts';
import { SessionController } from '../ui/session-controller.ts';
import { adoptShadowStyles, styledShadowRoot } from '../ui/shadow-styles.ts';
import { theme } from '../ui/theme.ts';
import type { TokenProvider } from '../ui/token-supply.ts';
import { upgradeProperties } from '../ui/upgrade-properties.ts';
import type { EarView } from '../whisper/ear-view.ts';
import { type BodyOptions, bubbleBody } from './bubble-body.ts';
import { elsewhereButtons, pauseButton } from './bubble-buttons.ts';
import { FoldTimer } from './fold-timer.ts';
import { helpButton } from './help-button.ts';
import { LateMicrophone } from './late-microphone.ts';
import { buttonPolicy, giveNotice, mayVibrate } from './late-policy.ts';
import { PressGuard } from './press-guard.ts';
import { buttonStyles } from './styles.ts';
import { buttonView, isRunning } from './view.ts';

/** Two short touches: a text is there to be read. */
const TEXT_VIBRATION_MS = [80, 80, 80];

const earView = latePart(() => import('../whisper/ear-view.ts'));

/**
 * The commercial's button: one press shares the microphone live, another stops it.
 *
 * @summary Shares the commercial's microphone live, and says in words who is listening.
 * @tag prospect-stream-button
 *
 * @attr {string} lang - Language of the texts, such as `fr`, `en`, `es`, `ar`; by default that of `setLocale`, then of the closest ancestor with `lang`, then the browser's.
 * @attr {'inline'} placement - `inline` puts the button where it stands in the page instead of fixed at the bottom right.
 * @attr {'light' | 'dark' | 'auto'} theme - Forces a theme, or with `auto` the system's; by default the page's `color-scheme`.
 * @attr {'off'} vibration - `off`: the phone never vibrates when somebody begins to listen. Else it does where it can, until the user turns it off.
 * @attr {StreamingStatus} state - Read-only: what the button is doing, for CSS and tests.
 *
 * @fires {ProspectStateChangeEvent} prospect-state-change - The `state` changed; `detail` has `state` and `previous`.
 * @fires {ProspectErrorEvent} prospect-error - Something failed; `detail` has `code`, `message` for people, `reason` for logs, `recoverable`, `mender` (who can mend it: `'user'`, `'administrator'` or `'network'`) and `traceId`.
 * @fires {ProspectTokenExpiringEvent} prospect-token-expiring - The token ends in `detail.expiresInMs`: set a fresh one; the audio goes on.
 *
 * @csspart button - The round button.
 * @csspart badge - The LIVE badge.
 * @csspart dot - The connection's dot, green or grey.
 * @csspart bubble - The bubble of words.
 * @csspart title - The bubble's first line.
 * @csspart fault - The words of a failure.
 * @csspart details - The failure’s code, and the button that copies details for support.
 * @csspart copy-details - The button that copies details of a failure for support.
 * @csspart sealed - The lock that tells that the sound is sealed from end to end, with its words.
 * @csspart pause - The privacy pause button.
 * @csspart help - The button that asks for help.
 * @csspart microphone - The menu of microphones, where there are several.
 * @csspart microphone-test - The test of the microphone before going live.
 * @csspart card - The button that opens the card for the door, where the relay’s policy has one.
 * @csspart door-card - The card for the door, over the whole screen.
 * @csspart door-mind - Its button for a person who minds.
 * @csspart door-go-on - Its button that goes on afterwards.
 * @csspart door-close - Its button that closes it.
 * @csspart consent - The dialog with the policy’s text to acknowledge.
 * @csspart consent-text - The text in it.
 * @csspart consent-accept - Its button that acknowledges the text and goes live.
 * @csspart consent-later - Its button that does not.
 * @csspart continue - The button that continues here what is live on another page.
 * @csspart stop-elsewhere - The button that stops it there.
 * @csspart whisper - Who speaks into the commercial’s ear now.
 * @csspart whisper-stop - The button that ends it.
 * @csspart whisper-ended - Why it is over, in words.
 * @csspart cue - A manager’s short text.
 * @csspart cue-close - The button that closes it.
 * @csspart ears - The switches of what may be whispered.
 * @csspart earpiece - The switch "I wear an earpiece".
 * @csspart cues - The switch for short texts.
 * @csspart today - The list of who listened today, with its head.
 *
 * @cssprop [--prospect-button-size=3.5em] - Diameter of the round button; by default 56px, more where the browser’s default font is larger.
 * @cssprop [--prospect-button-inset-block-end=16px] - Distance from the bottom of the window.
 * @cssprop [--prospect-button-inset-inline-end=16px] - Distance from the end (right, in left-to-right text) of the window.
 * @cssprop [--prospect-z-index=2147483000] - Layer of the fixed button.
 * @cssprop [--prospect-accent=#2563eb] - Fill of the button when ready, and of main actions; white text stands on it.
 * @cssprop [--prospect-live=#dc2626] - Fill of the button while live; white stands on it.
 * @cssprop [--prospect-warning=#b45309] - Fill of the button while paused or interrupted; white stands on it.
 * @cssprop [--prospect-success=#16a34a] - Colour of the dot while connected.
 * @cssprop [--prospect-off=#64748b] - Fill of the button while not connected; white stands on it.
 * @cssprop [--prospect-surface=#ffffff] - Background of the bubble.
 * @cssprop [--prospect-text=#131720] - Colour of the text.
 * @cssprop [--prospect-text-muted] - Colour of secondary text; by default between `off` and `text`.
 * @cssprop [--prospect-raised] - Background of secondary buttons; by default a tint of `off`.
 * @cssprop [--prospect-border] - Outline of the bubble; by default a tint of `off`.
 * @cssprop [--prospect-font=system-ui] - Font family.
 * @cssprop [--prospect-radius=16px] - Corner radius of the open bubble.
 * @cssprop [--prospect-shadow] - Shadow under the button and the bubble.
 */
export class ProspectStreamButton extends LitElement {
  static override properties = {
    token: {},
    tokenProvider: { attribute: false },
    relayUrl: { attribute: 'relay-url' },
    debug: { type: Boolean },
    disabled: { type: Boolean, reflect: true },
    invite: { type: Boolean, reflect: true },
    e2eeKeys: { attribute: false },
    e2eeRotation: { attribute: false },
    e2eeWorkerUrl: { attribute: 'e2ee-worker-url' },
  };
  static override styles: CSSResultGroup = [theme, buttonStyles];
  /** The package's version. */
  static readonly version: string = WIDGET_VERSION;
  /**
   * Makes the session of each element; tests put their own here.
   * @internal
   */
  static sessionFactory: (options: StreamingSessionOptions) => StreamingControl | Promise<StreamingControl> =
    createStreamingSession;

  /**
   * The clock of presses; tests put their own here.
   * @internal
   */
  static clock: () => number = () => performance.now();

  /**
   * How long an open bubble that nobody is at stays open, in milliseconds; tests put their own here.
   * @internal
   */
  static foldMs = 12_000;

  /** The host's JSON Web Token of a commercial; a new value re-authenticates without dropping the audio. */
  declare token: string | null;
  /** Fetches a token from your server whenever one is wanted; a rejection is tried again, with growing pauses. */
  declare tokenProvider: TokenProvider | null;
  /** Where the relay is, such as `https://relay.example.com:8443`; by default the page's own host name. */
  declare relayUrl: string | null;
  /** Writes what happens to the console. */
  declare debug: boolean;
  /** Blocks going live by a press; ends nothing: a stream that runs goes on, and can be paused and stopped. */
  declare disabled: boolean;

  /**
   * Invites the commercial to go live, as a link with that purpose does: the bubble opens and says that one tap is enough. It needs that tap: a browser
   * gives no microphone, and nobody should be heard, without one.
   */
  declare invite: boolean;
  /** The team's keys for streams that are sealed from end to end: the first seals. From your own server, never in an attribute. Null: streams are not sealed. */
  declare e2eeKeys: readonly E2eeKey[] | null;
  /** How a key takes another one's place: after how many milliseconds it seals (`useAfterMs`, 5,000), and the older one opens no more (`dropAfterMs`, 60,000). */
  declare e2eeRotation: E2eeRotation | null;
  /** The worker's file of the package, on the page's own origin; without it the worker is made of a blob, which a policy must allow. */
  declare e2eeWorkerUrl: string | null;

  readonly #sessions = new SessionController<StreamingState, StreamingControl>(this, {
    initial: NOT_STREAMING,
    open: (settings) => ProspectStreamButton.sessionFactory({ ...settings, shown: () => this.updateComplete }),
    changed: (state, previous) => {
      if (isRunning(previous.status) && !isRunning(state.status)) this.#guard.closed();
      // Allowed by now, so that the browser names them.
      if (state.status === 'live' && previous.status !== 'live') this.#microphones.look();
      if (state.policy && !this.#policy) void this.#bringPolicy();
      if (state.newListeners.some((who) => !previous.newListeners.includes(who)))
        giveNotice(this, state, this.#vibrates);
      if (state.ear && !this.#ears) void this.#loadEars();
    },
  });
  readonly #microphones = new LateMicrophone(this, () => void this.#sessions.session?.recover());
  #vibrates = rememberedVibration();
  /** The button stays within reach over dialogs and full screen: one in the flow of the page while it is live. */
  readonly #layer = new LateLayer(this, {
    surface: () => this.renderRoot.querySelector<HTMLElement>('.root'),
    needed: () => !this.#policy?.covers && (this.getAttribute('placement') !== 'inline' || isRunning(this.state)),
  });
  readonly #guard = new PressGuard(() => ProspectStreamButton.clock());
  /** The pause is a button of its own: a tap on it says nothing about one on the round button. */
  readonly #pauseGuard = new PressGuard(() => ProspectStreamButton.clock());
  /** What there is only where the relay has a policy; null until it is there. */
  #policy: ButtonPolicy | null = null;
  /** What there is only where admins may whisper. */
  #ears: EarView | null = null;
  /** What the user chose for the bubble, for as long as the occasion lasts. */
  #bubble: { readonly occasion: string; readonly open: boolean } | null = null;
  /** Of what was rendered last. */
  #occasion = '';
  readonly #fold = new FoldTimer(() => {
    if (this.#layer.root.querySelector('.bubble:is(:hover, :focus-within)')) this.requestUpdate();
    else this.#setBubble(false);
  });

  constructor() {
    super();
    this.token = null;
    this.tokenProvider = null;
    this.relayUrl = null;
    this.debug = false;
    this.disabled = false;
    this.invite = false;
    this.e2eeKeys = this.e2eeRotation = this.e2eeWorkerUrl = null;
    upgradeProperties(this);
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

  /** Goes live. Call it inside a click: browsers ask for the microphone only there. Resolves when live or failed; never rejects. Taken at once, unlike a press on the button: a host that puts a control of its own on this must see to double taps itself. Where the relay's policy has a text to acknowledge, that is shown first; who does not acknowledge it does not go live. */
  async start(): Promise<void> {
    this.#microphones.release();
    if (!this.#asksConsent) await this.#sessions.call((session) => session.start(), 'starting');
    // Also one that the relay refused, which was not there when the press came.
    if (this.#asksConsent) await (await this.#bringPolicy()).ask();
  }

  /** Ends the stream and releases the microphone. */
  async stop(): Promise<void> {
    this.#sessions.forget();
    await this.#sessions.session?.stop();
  }

  /** Privacy pause: the relay passes nothing on, the stream stays. */
  async pause(): Promise<void> {
    await this.#sessions.session?.setPaused(true);
  }

  /** Ends the privacy pause; or takes an interrupted microphone again (then call it inside a click). Not a pause because somebody at the door minds: only the commercial goes on then, by the button or the card. */
  async resume(): Promise<void> {
    const { session, state } = this.#sessions;
    if (state.needsTap) await session?.recover();
    else if (!state.objection) await session?.setPaused(false);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#fold.clear();
  }

  adoptedCallback(): void {
    adoptShadowStyles(this);
  }

  protected override createRenderRoot(): ShadowRoot {
    return styledShadowRoot(this);
  }

  readonly #pressStart = (): void => {
    if (this.#guard.take('open')) void this.start();
  };

  readonly #pressStop = (): void => {
    if (this.#guard.take('close')) void this.stop();
  };

  readonly #pressRecover = (): void => {
    if (this.#guard.take('open')) void this.resume();
  };

  readonly #stopElsewhere = (): void => void this.#sessions.session?.stopElsewhere();

  #pressPause(paused: boolean): void {
    // A pause is taken always; going on is not taken right after it, and a second tap on it pauses again: nobody is heard by mistake.
    if (paused) this.#pauseGuard.closed();
    else if (!this.#pauseGuard.take('open')) return;
    void this.#sessions.session?.setPaused(paused);
  }

  /** A text of the policy waits to be acknowledged. */
  get #asksConsent(): boolean {
    const { policy, status } = this.#sessions.state;
    return policy?.consent?.text != null && !policy.consent.given && !isRunning(status);
  }

  async #bringPolicy(): Promise<ButtonPolicy> {
    const { ButtonPolicy } = await buttonPolicy.get();
    this.#policy ??= new ButtonPolicy(this, () => this.#sessions.session);
    this.requestUpdate();
    return this.#policy;
  }

  async #loadEars(): Promise<void> {
    const { EarView } = await earView.get();
    this.#ears ??= new EarView(this, {
      control: () => this.#sessions.session,
      root: () => this.#layer.root,
      vibrate: () => {
        if (mayVibrate(this) && this.#vibrates) navigator.vibrate(TEXT_VIBRATION_MS);
      },
    });
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { state } = this.#sessions;
    const { status } = state;
    const words = wordsOf(this);
    const view = buttonView(
      state,
      words,
      navigator.userAgent,
      { invited: this.invite },
      this.#policy?.said(state, words),
    );
    const { action, count } = view;
    const open = this.#bubble?.occasion === view.occasion ? this.#bubble.open : view.open;
    this.#occasion = view.occasion;
    const toggle = () => this.#setBubble(!open);
    this.#fold.look(open && view.folds, ProspectStreamButton.foldMs);
    // A name alone fits beside the button on a phone.
    const news = open ? '' : view.news;
    const press = { start: this.#pressStart, stop: this.#pressStop, recover: this.#pressRecover, none: toggle }[action];
    // A key that is held down presses the button again and again.
    const onFabKeydown = (event: KeyboardEvent) => {
      if (event.repeat && event.key === 'Enter') event.preventDefault();
    };
    const onKeydown = ({ key }: KeyboardEvent) => {
      if (key === 'Escape' && open) toggle();
    };
    return html`
      <div class="root" lang=${words.lang} data-status=${status} @keydown=${onKeydown}>
        <div class="face">
          <button
            class="fab ${status === 'live' || action === 'recover' ? 'pulse' : ''}"
            part="button"
            aria-label=${view.label}
            aria-describedby="words"
            aria-pressed=${view.pressed ?? nothing}
            aria-disabled=${action === 'none'}
            ?disabled=${this.disabled && (action === 'start' || action === 'none')}
            .style="--_level:${state.level}"
            @click=${press}
            @keydown=${onFabKeydown}
          >
            ${icon(action === 'stop' && status !== 'starting' ? 'stop' : 'mic')}${view.turning ? icon('ring') : nothing}
          </button>
          ${status === 'live' ? html`<span class="badge" part="badge" aria-hidden="true">${words('badge')}</span>` : nothing}
          <span class="dot mark ${state.online ? 'online' : 'off'}" part="dot"></span>
        </div>
        <div class="bubble ${open ? 'open' : ''}" part="bubble">
          <button class="head ${news ? 'news' : ''}" dir=${words.dir} aria-expanded=${open} @click=${toggle}>
            <i class="mark"></i>
            <span class="title" part="title">${news || view.title}</span>
            ${state.startedAt === null || news ? nothing : elapsed(state.startedAt, words)}
            ${open || count === null || news ? nothing : html`<span class="count" aria-hidden="true">${icon('headphones')}${number(count, words)}</span>`}
            ${icon('chevron')}
          </button>
          ${this.#ears?.card(state, words)}
          ${open ? bubbleBody(view, state, words, this.#bodyOptions(words)) : nothing}
          ${open && view.elsewhere ? elsewhereButtons(words, this.disabled, this.#pressStart, this.#stopElsewhere) : nothing}
          ${view.pause ? pauseButton(view.pause, words, (paused) => this.#pressPause(paused)) : nothing}
          ${this.#policy?.button(state, words)}
          ${this.#microphones.render(open, words, status === 'ready' && !this.disabled)}
          ${open ? this.#ears?.switches(state, words) : nothing}
          ${open ? helpButton(state, words, (on) => void this.#sessions.session?.setHelp(on)) : nothing}
          ${open && action === 'recover' ? html`<button class="wide" dir=${words.dir} @click=${this.stop}>${words('stop')}</button>` : nothing}
        </div>
        <div class="sr" id="words" role="status" dir=${words.dir}>${view.sentence}. ${view.fault} ${view.announced.join(' ')} ${this.#ears?.spoken(state, words)}</div>
      </div>
      ${this.#policy?.render(state, words)}
    `;
  }

  #setBubble(open: boolean): void {
    this.#bubble = { occasion: this.#occasion, open };
    this.requestUpdate();
  }

  #bodyOptions(words: Words): BodyOptions {
    const onVibrates = (vibrates: boolean): void => {
      this.#vibrates = vibrates;
      rememberVibration(vibrates);
    };
    return { host: this, details: this.#sessions.details(words), vibrates: this.#vibrates, onVibrates };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'prospect-stream-button': ProspectStreamButton;
  }
}
