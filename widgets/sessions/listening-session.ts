import type { ListenStatus, ParamsOf, PayloadOf, ResultOf } from '../../relay/protocol/messages.ts';
import type { ListenPeer } from '../relay-client/peer-connection.ts';
import { type RelayLink, untilOnline } from '../relay-client/relay-link.ts';
import { type Fault, toFault } from '../shared/fault.ts';
import type { PageEvent } from '../shared/page.ts';
import { StateStore } from '../shared/store.ts';
import { ExpectedPeople } from './expected-people.ts';
import { ListenMove } from './listen-move.ts';
import { type ListeningParts, NOT_LISTENING } from './listening-parts.ts';
import { listeningStatus } from './listening-status.ts';
import { ListeningTerms } from './listening-terms.ts';
import { MediaLink, type NegotiationMode } from './media-link.ts';
import { MediaUpkeep } from './media-upkeep.ts';
import { Others } from './others.ts';
import { ReceptionMeter } from './reception-meter.ts';
import { failureOf, faultOfListening, refuseWithoutRelay, tell, usableStatus, wrongRole } from './relay-use.ts';
import { RosterModel, startOf } from './roster-model.ts';
import type { SessionSealing } from './sealing.ts';
import { endOf, isEnd, paramsOf, type Selection, selectedRow } from './selection.ts';
import { Sound } from './sound.ts';
import type { ListeningControl, ListeningState } from './state.ts';
import { LateWhisperer } from './whisper/late-whisperer.ts';
import type { WhisperControl } from './whisper-state.ts';

const LISTEN_PATIENCE_MS = 10_000;
/** Room comes when somebody leaves: asked for again after this long, or up to twice as long, so that all who wait do not ask at once. */
const ROOM_MS = 5_000;

/** The admin's side: roster, selection, and one warm transport that carries whoever is selected. */
export class ListeningSession<Track> implements ListeningControl {
  readonly #parts: ListeningParts<Track>;
  readonly sealing: SessionSealing | undefined;
  readonly #relay: RelayLink;
  readonly #store: StateStore<ListeningState>;
  readonly #media: MediaLink<ListenPeer>;
  readonly #upkeep = new MediaUpkeep({
    open: () => this.#media.open(),
    isIdle: () => this.#wantedId === null && this.#media.state !== 'closed',
    close: () => {
      this.#parts.log('nobody selected: closing the media');
      this.#media.close(this.#tell('listen:disconnect'));
    },
    again: () => this.warm(),
  });
  readonly #move: ListenMove<Track>;
  readonly #others: Others;
  readonly setExpected: ExpectedPeople['set'];
  readonly #terms: ListeningTerms;
  readonly #whisperer: LateWhisperer;
  #movedTo: ResultOf<'listen:select'> | null = null;
  readonly #roster = new RosterModel();
  readonly #reception = new ReceptionMeter({
    sample: () => (this.getState().status === 'listening' ? (this.#media.peer?.sample() ?? null) : null),
    onReception: (reception) => this.#store.commit(reception),
    onSamples: (before, after) => this.#selection && this.sound.heard(this.#selection.id, before, after),
  });
  readonly sound: Sound;
  readonly #stopRelay: (() => void)[];
  /** Whom the user wants to hear; the selection follows when the relay has agreed. */
  #wantedId: string | null = null;
  #purpose: string | null = null;
  #selection: Selection | null = null;
  #blocked = false;
  #fault: Fault | null = null;
  #closed = false;
  /** Aborted by the next listen or stop: the newest wins. */
  #run = new AbortController();

  constructor(parts: ListeningParts<Track>) {
    this.#parts = parts;
    this.sealing = parts.sealing;
    this.#relay = parts.relay;
    this.#store = new StateStore<ListeningState>(NOT_LISTENING);
    this.sound = new Sound(parts, (sound) => this.#store.commit(sound));
    this.#media = new MediaLink({
      relay: parts.relay,
      createPeer: (servers, onState) => {
        const peer = parts.createPeer(servers, onState, (track) => this.#onTrack(track, peer));
        return peer;
      },
      negotiate: (peer, mode, timeoutMs) => this.#negotiate(peer, mode, timeoutMs),
      onChange: () => this.#commit(),
      log: parts.log,
    });
    this.sealing?.use({ changed: () => this.#commit(), cover: () => this.#media.rebuild() });
    this.#move = new ListenMove({
      media: this.#media,
      wanted: () => (this.#wantedId === null ? null : paramsOf(this.#wantedId, this.#purpose)),
      hears: () => this.#selection?.id === this.#wantedId && this.#selection?.status === 'live',
      play: (track) => parts.player.attach(track),
    });
    const { relay } = parts;
    this.#others = new Others(relay, () => this.#commit());
    this.setExpected = new ExpectedPeople(relay, (people) => this.#onRoster(() => this.#roster.expect(people))).set;
    this.#terms = new ListeningTerms(relay, (policy) => this.#store.commit({ policy }));
    this.#whisperer = new LateWhisperer({
      ...parts,
      sound: () => this.sound,
      commit: (whisper) => this.#store.commit({ whisper }),
    });
    relay.prepareMove = async (next) => {
      if (wrongRole(next.session.user, 'admin')) throw new Error('The token is no admin’s.');
      this.#movedTo = await this.#move.prepare(next);
    };
    this.#stopRelay = [
      relay.on('status', () => this.#commit()),
      relay.on('session:ready', (session) => this.#onReady(session)),
      relay.on('moved', () => this.#onMoved()),
      relay.on('roster:snapshot', ({ commercials }) =>
        this.#onRoster(() => this.#roster.snapshot(commercials, Date.now())),
      ),
      relay.on('roster:delta', (delta) => this.#onRoster(() => this.#roster.delta(delta, Date.now()))),
      relay.on('roster:coverage', ({ complete }) => this.#store.commit({ partial: !complete })),
      relay.on('listen:changed', ({ commercialId, status, liveForMs }) => {
        if (commercialId === this.#wantedId) this.#select(commercialId, status, liveForMs);
        // An acknowledgement was lost: the relay has another selection than this page shows.
        else this.#selectAgain();
      }),
      relay.on('listen:ended', (ended) => this.#onEnded(ended)),
      parts.page.listen((event) => this.#onPage(event)),
    ];
    this.#commit();
  }

  get whisper(): WhisperControl | null {
    return this.#whisperer.control;
  }

  readonly getState = (): ListeningState => this.#store.getState();
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  readonly listen = (id: string, purpose: string | null = null): Promise<void> => this.#listen(id, purpose, null);

  /** @param full why it was refused before, when this asks again by itself: shown until there is room */
  async #listen(commercialId: string, purpose: string | null, full: Fault | null): Promise<void> {
    if (this.#closed) return;
    // Within the click, before anything is awaited: this is what the browser's autoplay policy asks for.
    this.#play();
    const { signal } = this.#begin(commercialId, purpose);
    this.#fault = full;
    try {
      refuseWithoutRelay(this.#relay, 'admin');
      await untilOnline(this.#relay, LISTEN_PATIENCE_MS, signal);
      if (signal.aborted) return;
      await Promise.all([this.#upkeep.open(), this.#requestSelection(paramsOf(commercialId, purpose), signal)]);
      if (!full || signal.aborted) return;
      this.#fault = null;
      this.#commit();
    } catch (error) {
      if (signal.aborted) return;
      const fault = toFault(error);
      this.#parts.log('listen failed', fault.code);
      // Whoever was heard before is heard on; what comes late of this attempt counts no more.
      const next = this.#begin(this.#selection?.id ?? null, this.#selection?.purpose).signal;
      this.#fault = full?.code === fault.code ? full : fault;
      if (fault.code === 'capacity')
        setTimeout(
          () => next.aborted || void this.#listen(commercialId, purpose, this.#fault),
          ROOM_MS * (1 + Math.random()),
        );
      this.#selectAgain();
      this.#commit();
    }
  }

  async stop(): Promise<void> {
    if (this.#closed) return;
    if (this.#wantedId === null && this.#selection === null) {
      // For want of room somebody may be about to be asked for again.
      this.#run.abort();
      return;
    }
    // Nothing is heard from here on, whatever the relay says.
    this.#deselect();
    await this.#tell('listen:stop');
  }

  warm(): void {
    if (this.#closed) return;
    this.#upkeep.used();
    if (this.#media.state !== 'closed' || this.#relay.status !== 'online') return;
    this.#upkeep.open().catch((error: unknown) => {
      this.#parts.log('warming failed', toFault(error).code);
      if (this.#wantedId) this.#fault = toFault(error);
      this.#commit();
    });
  }

  readonly dismissReplaced = (): void => this.#store.commit({ replaced: null });
  readonly enableSound = (): Promise<void> => this.#play();
  readonly setVolume = (volume: number): void => this.sound.setVolume(volume);
  readonly setMuted = (muted: boolean): void => this.sound.setMuted(muted);

  setToken(token: string | null): void {
    if (!token) this.#forget();
    this.#relay.setToken(token);
  }

  readonly onTokenExpiring = (listener: (expiresInMs: number) => void) => this.#relay.on('expiring', listener);

  close(): void {
    if (this.#closed) return;
    this.#forget();
    this.#closed = true;
    this.#upkeep.end();
    this.#whisperer.close();
    this.sound.close();
    this.#terms.close();
    for (const stop of this.#stopRelay) stop();
    this.#relay.close();
    this.#store.close();
  }

  /** A new wish takes the place of every older one. */
  #begin(wantedId: string | null, purpose: string | null = null): AbortController {
    this.#run.abort();
    this.#run = new AbortController();
    this.#wantedId = wantedId;
    this.#purpose = purpose;
    this.#fault = null;
    if (wantedId) this.dismissReplaced();
    return this.#run;
  }

  async #play(): Promise<void> {
    const allowed = await this.#parts.player.play();
    this.#blocked = !allowed;
    this.#commit();
  }

  async #requestSelection(params: ParamsOf<'listen:select'>, signal: AbortSignal): Promise<void> {
    const { status, liveForMs } = await this.#relay.request('listen:select', params);
    if (!signal.aborted) this.#select(params.commercialId, status, liveForMs);
  }

  /** Makes sure that the relay has the selection which this page shows, unless another page of the user listens by now. */
  #selectAgain(): void {
    const commercialId = this.#selection?.id ?? null;
    if (commercialId !== this.#wantedId || this.#relay.status !== 'online') return;
    if (commercialId === null) {
      void this.#tell('listen:stop');
      return;
    }
    this.#requestSelection({ ...paramsOf(commercialId, this.#purpose), again: true }, this.#run.signal).catch(
      (error: unknown) => {
        const { code } = toFault(error);
        this.#parts.log('selecting again failed', code);
        if (isEnd(code)) this.#onEnded({ commercialId, reason: code });
      },
    );
  }

  #select(id: string, status: ListenStatus, liveForMs: number | null): void {
    const same = this.#selection?.id === id ? this.#selection : null;
    if (!same) {
      this.sound.turnTo(id);
      this.#reception.start();
      this.#terms.turned();
      this.#store.commit({ listeningSince: null });
    }
    this.#selection = {
      id,
      status,
      purpose: this.#purpose,
      startedAt: startOf(liveForMs, Date.now(), same?.startedAt ?? null),
    };
    this.#upkeep.used();
    this.#commit();
  }

  #deselect(): void {
    this.#begin(null);
    this.#selection = null;
    this.#terms.turned();
    this.#reception.stop();
    this.#parts.player.pause();
    this.#blocked = false;
    this.#upkeep.used();
    this.#store.commit({ listeningSince: null });
    this.#commit();
  }

  /** Lets go of everything that belongs to the present user. */
  #forget(): void {
    // The commercial sees the listener leave at once rather than after the grace time.
    void this.stop();
    this.#deselect();
    this.#upkeep.rest();
    // Leaves with the socket's last packets.
    this.#media.close(this.#tell('listen:disconnect'));
    this.#store.commit({ partial: false, userId: null });
    this.#onRoster(() => this.#roster.snapshot([], 0));
  }

  #tell(name: 'listen:stop' | 'listen:disconnect'): Promise<void> {
    return tell(this.#relay, this.#parts.log, name, {});
  }

  /** A page that nobody looks at is told less of the roster. */
  #tellHidden(hidden: boolean): void {
    void tell(this.#relay, this.#parts.log, 'roster:pace', { hidden });
  }

  async #negotiate(peer: ListenPeer, mode: NegotiationMode, timeoutMs: number): Promise<void> {
    const { sdp: offer } = await this.#relay.request('listen:connect', { mode }, timeoutMs);
    const sdp = await peer.answer(offer, this.#relay.session?.iceServers ?? []);
    await this.#relay.request('listen:answer', { sdp }, timeoutMs);
  }

  #onTrack(track: Track, peer: ListenPeer): void {
    if (!this.#move.keep(peer, track)) this.#parts.player.attach(track);
  }

  /** Roster and selection of the new node follow in its own messages. */
  #onMoved(): void {
    this.#store.commit({ partial: false });
    if (this.#parts.page.hidden) this.#tellHidden(true);
    if (!this.#move.arrived()) {
      this.#media.close();
      if (this.#wantedId || this.#roster.anyLive) this.warm();
    } else if (this.#movedTo && this.#movedTo.status !== 'joining' && this.#wantedId) {
      this.#select(this.#wantedId, this.#movedTo.status, this.#movedTo.liveForMs);
    }
    this.#commit();
  }

  #onReady({ resumed, hasMedia, user }: PayloadOf<'session:ready'>): void {
    this.#store.commit({ partial: false, userId: user.id });
    const misfit = wrongRole(user, 'admin');
    if (misfit || this.#fault?.code === 'forbidden') this.#fault = misfit;
    if (misfit) {
      this.#commit();
      return;
    }
    // The relay takes every new connection for that of a page that is seen.
    if (this.#parts.page.hidden) this.#tellHidden(true);
    this.#media.relayReady(resumed && hasMedia);
    if (this.#selection && this.#wantedId) {
      // A resumed session has its selection still, or has lost it to another page and is told so.
      if (!resumed) this.#selectAgain();
      if (this.#media.state === 'closed') this.warm();
    } else if (resumed && this.#wantedId === null) {
      // Stopped, or closed for idleness, while the socket was away.
      void this.#tell(this.#media.state === 'closed' && hasMedia ? 'listen:disconnect' : 'listen:stop');
    }
    this.#commit();
  }

  #onEnded({ commercialId, reason }: PayloadOf<'listen:ended'>): void {
    if (commercialId !== this.#wantedId) {
      // The next one is asked for already.
      if (commercialId === this.#selection?.id) this.#selection = null;
      this.#commit();
      return;
    }
    this.#deselect();
    if (reason === 'replaced') this.#store.commit({ replaced: commercialId });
    else {
      this.#fault = endOf(reason, commercialId);
      this.#commit();
    }
  }

  #onRoster(change: () => void): void {
    change();
    const somebodyBefore = this.getState().commercials.some(({ status }) => status === 'live');
    // The media is connected ahead of the click as soon as there is somebody to hear.
    if (this.#roster.anyLive && !somebodyBefore && !this.#parts.page.hidden) this.warm();
    this.#commit();
  }

  #onPage(event: PageEvent): void {
    if (event === 'leaving') this.close();
    if (event === 'hidden' || event === 'visible') this.#tellHidden(event === 'hidden');
    if (event === 'visible' && this.#roster.anyLive) this.warm();
  }

  #commit(): void {
    const relay = usableStatus(this.#relay, 'admin');
    const media = this.#media.state;
    const flowing = media === 'connected' && relay !== 'refused';
    const selection = this.#selection?.status ?? null;
    const status = listeningStatus({ selection, relay, media, blocked: this.#blocked });
    const { listeningSince, selected } = this.getState();
    this.#whisperer.select(this.#selection?.id ?? null);
    this.#store.commit({
      status,
      online: relay === 'online' || flowing,
      commercials: this.#roster.list,
      selectedId: this.#selection?.id ?? null,
      purpose: this.#selection?.purpose ?? null,
      others: this.#others.of(this.#selection?.id),
      selected: selectedRow(this.#selection, this.#roster, selected),
      listeningSince: status === 'listening' ? (listeningSince ?? Date.now()) : listeningSince,
      sealed: selection !== null && this.sealing?.sealed === true,
      fault: failureOf(this.#fault, this.sealing) ?? faultOfListening(this.#relay, flowing, selection && this.#media),
    });
  }
}
