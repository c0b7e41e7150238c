/** What is sent: its flag silences it at once, everywhere it goes. */
export interface SendableTrack {
  /** As of MediaStreamTrack (W3C Media Capture and Streams 4.3.1). */
  enabled: boolean;
}

/** Who keeps a track silent: one that is sent over two connections stays so until both have let go of it. */
const silencers = new WeakMap<SendableTrack, Set<object>>();

/**
 * Brings one RTCRtpSender to the track that is wanted. `replaceTrack` is asynchronous and `sender.track` tells of the last one that is
 * done, so calls that overlap would judge by what is no longer true: here one step is under way at a time, and after each the newest
 * wish is looked at again. What is no longer wanted is silent from the call on, whatever the browser is still doing.
 */
export class TrackSender<Track extends SendableTrack> {
  readonly #replaceTrack: (track: Track | null) => Promise<void>;
  #wanted: Track | null = null;
  /** What the sender has for certain. */
  #actual: Track | null = null;
  /** Tracks that were silenced here while the sender may still have them. */
  readonly #silenced = new Set<Track>();
  #work: Promise<void> | null = null;
  #closed = false;

  /** @param replaceTrack as of RTCRtpSender (W3C WebRTC 5.2) */
  constructor(replaceTrack: (track: Track | null) => Promise<void>) {
    this.#replaceTrack = replaceTrack;
  }

  /**
   * Sends this track, or nothing; the newest call wins. Resolves when the sender has what is wanted by then.
   * @throws what `replaceTrack` threw; the next call tries again
   */
  send(track: Track | null): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (track !== this.#wanted) {
      this.#silence(this.#wanted);
      this.#silence(this.#actual);
      this.#wanted = track;
    }
    if (track) this.#giveBack(track);
    if (!this.#work && this.#actual === track) return Promise.resolve();
    this.#work ??= this.#bringAbout().finally(() => {
      this.#work = null;
    });
    return this.#work;
  }

  /** The connection is closed, nothing goes out any more. Idempotent. */
  close(): void {
    this.#closed = true;
    for (const track of this.#silenced) this.#giveBack(track);
  }

  async #bringAbout(): Promise<void> {
    while (!this.#closed && this.#actual !== this.#wanted) {
      const next = this.#wanted;
      await this.#replaceTrack(next);
      this.#actual = next;
      for (const track of this.#silenced) if (track !== next) this.#giveBack(track);
    }
  }

  #silence(track: Track | null): void {
    if (!track) return;
    const others = silencers.get(track);
    // Somebody else's doing, and theirs to undo.
    if (!track.enabled && !others?.size) return;
    track.enabled = false;
    this.#silenced.add(track);
    silencers.set(track, (others ?? new Set()).add(this));
  }

  /** The level meter reads the same track: it is silent no longer than it must be. */
  #giveBack(track: Track): void {
    if (!this.#silenced.delete(track)) return;
    const silent = silencers.get(track);
    silent?.delete(this);
    if (!silent?.size) track.enabled = true;
  }
}
