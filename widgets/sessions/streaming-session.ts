import type { PayloadOf } from '../../relay/protocol/messages.ts';
import type { WakeLock } from '../audio/wake-lock.ts';
import type { PublishPeer } from '../relay-client/peer-connection.ts';
import type { NextSession, RelayLink } from '../relay-client/relay-link.ts';
import { type Fault, toFault } from '../shared/fault.ts';
import { StateStore } from '../shared/store.ts';
import { Capture } from './capture.ts';
import { CaptureReport } from './capture-report.ts';
import { Demand } from './demand.ts';
import { DemandReceipt } from './demand-receipt.ts';
import { Help } from './help.ts';
import { LostPatience } from './lost-patience.ts';
import { MediaLink, type NegotiationMode } from './media-link.ts';
import { PassingFlag } from './passing-flag.ts';
import { Pause } from './pause.ts';
import { reachRelay } from './reach-relay.ts';
import { faultToShow, refuseWithoutRelay, tell, usableStatus, wrongRole } from './relay-use.ts';
import type { SessionSealing } from './sealing.ts';
import { Sending } from './sending.ts';
import type { StreamingControl, StreamingState } from './state.ts';
import { StreamMove } from './stream-move.ts';
import { StreamingAside } from './streaming-aside.ts';
import { NOT_STREAMING, type StreamingParts } from './streaming-parts.ts';
import { pathLost, type StreamingPhase, streamingStatus } from './streaming-status.ts';
import { StreamingTerms } from './streaming-terms.ts';
import { LateEar } from './whisper/late-ear.ts';
import type { EarControl } from './whisper-state.ts';

/** The commercial's side: microphone to relay, on demand. */
export class StreamingSession<Track> implements StreamingControl {
  readonly #parts: StreamingParts<Track>;
  readonly sealing: SessionSealing | undefined;
  readonly #relay: RelayLink;
  readonly #store = new StateStore<StreamingState>(NOT_STREAMING);
  readonly #media: MediaLink<PublishPeer<Track>>;
  readonly #sending: Sending<Track>;
  readonly #demand = new Demand(() => this.#applySending());
  readonly #receipt: DemandReceipt;
  readonly #aside: StreamingAside;
  readonly #pause: Pause;
  readonly #help: Help;
  readonly #terms: StreamingTerms;
  readonly #report: CaptureReport;
  readonly #ear: LateEar<Track>;
  readonly #move: StreamMove<Track>;
  readonly #replaced = new PassingFlag((replaced) => this.#store.commit({ replaced }));
  readonly #patience = new LostPatience((why) => {
    this.#parts.log('the microphone is released', why);
    // A fault of the relay shows by itself for as long as it lasts: kept here, it would outlive it.
    void this.#tellStop();
    this.#end(this.#relay.fault ? null : this.#media.fault);
  });
  readonly #stopRelay: (() => void)[];
  #phase: StreamingPhase = 'off';
  #capture: Capture<Track> | null = null;
  #wakeLock: WakeLock | null = null;
  /** Aborted by whatever ends the present start or stream. */
  #run = new AbortController();
  #starting: Promise<void> | null = null;
  #stopping: Promise<void> = Promise.resolve();
  /** Whose stream this is: it never goes on under another name. */
  #streamer: string | null = null;
  #fault: Fault | null = null;
  #closed = false;

  constructor(parts: StreamingParts<Track>) {
    this.#parts = parts;
    this.sealing = parts.sealing;
    this.#relay = parts.relay;
    this.#media = new MediaLink({
      relay: parts.relay,
      createPeer: (servers, onState) => parts.createPeer(servers, onState),
      negotiate: (peer, mode, timeoutMs) => this.#negotiate(peer, mode, timeoutMs),
      onChange: () => this.#applySending(),
      log: parts.log,
    });
    this.sealing?.use({ changed: () => this.#applySending(), cover: () => this.#media.rebuild() });
    const { relay, log } = parts;
    const capture = (): Capture<Track> | null => this.#capture;
    this.#sending = new Sending({ media: this.#media, log, capture, wanted: () => this.#mayLeave() });
    this.#move = new StreamMove({ media: this.#media, demand: this.#demand });
    relay.prepareMove = (next) => this.#prepareMove(next);
    this.#receipt = new DemandReceipt({
      shown: () => parts.shown(),
      acknowledge: (version) => relay.request('demand:seen', { version }),
      onAcknowledged: () => this.#aside.shown(this.#demand.listeners),
      log,
    });
    const onFault = (fault: Fault | null): void => {
      this.#fault = fault;
      this.#commit();
    };
    const commit = (patch: Partial<StreamingState>): void => this.#store.commit(patch);
    this.#help = new Help({ relay, log, onFault, commit });
    this.#terms = new StreamingTerms({
      ...parts,
      commit: (policy) => {
        this.#store.commit({ policy });
        // Acknowledged on another page, said by a newer token, or asked for no more: nothing waits for anybody. Or hours have begun.
        const { code } = this.#fault ?? {};
        const passed =
          code === 'consent_required' ? policy?.consent?.given : code === 'policy_hours' ? policy?.open : false;
        if (passed !== false) onFault(null);
      },
      listeners: () => this.#demand.listeners,
    });
    const isLive = (): boolean => this.#phase === 'live';
    this.#ear = new LateEar<Track>({
      ...parts,
      microphone: () => this.#capture?.track ?? null,
      isLive,
      commit: (ear) => this.#store.commit({ ear }),
    });
    this.#aside = new StreamingAside({ ...parts, commit, ask: () => this.#receipt.again() });
    this.#pause = new Pause({
      relay,
      log,
      onFault,
      apply: (paused) => {
        this.#capture?.muteLevel(paused);
        this.#applySending();
      },
    });
    const isHeard = (): boolean => this.#demand.listeners.length > 0;
    this.#report = new CaptureReport({ relay, log, pause: this.#pause, capture, isLive, isHeard });
    this.#stopRelay = [
      relay.on('status', () => this.#commit()),
      relay.on('session:ready', (session) => this.#onReady(session)),
      relay.on('moved', () => this.#onMoved()),
      relay.on('demand:changed', (demand) => this.#onDemand(demand)),
      relay.on('stream:ended', ({ reason }) => this.#onStreamEnded(reason)),
      parts.page.listen((event) => event === 'leaving' && this.close()),
      parts.permission.onGranted(() => this.#fault?.code === 'microphone_denied' && onFault(null)),
    ];
    this.#commit();
  }

  readonly getState = (): StreamingState => this.#store.getState();
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  get ear(): EarControl | null {
    return this.#ear.control;
  }

  start(): Promise<void> {
    if (this.#closed || this.#phase === 'live') return Promise.resolve();
    if (this.#phase === 'starting' && this.#starting) return this.#starting;
    this.#starting = this.#goLive();
    return this.#starting;
  }

  stop(): Promise<void> {
    if (this.#phase === 'starting' || this.#phase === 'live') {
      const told = this.#tellStop();
      this.#phase = 'stopping';
      this.#release(told);
      this.#aside.ends();
      this.#commit();
      this.#stopping = told.then(() => {
        if (this.#phase === 'stopping') this.#phase = 'off';
        this.#commit();
      });
    }
    return this.#stopping;
  }

  async setPaused(paused: boolean, reason?: 'objection'): Promise<void> {
    const live = this.#phase === 'live';
    if (live || this.#phase === 'starting') await this.#pause.set(paused, live, this.#run.signal, reason);
  }

  readonly acknowledge = (version: string): void => this.#terms.acknowledge(version);
  readonly setHelp = (on: boolean): Promise<void> => this.#help.ask(on);

  async stopElsewhere(): Promise<void> {
    this.#fault = await this.#relay.request('stream:stop-elsewhere', {}).then(() => null, toFault);
    this.#commit();
  }

  async recover(): Promise<void> {
    await this.#capture?.recover();
  }

  setToken(token: string | null): void {
    if (!token) void this.stop();
    this.#relay.setToken(token);
  }

  readonly onTokenExpiring = (listener: (expiresInMs: number) => void) => this.#relay.on('expiring', listener);

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // Leaves with the socket's last packets: the listeners see the end at once rather than after the grace time.
    void this.stop();
    this.#replaced.lower();
    this.#demand.close();
    this.#help.close();
    this.#ear.close();
    this.#terms.close();
    this.#aside.close();
    for (const stop of this.#stopRelay) stop();
    this.#relay.close();
    this.#store.close();
  }

  async #goLive(): Promise<void> {
    this.#run = new AbortController();
    const { signal } = this.#run;
    const finished = this.#stopping;
    this.#phase = 'starting';
    this.#fault = null;
    this.#replaced.lower();
    this.#commit();
    try {
      refuseWithoutRelay(this.#relay, 'commercial');
      const capture = this.#createCapture(signal);
      this.#capture = capture;
      // The browser's question must be asked within the click: nothing is awaited before.
      const microphone = capture.open();
      this.#aside.starts(microphone, signal);
      this.#wakeLock = this.#parts.holdWakeLock((held) => this.#store.commit({ screenMayLock: !held }));
      const startStream = () => this.#startStream();
      await reachRelay({ relay: this.#relay, media: this.#media, microphone, finished, startStream, signal });
      if (signal.aborted) return;
      this.#phase = 'live';
      this.#sending.watch();
      this.#report.sync(true);
      this.#applySending();
    } catch (error) {
      if (signal.aborted) return;
      this.#parts.log('start failed', toFault(error).code);
      this.#stopping = this.#tellStop();
      this.#end(toFault(error), this.#stopping);
    }
  }

  #createCapture(signal: AbortSignal): Capture<Track> {
    return new Capture<Track>({
      ...this.#parts,
      onTrack: () => this.#applySending(),
      onLoss: (loss) => {
        if (signal.aborted) return;
        this.#report.loss(loss);
        this.#commit();
      },
      onLevel: (level) => {
        if (signal.aborted) return;
        this.#report.level(level);
        this.#commit();
      },
    });
  }

  /** Offer and answer; on a new transport of a stream that is live already, also the stream's start. */
  async #negotiate(peer: PublishPeer<Track>, mode: NegotiationMode, timeoutMs: number): Promise<void> {
    const offer = await peer.offer(mode === 'restart-ice', this.#relay.session?.iceServers ?? []);
    const { sdp } = await this.#relay.request('publish:offer', { mode, sdp: offer }, timeoutMs);
    await peer.accept(sdp);
    if (mode === 'connect' && this.#phase === 'live') await this.#startStream(true);
  }

  /** `again`: not a click; had a newer page taken over meanwhile, the stream would stay there. */
  async #startStream(again?: true): Promise<void> {
    const { signal } = this.#run;
    const { liveForMs } = await this.#relay.request('stream:start', again ? { again } : {});
    if (signal.aborted) return;
    this.#streamer = this.#relay.session?.user.id ?? null;
    // A restarted relay counts from zero; the person has been live since the click.
    this.#store.commit({ startedAt: this.getState().startedAt ?? Date.now() - liveForMs });
    if (this.#phase !== 'live') return;
    this.#report.sync(true);
    this.#ear.begun();
  }

  #tellStop(): Promise<void> {
    return tell(this.#relay, this.#parts.log, 'stream:stop', {});
  }

  #onReady(session: PayloadOf<'session:ready'>): void {
    const { resumed, hasMedia, user } = session;
    const misfit = wrongRole(user, 'commercial');
    if (misfit || this.#fault?.code === 'forbidden') this.#fault = misfit;
    if (misfit) {
      this.#commit();
      void this.stop();
      return;
    }
    this.#aside.ready(session, this.#phase === 'off');
    if (this.#phase === 'starting') this.#media.relayReady(resumed && hasMedia);
    else if (this.#phase === 'live') {
      if (user.id !== this.#streamer) {
        void this.stop();
        return;
      }
      this.#media.relayReady(resumed && hasMedia);
      // No `stream:start` here: had a newer page taken over meanwhile, it would take the stream back.
      if (resumed && hasMedia) this.#report.sync(false);
    } else if (this.#phase === 'off' && resumed) void this.#tellStop(); // stopped while the socket was away
    this.#commit();
  }

  async #prepareMove(next: NextSession): Promise<void> {
    if (this.#phase === 'off') return;
    if (this.#phase !== 'live' || next.session.user.id !== this.#streamer) throw new Error('Not now.');
    await this.#move.prepare(next, this.#run.signal, this.#terms.acknowledged);
  }

  #onMoved(): void {
    this.#receipt.reset();
    if (this.#move.arrived()) this.#report.sync(true);
    this.#commit();
  }

  #onDemand(change: PayloadOf<'demand:changed'>): void {
    if (this.#phase !== 'live' && this.#phase !== 'starting') return;
    const nobody = this.#demand.listeners.length === 0;
    if (!this.#demand.update(change, this.#relay.session?.demandLingerMs ?? 0)) return;
    if (nobody && this.#capture?.level) this.#report.level(this.#capture.level);
    this.#receipt.show(change.version);
  }

  #onStreamEnded(reason: PayloadOf<'stream:ended'>['reason']): void {
    if (this.#phase !== 'live') return;
    this.#parts.log('stream ended', reason);
    if (reason === 'grace_expired') {
      // The relay gave the media up; this page has not.
      this.#media.rebuild();
      return;
    }
    const ownPage = reason === 'replaced' || reason === 'stopped';
    const fault = ownPage ? null : { code: reason, message: `The relay ended the stream: ${reason}.` };
    this.#end(fault, undefined, reason === 'stopped' ? reason : null);
    if (reason === 'replaced') this.#replaced.raise();
    this.#commit();
  }

  #mayLeave(): boolean {
    return this.#phase === 'live' && this.#demand.wanted && !this.#pause.paused && !this.sealing?.fault;
  }

  #applySending(): void {
    this.#sending.apply();
    this.#commit();
  }

  #end(fault: Fault | null, told?: Promise<void>, ended: StreamingState['ended'] = null): void {
    this.#phase = 'off';
    this.#release(told);
    this.#aside.ends(ended);
    this.#fault = fault;
    this.#commit();
  }

  /** Microphone, connection, wake lock and timers. */
  #release(told?: Promise<void>): void {
    this.#run.abort();
    this.#move.stop();
    this.#demand.reset();
    this.#receipt.reset();
    this.#sending.rest();
    this.#capture?.close();
    this.#capture = null;
    this.#wakeLock?.release();
    this.#wakeLock = null;
    this.#media.close(told);
    this.#pause.reset();
    this.#terms.streamOver();
    this.#ear.over();
    this.#streamer = null;
    this.#store.commit({ startedAt: null, screenMayLock: false });
  }

  #commit(): void {
    const relay = usableStatus(this.#relay, 'commercial');
    const media = this.#media.state;
    const flowing = media === 'connected' && relay !== 'refused';
    const live = this.#phase === 'live';
    const { loss = null, level = 0 } = (live && this.#capture) || {};
    const sealing = live ? this.sealing : undefined;
    const facts = { phase: this.#phase, relay, media, paused: this.#pause.paused, captureLost: loss !== null };
    const { people } = this.#demand;
    this.#aside.look({ phase: this.#phase, streamer: this.#streamer, listeners: people.listeners });
    this.#patience.look({ live, relay, lost: pathLost(relay, media) });
    this.#store.commit({
      status: streamingStatus(facts),
      online: relay === 'online' || flowing,
      ...people,
      sending: this.#sending.track !== null,
      sealed: sealing?.sealed === true,
      level,
      voiceShown: live && Boolean(this.#relay.session?.voiceWithoutListeners),
      interruption: loss?.reason ?? null,
      needsTap: loss?.needsTap ?? false,
      objection: this.#pause.objection,
      fault: faultToShow(this.#relay, relay, flowing, [loss?.fault, this.#fault, sealing?.fault, this.#media.fault]),
    });
  }
}
