import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Store } from '../sessions/state.ts';

/** What the controller needs of a session, beyond its state. */
export interface Session<S> extends Store<S> {
  setToken(token: string | null): void;
  onTokenExpiring(listener: (expiresInMs: number) => void): () => void;
  close(): void;
}

/** How an element makes and follows its session. */
export interface SessionOptions<S, C extends Session<S>> {
  /** The state while there is no session. */
  readonly initial: S;
  /** Makes the session with the element's attributes of this moment. */
  open(): C;
  /** Called after each change of state, before the element renders it. */
  changed(state: S, previous: S): void;
  tokenExpiring(expiresInMs: number): void;
}

/**
 * Ties one session to one element's life. It opens with the first update after the element entered a document, so that attributes set in the
 * same task are known, and closes a microtask after the element left it: an element that is only moved keeps its session, and its audio.
 */
export class SessionController<S, C extends Session<S>> implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #options: SessionOptions<S, C>;
  #session: C | null = null;
  #state: S;
  #subscriptions: readonly (() => void)[] = [];

  constructor(host: ReactiveControllerHost & HTMLElement, options: SessionOptions<S, C>) {
    this.#host = host;
    this.#options = options;
    this.#state = options.initial;
    host.addController(this);
  }

  /** The state to render. */
  get state(): S {
    return this.#state;
  }

  /** The session; opened on demand while the element is in a document, else null. */
  get session(): C | null {
    if (!this.#session && this.#host.isConnected) this.#open();
    return this.#session;
  }

  /** Hands a new token to the session, if there is one. */
  setToken(token: string | null): void {
    this.#session?.setToken(token);
  }

  /** Closes the session; the next update opens another one with the attributes as they are then. */
  restart(): void {
    this.#close();
    this.#host.requestUpdate();
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    if (!this.#session && this.#host.isConnected) this.#open();
  }

  hostDisconnected(): void {
    queueMicrotask(() => {
      if (!this.#host.isConnected) this.#close();
    });
  }

  #open(): void {
    const session = this.#options.open();
    this.#session = session;
    this.#subscriptions = [
      session.subscribe(() => this.#commit(session.getState())),
      session.onTokenExpiring((ms) => this.#options.tokenExpiring(ms)),
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
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    this.#host.requestUpdate();
    this.#options.changed(state, previous);
  }
}
