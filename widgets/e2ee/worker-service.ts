import { KeyRing, type KnownStream } from './key-ring.ts';
import { Opener } from './opener.ts';
import { OpeningWatch } from './opening-watch.ts';
import { Sealer } from './sealer.ts';
import type { TeamKey } from './stream-seal.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** An encoded frame (W3C WebRTC Encoded Transform, RTCEncodedAudioFrame): its bytes, which may be replaced. */
export interface EncodedFrame {
  data: ArrayBuffer;
}

/** What passes a frame on, or drops it. */
export type FrameTransform = (frame: EncodedFrame, pass: (frame: EncodedFrame) => void) => Promise<void>;

/** The worker's work, without a worker: keys and streams as the page says, and a transform for each connection. */
export class WorkerService {
  readonly #tell: (message: FromWorker) => void;
  readonly #keys = new Map<number, TeamKey>();
  readonly #ring = new KeyRing();
  /** Whispers of others, which nothing else opens. */
  readonly #whispers = new KeyRing();
  #overheard: KnownStream | null = null;
  #overheardClear = false;
  readonly #watch: OpeningWatch;
  #sealsWith: TeamKey | null = null;
  #sealer: Sealer | null = null;
  /** It takes the key of what is heard. */
  #sealsAsHeard = false;
  #expected: KnownStream | null = null;
  /** What opened the last frame of what is expected. */
  #heardWith: TeamKey | null = null;
  #only = false;
  #clear = false;
  #epoch = 0;

  constructor(tell: (message: FromWorker) => void) {
    this.#tell = tell;
    this.#watch = new OpeningWatch((opening) => tell({ type: 'opening', epoch: this.#epoch, opening }));
  }

  /** What the page says. */
  take(message: ToWorker): void {
    if (message.type === 'keys') {
      for (const { ref, id, key } of message.add) this.#keys.set(ref, { id, key });
      for (const ref of message.drop) this.#keys.delete(ref);
      for (const ring of [this.#ring, this.#whispers]) ring.setKeys([...this.#keys.values()]);
      this.#sealsWith = message.seals === null ? null : (this.#keys.get(message.seals) ?? null);
      // Without a key to seal with the host wants nothing to be sent.
      if (!this.#sealsWith || (this.#heardWith && ![...this.#keys.values()].includes(this.#heardWith)))
        this.#heard(null);
      this.#aim();
    } else if (message.type === 'begin') {
      this.#sealer = new Sealer(message.binding);
      this.#sealsAsHeard = message.with === 'heard';
      this.#aim();
      const seal = this.#sealsAsHeard && !this.#heardWith ? null : this.#sealer.seal;
      this.#tell({ type: 'sealing', call: message.call, seal });
    } else if (message.type === 'overhear') {
      const { stream, clear } = message;
      this.#overheard = stream && this.#whispers.addStream(stream.binding, stream);
      this.#overheardClear = clear;
    } else {
      const { epoch, stream, clear, only } = message;
      this.#expected = stream && this.#ring.addStream(stream.binding, stream);
      this.#heard(null);
      this.#clear = clear;
      this.#only = only;
      this.#epoch = epoch;
      this.#watch.reset();
    }
  }

  #heard(key: TeamKey | null): void {
    if (key === this.#heardWith) return;
    this.#heardWith = key;
    this.#aim();
  }

  #aim(): void {
    this.#sealer?.use(this.#sealsAsHeard ? this.#heardWith : this.#sealsWith);
  }

  /** What is sent: sealed, or not at all. */
  readonly seal: FrameTransform = async (frame, pass) => {
    const sealed = await this.#sealer?.sealFrame(new Uint8Array(frame.data));
    if (!sealed) return;
    frame.data = sealed.buffer;
    pass(frame);
  };

  /** For what comes over one connection: opened, or dropped. What is not sealed passes only while the page expects it. */
  opening(): FrameTransform {
    const opener = new Opener(this.#ring);
    return async (frame, pass) => {
      const opened = await opener.open(new Uint8Array(frame.data));
      if (typeof opened !== 'string') {
        const isExpected = opened.stream === this.#expected;
        if (isExpected && this.#sealsWith) this.#heard(opened.key);
        if (this.#only && !isExpected) return;
        this.#watch.opened('open');
        frame.data = opened.frame.buffer;
        pass(frame);
      } else if (this.#clear && (opened === 'unknown_stream' || opened === 'malformed')) {
        this.#watch.opened('clear');
        pass(frame);
      } else this.#watch.refused(opened, performance.now());
    };
  }

  /** For what comes over a connection that hears the whispers of others: the one that goes on, opened, or nothing. */
  overhearing(): FrameTransform {
    const opener = new Opener(this.#whispers);
    return async (frame, pass) => {
      if (this.#overheardClear) return pass(frame);
      const opened = await opener.open(new Uint8Array(frame.data));
      if (typeof opened === 'string' || opened.stream !== this.#overheard) return;
      frame.data = opened.frame.buffer;
      pass(frame);
    };
  }
}
