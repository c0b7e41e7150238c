import type { StreamSeal } from '../../relay/protocol/stream-seal.ts';
import type { Dressable, PageSealing } from '../e2ee/page-sealing.ts';
import type { E2eeKey, E2eeRotation } from '../e2ee/team-keys.ts';
import type { TransformOptions } from '../e2ee/worker-messages.ts';
import type { DebugLog } from '../shared/debug-log.ts';
import { type Fault, type PageFaultCode, ProspectError, toFault } from '../shared/fault.ts';
import { latePart } from '../shared/late-part.ts';
import { mustBeSealed } from '../shared/token-claim.ts';

const part = latePart(() => import('../e2ee/page-sealing.ts'));

/** What the host says of sealed streams: the element's properties. */
export interface E2eeSettings {
  /** Null: nothing is sealed, unless the token asks for it. */
  readonly keys: readonly E2eeKey[] | null;
  readonly rotation: E2eeRotation | null;
  readonly workerUrl: string | null;
}

/** What a session, and what it is told of whispers, is told. */
export interface SealingEvents {
  /** What may go out, `sealed` or `fault` may have changed. */
  changed(): void;
  /** Connections that were made before must be made anew, for now they can be sealed. */
  cover(): void;
}

/** What an element needs of it. */
export interface SealingControl {
  set(settings: E2eeSettings): void;
}

/** What a session needs of it. */
export interface SessionSealing extends SealingControl {
  /** What is sent, or heard, is sealed. */
  readonly sealed: boolean;
  /** Why nothing can be sealed, or opened, just now. */
  readonly fault: Fault | null;
  /** @returns what ends it */
  use(events: SealingEvents): () => void;
  /** What is whispered to, or from, this page must be sealed too: else it is neither sent nor played. */
  readonly whispersSealed: boolean;
  /** What seals and opens; null: it does not run. */
  readonly page: Pick<PageSealing, 'dress' | 'beginWhisper' | 'expectWhisper' | 'overhear' | 'opening'> | null;
  /** What goes over it is sealed, or opened, from now on. @returns whether it is: else `cover` follows when it can be */
  cover(end: Dressable, side: TransformOptions['side']): boolean;
}

const missing: Fault = Object.freeze({
  code: 'e2ee_key_missing' satisfies PageFaultCode,
  message: 'There is no key for sealed streams: set e2eeKeys, from your own server.',
});
const undecipherable: Fault = Object.freeze({
  code: 'e2ee_cannot_decrypt' satisfies PageFaultCode,
  message:
    'Frames come that the keys in e2eeKeys do not open: another key has the same id on the other side, or frames are changed on their way.',
});

/**
 * Sealed streams of one element. What seals is loaded when it is first wanted; until it is there, and whenever it fails, nothing goes out: there is
 * no way back to streams that are not sealed but by the host, which takes keys and claim away.
 */
export class Sealing implements SessionSealing {
  /** Called after the connections that were there are made anew. */
  onCover: (() => void) | null = null;
  readonly #side: 'seal' | 'open';
  readonly #log: DebugLog;
  readonly #users = new Set<SealingEvents>();
  #settings: E2eeSettings;
  #required: boolean;
  #page: PageSealing | null = null;
  #starting: Promise<PageSealing> | null = null;
  #fault: Fault | null = null;
  #covered = new WeakSet<Dressable>();
  /** A connection, or a selection, was made that could not be sealed or opened then. */
  #uncovered = false;
  #seal: { readonly user: string; readonly seal: StreamSeal } | null = null;
  #expected = '';
  #expecting = false;
  #closed = false;

  /** @param side of the button (`seal`), or of the panel */
  constructor(side: 'seal' | 'open', settings: E2eeSettings, token: string | null, log: DebugLog) {
    this.#side = side;
    this.#settings = settings;
    this.#required = mustBeSealed(token);
    this.#log = log;
    if (this.on) this.#start();
  }

  use(events: SealingEvents): () => void {
    this.#users.add(events);
    return () => this.#users.delete(events);
  }

  /** Streams are sealed: there are keys, or a list of them that is still empty, or the token asks for it; and a stream that is stays so to its end. */
  get on(): boolean {
    return this.#settings.keys !== null || this.#required || this.#seal !== null;
  }

  /** Why nothing can be sealed, or opened, just now. */
  get fault(): Fault | null {
    // What was selected as sealed stays so when the host takes the keys away.
    if (!this.on && !(this.#side === 'open' && this.#expecting)) return null;
    if (this.#fault) return this.#fault;
    if (!this.#settings.keys?.length) return this.#side === 'seal' || this.#expecting ? missing : null;
    // What a commercial's page opens are whispers: nothing of its stream.
    if (this.#side === 'seal') return null;
    if (this.#page?.opening === 'key_missing') return missing;
    return this.#page?.opening === 'cannot_decrypt' ? undecipherable : null;
  }

  get page(): PageSealing | null {
    return this.#page;
  }

  /** A commercial: as what they send. An admin: as what they hear, or as the token asks. */
  get whispersSealed(): boolean {
    if (this.#side === 'seal') return this.on;
    return this.#required || this.#expecting || this.#page?.opening === 'open';
  }

  /** What is sent, or heard, is sealed. */
  get sealed(): boolean {
    return this.#side === 'seal' ? this.#seal !== null && !this.fault : this.#page?.opening === 'open';
  }

  set(settings: E2eeSettings): void {
    this.#settings = settings;
    this.#renew();
  }

  setToken(token: string | null): void {
    const required = mustBeSealed(token);
    // Without a token nobody is there; what the last one asked for holds.
    if (!token || required === this.#required) return;
    this.#required = required;
    this.#renew();
  }

  /** A connection is made: from its first packet on what goes over it is sealed, or nothing is sent. */
  readonly dress = (end: Dressable): void => {
    this.cover(end, this.#side);
  };

  cover(end: Dressable, side: TransformOptions['side']): boolean {
    if (!this.on || !this.#page) {
      this.#uncovered = true;
      return false;
    }
    this.#page.dress(end, side);
    this.#covered.add(end);
    return true;
  }

  /** Whether a track may be sent, or played, over it. Streams that are not sealed are played, on the relay's word, where the token does not ask for sealed ones. */
  readonly allows = (end: Dressable): boolean => {
    if (this.#side === 'open') return !this.#required || this.#covered.has(end);
    return !this.on || (this.#covered.has(end) && this.#page?.seals === true);
  };

  /**
   * For `stream:start`. @returns what is told of the stream; undefined: it is not sealed
   * @param again the stream goes on, with the seal that it has
   * @throws ProspectError with an `e2ee_…` code
   */
  async begin(user: string, again: boolean): Promise<StreamSeal | undefined> {
    if (!again) this.#seal = null;
    if (!this.on) return undefined;
    const page = await this.#ready();
    const { fault } = this;
    if (fault) throw new ProspectError(fault.code, fault.message);
    if (this.#seal?.user !== user) this.#seal = { user, seal: await this.#beginWith(page, user) };
    this.#changed();
    return this.#seal?.seal;
  }

  /** The stream is over. */
  end(): void {
    this.#seal = null;
  }

  /** For `listen:select`: whether sealed streams can be opened; else `onCover` follows when they can. Never rejects. */
  async opens(): Promise<boolean> {
    const opens =
      this.on &&
      // Whoever selects waits for the first attempt alone, and not for each that may fail again.
      (await (this.#fault?.code === 'e2ee_worker_blocked' ? this.#lost() : this.#ready()).then(
        () => true,
        () => false,
      ));
    if (!opens) this.#uncovered = true;
    return opens;
  }

  /** Whom the admin hears, and what is told of that stream; null: nobody, or that is not known yet. @param exists there is a stream */
  expect(commercialId: string | null, seal: StreamSeal | undefined, exists: boolean): void {
    if (!this.#page) return;
    const next = JSON.stringify([commercialId, seal, exists]);
    if (next === this.#expected) return;
    this.#expected = next;
    this.#expecting = seal !== undefined;
    this.#page.expect(commercialId, seal ?? null, exists && !this.#required);
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.#users.clear();
    this.#page?.close();
    this.#page = null;
  }

  #changed(): void {
    for (const user of [...this.#users]) user.changed();
  }

  #renew(): void {
    if (this.#page) {
      void this.#give(this.#page);
      if (this.on) this.#cover();
    } else if (this.on) this.#start();
    this.#changed();
  }

  #start(): void {
    if (this.#closed) return;
    this.#starting ??= this.#load();
    this.#starting.catch(() => {});
  }

  /** Tried again, and not waited for. */
  #lost(): Promise<never> {
    this.#start();
    return Promise.reject(this.#fault);
  }

  /** The worker may have died, and with it whatever it sealed: another one takes its place when it is next wanted. */
  async #beginWith(page: PageSealing, user: string): Promise<StreamSeal> {
    try {
      return await page.begin(user);
    } catch (error) {
      if (page === this.#page) {
        page.close();
        this.#page = this.#starting = null;
        this.#covered = new WeakSet();
        this.#uncovered = true;
        this.#fault = toFault(error);
        this.#changed();
      }
      throw error;
    }
  }

  #ready(): Promise<PageSealing> {
    this.#start();
    return this.#starting ?? Promise.reject(new ProspectError(missing.code, missing.message));
  }

  async #load(): Promise<PageSealing> {
    try {
      const { PageSealing } = await part.get();
      const page = await PageSealing.start({
        workerUrl: this.#settings.workerUrl,
        log: this.#log,
        changed: () => this.#changed(),
      });
      for (let given = null; given !== this.#settings; ) {
        given = this.#settings;
        await this.#give(page);
      }
      if (this.#closed) {
        page.close();
        throw new ProspectError('e2ee_worker_blocked', 'The element is gone.');
      }
      this.#page = page;
      this.#changed();
      this.#cover();
      return page;
    } catch (error) {
      this.#fault = toFault(error);
      // A worker may start the next time, on a phone that was busy or with another policy; a browser does not learn to.
      if (this.#fault.code === 'e2ee_worker_blocked') this.#starting = null;
      this.#log('nothing can be sealed', this.#fault.message);
      this.#changed();
      throw error;
    }
  }

  #cover(): void {
    if (!this.#uncovered) return;
    this.#uncovered = false;
    for (const user of [...this.#users]) user.cover();
    this.onCover?.();
  }

  async #give(page: PageSealing): Promise<void> {
    const settings = this.#settings;
    const { keys, rotation } = settings;
    let fault: Fault | null = null;
    try {
      // No list at all is no rotation: nothing is opened any more either.
      await page.setKeys(keys ?? [], keys ? (rotation ?? {}) : { dropAfterMs: 0 });
    } catch (error) {
      fault = Object.freeze({ code: missing.code, message: toFault(error).message });
    }
    // What was wrong, or right, with an older list says nothing of the newest.
    if (settings !== this.#settings) return;
    this.#fault = fault;
    this.#changed();
  }
}
