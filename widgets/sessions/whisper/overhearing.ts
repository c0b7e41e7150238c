import type { PayloadOf } from '../../../relay/protocol/messages.ts';
import type { Player } from '../../audio/player.ts';
import type { ListenPeer, MediaGuard } from '../../relay-client/peer-connection.ts';
import type { RelayLink } from '../../relay-client/relay-link.ts';
import type { DebugLog } from '../../shared/debug-log.ts';
import { toFault } from '../../shared/fault.ts';
import { MediaLink } from '../media-link.ts';
import { tell } from '../relay-use.ts';
import type { SessionSealing } from '../sealing.ts';
import { type MakeEarPeer, negotiateEar } from './ear-connection.ts';

/** What a whisperer gives to its part that hears others. */
export interface OverhearingSurroundings {
  readonly relay: RelayLink;
  readonly log: DebugLog;
  readonly sealing?: SessionSealing | undefined;
  /** How the session sounds: another player is as loud, muted, and on the same output. */
  sound(): { accompany(player: Player<never>): void };
  /** Whether what somebody else says is heard here now. */
  commit(hears: boolean): void;
}

/** What it works with. */
export interface OverhearingParts<Track> extends OverhearingSurroundings {
  readonly createPeer: MakeEarPeer<Track>;
  readonly player: Player<Track>;
}

/** It, as its whisperer has it. */
export interface OverhearingHandle {
  /** Whose ear it is; null: nobody's, or what is said to them is not for others. */
  follow(commercialId: string | null): void;
  /** Idempotent. */
  close(): void;
}

type Overheard = NonNullable<PayloadOf<'whisper:overheard'>['whisper']>;

/**
 * What other admins say into the ear of the commercial whom this admin hears, where the policy lets listeners hear it: a connection of its own, made
 * before anybody presses, that is silent but while the relay says who speaks.
 */
export class Overhearing<Track> implements OverhearingHandle {
  readonly #parts: OverhearingParts<Track>;
  readonly #media: MediaLink<ListenPeer>;
  readonly #stop: readonly (() => void)[];
  #id: string | null = null;
  #whisper: Overheard | null = null;
  /** The newest connection opens what comes, and lets nothing else through. */
  #covered = false;
  #closed = false;

  constructor(parts: OverhearingParts<Track>) {
    this.#parts = parts;
    const { relay, log, player, sealing } = parts;
    const guard: MediaGuard = {
      dress: (end) => {
        this.#covered = sealing?.cover(end, 'overhear') === true;
      },
      allows: () => true,
    };
    this.#media = new MediaLink({
      relay,
      createPeer: (servers, onState) => parts.createPeer(servers, onState, (track) => player.attach(track), guard),
      negotiate: (peer, mode, timeoutMs) => negotiateEar(relay, peer, mode, timeoutMs),
      onChange: () => {},
      log: (step, detail) => log(`overhearing: ${step}`, detail),
    });
    this.#stop = [
      relay.on('whisper:overheard', ({ commercialId, whisper }) => {
        if (commercialId === this.#id) this.#hear(whisper);
      }),
      // What is passed on has ended there, which cannot be said.
      relay.on('status', (status) => status !== 'online' && this.#hear(null)),
      relay.on('session:ready', ({ resumed }) => this.#media.relayReady(resumed)),
      relay.on('moved', () => {
        this.#hear(null);
        this.#media.close();
      }),
      sealing?.use({ changed: () => this.#hear(this.#whisper), cover: () => this.#media.rebuild() }) ?? (() => {}),
    ];
    player.setGain(0);
    parts.sound().accompany(player);
    void player.play();
  }

  follow(commercialId: string | null): void {
    if (this.#closed) return;
    if (commercialId !== this.#id) this.#hear(null);
    this.#id = commercialId;
    if (commercialId === null) this.#letGo();
    else if (this.#media.state === 'closed') void this.#open();
  }

  /** Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.follow(null);
    this.#closed = true;
    for (const stop of this.#stop) stop();
    this.#parts.player.close();
  }

  async #open(): Promise<void> {
    try {
      await this.#media.open();
    } catch (error) {
      // Asked for again when it is told again.
      this.#parts.log('overhearing was not connected', toFault(error).code);
    }
  }

  #letGo(): void {
    const { relay, log } = this.#parts;
    if (this.#media.state !== 'closed') this.#media.close(tell(relay, log, 'whisper:disconnect', { ear: true }));
  }

  #hear(whisper: Overheard | null): void {
    const isNew = whisper !== this.#whisper;
    this.#whisper = whisper;
    const hears = whisper !== null && this.#opens(whisper, isNew);
    this.#parts.player.setGain(hears ? 1 : 0);
    if (!this.#closed) this.#parts.commit(hears);
  }

  /** What must be sealed is not played in the clear, nor what cannot be opened. */
  #opens({ by, e2ee }: Overheard, isNew: boolean): boolean {
    const { whispersSealed, page = null } = this.#parts.sealing ?? {};
    const mayPlay = e2ee ? page !== null && this.#covered : !whispersSealed;
    if (isNew && this.#covered && this.#id !== null)
      page?.overhear(by.id, this.#id, mayPlay ? (e2ee ?? 'clear') : null);
    return mayPlay;
  }
}
