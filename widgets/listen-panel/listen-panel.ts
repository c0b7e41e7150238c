import type { CSSResultGroup, TemplateResult } from 'lit';
import { html, LitElement, nothing } from 'lit';
import type { E2eeKey, E2eeRotation } from '../e2ee/team-keys.ts';
import { wordsOf } from '../i18n/translator.ts';
import { createListeningSession, type ListeningSessionOptions } from '../sessions/create-listening-session.ts';
import { NOT_LISTENING } from '../sessions/listening-parts.ts';
import type {
  Commercial,
  ExpectedPerson,
  ListeningControl,
  ListeningState,
  ListeningStatus,
} from '../sessions/state.ts';
import { WIDGET_VERSION } from '../shared/version.ts';
import { FocusController } from '../ui/focus-controller.ts';
import { LateLayer } from '../ui/late-layer.ts';
import { SessionController } from '../ui/session-controller.ts';
import { adoptShadowStyles, styledShadowRoot } from '../ui/shadow-styles.ts';
import { theme } from '../ui/theme.ts';
import type { TokenProvider } from '../ui/token-supply.ts';
import { upgradeProperties } from '../ui/upgrade-properties.ts';
import type { TalkView } from '../whisper/talk-view.ts';
import { emptyWords, noticeOf, rosterPace } from './first-view.ts';
import { HostWishes } from './host-wishes.ts';
import { keysHelp, openKeys } from './late-keys.ts';
import { rendering, talking } from './late-rendering.ts';
import { Listens } from './listens.ts';
import type { PanelBody } from './panel-body.ts';
import { tellHost } from './panel-events.ts';
import { panelHeader } from './panel-header.ts';
import { panelStyles } from './styles.ts';

/**
 * The admin's panel: the commercials of the admin's teams, and one of them heard at a time.
 *
 * @summary Lists the team's commercials, live first, and lets an admin hear one of them.
 * @tag prospect-listen-panel
 *
 * @attr {string} lang - Language of the texts, such as `fr`, `en`, `es`, `ar`; by default that of `setLocale`, then of the closest ancestor with `lang`, then the browser's.
 * @attr {'inside'} dock - `inside` puts the dock under the list instead of fixed at the bottom right of the window.
 * @attr {'light' | 'dark' | 'auto'} theme - Forces a theme, or with `auto` the system's; by default the page's `color-scheme`.
 * @attr {ListeningStatus} state - Read-only: what the panel is doing, for CSS and tests.
 *
 * @fires {ProspectStateChangeEvent} prospect-state-change - The `state` changed; `detail` has `state` and `previous`.
 * @fires {ProspectErrorEvent} prospect-error - Something failed; `detail` has `code`, `message` for people, `reason` for logs, `recoverable`, `mender` (who can mend it: `'user'`, `'administrator'` or `'network'`) and `traceId`.
 * @fires {ProspectTokenExpiringEvent} prospect-token-expiring - The token ends in `detail.expiresInMs`: set a fresh one; the audio goes on.
 * @fires {ProspectListenChangeEvent} prospect-listen-change - Who is listened to, or how, changed; `detail` has `commercialId`, `name` and `status`.
 * @fires {ProspectRosterChangeEvent} prospect-roster-change - A row of the list changed; `detail.commercials` has them all, unless `detail.complete` is false (part of the service cannot be reached). While the page is hidden every 2 s at most, and not for levels.
 * @fires {ProspectPurposeChangeEvent} prospect-purpose-change - The admin chose why they listen; `detail.purpose` is the id of the policy's purpose.
 *
 * @csspart panel - The list's box.
 * @csspart header - Its header: title, how many are live, connection.
 * @csspart keys-button - The header's button that shows the keys.
 * @csspart search - The search field.
 * @csspart tools - The row with filters, order, "next live" and the round.
 * @csspart sort - The choice of the order.
 * @csspart next - The button that goes to the next one who is live.
 * @csspart round - The choice of a round.
 * @csspart notice - The strip with a failure or other news in words.
 * @csspart details - The failure’s code, and the button that copies details for support.
 * @csspart copy-details - The button that copies details of a failure for support.
 * @csspart help-alerts - The button that turns notices and sounds of who asks for help on and off.
 * @csspart help - The flag of a commercial who asks for help.
 * @csspart news - The strip that tells of somebody who went live.
 * @csspart list - The list.
 * @csspart changes - The button with changes that wait while pointer or focus is in the list.
 * @csspart group - The heading of a team.
 * @csspart row - One commercial.
 * @csspart name - A commercial's name.
 * @csspart status - A commercial's state in words.
 * @csspart team - A commercial's team.
 * @csspart listen-button - The headphones button of a row.
 * @csspart more-button - The button of a row that shows further ones.
 * @csspart keys - The dialog with the keys.
 * @csspart keys-close - The button that closes it.
 * @csspart dock - The dock.
 * @csspart stop - The dock's stop button.
 * @csspart sound-on - The dock's button that turns the sound on.
 * @csspart mute - The dock's mute button.
 * @csspart volume - The dock's volume bar.
 * @csspart meter - The dock's level meter.
 * @csspart others - The names of the others who hear the same commercial.
 * @csspart sealed - The lock that tells that the sound is sealed from end to end, with its words.
 * @csspart quality - The connection's quality in words.
 * @csspart sound-settings - The dock's folded settings of the sound.
 * @csspart terms - What the relay's policy says of who is heard: the reason, the time, the end.
 * @csspart warning - The end that comes.
 * @csspart time - How long was heard today, and what is left.
 * @csspart purpose - The dialog that asks why, where the relay's policy asks.
 * @csspart purpose-listen - Its button that takes the choice.
 * @csspart purpose-cancel - Its button that closes it.
 * @csspart purpose-change - The dock's button that opens it again.
 * @csspart barred - Why a row cannot be heard now, in words.
 * @csspart whisper - What the dock has for speaking into the ear of whom is heard.
 * @csspart whisper-hold - The button that speaks while it is held.
 * @csspart whisper-state - Who hears it, or why it is over, in words.
 * @csspart whisper-lock - The switch for who cannot hold a button.
 * @csspart cue - The form for a short text.
 * @csspart cue-field - Its field.
 * @csspart cue-send - Its button.
 * @csspart cue-preset - One of the host’s own texts.
 * @csspart cue-state - How long the text is, and what became of the last one.
 * @csspart replaced - The notice that another tab took the listening over.
 *
 * @cssprop [--prospect-accent=#2563eb] - Fill of pressed buttons, white stands on it; mixed into the volume bar, focus rings and states such as "online".
 * @cssprop [--prospect-live=#dc2626] - Colour of the live dot, and mixed into the words "live".
 * @cssprop [--prospect-warning=#b45309] - Colour of the dot while paused or interrupted.
 * @cssprop [--prospect-success=#16a34a] - Colour of level bars and of the connected dot.
 * @cssprop [--prospect-off=#64748b] - Colour of the dot while offline.
 * @cssprop [--prospect-surface=#ffffff] - Background of the list and of the dock.
 * @cssprop [--prospect-text=#131720] - Colour of the text.
 * @cssprop [--prospect-text-muted] - Colour of secondary text; by default between `off` and `text`.
 * @cssprop [--prospect-raised] - Background of fields and buttons; by default a tint of `off`.
 * @cssprop [--prospect-border] - Lines; by default a tint of `off`.
 * @cssprop [--prospect-font=system-ui] - Font family.
 * @cssprop [--prospect-radius=16px] - Corner radius of the list and of the dock.
 * @cssprop [--prospect-shadow] - Shadow under the dock.
 * @cssprop [--prospect-z-index=2147483000] - Layer of the dock.
 * @cssprop [--prospect-dock-inset-block-end=16px] - Distance of the dock from the bottom of the window.
 * @cssprop [--prospect-dock-inset-inline-end=16px] - Distance of the dock from the end (right, in left-to-right text) of the window.
 */
export class ProspectListenPanel extends LitElement {
  static override properties = {
    token: {},
    tokenProvider: { attribute: false },
    relayUrl: { attribute: 'relay-url' },
    debug: { type: Boolean },
    volume: { type: Number, noAccessor: true },
    expected: { attribute: false, noAccessor: true },
    roundSeconds: { type: Number, attribute: 'round-seconds' },
    cues: { attribute: false },
    e2eeKeys: { attribute: false },
    e2eeRotation: { attribute: false },
    e2eeWorkerUrl: { attribute: 'e2ee-worker-url' },
    purpose: {},
  };
  static override styles: CSSResultGroup = [theme, panelStyles];
  /** The package's version. */
  static readonly version: string = WIDGET_VERSION;
  /**
   * Makes the session of each element; tests put their own here.
   * @internal
   */
  static sessionFactory: (options: ListeningSessionOptions) => ListeningControl | Promise<ListeningControl> =
    createListeningSession;

  /** The host's JSON Web Token of an admin; a new value re-authenticates without dropping the audio. */
  declare token: string | null;
  /** Fetches a token from your server whenever one is wanted; a rejection is tried again, with growing pauses. */
  declare tokenProvider: TokenProvider | null;
  /** Where the relay is, such as `https://relay.example.com:8443`; by default the page's own host name. */
  declare relayUrl: string | null;
  /** Writes what happens to the console. */
  declare debug: boolean;
  /** Seconds for each commercial in a round, offered beside the usual choices; from 3 to 3600. */
  declare roundSeconds: number | null;
  /** Up to three short texts of yours, of 80 characters at most, which an admin who may whisper sends with one press. */
  declare cues: readonly string[] | null;
  /** The teams' keys for streams that are sealed from end to end: all open. From your own server, never in an attribute. Null: none can be opened. */
  declare e2eeKeys: readonly E2eeKey[] | null;
  /** For how many milliseconds a key that is in the list no more still opens (`dropAfterMs`, 60,000). */
  declare e2eeRotation: E2eeRotation | null;
  /** The worker's file of the package, on the page's own origin; without it the worker is made of a blob, which a policy must allow. */
  declare e2eeWorkerUrl: string | null;
  /** Why the admin listens: the id of one of the policy's purposes, where your page knows it; else the admin is asked where the policy asks. */
  declare purpose: string | null;

  /** The dock stays within reach over dialogs and full screen. */
  readonly #layer = new LateLayer(this, {
    surface: () => this.renderRoot.querySelector<HTMLElement>('.dock'),
    needed: () => this.getAttribute('dock') !== 'inside' && !this.#listens.policy?.covers,
  });
  readonly #sessions = new SessionController<ListeningState, ListeningControl>(this, {
    initial: NOT_LISTENING,
    open: (settings) => ProspectListenPanel.sessionFactory({ ...settings, ...this.#wishes.give() }),
    opened: (session) => this.#wishes.apply(session),
    changed: (state, previous) => this.#changed(state, previous),
    pace: rosterPace,
  });
  readonly #wishes = new HostWishes(() => this.#sessions);
  readonly #listens = new Listens(this, {
    present: () => this.#sessions,
    given: () => this.purpose,
    dispatch: (make) => this.#sessions.dispatch(make),
  });
  /** What there is only where somebody may whisper. */
  #talk: TalkView | null = null;
  /** What there is when there is somebody to show. */
  #body: PanelBody | null = null;

  constructor() {
    super();
    this.token = this.tokenProvider = this.relayUrl = this.roundSeconds = this.purpose = this.cues = null;
    this.e2eeKeys = this.e2eeRotation = this.e2eeWorkerUrl = null;
    this.debug = false;
    new FocusController(this, () => this.#find('.mute') ?? this.#body?.headphones);
    upgradeProperties(this);
  }

  /** What the panel is doing; also the read-only attribute `state`. */
  get state(): ListeningStatus {
    return this.#sessions.state.status;
  }

  /** Everybody in the list, live first. */
  get commercials(): readonly Commercial[] {
    return this.#sessions.state.commercials;
  }

  /** The commercial who is heard or waited for, or null. */
  get selected(): Commercial | null {
    return this.#sessions.state.selected;
  }

  /** Volume from 0 to 1; by default the one chosen last in this browser. */
  get volume(): number {
    return this.#wishes.volume;
  }
  set volume(volume: number) {
    this.#wishes.volume = volume;
  }

  /** Sound off, without stopping to listen. */
  get muted(): boolean {
    return this.#wishes.muted;
  }
  set muted(muted: boolean) {
    this.#wishes.muted = muted;
  }

  /** People who stand in the list as offline also while they were never connected, beside those of the token's claim `expected`: at most 2,000. A list with something wrong is not taken; the console says what. */
  get expected(): readonly ExpectedPerson[] {
    return this.#wishes.expected;
  }
  set expected(people: readonly ExpectedPerson[] | null) {
    this.#wishes.expect(people, this.localName);
  }

  /** Hears this commercial, or waits for them; a round ends. Best inside a click: browsers keep sound off before one. Never rejects. Where the relay's policy asks why, and neither `purpose` nor an earlier answer says it, the admin is asked first. */
  listen(commercialId: string): Promise<void> {
    this.#body?.endRound();
    return this.#listens.to(commercialId);
  }

  /** Hears nobody; a round ends. */
  async stop(): Promise<void> {
    this.#body?.endRound();
    this.#sessions.forget();
    await this.#sessions.session?.stop();
  }

  adoptedCallback(): void {
    adoptShadowStyles(this);
  }

  /** Settled is what shows the state of now, not of a moment ago. */
  protected override getUpdateComplete(): Promise<boolean> {
    this.#sessions.flush();
    this.#body?.flush();
    return super.getUpdateComplete();
  }

  protected override createRenderRoot(): ShadowRoot {
    return styledShadowRoot(this);
  }

  protected override firstUpdated(): void {
    void rendering.get().then(() => this.requestUpdate());
  }

  protected override willUpdate(): void {
    const { here } = rendering;
    if (here && !this.#body) this.#body = this.#makeBody(here.PanelBody);
  }

  protected override updated(): void {
    this.#body?.rendered();
  }

  protected override render(): TemplateResult {
    const { state } = this.#sessions;
    const { commercials, status, online } = state;
    const words = wordsOf(this);
    const policy = this.#listens.policy;
    const notice = noticeOf(state, words, navigator.userAgent, policy?.notice(state, words));
    const body = this.#body?.render(state, words, this.#talk?.dock(state, words));
    const [before, after] = body?.spoken ?? [words(`state_${status}`), ''];
    return html`
      <section class="root panel ${body?.docked ? 'docked' : ''} ${online ? '' : 'stale'}" part="panel" lang=${words.lang} dir=${words.dir} aria-label=${words('title')}>
        ${panelHeader(commercials.filter((one) => one.status === 'live').length, online, body?.bell, words, this.#openKeys)}
        ${body?.tools}
        ${notice ? html`<p class="notice ${notice.fault ? 'fault' : ''}" part="notice">${notice.text}${notice.fault ? this.#sessions.details(words) : nothing}</p>` : nothing}
        ${body?.notices}
        ${body?.list ?? html`<p class="words">${emptyWords(state, words)}</p>`}
      </section>
      ${body?.dock}
      ${policy?.render(state, words)}
      ${rendering.here && keysHelp.here?.keysHelp(words, this.#talk !== null)}
      <div class="sr" role="status" lang=${words.lang} dir=${words.dir}>${before}. ${notice?.text} ${after} ${policy?.spoken(state, words)} ${this.#talk?.spoken(state, words)}</div>
    `;
  }

  readonly #openKeys = (): void => void openKeys(this);

  #makeBody(Body: typeof PanelBody): PanelBody {
    return new Body(this, {
      sessions: this.#sessions,
      listens: this.#listens,
      listen: (id) => void this.listen(id),
      stop: () => void this.stop(),
      help: this.#openKeys,
      find: (selector) => this.#find(selector),
      roundSeconds: () => this.roundSeconds,
    });
  }

  async #loadTalk(): Promise<void> {
    const { TalkView } = await talking.get();
    this.#talk ??= new TalkView(this, {
      control: () => this.#sessions.session,
      cues: () => this.cues,
      find: (selector) => this.#find(selector),
    });
    this.requestUpdate();
  }

  #find(selector: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(selector) ?? this.#layer.root.querySelector(selector);
  }

  #changed(state: ListeningState, previous: ListeningState): void {
    if (state.whisper && !this.#talk) void this.#loadTalk();
    tellHost(state, previous, this.#sessions);
    this.#listens.look();
    this.#body?.changed(state, previous);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'prospect-listen-panel': ProspectListenPanel;
  }
}
