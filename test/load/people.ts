import type { SessionUser } from '../../relay/protocol/messages.ts';
import { Demand } from '../../widgets/sessions/demand.ts';
import { DemandReceipt } from '../../widgets/sessions/demand-receipt.ts';
import { ListenMove } from '../../widgets/sessions/listen-move.ts';
import { MediaLink, type NegotiationMode } from '../../widgets/sessions/media-link.ts';
import { StreamMove } from '../../widgets/sessions/stream-move.ts';
import { LoadPage, loadError, SILENT } from './load-page.ts';
import { Ear, Voice } from './media.ts';
import { PacketCounter } from './packet-counter.ts';
import type { Speech } from './speech.ts';
import type { TokenSource } from './tokens.ts';

/** Where everybody goes. */
export interface Place {
  readonly url: URL;
  readonly tokens: TokenSource;
}

/** These media connections know no second path: another one is made in their place. */
function refuseRestart(mode: NegotiationMode): void {
  if (mode === 'restart-ice') throw new Error('ICE is not restarted here.');
}

/**
 * A commercial who is live. Sends audio while somebody listens, says at once whom it shows, and goes over to another node: by the widgets'
 * own code.
 */
export class LiveCommercial {
  readonly page: LoadPage;
  /** What the relay did to the stream, or the network to its media: by a code for each. */
  readonly troubles: string[] = [];
  readonly #speech: Speech;
  readonly #media: MediaLink<Voice>;
  readonly #demand = new Demand(() => this.#apply());
  readonly #run = new AbortController();
  #live = false;

  private constructor(page: LoadPage, speech: Speech) {
    this.page = page;
    this.#speech = speech;
    const { link, user } = page;
    this.#media = new MediaLink<Voice>({
      relay: link,
      createPeer: (_servers, onState) => new Voice(user.id, onState),
      negotiate: (voice, mode) => this.#negotiate(voice, mode),
      onChange: () => this.#apply(),
      log: SILENT,
    });
    const move = new StreamMove<Speech>({ media: this.#media, demand: this.#demand });
    const receipt = new DemandReceipt({
      shown: () => Promise.resolve(),
      acknowledge: (version) => page.request('demand:seen', { version }),
      log: SILENT,
    });
    link.prepareMove = async (next) => {
      if (!this.#live) throw new Error('Not now.');
      await move.prepare(next, this.#run.signal, null);
    };
    link.on('moved', () => {
      receipt.reset();
      move.arrived();
    });
    link.on('session:ready', ({ resumed, hasMedia }) => this.#media.relayReady(resumed && hasMedia));
    link.on('demand:changed', (change) => {
      if (this.#demand.update(change, 0)) receipt.show(change.version);
    });
    link.on('stream:ended', ({ reason }) => this.troubles.push(`stream_${reason}`));
    link.on('media:lost', ({ reason }) => this.troubles.push(`media_${reason}`));
  }

  /** Resolves once live. @throws LoadError */
  static async join(place: Place, user: SessionUser, speech: Speech): Promise<LiveCommercial> {
    const commercial = new LiveCommercial(await LoadPage.open(place.url, user, place.tokens), speech);
    try {
      await commercial.#media.open();
      await commercial.#media.peer?.connected();
      await commercial.page.request('stream:start');
      commercial.#live = true;
      return commercial;
    } catch (error) {
      commercial.close();
      throw loadError(error, 'going live');
    }
  }

  /** Ends the stream as a person would, and closes. */
  async leave(): Promise<void> {
    const told = this.page.request('stream:stop').catch(() => {});
    // Before the relay ends its side of it, which would look like a loss.
    this.#media.close(told);
    await told;
    this.close();
  }

  /** Idempotent. The relay is told nothing. */
  close(): void {
    this.#run.abort();
    this.#media.close();
    this.#demand.reset();
    this.#demand.close();
    this.page.close();
  }

  async #negotiate(voice: Voice, mode: NegotiationMode): Promise<void> {
    refuseRestart(mode);
    const { sdp } = await this.page.request('publish:offer', { mode: 'connect', sdp: await voice.offer() });
    await voice.accept(sdp);
    if (!this.#live) return;
    this.troubles.push('media_rebuilt');
    await this.page.request('stream:start', { again: true });
  }

  #apply(): void {
    for (const voice of this.#media.peers) void voice.send(this.#demand.wanted ? this.#speech : null);
  }
}

/** An admin who hears one commercial, and goes over to another node with that: by the widgets' own code. */
export class ListeningAdmin {
  readonly page: LoadPage;
  /** Of whatever connection is played. */
  readonly packets = new PacketCounter();
  /** What the relay did to the selection, or the network to its media: by a code for each. */
  readonly troubles: string[] = [];
  /** When the commercial was selected, by `performance.now()`: the click. */
  selectedAt = 0;
  readonly #media: MediaLink<Ear>;
  readonly #move: ListenMove<Ear>;
  readonly #commercialId: string;
  #played: Ear | null = null;
  #selected = false;
  #hears = false;

  private constructor(page: LoadPage, commercialId: string) {
    this.page = page;
    this.#commercialId = commercialId;
    const { link } = page;
    this.#media = new MediaLink<Ear>({
      relay: link,
      createPeer: (_servers, onState) => this.#createEar(onState),
      negotiate: (ear, mode) => this.#negotiate(ear, mode),
      onChange: SILENT,
      log: SILENT,
    });
    this.#move = new ListenMove<Ear>({
      media: this.#media,
      wanted: () => (this.#selected ? { commercialId } : null),
      hears: () => this.#hears,
      play: (ear) => {
        this.#played = ear;
      },
    });
    link.prepareMove = async (next) => {
      const answer = await this.#move.prepare(next);
      if (answer) this.#hears = answer.status === 'live';
    };
    link.on('moved', () => this.#onMoved());
    link.on('session:ready', ({ resumed, hasMedia }) => {
      this.#media.relayReady(resumed && hasMedia);
      if (!resumed) void this.#selectAgain();
    });
    link.on('listen:changed', ({ status }) => {
      this.#hears = status === 'live';
    });
    link.on('listen:ended', ({ reason }) => this.troubles.push(`listen_${reason}`));
    link.on('media:lost', ({ reason }) => this.troubles.push(`media_${reason}`));
  }

  /** Resolves once the commercial is selected; the sound comes later. @throws LoadError */
  static async join(place: Place, user: SessionUser, commercialId: string): Promise<ListeningAdmin> {
    const admin = new ListeningAdmin(await LoadPage.open(place.url, user, place.tokens), commercialId);
    try {
      // Ahead of the click, as the widgets do it.
      await admin.#media.open();
      await admin.#media.peer?.connected();
      admin.selectedAt = performance.now();
      admin.#selected = true;
      const { status } = await admin.page.request('listen:select', { commercialId });
      admin.#hears = status === 'live';
      return admin;
    } catch (error) {
      admin.close();
      throw loadError(error, 'listening');
    }
  }

  /** Milliseconds from the click to the first packet; null before. */
  get clickToHeardMs(): number | null {
    const { firstAt } = this.packets;
    return firstAt === null ? null : firstAt - this.selectedAt;
  }

  /** Stops listening as a person would, and closes. */
  async leave(): Promise<void> {
    this.#selected = false;
    await this.page.request('listen:stop').catch(() => {});
    const told = this.page.request('listen:disconnect').catch(() => {});
    this.#media.close(told);
    await told;
    this.close();
  }

  /** Idempotent. The relay is told nothing. */
  close(): void {
    this.#media.close();
    this.page.close();
  }

  #createEar(onState: () => void): Ear {
    const ear: Ear = new Ear(
      this.page.user.id,
      onState,
      () => {
        if (!this.#move.keep(ear, ear)) this.#played = ear;
      },
      (packet) => {
        if (ear === this.#played) this.packets.add(packet, performance.now());
      },
    );
    return ear;
  }

  async #negotiate(ear: Ear, mode: NegotiationMode): Promise<void> {
    refuseRestart(mode);
    if (this.#selected) this.troubles.push('media_rebuilt');
    const { sdp } = await this.page.request('listen:connect', { mode: 'connect' });
    await this.page.request('listen:answer', { sdp: await ear.answer(sdp) });
  }

  #onMoved(): void {
    if (this.#move.arrived()) return;
    this.#media.close();
    void this.#media.open().catch((error: unknown) => this.troubles.push(loadError(error, 'listening').code));
  }

  /** A new session has no selection. */
  async #selectAgain(): Promise<void> {
    if (!this.#selected) return;
    const select = { commercialId: this.#commercialId, again: true };
    await this.page.request('listen:select', select).catch((error: unknown) => {
      this.troubles.push(loadError(error, 'listening').code);
    });
  }
}
