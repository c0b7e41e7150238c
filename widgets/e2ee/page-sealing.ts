/** The page's side of sealed streams: loaded when a page first needs it. */
import type { StreamSeal } from '../../relay/protocol/stream-seal.ts';
import { ProspectError } from '../shared/fault.ts';
import { startWorker } from './start-worker.ts';
import { type Binding, type RawSeal, SALT_BYTES, streamOf, whisperOf } from './stream-seal.ts';
import { type E2eeKey, type E2eeRotation, TeamKeys } from './team-keys.ts';
import type { FromWorker, Opening, ToWorker, TransformOptions } from './worker-messages.ts';

/** What the browser has, or has not. */
declare const RTCRtpScriptTransform: undefined | (new (worker: Worker, options: TransformOptions) => object);

/** Where a transform is set: RTCRtpSender and RTCRtpReceiver (W3C WebRTC Encoded Transform 3). */
export interface Dressable {
  transform?: object | null;
}

/** So long the worker may take for an answer. */
const ANSWER_MS = 5_000;

export interface PageSealingOptions {
  /** The attribute `e2ee-worker-url`. */
  readonly workerUrl: string | null;
  log(text: string, detail?: unknown): void;
  /** `seals` or `opening` changed. */
  changed(): void;
}

const toText = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** @returns null when it is not what the protocol says */
function fromWire({ salt, tag }: StreamSeal): RawSeal | null {
  try {
    const bytes = Uint8Array.from(atob(salt.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    return bytes.length === SALT_BYTES && Number.isInteger(tag) && tag >= 0 && tag <= 0xffff
      ? { salt: bytes, tag }
      : null;
  } catch {
    return null;
  }
}

const unanswered = (): ProspectError => new ProspectError('e2ee_worker_blocked', 'The worker does not answer.');

/** One page's worker, with the team's keys. */
export class PageSealing {
  readonly #options: PageSealingOptions;
  readonly #worker: Worker;
  readonly #keys: TeamKeys;
  readonly #calls = new Map<number, (seal: RawSeal | null) => void>();
  #opening: Opening = 'waiting';
  #epoch = 0;
  #lastCall = 0;

  private constructor(options: PageSealingOptions, worker: Worker) {
    this.#options = options;
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#take(data);
    this.#keys = new TeamKeys((message) => this.#post(message), options.changed);
  }

  /** @throws ProspectError e2ee_unsupported, e2ee_worker_blocked */
  static async start(options: PageSealingOptions): Promise<PageSealing> {
    if (typeof RTCRtpScriptTransform !== 'function' || !globalThis.crypto?.subtle) {
      throw new ProspectError(
        'e2ee_unsupported',
        'This browser has no RTCRtpScriptTransform, or the page is not secure: Chromium from 141, Firefox from 117, Safari from 15.4.',
      );
    }
    try {
      const { worker, from } = await startWorker(options.workerUrl);
      options.log('worker of sealed streams runs', from);
      return new PageSealing(options, worker);
    } catch (error) {
      throw new ProspectError(
        'e2ee_worker_blocked',
        `The worker that seals and opens frames does not start: ${error instanceof Error ? error.message : String(error)}. Set e2ee-worker-url to the package's file on the page's own origin, or allow worker-src blob:.`,
        { cause: error },
      );
    }
  }

  /** There is a key to seal with. */
  get seals(): boolean {
    return this.#keys.seals;
  }

  get opening(): Opening {
    return this.#opening;
  }

  /** @throws TypeError when something in the list cannot be used: then there is no key at all */
  setKeys(keys: readonly E2eeKey[], rotation: E2eeRotation): Promise<void> {
    return this.#keys.set(keys, rotation);
  }

  /** From now on nothing passes here but sealed, and in the end opened, frames. @throws ProspectError e2ee_unsupported */
  dress(end: Dressable, side: TransformOptions['side']): void {
    if (typeof RTCRtpScriptTransform !== 'function') throw new ProspectError('e2ee_unsupported', 'No transform.');
    end.transform = new RTCRtpScriptTransform(this.#worker, { side });
  }

  /** A stream of this commercial begins: what is to be told of it. @throws ProspectError e2ee_worker_blocked */
  async begin(commercialId: string): Promise<StreamSeal> {
    const seal = await this.#begin(streamOf(commercialId), 'first');
    if (!seal) throw unanswered();
    return seal;
  }

  /**
   * A whisper of this admin to this commercial begins, sealed with the key that opens what is heard of them: their page has it.
   * @throws ProspectError e2ee_worker_blocked, e2ee_key_missing
   */
  async beginWhisper(adminId: string, commercialId: string): Promise<StreamSeal> {
    const seal = await this.#begin(whisperOf(adminId, commercialId), 'heard');
    if (!seal)
      throw new ProspectError(
        'e2ee_key_missing',
        'Nothing of the commercial was opened yet: no key is known that they have.',
      );
    return seal;
  }

  async #begin(binding: Binding, key: 'first' | 'heard'): Promise<StreamSeal | null> {
    this.#lastCall += 1;
    const call = this.#lastCall;
    const answer = new Promise<RawSeal | null>((resolve, reject) => {
      const fail = (): void => reject(unanswered());
      const timer = setTimeout(fail, ANSWER_MS);
      this.#calls.set(call, (seal) => {
        clearTimeout(timer);
        resolve(seal);
      });
    });
    this.#post({ type: 'begin', call, binding, with: key });
    const seal = await answer.finally(() => this.#calls.delete(call));
    return seal && { salt: toText(seal.salt), tag: seal.tag };
  }

  /**
   * What comes from now on: this stream's frames, or frames that are not sealed, or nothing.
   * @param clear frames that are not sealed may pass
   */
  expect(commercialId: string | null, seal: StreamSeal | null, clear: boolean): void {
    this.#expect(commercialId === null ? null : streamOf(commercialId), seal, { clear: clear && !seal, only: false });
  }

  /** What comes from now on: this admin's whisper to this commercial, and nothing else. */
  expectWhisper(adminId: string, commercialId: string, seal: StreamSeal): void {
    this.#expect(whisperOf(adminId, commercialId), seal, { clear: false, only: true });
  }

  /**
   * What comes from now on over connections that hear the whispers of others: this admin's to this commercial, or what is not sealed, or nothing.
   * @param seal `clear`: it is not sealed; null: nothing passes
   */
  overhear(adminId: string, commercialId: string, seal: StreamSeal | 'clear' | null): void {
    const clear = seal === 'clear';
    const read = seal && !clear ? fromWire(seal) : null;
    this.#post({ type: 'overhear', stream: read && { ...read, binding: whisperOf(adminId, commercialId) }, clear });
  }

  #expect(binding: Binding | null, seal: StreamSeal | null, how: { readonly clear: boolean; readonly only: boolean }) {
    this.#epoch += 1;
    this.#opening = 'waiting';
    const read = seal && fromWire(seal);
    const stream = binding !== null && read ? { ...read, binding } : null;
    this.#post({ type: 'expect', epoch: this.#epoch, stream, ...how });
    this.#options.changed();
  }

  /** Ends the worker: what is sent or comes after that goes nowhere. Idempotent. */
  close(): void {
    this.#keys.clear();
    this.#worker.terminate();
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #take(message: FromWorker): void {
    if (message.type === 'sealing') this.#calls.get(message.call)?.(message.seal);
    if (message.type !== 'opening' || message.epoch !== this.#epoch) return;
    this.#options.log('sealed frames', message.opening);
    this.#opening = message.opening;
    this.#options.changed();
  }
}
