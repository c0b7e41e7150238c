import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ProspectErrorEvent, ProspectStateChangeEvent, ProspectTokenExpiringEvent } from '../events/prospect-events.ts';
import { faultWords, isRecoverable } from '../i18n/fault-words.ts';
import { wordsOf } from '../i18n/translator.ts';
import type { ListeningStatus, ProspectFault, Store, StreamingStatus } from '../sessions/state.ts';

/** What the controller needs of a session's state. Sessions keep one fault object per failure. */
export interface SessionState {
  readonly status: StreamingStatus | ListeningStatus;
  readonly fault: ProspectFault | null;
  /** A clock runs while there is one of these: the element is then rendered once a second. */
  readonly startedAt?: number | null;
  readonly listeningSince?: number | null;
}

/** What the controller needs of a session, beyond its state. */
export interface Session<S> extends Store<S> {
  setToken(token: string | null): void;
  onTokenExpiring(listener: (expiresInMs: number) => void): () => void;
  close(): void;
}

/** The attributes that both elements have, and every session is made with. */
export interface SessionSettings {
  readonly token: string | null;
  readonly relayUrl: string | null;
  readonly debug: boolean;
}

/** How an element makes and follows its session. */
export interface SessionOptions<S, C> {
  /** The state while there is no session. */
  readonly initial: S;
  /** Makes the session with the element's attributes of this moment. */
  open(settings: SessionSettings): C;
  /** Called after each change of state, before the element renders it. */
  changed?(state: S, previous: S): void;
}

/**
 * What both elements do alike: one session for one element's life, its state as the attribute `state` and as events, and a new
 * rendering when the language changes. The session opens with the first update after the element entered a document, so that attributes set in the
 * same task are known, and closes a microtask after the element left it: an element that is only moved keeps its session, and its audio.
 */
export class SessionController<S extends SessionState, C extends Session<S>> implements ReactiveController {
  /** The state to render. */
  state: S;
  readonly #host: ReactiveControllerHost & HTMLElement & SessionSettings;
  readonly #options: SessionOptions<S, C>;
  #session: C | null = null;
  /** What the session was made with, and its token now. */
  #settings: SessionSettings | undefined;
  #subscriptions: readonly (() => void)[] = [];
  #observer: MutationObserver | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement & SessionSettings, options: SessionOptions<S, C>) {
    this.#host = host;
    this.#options = options;
    this.state = options.initial;
    host.addController(this);
  }

  /** The session; opened on demand while the element is in a document, else null. */
  get session(): C | null {
    if (!this.#session && this.#host.isConnected) this.#open();
    return this.#session;
  }

  hostConnected(): void {
    const update = () => this.#host.requestUpdate();
    update();
    // Hosts switch the language without a reload: of the page, of the element, or of anything around it, shadow trees included.
    this.#observer = new MutationObserver(update);
    for (let node: Node | null = this.#host; node; node = node instanceof ShadowRoot ? node.host : null) {
      node = node.getRootNode();
      this.#observer.observe(node, { attributeFilter: ['lang'], subtree: true });
    }
  }

  hostUpdate(): void {
    const { token, relayUrl, debug } = this.#host;
    const made = this.#settings;
    if (made && (made.relayUrl !== relayUrl || made.debug !== debug)) this.#close();
    const { session } = this;
    if (this.#settings?.token === token) return;
    this.#settings = { token, relayUrl, debug };
    session?.setToken(token);
  }

  hostUpdated(): void {
    this.#reflect();
    clearTimeout(this.#timer);
    if (this.#host.isConnected && (this.state.startedAt ?? this.state.listeningSince)) {
      this.#timer = setTimeout(() => this.#host.requestUpdate(), 1000);
    }
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    clearTimeout(this.#timer);
    queueMicrotask(() => {
      if (!this.#host.isConnected) this.#close();
    });
  }

  #open(): void {
    const { token, relayUrl, debug } = this.#host;
    this.#settings = { token, relayUrl, debug };
    const session = this.#options.open(this.#settings);
    this.#session = session;
    this.#subscriptions = [
      session.subscribe(() => this.#commit(session.getState())),
      session.onTokenExpiring((ms) => this.#host.dispatchEvent(new ProspectTokenExpiringEvent(ms))),
    ];
    this.#commit(session.getState());
  }

  #close(): void {
    const session = this.#session;
    if (!session) return;
    this.#session = null;
    for (const end of this.#subscriptions) end();
    session.close();
    this.#commit(this.#options.initial);
  }

  #commit(state: S): void {
    const previous = this.state;
    if (state === previous) return;
    this.state = state;
    const host = this.#host;
    const { status, fault } = state;
    host.requestUpdate();
    if (status !== previous.status) {
      this.#reflect();
      host.dispatchEvent(new ProspectStateChangeEvent({ state: status, previous: previous.status }));
    }
    this.#options.changed?.(state, previous);
    if (fault && fault !== previous.fault) {
      const { code } = fault;
      const message = faultWords(code, wordsOf(host), navigator.userAgent);
      host.dispatchEvent(
        new ProspectErrorEvent({ code, message, reason: fault.message, recoverable: isRecoverable(code) }),
      );
    }
  }

  /** Kept by hand: a property that is reflected would be one that hosts can set. */
  #reflect(): void {
    const { status } = this.state;
    if (this.#host.getAttribute('state') !== status) this.#host.setAttribute('state', status);
  }
}
