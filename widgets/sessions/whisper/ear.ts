import type { ParamsOf, PayloadOf } from '../../../relay/protocol/messages.ts';
import type { WhisperFault } from '../../../relay/protocol/whisper-messages.ts';
import type { EarPlayer } from '../../audio/ear-player.ts';
import { ECHO_FRAME_MS, EchoGuard } from '../../audio/echo-guard.ts';
import type { ListenPeer } from '../../relay-client/peer-connection.ts';
import { toFault } from '../../shared/fault.ts';
import { MediaLink } from '../media-link.ts';
import { tell } from '../relay-use.ts';
import type { EarState, WhisperEnd } from '../whisper-state.ts';
import { type MakeEarPeer, negotiateEar } from './ear-connection.ts';
import { EarSeal } from './ear-seal.ts';
import type { EarHandle, EarSurroundings } from './late-ear.ts';

/** How long it is shown why nobody speaks any more. */
const ENDED_SHOWN_MS = 10_000;
const ALLOW_PATIENCE_MS = 4_000;

/** What an ear works with. */
export interface EarParts<Track> extends EarSurroundings<Track> {
  readonly createPeer: MakeEarPeer<Track>;
  readonly player: EarPlayer<Track>;
}

const SILENT: EarState = Object.freeze({
  voice: 'off',
  cues: true,
  failed: false,
  speaking: null,
  ended: null,
  cue: null,
});

/**
 * The commercial's side of whispers: what they allow for this stream, the connection that a voice comes over, and what the page shows. It stands before
 * anybody presses, and carries nothing between whispers.
 */
export class Ear<Track> implements EarHandle {
  readonly #parts: EarParts<Track>;
  readonly #media: MediaLink<ListenPeer>;
  readonly #seal: EarSeal;
  readonly #stopRelay: readonly (() => void)[];
  #state = SILENT;
  /** The switch as the user has it. */
  #wanted = false;
  /** The relay has confirmed it for this stream. */
  #allowed = false;
  /** Raised with each change of what is allowed: the answer to an older one means nothing. */
  #wish = 0;
  #guard: ReturnType<typeof setInterval> | undefined;
  #endedTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #shown = new Set<string>();
  #closed = false;

  constructor(parts: EarParts<Track>) {
    this.#parts = parts;
    const { relay, log, player, sealing } = parts;
    const seal = new EarSeal(sealing);
    this.#seal = seal;
    this.#media = new MediaLink({
      relay,
      createPeer: (servers, onState) => parts.createPeer(servers, onState, (track) => player.attach(track), seal.guard),
      negotiate: (peer, mode, timeoutMs) => negotiateEar(relay, peer, mode, timeoutMs),
      onChange: () => this.#commit(),
      log: (step, detail) => log(`ear: ${step}`, detail),
    });
    this.#stopRelay = [
      relay.on('whisper:began', (whisper) => this.#onBegan(whisper)),
      relay.on('whisper:ended', ({ id, reason }) => this.#state.speaking?.id === id && this.#over(reason)),
      relay.on('whisper:cued', ({ id, by, text }) => this.#commit({ cue: { id, by, text } })),
      // The relay ends what goes on, and cannot say so.
      relay.on('status', (status) => status !== 'online' && this.#over('page_away')),
      relay.on('session:ready', ({ resumed }) => {
        this.#media.relayReady(resumed);
        if (resumed) this.#allowAgain();
      }),
      relay.on('moved', () => this.begun()),
      sealing?.use({ changed: () => this.#lookSealed(), cover: () => this.#media.rebuild() }) ?? (() => {}),
    ];
    this.#commit();
  }

  /** The stream is on at the relay, or is there anew: a new one knows nothing of what was allowed. */
  begun(): void {
    this.#allowed = false;
    if (!this.#wanted && this.#state.cues) return;
    this.#media.rebuild();
    this.#allowAgain();
  }

  /** The stream is over: the next one begins with no voice. Idempotent. */
  over(): void {
    this.#silence();
    this.#wish += 1;
    this.#wanted = this.#allowed = false;
    this.#shown.clear();
    this.#media.close(tell(this.#parts.relay, this.#parts.log, 'whisper:disconnect', {}));
    this.#parts.player.close();
    this.#commit({ cues: true, failed: false, speaking: null, cue: null });
  }

  setVoice(on: boolean): void {
    if (this.#closed || on === this.#wanted || !this.#parts.isLive()) return;
    this.#wanted = on;
    if (on) this.#parts.player.prime();
    else {
      this.#silence();
      if (this.#state.speaking) this.#over('refused');
      this.#allowed = false;
    }
    this.#commit({ failed: false });
    void this.#bringAbout(on);
  }

  setCues(on: boolean): void {
    if (this.#closed || !this.#parts.isLive()) return;
    this.#commit(on ? { cues: on } : { cues: on, cue: null });
    this.#allowAgain();
  }

  stop(): void {
    if (!this.#state.speaking) return;
    this.#over('refused');
    void tell(this.#parts.relay, this.#parts.log, 'whisper:stop', {});
  }

  shown(id: string): void {
    if (this.#shown.has(id) || (this.#state.speaking?.id !== id && this.#state.cue?.id !== id)) return;
    this.#shown.add(id);
    void tell(this.#parts.relay, this.#parts.log, 'whisper:shown', { id });
  }

  closeCue(): void {
    this.#commit({ cue: null });
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.over();
    this.#closed = true;
    clearTimeout(this.#endedTimer);
    for (const stop of this.#stopRelay) stop();
  }

  async #bringAbout(on: boolean): Promise<void> {
    const { relay, log } = this.#parts;
    this.#wish += 1;
    const wish = this.#wish;
    if (!on) {
      const told = this.#tellAllowed().then(() => tell(relay, log, 'whisper:disconnect', {}));
      this.#media.close(told);
      this.#parts.player.close();
      return;
    }
    try {
      await this.#media.open();
      if (wish === this.#wish) await this.#allow(wish);
    } catch (error) {
      if (wish !== this.#wish) return;
      log('the ear was not connected', toFault(error).code);
      this.#wanted = false;
      this.#media.close();
      this.#parts.player.close();
      this.#commit({ failed: true });
    }
  }

  /** @throws ProspectError */
  async #allow(wish: number): Promise<void> {
    const voice = this.#wanted;
    await this.#parts.relay.request('whisper:allow', this.#allowing, ALLOW_PATIENCE_MS);
    if (wish !== this.#wish) return;
    this.#allowed = voice;
    this.#commit();
  }

  /** Tells the relay what is allowed, after something that it may not have survived. */
  #allowAgain(): void {
    if (!this.#parts.isLive()) return;
    this.#wish += 1;
    const wish = this.#wish;
    this.#allow(wish).catch((error: unknown) => this.#parts.log('whisper:allow failed', toFault(error).code));
  }

  #tellAllowed(): Promise<void> {
    return tell(this.#parts.relay, this.#parts.log, 'whisper:allow', this.#allowing);
  }

  get #allowing(): ParamsOf<'whisper:allow'> {
    return { voice: this.#wanted, cues: this.#state.cues, ...(this.#seal.opens && { e2ee: true }) };
  }

  #onBegan(whisper: PayloadOf<'whisper:began'>): void {
    const { id, by } = whisper;
    const { relay, log, player } = this.#parts;
    if (!this.#wanted) {
      // Revoked while it was on its way.
      void tell(relay, log, 'whisper:stop', {});
      return;
    }
    clearTimeout(this.#endedTimer);
    this.#commit({ speaking: { id, by }, ended: null });
    const fault = this.#seal.begins(whisper, relay.session?.user.id ?? '');
    if (fault) {
      this.#refuse(fault);
      return;
    }
    player.speak();
    this.#watchEcho();
  }

  /** What cannot be opened is silence: it ends, and both are told why. */
  #lookSealed(): void {
    const { fault } = this.#seal;
    if (fault && this.#state.speaking) this.#refuse(fault);
  }

  #refuse(reason: WhisperFault): void {
    const { relay, log } = this.#parts;
    log('the whisper cannot be heard', reason);
    this.#over(reason);
    void tell(relay, log, 'whisper:stop', { reason });
  }

  #watchEcho(): void {
    clearInterval(this.#guard);
    const guard = new EchoGuard();
    const { player } = this.#parts;
    this.#guard = setInterval(() => {
      const microphone = this.#parts.microphone();
      const levels = microphone && player.levels(microphone);
      if (!levels || !guard.push(levels.played, levels.heard)) return;
      this.#refuse('echo');
    }, ECHO_FRAME_MS);
  }

  /** Nobody speaks any more. */
  #over(reason: WhisperEnd): void {
    const { speaking } = this.#state;
    if (!speaking) return;
    this.#silence();
    this.#shown.delete(speaking.id);
    this.#commit({ speaking: null, ended: { by: speaking.by, reason } });
    clearTimeout(this.#endedTimer);
    this.#endedTimer = setTimeout(() => this.#commit({ ended: null }), ENDED_SHOWN_MS);
  }

  #silence(): void {
    clearInterval(this.#guard);
    this.#seal.ends();
    this.#parts.player.hush();
  }

  #commit(patch: Partial<EarState> = {}): void {
    if (this.#closed) return;
    const connected = this.#allowed && this.#media.state === 'connected';
    const voice = this.#wanted ? (connected ? 'on' : 'connecting') : 'off';
    this.#state = Object.freeze({ ...this.#state, ...patch, voice });
    this.#parts.commit(this.#state);
  }
}
