import type { ReactiveController, TemplateResult } from 'lit';
import { nothing } from 'lit';
import {
  ProspectErrorEvent,
  type ProspectEvent,
  ProspectStateChangeEvent,
  ProspectTokenExpiringEvent,
} from '../events/prospect-events.ts';
import { faultWords, faultWordsComing, isRecoverable, menderOf } from '../i18n/fault-words.ts';
import { onLanguageChange } from '../i18n/languages.ts';
import { wordsOf } from '../i18n/translator.ts';
import type { Words } from '../i18n/words.ts';
import type { ProspectFault } from '../sessions/state.ts';
import { type Fault, type PageFaultCode, ProspectError, toFault, traced, traceOf } from '../shared/fault.ts';
import { relayKey } from '../shared/relay-url.ts';
import { E2eeProperties } from './e2ee-properties.ts';
import { FaultDetails } from './fault-details.ts';
import { HostEvents } from './host-events.ts';
import type { Session, SessionHost, SessionOptions, SessionState } from './session-options.ts';
import { TokenSupply } from './token-supply.ts';

/** For a session's code to come before the failure is shown; it is tried on. */
const CODE_PATIENCE_MS = 10_000;
/** For the words of a failure to come before the host is told of it. */
const WORDS_PATIENCE_MS = 2_000;

/**
 * What both elements do alike: one session for one element's life, its state as the attribute `state` and as events, and a new
 * rendering when the language changes. The session opens with the first update after the element entered a document, so that attributes set in the
 * same task are known, and closes a microtask after the element left it: an element that is only moved keeps its session, and its audio. A document without a window
 * (of a frame or popup that is gone, or never shown) is none: nobody would see who listens. While it stands,
 * only another relay makes it end: another spelling of the same address, `debug`, and whatever else a host renders anew change nothing of it.
 */
export class SessionController<S extends SessionState, C extends Session<S>> implements ReactiveController {
  /** The state to render. */
  state: S;
  readonly #host: SessionHost;
  readonly #events: HostEvents;
  readonly #options: SessionOptions<S, C>;
  #session: C | null = null;
  /** Its code is under way. */
  #coming = false;
  /** Aborted when the present session, there or under way, is wanted no more. */
  #wanted = new AbortController();
  /** What is to be done when the session is there; the newest wins. */
  #soon: ((session: C | null) => void) | null = null;
  /** The relay that the session was made for, and the token that it has. */
  #made: { readonly relay: string; readonly token: string | null } | null = null;
  /** What the session said last, before the supply's failure was laid over it. */
  #reported: S;
  readonly #e2ee: E2eeProperties;
  #supplyFault: Fault | null = null;
  readonly #supply = new TokenSupply({
    deliver: (token) => {
      this.#host.token = token;
    },
    failed: (fault) => {
      if (fault === this.#supplyFault) return;
      this.#supplyFault = fault;
      this.#show();
    },
  });
  readonly #details: FaultDetails;
  #traceId: string | null = null;
  /** The last failure that was written to the console. */
  #warned = '';
  #subscriptions: readonly (() => void)[] = [];
  #languages: MutationObserver | undefined;
  /** Ends the subscription to other texts. */
  #endTexts: (() => void) | undefined;
  #attributes: MutationObserver | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the element was rendered last (`performance.now`), and what renders it again if nothing does before. */
  #renderedAt = Number.NEGATIVE_INFINITY;
  #paced: ReturnType<typeof setTimeout> | undefined;
  #pacedAt = 0;
  /** Of the document in which the element stands. */
  #window: Window | null = null;

  constructor(host: SessionHost, options: SessionOptions<S, C>) {
    this.#host = host;
    this.#events = new HostEvents(host);
    this.#e2ee = new E2eeProperties(host);
    this.#details = new FaultDetails(host, this.#update);
    this.#options = options;
    this.state = this.#reported = options.initial;
    host.addController(this);
  }

  /** The session; opened on demand while the element is in a document, else null. */
  get session(): C | null {
    if (!this.#session && this.#shown) this.#open();
    return this.#session;
  }

  /** The session is there, and its state is the element's. */
  get isOpen(): boolean {
    return this.#session !== null;
  }

  /**
   * Calls the session: at once, within the click, where it is there; else when it is. Resolves with the call; or without one, when something else is wanted by then.
   * @param shown the status until then
   */
  async call(call: (session: C) => Promise<void>, shown?: S['status']): Promise<void> {
    this.forget();
    const { session } = this;
    if (session) return call(session);
    if (!this.#made || !this.#shown) return;
    const before = this.#reported;
    if (shown) this.#commit({ ...before, status: shown });
    const there = await new Promise<C | null>((resolve) => {
      this.#soon = resolve;
    });
    if (there) await call(there);
    else if (!this.isOpen && this.#made) this.#commit({ ...this.#reported, status: before.status });
  }

  /** What was to be done when the session is there is wanted no more. */
  forget(): void {
    this.#soon?.(null);
    this.#soon = null;
  }

  get #shown(): boolean {
    const { isConnected, ownerDocument } = this.#host;
    return isConnected && ownerDocument.defaultView !== null;
  }

  /** The failure's code, and what support asks for, to be copied. */
  details(words: Words): TemplateResult | typeof nothing {
    const { fault } = this.state;
    return fault ? this.#details.render(fault, this.#traceOf(fault), words) : nothing;
  }

  #traceOf({ message }: ProspectFault): string | null {
    return traceOf(message) ?? this.#traceId;
  }

  /** Tells the host; also an element's end after its removal. */
  readonly dispatch = (make: () => ProspectEvent<object>): void => this.#events.dispatch(make);

  /** Renders at once what was to be shown in a while. @param within milliseconds; what has more time waits on */
  flush(within: number = Number.POSITIVE_INFINITY): void {
    if (this.#paced === undefined || this.#pacedAt > performance.now() + within) return;
    clearTimeout(this.#paced);
    this.#paced = undefined;
    this.#update();
  }

  readonly #update = (): void => this.#host.requestUpdate();

  hostConnected(): void {
    const host = this.#host;
    const update = this.#update;
    update();
    this.#window = host.ownerDocument.defaultView;
    // Nothing tells an element that the window around it closes.
    this.#window?.addEventListener('pagehide', update);
    this.#events.connected();
    // Hosts switch the language without a reload: of the page, of the element, or of anything around it, shadow trees included.
    this.#languages = new MutationObserver(update);
    for (let node: Node | null = host; node; node = (node as Partial<ShadowRoot>).host ?? null) {
      node = node.getRootNode();
      this.#languages.observe(node, { attributeFilter: ['lang'], subtree: true });
    }
    this.#endTexts = onLanguageChange(update);
    // Pages that are refreshed by morphing (Turbo, idiomorph, LiveView) take off what the server's HTML does not have, or put back an older value.
    this.#attributes = new MutationObserver(() => this.#reflect());
    this.#attributes.observe(host, { attributeFilter: ['state'] });
  }

  hostUpdate(): void {
    const { relayUrl, tokenProvider } = this.#host;
    const token = tokenOf(this.#host);
    // Looked at with each update, of which there is one a second while it is live.
    if (this.#host.isConnected && !this.#shown) this.#close();
    if (tokenProvider && !token && this.#shown) this.#supply.ask(tokenProvider, 'start');
    if (this.#made && this.#made.relay !== relayKey(relayUrl)) this.#close();
    const { session } = this;
    if (session) this.#e2ee.look((e2ee) => session.sealing?.set(e2ee));
    if (!session || !this.#made || this.#made.token === token) return;
    this.#made = { ...this.#made, token };
    session.setToken(token);
  }

  hostUpdated(): void {
    this.#reflect();
    clearTimeout(this.#paced);
    this.#paced = undefined;
    this.#renderedAt = performance.now();
    clearTimeout(this.#timer);
    if (this.#host.isConnected && (this.state.startedAt ?? this.state.listeningSince)) {
      this.#timer = setTimeout(this.#update, 1000);
    }
  }

  hostDisconnected(): void {
    this.#languages?.disconnect();
    this.#endTexts?.();
    this.#attributes?.disconnect();
    this.#window?.removeEventListener('pagehide', this.#update);
    clearTimeout(this.#timer);
    clearTimeout(this.#paced);
    this.#paced = undefined;
    queueMicrotask(() => {
      if (!this.#shown) this.#close();
    });
  }

  #open(): void {
    const host = this.#host;
    const relay = relayKey(host.relayUrl);
    const token = tokenOf(host);
    // One that is under way takes the newest token when it is there.
    if (this.#coming) return;
    // Made once for these settings, also when it fails: the next ones may do better.
    if (this.#made?.relay === relay && this.#made.token === token) return;
    this.#made = { relay, token };
    this.#wanted = new AbortController();
    const { signal } = this.#wanted;
    try {
      const session = this.#options.open({
        token,
        relayUrl: host.relayUrl,
        e2ee: this.#e2ee.read,
        isDebug: () => host.debug,
        onTrace: (id) => {
          this.#traceId = id;
        },
        signal,
      });
      if (session instanceof Promise) void this.#await(session, signal);
      else this.#use(session);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A browser without something that was taken for granted: words, never a blank element. */
  #fail(error: unknown): void {
    this.#commit({ ...this.#options.initial, fault: toFault(error) });
  }

  async #await(coming: Promise<C>, signal: AbortSignal): Promise<void> {
    this.#coming = true;
    if (this.#made?.token) this.#commit({ ...this.#options.initial, status: 'connecting' });
    const code: PageFaultCode = 'relay_unreachable';
    const fault = toFault(new ProspectError(code, 'A part of the widgets could not be loaded.'));
    const timer = setTimeout(() => this.#commit({ ...this.#reported, fault }), CODE_PATIENCE_MS);
    const stop = (): void => {
      clearTimeout(timer);
      if (this.#wanted.signal === signal) this.#coming = false;
    };
    signal.addEventListener('abort', stop);
    try {
      const session = await coming;
      stop();
      if (signal.aborted) session.close();
      else this.#use(session);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    } finally {
      stop();
    }
  }

  #use(session: C): void {
    const host = this.#host;
    this.#session = session;
    this.#subscriptions = [
      session.subscribe(() => this.#commit(session.getState())),
      session.onTokenExpiring((ms) => {
        this.dispatch(() => new ProspectTokenExpiringEvent(ms));
        const { tokenProvider } = host;
        if (tokenProvider) this.#supply.ask(tokenProvider, ms > 0 ? 'expiring' : this.#whyRefused());
      }),
    ];
    this.#options.opened?.(session);
    const soon = this.#soon;
    this.#soon = null;
    this.#commit(session.getState());
    soon?.(session);
    // A token that was set meanwhile.
    this.#update();
  }

  #close(): void {
    const session = this.#session;
    this.#session = this.#made = null;
    this.#wanted.abort();
    this.forget();
    this.#supply.stop();
    for (const end of this.#subscriptions) end();
    this.#subscriptions = [];
    session?.close();
    this.#commit(this.#options.initial);
  }

  #whyRefused(): 'expired' | 'refused' {
    const { fault } = this.#reported;
    return fault && fault.code !== 'token_expired' ? 'refused' : 'expired';
  }

  #commit(state: S): void {
    if (state === this.#reported) return;
    this.#reported = state;
    this.#show();
  }

  /** A provider that fails is why there is no good token: that says more than the relay's word about the old one. */
  #show(): void {
    const previous = this.state;
    const fault = this.#supplyFault;
    const covered = fault && (!this.#reported.fault || this.#reported.fault.code.startsWith('token_'));
    this.#render(covered ? { ...this.#reported, fault } : this.#reported, previous);
  }

  #render(state: S, previous: S): void {
    if (state === previous) return;
    this.state = state;
    const { status, fault } = state;
    const ms = this.#renderedAt + (this.#options.pace?.(state, previous) ?? 0) - performance.now();
    if (ms <= 0) this.#update();
    else if (ms !== Number.POSITIVE_INFINITY && this.#paced === undefined) {
      this.#paced = setTimeout(this.#update, ms);
      this.#pacedAt = performance.now() + ms;
    }
    if (status !== previous.status) {
      this.#reflect();
      this.dispatch(() => new ProspectStateChangeEvent({ state: status, previous: previous.status }));
    }
    this.#options.changed?.(state, previous);
    if (fault && fault !== previous.fault) {
      this.#details.begin(fault);
      const coming = faultWordsComing(fault.code);
      if (coming) void Promise.race([coming, waited(WORDS_PATIENCE_MS)]).then(() => this.#report(fault));
      else this.#report(fault);
    }
  }

  #report(fault: ProspectFault): void {
    const { code, message: reason } = fault;
    const message = faultWords(code, wordsOf(this.#host), navigator.userAgent);
    const traceId = this.#traceOf(fault);
    this.#warn(code, traced(reason, traceOf(reason) ? null : traceId), message);
    const report = { code, message, reason, recoverable: isRecoverable(code), mender: menderOf(code), traceId };
    this.dispatch(() => new ProspectErrorEvent(report));
  }

  /** What neither time nor a tap mends is for a developer to read, without `debug`; once, until it is another. */
  #warn(code: string, reason: string, message: string): void {
    const text = `<${this.#host.localName}> ${code}: ${reason} ${message}`;
    const comesAnew = code === 'token_expired' && this.#host.tokenProvider;
    if (isRecoverable(code) || comesAnew || text === this.#warned) return;
    this.#warned = text;
    console.warn(text);
  }

  /** Kept by hand: a property that is reflected would be one that hosts can set. */
  #reflect(): void {
    const { status } = this.state;
    if (this.#host.getAttribute('state') !== status) this.#host.setAttribute('state', status);
  }
}

const waited = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** White space around a token comes from files and templates, and is no part of it. */
function tokenOf({ token }: SessionHost): string | null {
  return token?.trim() || null;
}
