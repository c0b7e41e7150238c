import type { IceServer, PayloadOf } from '../../../relay/protocol/messages.ts';
import type { Microphone, MicrophoneEvent } from '../../audio/microphone.ts';
import type { MediaGuard, PublishPeer } from '../../relay-client/peer-connection.ts';
import { type Fault, toFault } from '../../shared/fault.ts';
import { MediaLink, type NegotiationMode } from '../media-link.ts';
import { tell } from '../relay-use.ts';
import { NO_WHISPER, type WhisperState } from '../whisper-state.ts';
import { LateOverhearing, type LateOverhearingOptions } from './late-overhearing.ts';
import type { WhispererHandle, WhispererSurroundings } from './late-whisperer.ts';
import { VoiceSeal } from './voice-seal.ts';

/** The microphone is let go so long after the last whisper. */
export const KEPT_MS = 30_000;
/** How long it is shown why a whisper is over, or what became of a text. */
const SHOWN_MS = 8_000;
/** The commercial's page has two seconds to show who speaks, at the other end of two round trips. */
const BEGIN_PATIENCE_MS = 6_000;

/** What a whisperer works with. */
export interface WhispererParts<Track> extends WhispererSurroundings, Pick<LateOverhearingOptions, 'loadOverhearing'> {
  openMicrophone(onEvent: (event: MicrophoneEvent) => void): Promise<Microphone<Track>>;
  createPeer(iceServers: readonly IceServer[], onState: () => void, guard: MediaGuard): PublishPeer<Track>;
}

/**
 * The admin's side of whispers: the microphone, which is asked for by the first press and let go a while after the last, and what became of a press. Nothing is sent
 * but while it is held, and "hears you" is said only once the relay has said so.
 */
export class Whisperer<Track> implements WhispererHandle {
  readonly #parts: WhispererParts<Track>;
  readonly #media: MediaLink<PublishPeer<Track>>;
  readonly #seal: VoiceSeal;
  readonly #overhearing: LateOverhearing;
  readonly #stop: readonly (() => void)[];
  #state = NO_WHISPER;
  #microphone: Microphone<Track> | null = null;
  #opening: Promise<void> | null = null;
  /** Of the press that holds; null: nobody presses. */
  #press: AbortController | null = null;
  #whisperId: string | null = null;
  /** The newest of who hears it, which may come before the answer that names it. */
  #told: PayloadOf<'whisper:hearers'> | null = null;
  /** The newest of which the relay knows that it is shown. */
  #seen: PayloadOf<'whisper:hearers'> | null = null;
  /** Whom the press is for. */
  #commercialId = '';
  /** Aborted when somebody else is selected: what comes late of a text means nothing then. */
  #selection = new AbortController();
  #letGoTimer: ReturnType<typeof setTimeout> | undefined;
  #shownTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(parts: WhispererParts<Track>) {
    this.#parts = parts;
    const { relay, page, log, sealing } = parts;
    const seal = new VoiceSeal(sealing);
    this.#seal = seal;
    this.#media = new MediaLink({
      relay,
      createPeer: (servers, onState) => parts.createPeer(servers, onState, seal.guard),
      negotiate: (peer, mode, timeoutMs) => this.#negotiate(peer, mode, timeoutMs),
      onChange: () => this.#send(),
      log: (step, detail) => log(`whisper: ${step}`, detail),
    });
    this.#overhearing = new LateOverhearing({ ...parts, commit: (hears) => this.#commit({ hears }) });
    this.#stop = [
      relay.on('whisper:hearers', (told) => {
        this.#told = told;
        this.#showHearers();
      }),
      relay.on('whisper:ended', ({ id, reason }) => {
        if (id !== this.#whisperId) return;
        this.#whisperId = null;
        this.#end({ ended: reason });
      }),
      relay.on('status', (status) => {
        if (status !== 'online' && this.#press) this.#end({ ended: 'page_away' });
      }),
      relay.on('session:ready', ({ resumed }) => this.#media.relayReady(resumed)),
      relay.on('moved', () => {
        if (this.#press) this.#end({ ended: 'page_away' });
        this.#letGo();
      }),
      page.listen((event) => {
        if (event === 'hidden' && this.#press) this.#end({ ended: 'hidden' });
      }),
      sealing?.use({ changed: () => this.#lookSealed(), cover: () => {} }) ?? (() => {}),
    ];
  }

  /** What the relay says of the selected commercial. */
  changed({ commercialId, voice, cues, by, overheard = false }: PayloadOf<'whisper:changed'>): void {
    this.#commercialId = commercialId;
    this.#commit({ voice, cues, by, overheard });
    this.#overhearing.follow(overheard ? commercialId : null);
  }

  /** Somebody else is selected, or nobody. Idempotent. */
  turned(): void {
    this.release();
    this.#overhearing.follow(null);
    this.#selection.abort();
    this.#selection = new AbortController();
    clearTimeout(this.#shownTimer);
    this.#commit(NO_WHISPER);
  }

  async press(): Promise<void> {
    if (this.#closed || this.#press || !this.#state.voice) return;
    const press = new AbortController();
    const { signal } = press;
    this.#press = press;
    clearTimeout(this.#letGoTimer);
    clearTimeout(this.#shownTimer);
    this.#commit({ phase: 'asking', ended: null, failure: null });
    this.#parts.sound().duck(true);
    const { relay, log } = this.#parts;
    // What was made for a voice that is not sealed carries none that is, and the other way round.
    if (this.#seal.aim()) this.#disconnect();
    try {
      const [e2ee] = await Promise.all([
        this.#seal.begin(relay.session?.user.id ?? '', this.#commercialId),
        this.#openMicrophone(),
        this.#media.open(),
      ]);
      if (signal.aborted) return;
      this.#send();
      const { id, limitMs } = await relay.request('whisper:begin', e2ee ? { e2ee } : {}, BEGIN_PATIENCE_MS);
      if (signal.aborted) {
        // Let go meanwhile; the word of it may have been before the relay's beginning.
        this.#tellStop();
        return;
      }
      this.#whisperId = id;
      this.#commit({ phase: 'speaking', endsAt: performance.now() + limitMs });
      this.#showHearers();
    } catch (error) {
      if (signal.aborted) return;
      const { code } = toFault(error);
      log('whisper failed', code);
      // What the relay did meanwhile is not known.
      this.#tellStop();
      const busy = code === 'whisper_busy' ? this.#state.by : null;
      this.#end({ failure: { code, by: busy } });
    }
  }

  release(): void {
    if (!this.#press) return;
    const spoke = this.#state.phase === 'speaking';
    this.#tellStop();
    this.#end(spoke ? { ended: 'stopped' } : {});
  }

  seen(version: number): void {
    const told = this.#told;
    if (!told || told.id !== this.#whisperId || told.version !== version || this.#seen === told) return;
    this.#seen = told;
    void tell(this.#parts.relay, this.#parts.log, 'whisper:seen', { id: told.id, version });
  }

  async send(text: string): Promise<void> {
    if (this.#closed || this.#state.cue === 'sending') return;
    const { relay, log } = this.#parts;
    const { signal } = this.#selection;
    this.#commit({ cue: 'sending', failure: null });
    const fault = await relay.request('whisper:cue', { text }, BEGIN_PATIENCE_MS).then(
      () => null,
      (error: unknown): Fault => toFault(error),
    );
    if (signal.aborted) return;
    if (fault) log('whisper:cue failed', fault.code);
    this.#commit({ cue: fault ? 'failed' : 'sent', failure: fault && { code: fault.code, by: null } });
    this.#fade();
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.release();
    this.#letGo();
    this.#overhearing.close();
    this.#closed = true;
    clearTimeout(this.#shownTimer);
    for (const stop of this.#stop) stop();
  }

  /** One microphone for presses that follow one another closely. */
  async #openMicrophone(): Promise<void> {
    if (this.#microphone?.working) return;
    this.#microphone?.close();
    this.#microphone = null;
    this.#opening ??= this.#parts
      .openMicrophone((event) => {
        if (event === 'ended') this.#lost();
      })
      .then((microphone) => {
        if (this.#closed) microphone.close();
        else this.#microphone = microphone;
      })
      .finally(() => {
        this.#opening = null;
        if (!this.#press) this.#keepAWhile();
      });
    await this.#opening;
  }

  #lost(): void {
    if (!this.#press) return;
    this.#tellStop();
    this.#end({ failure: { code: 'microphone_ended', by: null } });
  }

  /** What can no longer be sealed, or should have been, is said no more. */
  #lookSealed(): void {
    const code = this.#press && this.#seal.fault;
    if (!code) return;
    this.#tellStop();
    this.#end({ failure: { code, by: null } });
  }

  async #negotiate(peer: PublishPeer<Track>, mode: NegotiationMode, timeoutMs: number): Promise<void> {
    const { relay } = this.#parts;
    const offer = await peer.offer(mode === 'restart-ice', relay.session?.iceServers ?? []);
    const { sdp } = await relay.request('whisper:offer', { mode, sdp: offer }, timeoutMs);
    await peer.accept(sdp);
  }

  /** Only while somebody presses. */
  #send(): void {
    const track = this.#press ? (this.#microphone?.track ?? null) : null;
    for (const peer of this.#media.peers)
      peer.send(track).catch((error: unknown) => this.#parts.log('whisper: replaceTrack failed', String(error)));
  }

  #showHearers(): void {
    const told = this.#told;
    if (!told || told.id !== this.#whisperId) return;
    this.#commit({ hearers: { version: told.version, names: told.hearers } });
  }

  #tellStop(): void {
    this.#whisperId = null;
    void tell(this.#parts.relay, this.#parts.log, 'whisper:stop', {});
  }

  #end(how: Pick<Partial<WhisperState>, 'ended' | 'failure'>): void {
    if (how.ended === 'hidden') this.#tellStop();
    this.#press?.abort();
    this.#press = null;
    this.#send();
    this.#parts.sound().duck(false);
    this.#keepAWhile();
    this.#commit({ phase: 'off', endsAt: null, hearers: null, ...how });
    this.#fade();
  }

  #fade(): void {
    clearTimeout(this.#shownTimer);
    this.#shownTimer = setTimeout(() => {
      if (this.#state.cue !== 'sending') this.#commit({ ended: null, failure: null, cue: 'none' });
    }, SHOWN_MS);
  }

  #keepAWhile(): void {
    clearTimeout(this.#letGoTimer);
    if (!this.#closed) this.#letGoTimer = setTimeout(() => this.#letGo(), KEPT_MS);
  }

  /** The browser's recording sign goes out. */
  #letGo(): void {
    clearTimeout(this.#letGoTimer);
    this.#microphone?.close();
    this.#microphone = null;
    this.#disconnect();
  }

  #disconnect(): void {
    if (this.#media.state !== 'closed')
      this.#media.close(tell(this.#parts.relay, this.#parts.log, 'whisper:disconnect', {}));
  }

  #commit(patch: Partial<WhisperState>): void {
    if (this.#closed) return;
    this.#state = Object.freeze({ ...this.#state, ...patch });
    this.#parts.commit(this.#state);
  }
}
